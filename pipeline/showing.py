"""What commands show: what a build did, the tables, the claims; each for people in 80 columns, and as JSON for programs."""

import json
from collections import Counter
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from pipeline import catalog, library, paths
from pipeline.errors import ReoError
from pipeline.quality import run
from pipeline.quality.expectation import Outcome
from pipeline.schemas import table as t

COLOURS = {"supported": "green", "contradicted": "red", "mixed": "yellow", "cannot tell": "dim"}
# Digits of a number in JSON: all that a table holds.
DIGITS = 15


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON: what is missing is null."""
    return list(json.loads(rows.to_json(orient="records", double_precision=DIGITS)))


def as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


# Builds


def build_in_short(out: Console, remade: dict[str, str], seconds: float) -> None:
    """What a build did, in words: how much was made, what warns and where to read it, where to go on."""
    made = [name for name in remade if name.partition("/")[0] in ("tidy", "derived")]
    if not remade:
        out.print(f"[bold green]Nothing to do.[/] Everything is up to date ({seconds:.1f} s).", highlight=False)
    else:
        unchanged = len(catalog.tables()) - len(made)
        out.print(
            f"[bold green]Done[/] in {seconds:.0f} s: {len(made)} table{'s' * (len(made) != 1)} made, {unchanged} unchanged.",
            highlight=False,
        )
    passed, warned, failed = outcomes()
    out.print(f"{passed} checks passed.", highlight=False)
    for outcome in failed:
        out.print(f"[red]Failed[/] {outcome.name} ({outcome.table}): {escape(outcome.observed)}", highlight=False)
    if warned:
        most = ", ".join(f"{name} ({n})" for name, n in Counter(o.table for o in warned).most_common(3))
        out.print(f"[yellow]{len(warned)} checks warn[/], most on {most}.", highlight=False)
    if warned or failed:
        out.print(f"  Read them: {paths.data_docs() / 'index.html'}", highlight=False, soft_wrap=True)
    if quarantined := quarantined_rows():
        rows, held = sum(quarantined.values()), ", ".join(quarantined)
        out.print(f"[yellow]{rows} rows are quarantined[/], out of bounds: {held}.", highlight=False)
        out.print(f"  Read them: {paths.quarantine()}", highlight=False, soft_wrap=True)
    out.print("Next: [cyan]reo open[/] (the report), [cyan]reo claims[/], [cyan]reo notebooks[/], [cyan]reo ui[/]")


def build_in_full(out: Console, remade: dict[str, str], seconds: float) -> None:
    """Every table made with its reason, every check that warns, and where to look."""
    if not remade:
        out.print(f"\n[bold green]Nothing to do.[/] Everything is up to date with its code and inputs ({seconds:.1f} s).")
    else:
        grid = Grid("table", "rows", "why it was made", title="Tables made", title_justify="left", box=None, pad_edge=False)
        reasons = {name: remade.get(f"{t.floor(table)}/{name}") for name, table in catalog.tables().items()}
        for name, reason in reasons.items():
            if reason:
                grid.add_row(name, f"{catalog.row_count(name):,}", reason)
        out.print()
        out.print(grid)
        unchanged = [name for name, reason in reasons.items() if not reason]
        if unchanged:
            rows = sum(catalog.row_count(name) for name in unchanged)
            out.print(f"{len(unchanged)} tables with {rows:,} rows are unchanged.")
    passed, warned, failed = outcomes()
    out.print(
        f"\n[bold]Expectations[/] {passed} passed, [yellow]{len(warned)} warned[/], [red]{len(failed)} failed[/]; "
        f"{len(catalog.tables())} tables keep their contracts and reviewed row counts."
    )
    for outcome in [*failed, *warned]:
        colour = "red" if outcome.severity == "error" else "yellow"
        out.print(f"  [{colour}]{outcome.name}[/]: {escape(outcome.observed)}", highlight=False)
    for name, count in quarantined_rows().items():
        file = catalog.quarantine_path(name)
        out.print(f"  [yellow]{name}[/]: {count} rows quarantined, out of bounds: {file}", highlight=False)
    out.print("\n[bold]Where to look[/]")
    for what, command in (
        ("the report", "reo open"),
        ("the Dagster UI", "reo ui"),
        ("notebooks with the tables at hand", "reo notebooks"),
        ("one figure's origin", "reo explain export_concentration 2024 284690 value"),
    ):
        out.print(f"  {what:<36} [cyan]{command}[/]")
    out.print(f"  {'the tables':<36} {paths.processed()}", highlight=False)
    if remade:
        out.print(f"\nDone in {seconds:.0f} s.")


def outcomes() -> tuple[int, list[Outcome], list[Outcome]]:
    """How many checks of the finished tables passed, those that warn, those that failed."""
    found = run.read(paths.quality())
    wrong = [o for o in found if not o.passed]
    warned = [o for o in wrong if o.severity == "warning"]
    return len(found) - len(wrong), warned, [o for o in wrong if o.severity == "error"]


def quarantined_rows() -> dict[str, int]:
    """The number of quarantined rows by table."""
    return {file.stem: len(file.read_text("utf-8").splitlines()) - 1 for file in sorted(paths.quarantine().glob("*.csv"))}


# Tables


def table_list(out: Console) -> None:
    """Every table under its subject: name, rows, title."""
    listed = library.list_tables()
    wide = max(map(len, listed["table"]))
    for subject, heading in t.SUBJECTS.items():
        grid = Grid(box=None, pad_edge=False, show_header=False)
        grid.add_column(min_width=wide)
        grid.add_column(min_width=9, justify="right")
        grid.add_column()
        for row in listed[listed["subject"] == subject].to_dict("records"):
            grid.add_row(row["table"], "not built" if pd.isna(row["rows"]) else f"{row['rows']:,}", row["title"])
        out.print(f"[bold]{heading}[/] [dim]({subject}; rows, title)[/]", highlight=False)
        out.print(grid)
    out.print("One table's columns and first rows: [cyan]reo tables prices[/]")


def table_as_json(table_name: str) -> dict[str, Any]:
    """What `describe` says of a table, with its first rows."""
    described = library.describe(table_name)
    return {
        "table": described.name,
        "title": described.title,
        "description": described.text,
        "key": described.key,
        "columns": described.columns.to_dict("records"),
        "sources": list(described.sources),
        "method": described.method,
        "caveats": list(described.caveats),
        "first_rows": records(catalog.load_table(table_name).head(5)),
    }


# Claims


def claim_rows(claim_id: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The claims and their parts, or those of one claim. Raises ReoError for one that there is not."""
    claims, parts = catalog.load_table("claims"), catalog.load_table("claim_evidence")
    if claim_id is None:
        return claims, parts
    asked = claim_id.upper()
    if asked not in claims["claim_id"].tolist():
        raise ReoError(f"there is no claim {claim_id!r}", f"use one of: {', '.join(claims['claim_id'])}")
    return claims[claims["claim_id"] == asked], parts[parts["claim_id"] == asked]


def claims_as_json(claim_id: str | None) -> Any:
    """All claims, or one with its parts."""
    claims, parts = claim_rows(claim_id)
    return records(claims) if claim_id is None else records(claims)[0] | {"parts": records(parts.drop(columns="claim_id"))}


def claim_list(out: Console) -> None:
    """Every claim with its verdict and the sentence of what was found."""
    claims, _parts = claim_rows(None)
    grid = Grid("claim", "verdict", "what was found", box=None, pad_edge=False)
    for claim in claims.to_dict("records"):
        text = f"[bold]{escape(claim['statement'])}[/]\n{escape(claim['finding'])}"
        grid.add_row(claim["claim_id"], _verdict(claim["verdict"]), text)
    out.print(grid, highlight=False)
    out.print("One claim's parts: [cyan]reo claims C10[/]")


def one_claim(out: Console, claim_id: str) -> None:
    """A claim: verdict, sentence, note, and each part with its figure, range and threshold."""
    # Imported here: it brings the query engine, which most commands do without.
    from pipeline.measures.claims import clause

    claims, parts = claim_rows(claim_id)
    claim = claims.iloc[0]
    out.print(f"[bold]{claim['claim_id']}[/] {escape(claim['statement'])}", highlight=False)
    out.print(_verdict(claim["verdict"]), escape(claim["finding"]), highlight=False)
    if pd.notna(claim["note"]):
        out.print(escape(claim["note"]), highlight=False)
    tests = catalog.load_table("claim_tests")[["claim_id", "part", "finding", "needed"]]
    for part in parts.merge(tests, on=["claim_id", "part"]).to_dict("records"):
        context = ", context only" if part["weight"] == "context" else ""
        out.print(f"\n[bold]{part['part']}[/] {escape(part['question'])}", highlight=False)
        out.print(f"  {escape(clause(part))}: {_verdict(part['verdict'])}{context}", highlight=False)
        out.print(f"  {_threshold(part)}", highlight=False)
        if pd.notna(part["note"]):
            out.print(f"  {escape(str(part['note']))}", highlight=False)


def _verdict(word: str) -> str:
    return f"[{COLOURS[word]}]{word}[/]"


def _threshold(part: dict[Any, Any]) -> str:
    more, less = ("or more", "or less") if part["direction"] == "at_least" else ("or less", "or more")
    from pipeline.measures.claims import format_of, written

    spec = format_of(part)
    points = " points" if spec.endswith("p") else ""
    from_, to = (f"{written(float(part[end]), spec)}{points}" for end in ("supported_from", "contradicted_to"))
    return f"supported at {from_} {more}" + ("" if pd.isna(part["contradicted_to"]) else f", contradicted at {to} {less}")


# Sources


def sources_as_json() -> list[dict[str, Any]]:
    """Every source of the lock, with rows, bytes, client, and whether its files match their hashes (null: not fetched yet)."""
    from pipeline import verify_sources
    from pipeline.intake import lock
    from pipeline.intake.source_files import SourceFiles
    from pipeline.sources import publishers

    found = []
    for source_id, source in lock.read().sources.items():
        try:
            SourceFiles(source_id).paths_present()
            as_locked: bool | None = True
        except ReoError:
            as_locked = None if source.obtained == "package" else False
        found.append(
            {
                "source_id": source_id,
                **source.model_dump(exclude={"files"}),
                "rows": verify_sources.rows(source_id),
                "bytes": sum(f.bytes for f in source.files),
                "as_locked": as_locked,
                "client": publishers.STATUS if source_id in publishers.CLIENTS else None,
            }
        )
    return found
