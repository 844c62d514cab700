"""The data dictionary: every table and column, read from the table classes."""

import inspect
from pathlib import PurePosixPath

import pandera.pandas as pa

from pipeline import catalog
from pipeline.schemas import table as t
from pipeline.schemas.table import Table

TYPES = {"int64": "whole number", "Int64": "whole number", "float64": "number", "bool": "true or false", "str": "text"}


def markdown() -> str:
    """Every table as one Markdown document, tidy before derived."""
    intro = (
        "# Data dictionary\n\n"
        "Every table and its columns, generated from `pipeline/schemas/`. "
        "`load_table(name)` of `pipeline.catalog` returns a table; **bold** columns are its key, which is unique.\n"
    )
    return "\n".join([intro, *(page(table) for table in catalog.tables().values())])


def page(table: type[Table], heading: str = "##", methods: str = "methods/", suffix: str = ".md") -> str:
    """One table as a Markdown section: title, what a row is, key, columns with type, unit and meaning.

    `heading`, `methods` and `suffix` place it: in the one document of the repository, or as a page of the site.
    """
    key = t.key(table)
    lines = [f"{heading} {t.title(table)}", "", f"`{t.name(table)}`, {t.floor(table)}. {inspect.getdoc(table)}", ""]
    lines += [f"Key: {', '.join(f'`{k}`' for k in key)}.", ""]
    if method := t.method(table):
        stem = PurePosixPath(method).stem
        lines += [f"Method: [{stem}]({methods}{stem}{suffix}).", ""]
    lines += ["| column | type | unit | meaning |", "| --- | --- | --- | --- |"]
    for name, column in t.columns(table).items():
        shown = f"**`{name}`**" if name in key else f"`{name}`"
        lines.append(f"| {shown} | {_type(column)} | {t.unit(column)} | {_cell(_meaning(column))} |")
    return "\n".join([*lines, ""])


def _type(column: pa.Column) -> str:
    return TYPES[t.kind(column)]


def _meaning(column: pa.Column) -> str:
    words = [str(column.description or "")]
    if allowed := t.allowed(column):
        words.append("one of " + ", ".join(f"`{word}`" for word in allowed))
    if column.nullable:
        words.append("may be empty")
    return "; ".join(words)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
