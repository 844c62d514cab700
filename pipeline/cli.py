"""`reo`, the command line. It parses and prints; the work is done by the modules it calls, imported when needed."""

import errno
import logging
import os
import runpy
import shutil
import sys
import textwrap
import webbrowser
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich import filesize
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from pipeline import paths
from pipeline.errors import ReoError
from pipeline.listing import print_listing

STORAGE_FAULTS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR, errno.EISDIR}
app = typer.Typer(
    name="reo",
    help="The Rare Earth Observatory: public statistics in, checked tables, notebooks, a report and releases out.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)
sources_app = typer.Typer(
    help="The raw inputs: edition, terms, and whether their files match the hashes in sources.yml.", no_args_is_help=False
)
app.add_typer(sources_app, name="sources")
out = Console()
err = Console(stderr=True)


def main() -> None:
    """Entry point: an error a person can act on is a message and exit code 1, never a traceback."""
    if "REO_DATA" in os.environ:
        # What is started from here may work in another folder.
        os.environ["REO_DATA"] = str(paths.data())
    logging.captureWarnings(True)
    # With a handler in place a library's logging.basicConfig (pyfixest's, on import) changes nothing.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        app()
    except ReoError as error:
        _show(error)
    except OSError as error:
        if error.errno not in STORAGE_FAULTS:
            raise
        where = f"{error.filename}: " if error.filename else ""
        remedy = "free disk space and make the folder writable, then run the command again; finished files are untouched"
        _show(ReoError(f"{where}{error.strerror}", remedy))


def _show(error: ReoError) -> NoReturn:
    err.print("[bold red]Error[/]", end=" ")
    err.print(str(error), markup=False, highlight=False)
    sys.exit(1)


class _Progress(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        out.print(f"[dim]·[/] {escape(record.getMessage())}", highlight=False)


def _show_progress() -> None:
    logger = logging.getLogger("reo")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.handlers = [_Progress()]


@app.command()
def build(
    accept_rows: Annotated[
        str | None,
        typer.Option(
            "--accept-rows",
            metavar="REASON",
            help="Write changed row counts into expected_rows.csv, and what changed by source and year with this reason into "
            "row_changes.csv, both to be reviewed and committed.",
        ),
    ] = None,
) -> None:
    """Bring everything up to date: ingest, validate, derive, check, execute the notebooks, write the report.

    Only what its code or inputs changed is made again. Safe to interrupt at any time and to run again.
    """
    _build_and_show(accept_rows)


def _build_and_show(accept_rows: str | None) -> None:
    _show_progress()
    with out.status("Loading the pipeline"):
        from pipeline import build as building
        from pipeline import catalog
        from pipeline.definitions import compose

        definitions = compose(accept_rows)
    with out.status("Building"):
        built = building.build(definitions)
        if built.remade or not paths.database().is_file():
            catalog.write_database()
    _show_what_was_made(built.remade, built.seconds)


def _show_what_was_made(remade: dict[str, str], seconds: float) -> None:
    from pipeline import catalog
    from pipeline.quality import run
    from pipeline.schemas import table as t

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
    outcomes = run.read(paths.quality())
    passed = sum(o.passed for o in outcomes)
    warned = [o for o in outcomes if not o.passed and o.severity == "warning"]
    failed = [o for o in outcomes if not o.passed and o.severity == "error"]
    out.print(
        f"\n[bold]Expectations[/] {passed} passed, [yellow]{len(warned)} warned[/], [red]{len(failed)} failed[/]; "
        f"{len(catalog.tables())} tables keep their contracts and reviewed row counts."
    )
    for outcome in [*failed, *warned]:
        colour = "red" if outcome.severity == "error" else "yellow"
        out.print(f"  [{colour}]{outcome.name}[/]: {outcome.observed}", highlight=False)
    for file in sorted(paths.quarantine().glob("*.csv")):
        rows = len(file.read_text("utf-8").splitlines()) - 1
        out.print(f"  [yellow]{file.stem}[/]: {rows} rows quarantined, out of bounds: {file}", highlight=False)
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
    if failed:
        raise typer.Exit(1)


@app.command()
def ui(port: Annotated[int, typer.Option(help="Port on the loopback address.")] = 3000) -> None:
    """Open the Dagster UI over the same instance: assets, checks, runs and their metadata. Ctrl-C ends it."""
    from pipeline import build as building

    building.open_instance().dispose()
    environment = {**os.environ, "DAGSTER_HOME": str(paths.instance()), "VIRTUAL_ENV": sys.prefix}
    out.print(f"Dagster UI: http://127.0.0.1:{port}/asset-groups (Ctrl-C ends it)")
    out.print(
        "First click a group, such as chain, then a table: its last build and rows.\n"
        "Lineage: what it is made from. Plots: its numbers over builds.\n"
        "Checks: those that warn say WARN and show their rows.",
        highlight=False,
    )
    os.chdir(paths.REPOSITORY)
    _become([sys.executable, "-c", f"from pipeline.ui import develop; develop({port})"], environment)


def _become(command: list[str], environment: dict[str, str]) -> NoReturn:
    """Hand the terminal over, so that Ctrl-C reaches the server itself and none of its processes keep running."""
    sys.stdout.flush()
    os.execve(command[0], command, environment)


@app.command(name="open")
def open_report() -> None:
    """Open the report in the browser. It is a folder of files and needs no network."""
    page = paths.report() / "index.html"
    if not page.is_file():
        raise ReoError(f"there is no report yet ({page} is missing)", "run `reo build` first")
    out.print(page.as_uri(), soft_wrap=True)
    webbrowser.open(page.as_uri())


@app.command()
def notebooks() -> None:
    """Open JupyterLab on the notebooks; `from pipeline.catalog import load_table` is all they need."""
    command = [sys.executable, "-m", "jupyterlab", "--ip=127.0.0.1", f"--notebook-dir={paths.REPOSITORY}"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    _become([*command, f"--LabApp.default_url=/lab/tree/{paths.notebooks().name}"], dict(os.environ))


@app.command()
def tables(name: Annotated[str | None, typer.Argument(help="Show this table's columns and first rows.")] = None) -> None:
    """List the tables, or show one: what a row is, columns with units, first rows."""
    from pipeline import catalog
    from pipeline.schemas import table as t

    if name is None:
        grid = Grid("table", "rows", "one row for each", "what", box=None, pad_edge=False)
        for table_name, table in catalog.tables().items():
            rows = f"{catalog.row_count(table_name):,}" if catalog.parquet_path(table_name).is_file() else "not built"
            grid.add_row(table_name, rows, ", ".join(t.key(table)), t.title(table))
        out.print(grid)
        return
    table = catalog.table(name)
    out.print(f"[bold]{t.title(table)}[/]: {table.__doc__}", highlight=False)
    grid = Grid("column", "type", "unit", "what", box=None, pad_edge=False)
    for column_name, column in t.columns(table).items():
        key_mark = " [bold]key[/]" if column_name in t.key(table) else ""
        grid.add_row(column_name + key_mark, t.kind(column), t.unit(column), column.description)
    out.print(grid)
    out.print(catalog.load_table(name).head(5).to_string(), soft_wrap=True, highlight=False, markup=False)


@app.command()
def explain(
    table: Annotated[str, typer.Argument(help="Table, such as export_concentration.")],
    key: Annotated[list[str], typer.Argument(help="Values of its key in order, such as 2024 284690 value.")],
) -> None:
    """Show where a figure comes from: formula, input rows, documents, corrections, checks."""
    from pipeline.explain import explain as explained

    explained(table, key).print(out)


@app.command()
def disrupt(
    name: Annotated[
        str | None, typer.Argument(help="A scenario of disruption_scenarios, such as china_half_from_all. Without one: the list.")
    ] = None,
    scenarios: Annotated[
        Path | None,
        typer.Option(
            help="A CSV of your own scenarios: scenario, origin, cut, targets, group, feed, spare_share, spare_t, note. "
            "data/raw/reviewed/disruption_scenarios.csv is one to start from."
        ),
    ] = None,
    origin: Annotated[str | None, typer.Option(help="Country that withholds, such as CHN: a scenario of your own.")] = None,
    cut: Annotated[float, typer.Option(help="Share of its exports withheld, 0 to 1.")] = 0.5,
    targets: Annotated[str, typer.Option(help="From whom: all, or EU27, G7 and codes joined by +, such as USA+JPN.")] = "all",
    feed: Annotated[
        str, typer.Option(help="excluded: flows of feed are no supply; included: they are, as for ore from Myanmar.")
    ] = "excluded",
    spare: Annotated[float, typer.Option(help="Other suppliers add at most this share of their own output, such as 0.1.")] = 0.0,
    spare_tonnes: Annotated[float, typer.Option(help="Other suppliers add at most so many tonnes: announced capacity.")] = 0.0,
    year: Annotated[int, typer.Option(help="Year of the trade and output used.")] = 2024,
    group: Annotated[str | None, typer.Option(help="compounds or rare_earth_magnets; by default both.")] = None,
    top: Annotated[int, typer.Option(help="Number of importers shown, largest losses first.")] = 15,
    csv: Annotated[Path | None, typer.Option(help="Write the rows of all importers to this CSV file.")] = None,
) -> None:
    """Compute what importers lose if a country withholds exports: directly, through others, and after suppliers respond.

    [bold]reo disrupt china_half_from_all[/] computes a shipped scenario, [bold]reo disrupt --origin CHN --cut 0.5 --targets G7
    --spare 0.1[/] one of your own, [bold]reo disrupt --scenarios mine.csv[/] a table of them. Nothing is stored but --csv.
    A shortfall is passed on pro rata to use and exports; stocks, prices, substitution and time are left out
    (docs/methods/disruption.md).
    """
    from pipeline import disrupt as what_if

    if sum(given is not None for given in (name, scenarios, origin)) > 1:
        raise ReoError("more than one of a scenario's name, --scenarios and --origin is given", "give one of them")
    if scenarios:
        chosen = what_if.from_file(scenarios)
    elif origin:
        chosen = what_if.scenario(origin, cut, targets, group, feed, spare, spare_tonnes)
    else:
        chosen = what_if.shipped(name)
        if name is None:
            grid = Grid("scenario", "what", box=None, pad_edge=False)
            for row in chosen.itertuples():
                grid.add_row(str(row.scenario), str(row.note))
            out.print(grid)
            return
    played = what_if.disrupt(chosen, year, group)
    what_if.show(played, out, top)
    if csv:
        try:
            played.to_csv(csv, index=False, lineterminator="\n")
        except OSError as error:
            problem = f"cannot write {csv} ({error.strerror or error})"
            raise ReoError(problem, "name a file in a folder that exists and can be written") from error
        out.print(f"{len(played):,} rows are in {csv}", highlight=False)


@sources_app.callback(invoke_without_command=True)
def sources(context: typer.Context) -> None:
    """List all inputs: edition, licence, rows, size, how obtained, age, and whether their files match their hashes."""
    if context.invoked_subcommand:
        return
    from pipeline import verify_sources
    from pipeline.intake import lock
    from pipeline.intake.source_files import SourceFiles

    grid = Grid("source", "edition", "licence", "reuse", box=None, pad_edge=False)
    for heading in ("rows", "size", "days old"):
        grid.add_column(heading, justify="right")
    grid.add_column("obtained")
    grid.add_column("verified")
    for source_id, source in lock.read().sources.items():
        try:
            SourceFiles(source_id).paths_present()
            state = "[green]yes[/]"
        except ReoError:
            state = "[yellow]not yet[/]" if source.obtained == "package" else "[red]no[/]"
        try:
            rows = verify_sources.rows(source_id)
        except ReoError:
            rows, state = None, "[red]unreadable[/]"
        age = (date.today() - date.fromisoformat(source.accessed)).days
        grid.add_row(
            source_id,
            textwrap.shorten(source.edition, 28, placeholder=" …"),
            textwrap.shorten(source.licence, 28, placeholder=" …"),
            source.redistribution,
            "" if rows is None else f"{rows:,}",
            filesize.decimal(sum(f.bytes for f in source.files)),
            str(age),
            source.obtained,
            state,
        )
    print_listing(grid, out)


@sources_app.command(name="verify")
def verify_sources() -> None:
    """Hash and parse every input without storing anything. Prints one line per fault; exit code 1 if there is any."""
    from pipeline import verify_sources as verifying

    with out.status("Hashing and parsing every input"):
        found = verifying.verify()
    for fault in found.faults:
        out.print(fault, markup=False, highlight=False, soft_wrap=True)
    if found.absent:
        out.print(f"[yellow]Not here yet[/], `reo build` fetches them: {', '.join(found.absent)}", highlight=False)
    if found.skipped:
        out.print(f"[yellow]Not parsed[/], because an input is missing or faulty: {', '.join(found.skipped)}", highlight=False)
    faults = f"[red]{len(found.faults)} faults[/]" if found.faults else "[green]no fault[/]"
    out.print(f"{found.files} files hashed, {found.tables} tables parsed and checked: {faults}", highlight=False)
    if found.faults:
        raise typer.Exit(1)


@sources_app.command()
def lock() -> None:
    """Write the hashes of changed transcribed files into sources.yml, to be reviewed and committed with the change."""
    from pipeline.intake import lock as locking

    changed = locking.relock()
    out.print("\n".join(f"locked {name}" for name in changed) or "every transcribed file is as locked", highlight=False)


@app.command()
def demo(
    accept_rows: Annotated[
        str | None,
        typer.Option(
            "--accept-rows", metavar="REASON", help="Write changed row counts into tests/toy_world/expected_rows.csv, for review."
        ),
    ] = None,
) -> None:
    """Build the toy world: four countries, a dozen flows, five acts. Every figure in it can be worked out on paper."""
    from pipeline.quality import row_counts

    world = paths.demo()
    shutil.rmtree(world, ignore_errors=True)
    runpy.run_path(str(paths.REPOSITORY / "tests" / "toy_world" / "raw_inputs.py"))["write"](world)
    os.environ["REO_DATA"] = str(world)
    _build_and_show(accept_rows)
    if accept_rows:
        shutil.copyfile(row_counts.path(), row_counts.under_review())
    out.print(
        f"The toy world is in {world}; tests/toy_world/README.md works its figures by hand. REO_DATA={world} points `reo` at it."
    )


@app.command()
def doctor() -> None:
    """Check this machine and checkout, and list what is still missing of a half-added table or source, each with a remedy.

    Exit code 0 if nothing is wrong, 1 otherwise. Nothing is changed.
    """
    from pipeline import doctor as examining

    checks = examining.examine()
    for what, findings in checks.items():
        out.print(f"{what:<26} " + ("[green]in order[/]" if not findings else f"[red]{len(findings)} to do[/]"))
        for finding in findings:
            text = f"  {finding.problem}\n    What to do: {finding.remedy}"
            out.print(text, markup=False, highlight=False, soft_wrap=True)
    if any(checks.values()):
        raise typer.Exit(1)


@app.command(hidden=True)
def docs() -> None:
    """Write what docs/ keeps of generated things: data dictionary, sources, and the README's picture from the last build."""
    from pipeline.report import dictionary, site

    folder = paths.REPOSITORY / "docs"
    (folder / "data-dictionary.md").write_text(dictionary.markdown(), "utf-8")
    (folder / "sources.md").write_text(site.sources_page(), "utf-8")
    picture = paths.report() / "figures" / "china_share_of_exports.svg"
    if picture.is_file():
        shutil.copyfile(picture, folder / "picture.svg")
    else:
        out.print(
            f"docs/picture.svg stays as it is: {picture} is not built yet; run `reo build`, then `reo docs`.", highlight=False
        )


@app.command()
def release(
    version: Annotated[str, typer.Argument(help="Version of the dataset, such as 0.1.0.")],
    against: Annotated[
        str | None, typer.Option(help="Where the last release is, if not in data/releases: folder, archive or address.")
    ] = None,
) -> None:
    """Write a dataset release: tables, descriptor, licences, checksums, executed notebooks and report, in one archive.

    What changed since the last release decides how high the version must be (docs/releases.md).
    """
    from pipeline import build as building
    from pipeline import files, one_build, releasing
    from pipeline.definitions import compose
    from pipeline.release import package

    _show_progress()
    package.check(version, paths.releases())
    with one_build.alone():
        definitions = compose()
        building.build(definitions)
        made = releasing.release(version, definitions, against)
    out.print(f"Release {version}: {made}\nCheck it with [cyan]reo verify {made}[/]", soft_wrap=True)
    out.print(f"For CHANGELOG.md, under `## {version}`:\nsha256 {files.sha256(made)}", highlight=False, soft_wrap=True)


@app.command()
def verify(path: Annotated[Path, typer.Argument(help="A release: its folder or its archive.")]) -> None:
    """Check a release: every checksum, nothing missing or extra, the data package valid."""
    from pipeline.release import verify as verifying

    _show_progress()
    verifying.verify(path).print(out)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="A release: version, folder, archive or address; or the word working.")],
    after: Annotated[str, typer.Argument(help="The same; by default the working tables.")] = "working",
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, for the changelog.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write one HTML page into this file.")] = None,
    rows: Annotated[int, typer.Option(min=0, help="Rows named in each list.")] = 10,
) -> None:
    """Show what differs between two releases, or a release and the working tables: columns, rows, figures, sources, verdicts."""
    from pipeline.release import changes, diff, sides, versions

    with sides.side(before) as one, sides.side(after) as other:
        found = diff.compare(one, other, rows)
    if html:
        _write(html, changes.page(found))
    if markdown:
        typer.echo(changes.markdown(found), nl=False)
    elif not html:
        changes.show(found, out)
        if not found.empty:
            out.print(f"\nAs a version this is at least a {versions.level(found)} step (docs/releases.md).", highlight=False)


@app.command()
def get(
    release: Annotated[str, typer.Argument(help="A release: version, folder, archive or address (https://, s3://).")],
    table: Annotated[str | None, typer.Argument(help="Only this table, as Parquet.")] = None,
    to: Annotated[Path | None, typer.Option(help="Copy it into this folder, which is made.")] = None,
) -> None:
    """Fetch a release or one of its tables into the cache, compare it with its checksums, and say where it is."""
    from pipeline.released import open_release

    with err.status("Fetching"):
        opened = open_release(release)
        names = sorted(opened.listed) if table is None else [opened.resource(table)["parquet"]["path"]]
        found = {name: opened.file(name) for name in names}
    if to:
        try:
            for name, file in found.items():
                copy = to / (name if table is None else file.name)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
        except OSError as error:
            raise ReoError(
                f"cannot write into {to} ({error})", "name a folder that can be written, on a disk with room"
            ) from error
    said = f"{table or f'{len(found):,} files'} of release {opened.version}, as released: "
    out.print(f"{said}{to or (found[names[0]] if table else found['README.md'].parent)}", highlight=False, soft_wrap=True)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        remedy = "name a file in a folder that exists and can be written"
        raise ReoError(f"cannot write {file} ({error.strerror or error})", remedy) from error
