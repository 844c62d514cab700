"""Where a figure comes from: its formula, the rows it is made of, their sources and documents, corrections and checks."""

import difflib
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table as Grid

from pipeline import catalog, lineage, paths, wiring
from pipeline.errors import ReoError
from pipeline.intake import lock
from pipeline.intake.lock import Source
from pipeline.listing import print_listing
from pipeline.measures.helpers.input_rows import Key, where_equal
from pipeline.quality import run
from pipeline.quality.expectations import Outcome
from pipeline.schemas import table as t

SHOWN = 10
NEAREST = 3


class NoSuchRow(ReoError):
    """A key that no row of the table has."""


@dataclass(frozen=True)
class Behind:
    """Rows of one input table behind a figure: which in words, how many, and the first of them."""

    table: str
    which: str
    rows: int
    shown: pd.DataFrame


@dataclass(frozen=True)
class Explanation:
    """All that is known of where one row of a table comes from."""

    table: str
    key: Key
    row: dict[str, Any]
    method: str
    method_page: Path | None
    function: str
    inputs: tuple[Behind, ...]
    sources: dict[str, Source]
    documents: pd.DataFrame
    corrections: tuple[dict[str, Any], ...]
    checks: tuple[Outcome, ...]

    def print(self, out: Console) -> None:
        """The explanation as a person reads it, from the figure down to the checks."""
        table = catalog.table(self.table)
        out.print(f"[bold]{t.title(table)}[/] " + _joined(self.key.values()), highlight=False)
        grid = Grid("column", "value", "unit", "what", box=None, pad_edge=False)
        for name, column in t.columns(table).items():
            style = "bold" if name in self.key else None
            grid.add_row(name, _said(self.row[name]), t.unit(column), column.description, style=style)
        out.print(grid)
        out.print("\n[bold]Made by[/]", self.function, markup=True, highlight=False, soft_wrap=True)
        if self.method_page:
            out.print(f"Method: {_relative(self.method_page)}", markup=False, highlight=False, soft_wrap=True)
            out.print(Markdown(self.method))
        for behind in self.inputs:
            _print_behind(out, behind)
        out.print("\n[bold]Sources[/]")
        for source_id, source in self.sources.items():
            out.print(f"  {source_id}: {source.title}. {source.publisher}, {source.edition}", markup=False, highlight=False)
            terms = f"    {source.licence}; {source.landing_page}; as of {source.accessed}"
            out.print(terms, markup=False, highlight=False, soft_wrap=True)
        if len(self.documents):
            out.print("\n[bold]Documents[/]")
            for document in self.documents.head(SHOWN).itertuples():
                out.print(f"  {document.document_id}: {document.title}", markup=False, highlight=False)
                out.print(f"    {document.url}", markup=False, highlight=False, soft_wrap=True)
            _print_more(out, len(self.documents) - SHOWN)
        out.print("\n[bold]Corrections[/]" + ("" if self.corrections else " none of the inputs is corrected"))
        for correction in self.corrections:
            out.print("  " + "; ".join(f"{k}: {v}" for k, v in correction.items()), markup=False, highlight=False)
        out.print("\n[bold]Checks[/] the table keeps its contract (columns, types, bounds, key), or it would not be here")
        for outcome in self.checks:
            said = "held" if outcome.passed else {"warning": "warns", "error": "FAILED"}[outcome.severity]
            out.print(f"  {outcome.table}, {outcome.name}: {said}: {outcome.observed}", markup=False, highlight=False)
            if not outcome.passed:
                out.print(f"    {outcome.meaning}", markup=False, highlight=False)


def explain(table_name: str, key_values: Sequence[str]) -> Explanation:
    """Where the row of `table_name` with that key comes from; the key's values are in the order of the table's key.

    Raises NoSuchTable, and NoSuchRow with the nearest keys there are.
    """
    table = catalog.table(table_name)
    key = _key(table_name, key_values)
    row = _row(table_name, key)
    # Of the row itself and of what it is made of: the frames whose columns name sources and documents.
    behind = {name: lineage.behind(table_name, name, row) for name, kind in wiring.inputs(table_name).items() if kind == "table"}
    frames = {table_name: pd.DataFrame([row]), **{name: frame for name, (_which, frame) in behind.items()}}
    page = _method_page(table)
    source_ids = {source_id for name, frame in frames.items() for source_id in _source_ids(name, frame)}
    sources = {source_id: source for source_id, source in lock.read().sources.items() if source_id in source_ids}
    judged = [o for name in (table_name, *behind) for o in run.read(paths.quality()) if o.table == name]
    return Explanation(
        table=table_name,
        key=key,
        row=row,
        method=_first_section(page) if page else "",
        method_page=page,
        function=_where(wiring.maker(table_name)),
        inputs=tuple(Behind(name, which, len(frame), frame.head(SHOWN)) for name, (which, frame) in behind.items()),
        sources=sources,
        documents=_documents(frames.values()),
        corrections=tuple(_corrections({table_name, *behind}, set(sources))),
        checks=tuple(judged),
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
    types = {name: str(column.dtype).lower() for name, column in t.columns(table).items()}
    for name, value in key.items():
        if types[name] == "int64":
            try:
                key[name] = int(value)
            except ValueError as error:
                problem = f"{name} is a whole number in {table_name}, not {value!r}"
                raise NoSuchRow(problem, f"the key is {', '.join(names)}") from error
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
    """Keys there are that differ from the one asked for as little and as late as can be."""
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
        return sorted(values, key=lambda value: (abs(value - asked), value))[:NEAREST]
    return difflib.get_close_matches(asked, values, n=NEAREST, cutoff=0.4) or values[:NEAREST]


def _most_like(rows: pd.DataFrame, rest: Key) -> tuple[Any, ...]:
    for name, asked in rest.items():
        same = rows[rows[name] == asked]
        rows = same if len(same) else rows
    return tuple(rows.sort_values(list(rows.columns)).iloc[-1])


# What stands behind the rows


def _source_ids(table_name: str, frame: pd.DataFrame) -> set[str]:
    """Sources that a frame's rows name; where they name none, those of its table."""
    named = [column for column in frame.columns if column.endswith("source_id")]
    if named:
        return {str(value) for column in named for value in frame[column].dropna()}
    return lineage.sources_of(table_name) if len(frame) else set()


def _documents(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    ids = {value for frame in frames if "document_id" in frame for value in frame["document_id"].dropna()}
    documents = catalog.load_table("documents")
    return documents[documents["document_id"].isin(sorted(ids))].reset_index(drop=True)


def _corrections(tables: set[str], source_ids: set[str]) -> list[dict[str, Any]]:
    """Entries of data/raw/corrections.yml about one of the tables and one of the sources."""
    file = paths.raw() / "corrections.yml"
    entries = yaml.safe_load(file.read_text("utf-8")) or [] if file.is_file() else []
    return [e for e in entries if e.get("table") in tables and e.get("source_id") in source_ids]


def _method_page(table: type[t.Table]) -> Path | None:
    method = table.Config.metadata.get("method")  # type: ignore[attr-defined]
    return paths.REPOSITORY / "docs" / "methods" / f"{method}.md" if method else None


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


# How it looks


def _said(value: Any) -> str:
    if pd.isna(value):
        return "none"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1e6 else f"{value:,.6g}"
    return str(value)


def _print_behind(out: Console, behind: Behind) -> None:
    none = "" if behind.rows or behind.which.startswith(("all", "none")) else ": none"
    out.print(f"\n[bold]From {behind.table}[/]: {behind.which}{none}", highlight=False)
    if not behind.rows:
        return
    # A column with one value throughout is said in the words above, or says nothing.
    told = [c for c in behind.shown.columns if behind.rows == 1 or behind.shown[c].nunique(dropna=False) > 1]
    grid = Grid(*(told or list(behind.shown.columns)), box=None, pad_edge=False)
    for values in behind.shown[told or list(behind.shown.columns)].itertuples(index=False):
        grid.add_row(*(_said(value) for value in values))
    print_listing(grid, out)
    _print_more(out, behind.rows - len(behind.shown))


def _print_more(out: Console, more: int) -> None:
    if more > 0:
        out.print(f"  … and {more:,} more", highlight=False)
