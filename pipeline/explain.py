"""Where a figure comes from: its formula, the rows it is made of, their sources and documents, corrections and checks."""

import difflib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pandas as pd
import yaml
from ibis import _
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table as Grid

from pipeline import catalog, paths
from pipeline.assets import wiring
from pipeline.errors import ReoError
from pipeline.measures import policy, trade
from pipeline.measures.trade import EXACT
from pipeline.quality import run
from pipeline.quality.expectations import Outcome
from pipeline.release.descriptor import sources_of
from pipeline.schemas import table as t
from pipeline.sources import lock
from pipeline.sources.lock import Source

SHOWN = 10
NEAREST = 3
Key = dict[str, Any]
Chosen = tuple[str, pd.DataFrame]


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
        out.print(f"[bold]{t.title(table)}[/] " + " ".join(str(v) for v in self.key.values()), highlight=False)
        grid = Grid("column", "value", "unit", "what", box=None, pad_edge=False)
        for name, column in t.columns(table).items():
            grid.add_row(name, _said(self.row[name]), t.unit(column), column.description, style="bold" if name in self.key else None)
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
            out.print(f"    {source.licence}; {source.landing_page}; as of {source.accessed}", markup=False, highlight=False, soft_wrap=True)
        if len(self.documents):
            out.print("\n[bold]Documents[/]")
            for document in self.documents.head(SHOWN).itertuples():
                out.print(f"  {document.document_id}: {document.title}", markup=False, highlight=False)
                out.print(f"    {document.url}", markup=False, highlight=False, soft_wrap=True)
            _print_more(out, len(self.documents) - SHOWN)
        out.print("\n[bold]Corrections[/]" + ("" if self.corrections else " none of the inputs is corrected"))
        for correction in self.corrections:
            out.print("  " + "; ".join(f"{k}: {v}" for k, v in correction.items()), markup=False, highlight=False)
        out.print("\n[bold]Checks[/] the table keeps its contract (columns, types, bounds, vocabularies, key), or it would not be here")
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
    behind = {name: _behind(table_name, name, row) for name, kind in wiring.inputs(table_name).items() if kind == "table"}
    frames = {table_name: pd.DataFrame([row]), **{name: frame for name, (_which, frame) in behind.items()}}
    page = _method_page(table)
    source_ids = {source_id for name, frame in frames.items() for source_id in _source_ids(name, frame)}
    sources = {source_id: source for source_id, source in lock.read().sources.items() if source_id in source_ids}
    judged = [o for name in (table_name, *behind) for o in run.read(paths.processed() / "quality.json") if o.table == name]
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
        corrections=tuple(_corrections({table_name, *behind, *sources})),
        checks=tuple(judged),
    )


# The key


def _key(table_name: str, key_values: Sequence[str]) -> Key:
    table = catalog.table(table_name)
    names = t.key(table)
    if len(key_values) != len(names):
        example = catalog.scan_table(table_name).select(names).order_by(names).limit(1).to_pandas()
        shown = f", such as `{table_name} {' '.join(str(v) for v in example.iloc[0])}`" if len(example) else ""
        raise NoSuchRow(
            f"the key of {table_name} is {', '.join(names)}: {len(names)} values, and {len(key_values)} were given",
            f"name them in that order{shown}",
        )
    key = dict(zip(names, key_values, strict=True))
    types = {name: str(column.dtype).lower() for name, column in t.columns(table).items()}
    for name, value in key.items():
        if types[name] == "int64":
            try:
                key[name] = int(value)
            except ValueError as error:
                raise NoSuchRow(f"{name} is a whole number in {table_name}, not {value!r}", f"the key is {', '.join(names)}") from error
    return key


def _row(table_name: str, key: Key) -> dict[str, Any]:
    found = _where_equal(catalog.scan_table(table_name), key).to_pandas()
    if len(found):
        return {str(name): value for name, value in found.iloc[0].items()}
    raise NoSuchRow(
        f"{table_name} has no row {' '.join(str(v) for v in key.values())}",
        f"its key is {', '.join(key)}; nearest are: " + "; ".join(f"`{' '.join(str(v) for v in n)}`" for n in _nearest(table_name, key)),
    )


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


# The rows behind


def _behind(table_name: str, input_name: str, row: Key) -> Chosen:
    rule = RULES.get((table_name, input_name))
    return rule(row) if rule else _shared(table_name, input_name, row)


def _shared(table_name: str, input_name: str, row: Key) -> Chosen:
    """Without a rule of its own: the input rows that have the key's values in the columns they share with it."""
    shared = {name: row[name] for name in t.key(catalog.table(table_name)) if name in t.columns(catalog.table(input_name))}
    if not shared:
        return f"all {catalog.row_count(input_name):,} rows are read", pd.DataFrame()
    rows = _where_equal(catalog.scan_table(input_name), shared).order_by(t.key(catalog.table(input_name))).to_pandas()
    return _words(shared), rows


def _where_equal(rows: ir.Table, values: Key) -> ir.Table:
    return rows.filter([rows[name] == value for name, value in values.items()])


def _words(values: Key) -> str:
    return "rows of " + ", ".join(f"{name} {value}" for name, value in values.items())


def _by_exporter(row: Key, flows: ir.Table, outliers: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Flows summed by exporter, the largest first, with their share in the row's basis (HHI is the sum of its squares)."""
    sums = trade.whole_years(flows).group_by("exporter").agg(
        usd=_.usd.sum().cast(EXACT).cast("float64"), kg=_.kg.sum().cast(EXACT).cast("float64"), flows=_.count()
    )
    frame = sums.to_pandas()
    frame = pd.DataFrame(
        {
            "exporter": frame["exporter"],
            "value_kusd": frame["usd"] / 1000,
            "quantity_t": frame["kg"] / 1000,
            "set_aside_t": frame["exporter"].map(outliers.groupby("exporter")["quantity_t"].sum()).fillna(0.0),
            "flows": frame["flows"],
        }
    )
    amounts = {
        "value": frame["value_kusd"],
        "quantity": frame["quantity_t"].fillna(0.0),
        "quantity_clean": frame["quantity_t"].fillna(0.0) - frame["set_aside_t"],
    }
    frame["share"] = amounts[basis] / amounts[basis].sum()
    return frame.sort_values(["share", "exporter"], ascending=[False, True]).reset_index(drop=True)


def _outliers(row: Key, importers: Sequence[str] | None = None) -> pd.DataFrame:
    outliers = catalog.load_table("flow_outliers")
    chosen = outliers[(outliers["year"] == row["year"]) & (outliers["hs6"] == row["hs6"])]
    return chosen if importers is None else chosen[chosen["importer"].isin(list(importers))]


def _flows(row: Key) -> ir.Table:
    return _where_equal(catalog.scan_table("trade_flows"), {"year": row["year"], "hs6": row["hs6"]})


def _exporters(row: Key) -> Chosen:
    words = _words({"year": row["year"], "hs6": row["hs6"]}) + ", summed by exporter, the largest first"
    return words, _by_exporter(row, _flows(row), _outliers(row), row["basis"])


def _importers(row: Key) -> tuple[list[str], list[str]]:
    """The countries an importer stands for, and the exporters its imports from do not count."""
    if row["importer"] != "EUU":
        return [row["importer"]], []
    countries = catalog.load_table("countries")
    members = countries.loc[countries["eu27"], "iso3"].tolist()
    return members, members


def _suppliers(row: Key) -> Chosen:
    importers, within = _importers(row)
    flows = _flows(row).filter(_.importer.isin(importers))
    if within:
        flows = flows.filter(_.exporter.notin(within))
    words = _words({name: row[name] for name in ("year", "importer", "hs6")}) + ", summed by exporter, the largest first"
    outliers = _outliers(row, importers)
    return words, _by_exporter(row, flows, outliers[~outliers["exporter"].isin(within)], row["basis"])


def _suppliers_outliers(row: Key) -> Chosen:
    importers, within = _importers(row)
    outliers = _outliers(row, importers)
    return _words({name: row[name] for name in ("year", "importer", "hs6")}), outliers[~outliers["exporter"].isin(within)]


def _group_of_exporters(row: Key) -> Chosen:
    flows, outliers, group = _flows(row), _outliers(row), row["exporter_group"]
    if group != "world":
        flows = flows.filter((_.exporter == "CHN") == (group == "CHN"))
        outliers = outliers[(outliers["exporter"] == "CHN") == (group == "CHN")]
    words = _words({"year": row["year"], "hs6": row["hs6"]}) + f" of exporters {group}, summed by exporter, the largest first"
    return words, _by_exporter(row, flows, outliers, row["basis"])


def _stage_amounts(input_name: str, of_reserves: bool) -> Callable[[Key], Chosen]:
    """Reserves are made from `reserves`, every other stage from `production`."""

    def rule(row: Key) -> Chosen:
        if (row["stage"] == "reserves") != of_reserves:
            return f"none: stage {row['stage']} is made from the other table", pd.DataFrame()
        names = ["edition", "source_id"] if of_reserves else ["year", "stage", "material", "source_id", "edition"]
        values = {name: row[name] for name in names}
        rows = _where_equal(catalog.scan_table(input_name), values).to_pandas()
        return _words(values) + ", the largest first", rows.sort_values(["amount", "country"], ascending=[False, True])

    return rule


def _mining(row: Key) -> Key:
    return {"year": row["year"], "stage": "mining", "material": "rare_earths", "source_id": row["production_source_id"]}


def _mining_concentration(row: Key) -> Chosen:
    rows = _where_equal(catalog.scan_table("stage_concentration"), _mining(row)).to_pandas()
    return _words(_mining(row)) + "; the newest edition counts", rows.sort_values("edition", ascending=False)


def _mined(row: Key) -> Chosen:
    _which, editions = _mining_concentration(row)
    values = {**_mining(row), "edition": editions["edition"].max()}
    rows = _where_equal(catalog.scan_table("production"), values).to_pandas()
    return _words(values) + ", the largest first", rows.sort_values(["amount", "country"], ascending=[False, True])


def _group_exports(row: Key) -> Chosen:
    products = catalog.load_table("products")
    codes = sorted(products.loc[products["group"] == row["group"], "hs6"].unique())
    flows = _where_equal(catalog.scan_table("trade_flows"), {"year": row["year"]}).filter(_.hs6.isin(codes))
    words = f"rows of year {row['year']}, hs6 {', '.join(codes)}, summed by exporter, the largest first"
    none = catalog.load_table("flow_outliers").head(0)
    return words, _by_exporter(row, flows, none, "value").drop(columns="set_aside_t")


def _acts(row: Key) -> tuple[pd.DataFrame, pd.DataFrame, pd.Timestamp]:
    """Acts of the row's layer and actor that may count, the spells their lines say, and the day that is counted."""
    events = catalog.load_table("policy_events")
    acts = events[(events["layer"] == row["layer"]) & (events["actor"] == row["actor"]) & (events["scope"] != "other")]
    spells = policy.spells(catalog.load_table("policy_status"), row["as_of"])
    day = min(pd.Period(row["month"], freq="M").end_time.normalize(), pd.Timestamp(row["as_of"]))
    return acts, spells[spells["event_id"].isin(acts["event_id"]) & (spells["status"] == "in_force")], day


def _lines_in_force(row: Key) -> Chosen:
    _events, spells, day = _acts(row)
    live = spells[(spells["begin"] <= day) & (day < spells["stop"])]
    lines = live.assign(begin=live["begin"].dt.strftime("%Y-%m-%d"), stop=live["stop"].dt.strftime("%Y-%m-%d"))
    stop = lines["stop"].where(live["stop"] < policy.NEVER, "open")
    words = f"lines in force on {day:%Y-%m-%d}, as documents dated by {row['as_of']} say, of acts of {row['layer']} by {row['actor']}"
    return words, lines.assign(stop=stop).sort_values(["begin", "event_id"])


def _acts_in_force(row: Key) -> Chosen:
    acts, spells, day = _acts(row)
    live = spells[(spells["begin"] <= day) & (day < spells["stop"])]["event_id"]
    begun = policy.last_day(acts["effective_on"].fillna(acts["announced_on"])) <= day
    ended = policy.last_day(acts["ended_on"]) < day
    without_lines = ~acts["event_id"].isin(catalog.load_table("policy_status")["event_id"])
    alone = without_lines & (acts["status_coded"] == "in_force") & begun & ~ended
    words_only = acts["legal_force"].isin(["statement", "company_act"]) | (acts["instrument"] == "statement")
    chosen = acts[acts["event_id"].isin(live) | (alone & ~words_only)]
    shown = ["event_id", "announced_on", "effective_on", "ended_on", "status_coded", "best_source", "title"]
    words = f"acts of {row['layer']} by {row['actor']} in force on {day:%Y-%m-%d}: by a line, or without lines by their own dates"
    return words, chosen[shown].sort_values(["announced_on", "event_id"])


# Which input rows feed a row, where the names of the key do not say it by themselves.
RULES: dict[tuple[str, str], Callable[[Key], Chosen]] = {
    ("export_concentration", "trade_flows"): _exporters,
    ("import_dependence", "trade_flows"): _suppliers,
    ("import_dependence", "flow_outliers"): _suppliers_outliers,
    ("unit_values", "trade_flows"): _group_of_exporters,
    ("stage_concentration", "production"): _stage_amounts("production", of_reserves=False),
    ("stage_concentration", "reserves"): _stage_amounts("reserves", of_reserves=True),
    ("origin_gap", "trade_flows"): _group_exports,
    ("origin_gap", "stage_concentration"): _mining_concentration,
    ("origin_gap", "production"): _mined,
    ("policy_in_force", "policy_status"): _lines_in_force,
    ("policy_in_force", "policy_events"): _acts_in_force,
}


# What stands behind the rows


def _source_ids(table_name: str, frame: pd.DataFrame) -> set[str]:
    """Sources that a frame's rows name; where they name none, those of its table."""
    named = [column for column in frame.columns if column.endswith("source_id")]
    if named:
        return {str(value) for column in named for value in frame[column].dropna()}
    return sources_of(table_name) if len(frame) else set()


def _documents(frames: Any) -> pd.DataFrame:
    ids = {value for frame in frames if "document_id" in frame for value in frame["document_id"].dropna()}
    documents = catalog.load_table("documents")
    return documents[documents["document_id"].isin(sorted(ids))].reset_index(drop=True)


def _corrections(names: set[str]) -> list[dict[str, Any]]:
    """Entries of data/raw/corrections.yml whose `table` or `source_id` is among the names."""
    file = paths.raw() / "corrections.yml"
    entries = yaml.safe_load(file.read_text("utf-8")) or [] if file.is_file() else []
    return [entry for entry in entries if names & {entry.get("table"), entry.get("source_id")}]


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
        return "not reported"
    return f"{value:,.6g}" if isinstance(value, float) and abs(value) < 1e6 else f"{value:,.0f}" if isinstance(value, float) else str(value)


def _print_behind(out: Console, behind: Behind) -> None:
    out.print(f"\n[bold]From {behind.table}[/]: {behind.which}", highlight=False)
    if not behind.rows:
        return
    # A column with one value throughout is said in the words above, or says nothing.
    told = [c for c in behind.shown.columns if behind.rows == 1 or behind.shown[c].nunique(dropna=False) > 1]
    grid = Grid(*(told or list(behind.shown.columns)), box=None, pad_edge=False)
    for values in behind.shown[told or list(behind.shown.columns)].itertuples(index=False):
        grid.add_row(*(_said(value) for value in values))
    out.print(grid)
    _print_more(out, behind.rows - len(behind.shown))


def _print_more(out: Console, more: int) -> None:
    if more > 0:
        out.print(f"  … and {more:,} more", highlight=False)
