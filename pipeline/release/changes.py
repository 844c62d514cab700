"""A difference between releases as sections, and these as text, Markdown and HTML."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from pipeline.release.diff import Difference, TableChange

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "table{border-collapse:collapse;margin:.5rem 0;display:block;overflow-x:auto}"
    "th,td{border-bottom:1px solid #ccc;padding:.2rem .6rem;text-align:left}"
)


@dataclass(frozen=True)
class Section:
    """A heading with sentences and grids, each a caption with a header and rows of text."""

    heading: str
    level: int
    sentences: tuple[str, ...] = ()
    grids: tuple[tuple[str, Sequence[str], Sequence[Sequence[str]]], ...] = ()


def sections(found: Difference) -> list[Section]:
    """The difference in words: overview, sources, verdicts, then each table that differs."""
    made = [
        Section(f"Changes from {found.before} to {found.after}", 1, ("Nothing differs.",) if found.empty else _overview(found))
    ]
    if found.sources:
        rows = [(name, old or "not there", new or "not there") for name, old, new in found.sources]
        made.append(Section("Sources whose edition changed", 2, grids=(("", ("source", "before", "after"), rows),)))
    if found.verdicts:
        rows = [(name, old or "not there", new or "not there") for name, old, new in found.verdicts]
        made.append(Section("Claims whose verdict changed", 2, grids=(("", ("claim", "before", "after"), rows),)))
    return made + [_of_table(change) for change in found.tables]


def _overview(found: Difference) -> tuple[str, ...]:
    sentences = []
    for what, names in (("added", found.tables_added), ("removed", found.tables_removed)):
        if names:
            sentences.append(f"Tables {what}: {', '.join(names)}.")
    if found.tables:
        sentences.append(f"Tables that differ: {', '.join(change.table for change in found.tables)}.")
    return tuple(sentences)


def _of_table(change: TableChange) -> Section:
    before, after = change.rows
    sentences = [f"{one.what[0].upper()}{one.what[1:]} ({one.level})." for one in change.schema]
    counts = ", ".join(f"{n:,} {what}" for what, n in change.counts.items())
    matched = f"matched by {', '.join(change.key)}" if change.key else "no common key: whole rows compared"
    sentences.append(f"{before:,} rows before, {after:,} after; {counts} ({matched}).")
    if change.by_column:
        listed = ", ".join(f"{column} {n:,}" for column, n in change.by_column.items())
        sentences.append(f"Changed values by column: {listed}.")
    grids = [
        (f"{caption} ({len(rows):,} of {total:,})", [str(c) for c in rows.columns], _cells(rows))
        for caption, rows, total in (
            ("Rows added", change.added, change.counts["added"]),
            ("Rows removed", change.removed, change.counts["removed"]),
            ("Largest relative changes", change.changed, sum(change.by_column.values())),
        )
        if len(rows)
    ]
    return Section(change.table, 2, tuple(sentences), tuple(grids))


def _cells(rows: pd.DataFrame) -> list[list[str]]:
    return [
        [_relative(v) if c == "relative" else "" if pd.isna(v) else str(v) for c, v in zip(rows.columns, row, strict=True)]
        for row in rows.itertuples(index=False)
    ]


def _relative(share: float) -> str:
    if pd.isna(share):
        return ""
    return "from zero" if math.isinf(share) else f"{share:.2%}" if share < 10 else f"{share:,.1f}-fold"


def markdown(found: Difference) -> str:
    """For a changelog; a pipe in a value is escaped."""
    lines = []
    for section in sections(found):
        lines += [f"{'#' * section.level} {section.heading}", "", *(line for s in section.sentences for line in (s, ""))]
        for caption, header, rows in section.grids:
            lines += [caption, ""] if caption else []
            lines += [_row(header), _row(["---"] * len(header)), *map(_row, rows), ""]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def page(found: Difference) -> str:
    """One HTML page that needs nothing else."""
    title = html.escape(f"Changes from {found.before} to {found.after}")
    body = []
    for section in sections(found):
        body.append(f"<h{section.level}>{html.escape(section.heading)}</h{section.level}>")
        body += [f"<p>{html.escape(sentence)}</p>" for sentence in section.sentences]
        for caption, header, rows in section.grids:
            named = f"<caption>{html.escape(caption)}</caption>" if caption else ""
            head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in header)
            lines = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
            body.append(f"<table>{named}<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>\n<body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def show(found: Difference, out: Console) -> None:
    """On a terminal."""
    for section in sections(found):
        out.print(f"\n[bold]{escape(section.heading)}[/]", highlight=False)
        for sentence in section.sentences:
            out.print(sentence, markup=False, highlight=False)
        for caption, header, rows in section.grids:
            grid = Grid(*map(escape, header), title=escape(caption) or None, title_justify="left", box=None, pad_edge=False)
            for row in rows:
                grid.add_row(*map(escape, row))
            out.print(grid)
