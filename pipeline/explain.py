"""Lineage of one row: method, input rows, sources and documents, corrections and checks."""

import difflib
import inspect
import json
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table as Grid

from pipeline import catalog, lineage, paths, wiring
from pipeline.errors import ReoError
from pipeline.intake import corrections, lock
from pipeline.intake.lock import Source
from pipeline.listing import print_listing
from pipeline.measures.helpers.input_rows import Key, where_equal
from pipeline.quality import run
from pipeline.quality.expectation import Outcome
from pipeline.schemas import table as t

METHOD_PAGES = paths.REPOSITORY / "docs" / "methods"
# Rows of an input, and documents, that are listed; the rest is counted.
LISTED = 10
# Of a whole number in a table, without its sign.
LARGEST_BITS = 63
# Keys suggested for one that no row has.
SUGGESTED = 3


class NoSuchRow(ReoError):
    """A key that no row of the table has."""


@dataclass(frozen=True)
class InputShown:
    """Rows of one input table that a row is made from: which (in words), how many, and the first of them."""

    table: str
    which: str
    count: int
    first: pd.DataFrame


@dataclass(frozen=True)
class Explanation:
    """The lineage of one row of a table."""

    table: str
    key: Key
    row: dict[str, Any]
    method: str
    method_page: Path | None
    function: str
    inputs: tuple[InputShown, ...]
    sources: dict[str, Source]
    documents: pd.DataFrame
    corrections: tuple[dict[str, Any], ...]
    checks: tuple[Outcome, ...]

    def print_answer(self, out: Console) -> None:
        """Print the answer in five lines: the row, its values, what it is made from, its sources, its checks."""
        table = catalog.table(self.table)
        columns = t.columns(table)
        measured = [c for c in columns if c not in self.key and t.kind(columns[c]) != "str" and pd.notna(self.row[c])]
        others = [c for c in columns if c not in self.key and c not in measured and pd.notna(self.row[c])]
        values = ", ".join(f"{c} {_formatted(self.row[c])}{_of_unit(columns[c])}" for c in [*measured, *others])
        made = "; ".join(f"{i.count:,} of {i.table}" for i in self.inputs if i.count) or "its sources"
        credits = "; ".join(f"{i} ({s.publisher})" for i, s in self.sources.items()) or "none named"
        failed = [o for o in self.checks if not o.passed]
        checks = f"{len(self.checks) - len(failed)} passed, {len(failed)} warned or failed; corrections: {len(self.corrections)}"
        for line in (
            f"{t.title(table)}: {', '.join(f'{name} {value}' for name, value in self.key.items())}",
            values,
            f"Made from {made}",
            f"Sources: {credits}",
        ):
            shown = textwrap.shorten(line, out.width - 1, placeholder=" …")
            out.print(shown, markup=False, highlight=False, style="bold" if line is values else None)
        out.print(f"Checks: {checks}. [cyan]--long[/] shows it all", highlight=False)

    def as_json(self) -> dict[str, Any]:
        """The lineage for programs; of each input as many rows as are shown to people."""
        return {
            "table": self.table,
            "key": self.key,
            "row": _records(pd.DataFrame([self.row]))[0],
            "function": self.function,
            "method": _relative(self.method_page) if self.method_page else None,
            "inputs": [{"table": i.table, "which": i.which, "rows": i.count, "first": _records(i.first)} for i in self.inputs],
            "sources": {i: s.model_dump(exclude={"files"}) for i, s in self.sources.items()},
            "documents": _records(self.documents),
            "corrections": [{k: str(v) for k, v in c.items()} for c in self.corrections],
            "checks": [asdict(o) for o in self.checks],
        }

    def print(self, out: Console) -> None:
        """Print the row, then its lineage."""
        table = catalog.table(self.table)
        out.print(f"[bold]{t.title(table)}[/] " + _joined(self.key.values()), highlight=False)
        grid = Grid("column", "value", "unit", "meaning", box=None, pad_edge=False)
        for name, column in t.columns(table).items():
            style = "bold" if name in self.key else None
            grid.add_row(name, _formatted(self.row[name]), t.unit(column), column.description, style=style)
        out.print(grid)
        out.print("\n[bold]Lineage[/] computed by", self.function, markup=True, highlight=False, soft_wrap=True)
        if self.method_page:
            out.print(f"Method: {_relative(self.method_page)}", markup=False, highlight=False, soft_wrap=True)
            out.print(Markdown(self.method))
        out.print("\n[bold]Inputs[/]" + ("" if self.inputs else " none: the table is read from its sources"))
        for shown in self.inputs:
            _print_input(out, shown)
        out.print("\n[bold]Sources[/]")
        for source_id, source in self.sources.items():
            out.print(f"  {source_id}: {source.title}. {source.publisher}, {source.edition}", markup=False, highlight=False)
            terms = f"    {source.licence}; {source.landing_page}; as of {source.accessed}"
            out.print(terms, markup=False, highlight=False, soft_wrap=True)
        if len(self.documents):
            out.print("\n[bold]Published in[/]")
            for document in self.documents.head(LISTED).itertuples():
                out.print(f"  {document.document_id}: {document.title}", markup=False, highlight=False)
                out.print(f"    {document.url}", markup=False, highlight=False, soft_wrap=True)
            _print_more(out, len(self.documents) - LISTED)
        out.print("\n[bold]Corrections[/]" + ("" if self.corrections else " none"))
        for correction in self.corrections:
            out.print("  " + "; ".join(f"{k}: {v}" for k, v in correction.items()), markup=False, highlight=False)
        out.print("\n[bold]Checks[/] schema contract (columns, types, bounds, key): passed")
        for outcome in self.checks:
            result = "passed" if outcome.passed else {"warning": "warning", "error": "FAILED"}[outcome.severity]
            out.print(f"  {outcome.table}, {outcome.name}: {result}: {outcome.observed}", markup=False, highlight=False)
            if not outcome.passed:
                out.print(f"    {outcome.meaning}", markup=False, highlight=False)


def explain(table_name: str, key_values: Sequence[str]) -> Explanation:
    """The lineage of the row of `table_name` with that key; the key's values are in the order of the table's key.

    Raises NoSuchTable, and NoSuchRow with the nearest keys there are.
    """
    table = catalog.table(table_name)
    key = _key(table_name, key_values)
    row = _row(table_name, key)
    inputs = {
        name: lineage.input_rows(table_name, name, row) for name, kind in wiring.inputs(table_name).items() if kind == "table"
    }
    # The row and its input rows: their columns name sources and documents.
    frames = {table_name: pd.DataFrame([row]), **{name: frame for name, (_which, frame) in inputs.items()}}
    page = _method_page(table)
    source_ids = {source_id for name, frame in frames.items() for source_id in _source_ids(name, frame)}
    sources = {source_id: source for source_id, source in lock.read().sources.items() if source_id in source_ids}
    checks = [o for name in (table_name, *inputs) for o in run.read(paths.quality()) if o.table == name]
    return Explanation(
        table=table_name,
        key=key,
        row=row,
        method=_first_section(page) if page else "",
        method_page=page,
        function=_where(wiring.maker(table_name)),
        inputs=tuple(InputShown(name, which, len(frame), frame.head(LISTED)) for name, (which, frame) in inputs.items()),
        sources=sources,
        documents=_documents(frames.values()),
        corrections=tuple(c for c in corrections.all() if c["table"] in frames and c["source_id"] in sources),
        checks=tuple(checks),
    )


# The key


def _key(table_name: str, key_values: Sequence[str]) -> Key:
    table = catalog.table(table_name)
    names = t.key(table)
    if len(key_values) != len(names):
        example = catalog.scan_table(table_name).select(names).order_by(names).limit(1).to_pandas()
        shown = f", such as `{table_name} {_joined(example.iloc[0])}`" if len(example) else ""
        raise NoSuchRow(
            f"the key of {table_name} is {', '.join(names)}: {len(names)} values, and {len(key_values)} were given",
            f"name them in that order{shown}",
        )
    key: Key = dict(zip(names, key_values, strict=True))
    kinds = t.kinds(table)
    for name, value in key.items():
        if kinds[name] in ("int64", "Int64"):
            try:
                key[name] = int(value)
            except ValueError as error:
                problem = f"{name} is a whole number in {table_name}, not {value!r}"
                raise NoSuchRow(problem, f"the key is {', '.join(names)}") from error
            if key[name].bit_length() > LARGEST_BITS:
                raise NoSuchRow(f"{name} {value} is larger than any in {table_name}", f"the key is {', '.join(names)}")
    return key


def _row(table_name: str, key: Key) -> dict[str, Any]:
    found = where_equal(catalog.scan_table(table_name), key).to_pandas()
    if len(found):
        return {str(name): value for name, value in found.iloc[0].items()}
    nearest = "; ".join(f"`{_joined(near)}`" for near in _nearest(table_name, key))
    raise NoSuchRow(f"{table_name} has no row {_joined(key.values())}", f"its key is {', '.join(key)}; nearest are: {nearest}")


def _joined(values: Iterable[Any]) -> str:
    return " ".join(str(value) for value in values)


def _nearest(table_name: str, key: Key) -> list[tuple[Any, ...]]:
    """Existing keys nearest to the one asked for: equal in as many leading columns as possible."""
    keys = catalog.scan_table(table_name).select(list(key)).to_pandas()
    for place, (name, asked) in enumerate(key.items()):
        same = keys[keys[name] == asked]
        if len(same):
            keys = same
            continue
        closest = [keys[keys[name] == value] for value in _closest(asked, sorted(keys[name].unique()))]
        return [_most_like(rows, dict(list(key.items())[place + 1 :])) for rows in closest]
    return []


def _closest(asked: Any, values: list[Any]) -> list[Any]:
    if isinstance(asked, int):
        return sorted(values, key=lambda value: (abs(value - asked), value))[:SUGGESTED]
    return difflib.get_close_matches(asked, values, n=SUGGESTED, cutoff=0.4) or values[:SUGGESTED]


def _most_like(rows: pd.DataFrame, rest: Key) -> tuple[Any, ...]:
    for name, asked in rest.items():
        same = rows[rows[name] == asked]
        rows = same if len(same) else rows
    return tuple(rows.sort_values(list(rows.columns)).iloc[-1])


# Lineage


def _source_ids(table_name: str, frame: pd.DataFrame) -> set[str]:
    """Sources named in a frame's rows; where it has no such column, those of its table."""
    named = [column for column in frame.columns if column.endswith("source_id")]
    if named:
        return {str(value) for column in named for value in frame[column].dropna()}
    return lineage.sources_of(table_name) if len(frame) else set()


def _documents(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    ids = {value for frame in frames if "document_id" in frame for value in frame["document_id"].dropna()}
    documents = catalog.load_table("documents")
    return documents[documents["document_id"].isin(sorted(ids))].reset_index(drop=True)


def _method_page(table: type[t.Table]) -> Path | None:
    method = t.method(table)
    return METHOD_PAGES / Path(method).name if method else None


def _first_section(page: Path) -> str:
    """A method page up to its second heading of second level. Raises ReoError if there is no such page."""
    if not page.is_file():
        raise ReoError(f"the method page {page} is missing", "restore it from git, or write it")
    parts = page.read_text("utf-8").split("\n## ")
    return "\n## ".join(parts[:2]).strip()


def _where(function: Callable[..., Any]) -> str:
    """Module and function, with file and line."""
    file = Path(inspect.getsourcefile(function) or "")
    return f"{function.__module__}.{function.__name__} ({_relative(file)}:{inspect.getsourcelines(function)[1]})"


def _relative(file: Path) -> str:
    return str(file.relative_to(paths.REPOSITORY)) if file.is_relative_to(paths.REPOSITORY) else str(file)


# Output


def _formatted(value: Any) -> str:
    if pd.isna(value):
        return "none"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1e6 else f"{value:,.6g}"
    return str(value)


def _of_unit(column: Any) -> str:
    unit = t.unit(column)
    return "" if unit in ("", "1") else f" {unit}"


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return list(json.loads(rows.to_json(orient="records", double_precision=15)))


def _print_input(out: Console, shown: InputShown) -> None:
    none = "" if shown.count or shown.which.startswith(("all", "none")) else ": none"
    out.print(f"[bold]{shown.table}[/]: {shown.which}{none}", highlight=False)
    if not shown.count:
        return
    # A column with one value throughout is left out: the words above name it, or it tells nothing of the figure.
    varied = [c for c in shown.first.columns if shown.count == 1 or shown.first[c].nunique(dropna=False) > 1]
    columns = varied or list(shown.first.columns)
    grid = Grid(*columns, box=None, pad_edge=False)
    for values in shown.first[columns].itertuples(index=False):
        grid.add_row(*(_formatted(value) for value in values))
    print_listing(grid, out)
    _print_more(out, shown.count - len(shown.first))


def _print_more(out: Console, more: int) -> None:
    if more > 0:
        out.print(f"  … and {more:,} more", highlight=False)
