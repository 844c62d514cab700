"""`reo`, the command line. It parses and prints; the work is done by the modules it calls, imported when needed."""

import errno
import logging
import os
import runpy
import shutil
import sys
import webbrowser
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich import filesize
from rich.console import Console
from rich.table import Table as Grid

from pipeline import __version__, collect_less_often, paths
from pipeline.errors import ReoError
from pipeline.listing import print_listing
from pipeline.progress import progress

STORAGE_FAULTS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR, errno.EISDIR}
app = typer.Typer(
    name="reo",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)
sources_app = typer.Typer(
    help="The raw inputs: edition, terms, and whether their files match the hashes in sources.yml.", no_args_is_help=False
)
app.add_typer(sources_app, name="sources")
forecast_app = typer.Typer(
    help="Forecasts of the next edition's figures: frozen before it appears, scored when it is there.", no_args_is_help=True
)
app.add_typer(forecast_app, name="forecast")
out = Console()
err = Console(stderr=True)
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show every step and every warning.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"reo {__version__}")
        raise typer.Exit


def _table_names(incomplete: str) -> list[str]:
    from pipeline import catalog

    return [name for name in catalog.tables() if name.startswith(incomplete)]


def _claim_ids(incomplete: str) -> list[str]:
    from pipeline import catalog

    return [name for name in catalog.load_table("claims")["claim_id"] if name.startswith(incomplete.upper())]


@app.callback()
def reo(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """The Rare Earth Observatory: public statistics in, checked tables, notebooks, a report and releases out."""


def main() -> None:
    """Entry point: an error a person can act on is a message and exit code 1, never a traceback."""
    collect_less_often()
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
    verbose: Verbose = False,
) -> None:
    """Bring everything up to date: ingest, validate, derive, check, execute the notebooks, write the report.

    Only what its code or inputs changed is made again. Safe to interrupt at any time and to run again.
    """
    _build_and_show(accept_rows, verbose)


def _build_and_show(accept_rows: str | None, verbose: bool) -> None:
    with out.status("Loading the pipeline"):
        from pipeline import build as building
        from pipeline import catalog, showing
        from pipeline.definitions import compose

        definitions = compose(accept_rows)
    with progress(out, "Building", verbose):
        built = building.build(definitions)
        if built.remade or not paths.database().is_file():
            catalog.write_database()
    (showing.build_in_full if verbose else showing.build_in_short)(out, built.remade, built.seconds)
    if showing.outcomes()[2]:
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
        "Lineage: what it is made from. Overview, Metadata, switch Plots on: its numbers over builds.\n"
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
def tables(
    name: Annotated[
        str | None, typer.Argument(help="Show this table's columns and first rows.", autocompletion=_table_names)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the tables, or show one: what a row is, columns with units, first rows."""
    from pipeline import catalog, library, showing
    from pipeline.schemas import table as t

    if as_json:
        typer.echo(showing.as_json(showing.table_as_json(name) if name else showing.records(library.list_tables())))
        return
    if name is None:
        showing.table_list(out)
        return
    table = catalog.table(name)
    out.print(f"[bold]{t.title(table)}[/]: {table.__doc__}", highlight=False)
    grid = Grid("column", "type", "unit", "what", box=None, pad_edge=False)
    for column_name, column in t.columns(table).items():
        key_mark = " [bold]key[/]" if column_name in t.key(table) else ""
        grid.add_row(column_name + key_mark, t.kind(column), t.unit(column), column.description)
    out.print(grid)
    rows = catalog.load_table(name).head(5)
    # Columns that do not fit beside each other follow in blocks below.
    out.print(rows.to_string(line_width=out.width, max_colwidth=30), soft_wrap=True, highlight=False, markup=False)


@app.command()
def explain(
    table: Annotated[str, typer.Argument(help="Table, such as export_concentration.", autocompletion=_table_names)],
    key: Annotated[list[str], typer.Argument(help="Values of its key in order, such as 2024 284690 value.")],
    long: Annotated[bool, typer.Option("--long", help="Show formula, input rows, documents, corrections and checks.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show where a figure comes from, in five lines; with --long formula, input rows, documents, corrections, checks."""
    from pipeline import showing
    from pipeline.explain import explain as explained

    explanation = explained(table, key)
    if as_json:
        typer.echo(showing.as_json(explanation.as_json()))
    elif long:
        explanation.print(out)
    else:
        explanation.print_answer(out)


@app.command()
def claims(
    claim: Annotated[str | None, typer.Argument(help="Show this claim's parts, such as C10.", autocompletion=_claim_ids)] = None,
    as_json: AsJson = False,
) -> None:
    """List the claims tested: verdict and what was found; or show one, part by part with figure, range and threshold."""
    from pipeline import showing

    if as_json:
        typer.echo(showing.as_json(showing.claims_as_json(claim)))
    elif claim is None:
        showing.claim_list(out)
    else:
        showing.one_claim(out, claim)


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
        _write(csv, played.to_csv(index=False, lineterminator="\n"))
        out.print(f"{len(played):,} rows are in {csv}", highlight=False)


@sources_app.callback(invoke_without_command=True)
def sources(
    context: typer.Context,
    long: Annotated[bool, typer.Option("--long", help="Show licence, size and how obtained too; wider than 80 columns.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Ask the publishers which edition they have now. Not tried live.")] = False,
    as_json: AsJson = False,
) -> None:
    """List all inputs: edition, whether they may be passed on, rows, age, and whether their files match their hashes."""
    if context.invoked_subcommand:
        return
    if new:
        _ask_publishers(as_json)
        return
    from pipeline import showing

    found = showing.sources_as_json()
    if as_json:
        typer.echo(showing.as_json(found))
        return
    # A listing in the terminal; its rows stay lines, for grep.
    grid = Grid("source", "edition", *(["licence"] if long else []), "reuse", box=None, pad_edge=False)
    for heading in ("rows", *(["size"] if long else []), "days"):
        grid.add_column(heading, justify="right")
    for heading in (*(["obtained"] if long else []), "locked", *(["client"] if long else [])):
        grid.add_column(heading)
    shown = {True: "[green]yes[/]", False: "[red]no[/]", None: "[yellow]not yet[/]"}
    for source in found:
        cells = {
            "source": source["source_id"],
            "edition": _cut(source["edition"], 28 if long else 12),
            "licence": _cut(source["licence"], 28),
            "reuse": source["redistribution"],
            "rows": "" if source["rows"] is None else f"{source['rows']:,}",
            "size": filesize.decimal(source["bytes"]),
            "days": str((date.today() - date.fromisoformat(source["accessed"])).days),
            "obtained": source["obtained"],
            "locked": shown[source["as_locked"]] + (" *" if source["client"] and not long else ""),
            "client": source["client"] or "",
        }
        grid.add_row(*(cells[str(column.header)] for column in grid.columns))
    grid.columns[0].no_wrap = True
    if long:
        print_listing(grid, out)
    else:
        out.print(grid)
        out.print("* `reo fetch` asks its publisher by a client that was not tried live.", highlight=False)


def _ask_publishers(as_json: bool) -> None:
    """What each publisher with a client has now, beside the edition that is locked here."""
    from pipeline import showing
    from pipeline.intake import lock
    from pipeline.sources import publishers

    with progress(out, "Asking the publishers", verbose=False):
        answers = publishers.newest_of_all()
    here = {source_id: source.edition for source_id, source in lock.read().sources.items()}
    found = {
        source_id: {"here": here.get(source_id, "none"), "publisher": answer.edition or answer.why}
        for source_id, answer in answers.items()
    }
    if as_json:
        typer.echo(showing.as_json(found))
        return
    for source_id, answer in found.items():
        out.print(f"[bold]{source_id}[/]")
        out.print(f"  here:      {answer['here']}\n  publisher: {answer['publisher']}", markup=False, highlight=False)
    out.print("`reo fetch SOURCE EDITION` fetches one; nothing was changed.", highlight=False)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


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
def fetch(
    source: Annotated[str, typer.Argument(help="A source with a client (docs/live-sources.md).")],
    edition: Annotated[str, typer.Argument(help="A year, month, day or release, as `reo sources --new` names it.")],
    use: Annotated[bool, typer.Option("--use", help="Read it from the next build on: list it in data/raw, for review.")] = False,
) -> None:
    """Fetch an edition of a source from its publisher's own endpoint. Not tried live. Keys are read from the environment.

    Nothing is built or published by it. Without --use the lines to change in data/raw are shown.
    """
    from pipeline import candidate
    from pipeline.sources import publishers

    put_down = publishers.fetch(source, edition)
    for file in put_down:
        out.print(f"fetched {file}", markup=False, highlight=False, soft_wrap=True)
    if use:
        candidate.take_in(source, edition, put_down)
        out.print("Listed in data/raw. Read `git diff data/raw`, then run `reo build`.", highlight=False)
        return
    out.print("\nTo read it, change in data/raw:")
    out.print("\n".join(candidate.to_list(source, edition, put_down)), markup=False, highlight=False, soft_wrap=True)
    last = f"then run `reo sources lock` and `reo build`. Or let `reo fetch {source} {edition} --use` write it."
    out.print(last, markup=False, highlight=False, soft_wrap=True)


@app.command()
def demo(
    accept_rows: Annotated[
        str | None,
        typer.Option(
            "--accept-rows", metavar="REASON", help="Write changed row counts into tests/toy_world/expected_rows.csv, for review."
        ),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Build the toy world: four countries, a dozen flows, five acts. Every figure in it can be worked out on paper."""
    from pipeline.quality import row_counts

    world = paths.demo()
    shutil.rmtree(world, ignore_errors=True)
    runpy.run_path(str(paths.REPOSITORY / "tests" / "toy_world" / "raw_inputs.py"))["write"](world)
    os.environ["REO_DATA"] = str(world)
    _build_and_show(accept_rows, verbose)
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

    package.check(version, paths.releases())
    with one_build.alone(), progress(out, f"Release {version}", verbose=True):
        definitions = compose()
        building.build(definitions)
        made = releasing.release(version, definitions, against)
    out.print(f"Release {version}: {made}\nCheck it with [cyan]reo verify {made}[/]", soft_wrap=True)
    out.print(f"CHANGELOG.md has it as `## {version}` with this line, commit it:\nsha256 {files.sha256(made)}", highlight=False)


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="A release: its folder or its archive.")],
    sha256: Annotated[
        str, typer.Option(help="What its archive hashes to, as published; by default what CHANGELOG.md states, if it does.")
    ] = "",
    verbose: Verbose = False,
) -> None:
    """Check a release: the archive's hash, every checksum, nothing missing or extra, the data package valid."""
    from pipeline.release import verify as verifying

    with progress(out, "Verifying", verbose):
        verified = verifying.verify(path, sha256)
    verified.print(out, verbose)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="A release: version, folder, archive or address; a data folder; or working.")],
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


@app.command()
def deposit(
    version: Annotated[str, typer.Argument(help="A version in data/releases.")],
    publish: Annotated[bool, typer.Option("--publish", help="Publish it, which cannot be undone; else a draft is left.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be sent.")] = False,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="At Zenodo's sandbox, for a trial.")] = False,
) -> None:
    """Deposit a verified release at Zenodo with a reserved DOI; run again, it goes on where it was cut off.

    The token is read from ZENODO_TOKEN. Tested against a local server with the same interface, not tried at Zenodo itself.
    """
    from pipeline.release import deposit, verify

    folder = paths.releases() / version
    sent = deposit.to_deposit(folder)
    with progress(out, "Verifying", verbose=False):
        verify.verify(folder)
    if dry_run:
        for file in sent:
            out.print(f"{file.name}, {filesize.decimal(file.stat().st_size)}", highlight=False)
        out.print_json(data=deposit.metadata(folder))
        return
    with progress(out, f"Deposit {version}", verbose=True):
        made = deposit.deposit(folder, deposit.SANDBOX if sandbox else deposit.ZENODO, publish)
    out.print(f"{'Published' if made.published else 'Draft, not published'}: {made.address}, DOI {made.doi}", highlight=False)


@forecast_app.command()
def freeze() -> None:
    """Write the forecasts of the next year of mining and of China's shares of exports, under a hash, to be committed.

    Each method's interval comes from its own past errors, and baselines stand beside it (docs/methods/forecasts.md). Files in
    data/forecasts/ are added, never changed.
    """
    from pipeline.forecast import frozen, score, series

    file = frozen.freeze(series.known(), date.today())
    score.show_frozen(frozen.read(file), out)
    out.print(f"Commit {file} now: git then dates the hash.", highlight=False, soft_wrap=True)


@forecast_app.command(name="score")
def score_forecast(
    file: Annotated[Path | None, typer.Argument(help="One frozen forecast; by default all in data/forecasts.")] = None,
    sha256: Annotated[str, typer.Option(help="What the forecast hashed to when it was frozen, as published.")] = "",
    csv: Annotated[Path | None, typer.Option(help="Write the scores to this CSV file.")] = None,
) -> None:
    """Compare frozen forecasts with the figures of the working tables: error, within the interval or not, and the baselines'.

    A forecast that was changed after it was frozen is refused.
    """
    from pipeline.forecast import frozen, score, series

    if sha256 and file is None:
        raise ReoError("--sha256 is of one forecast, and none is named", "name the file too")
    contents = [frozen.read(file, sha256)] if file else [content for _, content in frozen.read_all()]
    if not contents:
        raise ReoError(f"no forecast is frozen in {paths.forecasts()}", "run `reo forecast freeze` first")
    scores = score.score_all(contents, series.known())
    score.show(scores, out)
    if csv:
        _write(csv, scores.to_csv(index=False, lineterminator="\n"))


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        remedy = "name a file in a folder that exists and can be written"
        raise ReoError(f"cannot write {file} ({error.strerror or error})", remedy) from error
