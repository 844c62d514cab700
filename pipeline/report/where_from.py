"""The page that says where a figure comes from: its tables and methods, the row behind its number, its sources and rows."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from pipeline import __version__, catalog, restricted
from pipeline.explain import Explanation, explain
from pipeline.report.figure import Figure
from pipeline.report.layout import Page
from pipeline.report.pages import words
from pipeline.schemas import table as t

# Rows shown on the page; the CSV has all.
ROWS, INPUT_ROWS = 60, 5


def page(figure: Figure, shown_on: list[Page], of: Mapping[str, str]) -> Page:
    """The page of one figure; `shown_on` are the pages it is on, `of` the countries' names by code."""
    tables = [_table(name) for name in figure.tables]
    values = {
        "figure": figure,
        "back": [(p.path, p.title) for p in shown_on],
        "tables": tables,
        "explained": _explained(explain(figure.row[0], [str(value) for value in figure.row[1]]), of) if figure.row else None,
        "rows": readable(figure.rows.head(ROWS), of),
        "columns": {str(c): str(c).replace("_", " ") for c in figure.rows.columns},
        "citation": citation(figure),
    }
    return Page(f"figure/{figure.name}.html", f"Where from: {figure.title}", "where_from.html.jinja", values)


def citation(figure: Figure) -> str:
    """One line that names figure, dataset and version, and the sources to be named with it."""
    credits = " ".join(f"{source.attribution.rstrip('.')}." for source in figure.credits.values())
    return (
        f"Rare Earth Observatory contributors. “{figure.title}” (figure {figure.name}). "
        f"Rare Earth Observatory, version {__version__}, CC BY 4.0. Based on: {credits}"
    )


def readable(rows: pd.DataFrame, of: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows as texts: numbers with at most six digits, nothing where there is no figure."""
    return [{str(name): words.spelled(text(value), of) for name, value in row.items()} for row in rows.to_dict("records")]


def text(value: Any) -> str:
    """A value of a table for readers."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1e6 else f"{value:,.6g}"
    return str(value)


def _table(name: str) -> dict[str, str]:
    table = catalog.table(name)
    method = t.method(table)
    return {"name": name, "title": t.title(table), "method": PurePosixPath(method).stem if method else ""}


def _explained(lineage: Explanation, of: Mapping[str, str]) -> dict[str, Any]:
    """The lineage as the page shows it, without the numbers of restricted sources."""
    values = {str(name): words.spelled(text(value), of) for name, value in lineage.row.items()}
    table = catalog.table(lineage.table)
    return {
        "table": lineage.table,
        "key": {name: text(value) for name, value in lineage.key.items()},
        "columns": [
            {
                "name": name,
                "value": values[name],
                "unit": t.unit(column),
                "meaning": str(column.description or ""),
            }
            for name, column in t.columns(table).items()
        ],
        "inputs": [_input(shown.table, shown.which, shown.count, shown.first, of) for shown in lineage.inputs],
        "corrections": ["; ".join(f"{k}: {v}" for k, v in correction.items()) for correction in lineage.corrections],
    }


def _input(name: str, which: str, count: int, first: pd.DataFrame, of: Mapping[str, str]) -> dict[str, Any]:
    shown = first[restricted.source_of_rows(name, first).isna().to_numpy()] if len(first) else first
    shown = shown.head(INPUT_ROWS)
    varied = [c for c in shown.columns if shown[c].nunique(dropna=False) > 1] or list(shown.columns)
    return {
        "table": name,
        "which": which,
        "count": count,
        "rows": readable(shown[varied], of),
        "columns": {str(c): str(c).replace("_", " ") for c in varied},
    }
