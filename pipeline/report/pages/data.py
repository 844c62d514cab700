"""The page of the tables: by subject, what each answers, its key and units, its first rows and its files."""

import inspect
from typing import Any

import pandas as pd
import pyarrow.parquet

from pipeline import catalog, restricted
from pipeline.report.layout import Page
from pipeline.report.tables import Tables
from pipeline.schemas import table as t
from pipeline.schemas.table import Table

FIRST = 4
# Rows read to find the first that may be passed on.
READ = 2_000
LONGEST = 60
COLUMNS = 8


def first_rows(name: str) -> pd.DataFrame:
    """The first rows of a finished table that may be passed on, without those of restricted sources."""
    batches = pyarrow.parquet.ParquetFile(catalog.parquet_path(name)).iter_batches(batch_size=READ)
    read: pd.DataFrame = next(batches).to_pandas() if catalog.row_count(name) else t.empty(catalog.table(name))
    return read[restricted.source_of_rows(name, read).isna().to_numpy()].head(FIRST)


def shown(value: Any) -> str:
    """A cell as the page shows it: numbers to four digits, long texts cut."""
    if pd.isna(value):
        return ""
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def said_of(table: type[Table]) -> tuple[str, str]:
    """The first sentence on a table, which says what it answers, and what else is said of it."""
    text = " ".join(str(inspect.getdoc(table)).split()).replace("`", "")
    first, _, rest = text.partition(". ")
    return (f"{first}." if rest else first), rest


def entry(name: str, table: type[Table], rows: pd.DataFrame) -> dict[str, object]:
    """What the page says of one table."""
    units = {column: t.unit(declared) for column, declared in t.columns(table).items() if t.unit(declared)}
    columns = [*t.key(table), *(c for c in rows.columns if c not in t.key(table))][:COLUMNS]
    first, rest = said_of(table)
    return {
        "name": name,
        "title": t.title(table),
        "question": first,
        "more_on_it": rest,
        "rows": catalog.row_count(name),
        "csv": catalog.csv_path(name) in catalog.stored_files(name),
        "key": t.key(table),
        "units": ", ".join(f"{column}: {'share or number' if unit == '1' else unit}" for column, unit in units.items()),
        "columns": {column: column for column in columns},
        "first": [{column: shown(row[column]) for column in columns} for row in rows.to_dict("records")],
        "more": len(rows.columns) - len(columns),
    }


def pages(tables: Tables) -> list[Page]:
    """The one page of all tables that have been built."""
    subjects: dict[str, list[dict[str, object]]] = {}
    for name, table in catalog.tables().items():
        if all(file.is_file() for file in catalog.stored_files(name)):
            subjects.setdefault(t.subject(table), []).append(entry(name, table, first_rows(name)))
    count = sum(map(len, subjects.values()))
    text = f"All {count} tables behind the figures: what each answers, its key and units, its first rows, CSV and Parquet."
    return [Page("data.html", "Data", "data.html.jinja", {"subjects": subjects}, (), text)]
