"""Make a release: refuse what must not be published, write everything to a temporary folder, then move it into place."""

import json
import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet

from pipeline import catalog, files, packed, paths, restricted, table_files
from pipeline.errors import ReoError
from pipeline.forecast import frozen, score, series
from pipeline.intake import lock
from pipeline.intake.lock import Lock
from pipeline.one_build import alone
from pipeline.quality import run
from pipeline.quality.expectation import Outcome
from pipeline.release import archive, commit, databases, descriptor, metadata, search, sides, spreadsheet, texts, verify, versions
from pipeline.release.texts import LeftOut
from pipeline.release.versions import Refused
from pipeline.released import VERSION

# The temporary folder of a release under way.
UNFINISHED = re.compile(rf"\.{VERSION.pattern}\.\w+")
log = logging.getLogger("reo")


def check(version: str, target: Path) -> commit.Commit:
    """The commit a release would be made from. Raises Refused for an unusable version, other data or uncommitted changes."""
    if not VERSION.fullmatch(version):
        raise Refused(f"{version!r} is not a semantic version", "name three numbers without leading zeros, such as 0.1.0")
    if (target / version).exists():
        problem = f"version {version} is already released ({target / version})"
        raise Refused(problem, "a release never changes: choose the next version")
    versions.predecessor(version, paths.REPOSITORY / versions.CHANGELOG, target)
    own = paths.REPOSITORY / "data"
    if paths.data().resolve() != own.resolve():
        raise Refused(
            f"the data folder is {paths.data()}, but a release is made from {own}, whose inputs the commit contains",
            "unset REO_DATA, run `reo build`, then release again",
        )
    return commit.checked_out(paths.REPOSITORY)


def build(version: str, target: Path, stale: Callable[[], Collection[str]], against: str | None = None) -> Path:
    """Write target/VERSION/: the folder reo-VERSION, its archive reo-VERSION.tar.gz, two databases; returns the archive's path.

    `against` says where the last release is, if not in `target`.
    `stale` names what has to be made again before it is as its code and inputs say. The same commit gives the same bytes.
    Raises Refused, or a ReoError where something to be released is missing or a build is under way.
    """
    with alone():
        made_from = check(version, target)
        outcomes = run.read(paths.quality())
        _refuse_failed(outcomes)
        known = commit.notebooks(paths.REPOSITORY)
        _refuse_missing(known)
        _refuse_stale(stale)
        try:
            target.mkdir(parents=True, exist_ok=True)
            _clear_killed(target)
            with tempfile.TemporaryDirectory(dir=target, prefix=f".{version}.") as temporary:
                folder = Path(temporary) / version / f"reo-{version}"
                folder.mkdir(parents=True)
                _fill(folder, version, made_from, outcomes, known)
                _compare(folder, version, target, against)
                _refuse_leaks(folder)
                archive.write_checksums(folder)
                log.info("release: packing %d files", len(packed.inside(folder)))
                archive.write_archive(folder, folder.with_name(f"{folder.name}.tar.gz"), made_from.time)
                log.info("release: writing %s and %s", databases.DUCKDB, databases.SQLITE)
                databases.write(folder, json.loads((folder / "datapackage.json").read_text("utf-8")), folder.parent)
                if check(version, target) != made_from:
                    raise Refused("another commit was checked out meanwhile", "run `reo build`, then release again")
                _refuse_stale(stale)
                folder.parent.replace(target / version)
        except OSError as error:
            problem = f"cannot write the release into {target} ({error.strerror})"
            raise ReoError(problem, "make the folder writable, free disk space, then try again") from error
        archived = target / version / f"reo-{version}.tar.gz"
        log.info("release: sha256 of %s is %s", archived.name, files.sha256(archived))
        return archived


def _clear_killed(target: Path) -> None:
    """Remove what releases that were killed have left; nobody else writes while this process has the lock."""
    for leftover in target.iterdir():
        if UNFINISHED.fullmatch(leftover.name):
            shutil.rmtree(leftover)


def _refuse_stale(stale: Callable[[], Collection[str]]) -> None:
    if found := stale():
        listed = "\n".join(f"  - {name}" for name in sorted(found)[: commit.SHOWN])
        raise Refused(
            f"{len(found)} results are not what their code and inputs now give:\n{listed}", "run `reo build`, then release again"
        )


def _refuse_failed(outcomes: Sequence[Outcome]) -> None:
    failed = [o for o in outcomes if not o.passed and o.severity == "error"]
    if failed:
        listed = "\n".join(f"  - {o.name} ({o.table}): {o.observed}. {o.meaning}" for o in failed)
        raise Refused(
            f"checks that block a release failed:\n{listed}",
            "correct the tables or the expectations in pipeline/quality/, run `reo build`, then release again",
        )


def _refuse_missing(notebooks: Collection[str]) -> None:
    needed = [file for name in catalog.tables() for file in catalog.stored_files(name)]
    needed += [paths.report() / "index.html", *(paths.executed() / name for name in notebooks)]
    missing = [file.name for file in needed if not file.exists()]
    if missing:
        raise Refused(f"not built yet: {', '.join(missing)} (in {paths.processed()})", "run `reo build`, then release again")
    if long := [name for name in catalog.tables() if catalog.row_count(name) > table_files.CSV_ROWS]:
        problem = f"{', '.join(long)} has more than {table_files.CSV_ROWS:,} rows, and a release has every table as CSV too"
        raise Refused(problem, "take `codes: all` out of data/raw/sources.yml and build again: the figures rest on products.csv")


def _fill(folder: Path, version: str, made_from: commit.Commit, outcomes: Sequence[Outcome], notebooks: Collection[str]) -> None:
    locked = lock.read()
    stated = texts.citation(paths.REPOSITORY / "CITATION.cff", version, made_from)
    log.info("release: copying %d tables", len(catalog.tables()))
    (folder / "tables").mkdir()
    left_out = _copy_tables(folder / "tables")
    log.info("release: copying notebooks and report")
    (folder / "notebooks").mkdir()
    for name in notebooks:
        shutil.copyfile(paths.executed() / name, folder / "notebooks" / name)
    shutil.copytree(paths.report(), folder / "report", copy_function=shutil.copyfile)
    _unlink_data_docs(folder / "report" / "methods" / "index.html")
    _link_tables(folder / "report" / "data.html")
    run.write(outcomes, folder / "quality.json")
    for text in ("LICENSE", "LICENSE-data.md"):
        shutil.copyfile(paths.REPOSITORY / text, folder / text)
    if (paths.raw() / "corrections.yml").is_file():
        shutil.copyfile(paths.raw() / "corrections.yml", folder / "corrections.yml")
    _copy_list_of_left_out(folder, locked)
    _copy_forecasts(folder)
    log.info("release: writing the descriptor and texts")
    rows = {name: pyarrow.parquet.read_metadata(folder / "tables" / f"{name}.parquet").num_rows for name in catalog.tables()}
    (folder / "CITATION.cff").write_text(texts.citation_file(stated), "utf-8")
    (folder / "ATTRIBUTION.md").write_text(texts.attribution(locked), "utf-8")
    (folder / "README.md").write_text(texts.readme(stated, rows, outcomes, left_out, locked), "utf-8")
    described = descriptor.descriptor(folder, stated, made_from, locked.sources)
    if faults := verify.without_reference(folder, described):
        problem = "tables refer to rows that other tables do not have:\n" + "\n".join(f"  - {fault}" for fault in faults)
        raise Refused(problem, "add the rows, or name the column in `beyond` of its table class (pipeline/schemas/table.py)")
    # All further metadata say what datapackage.json says.
    for name, content in {
        "datapackage.json": described,
        "ro-crate-metadata.json": metadata.ro_crate(described, locked, made_from),
        "croissant.json": metadata.croissant(described),
        "datacite.json": metadata.datacite(described),
    }.items():
        (folder / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _compare(folder: Path, version: str, target: Path, against: str | None) -> None:
    """Write what changed since the last release; refuse a version too low for it."""
    log.info("release: comparing with the last release")
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))
    new = sides.described(described, lambda name: folder / "tables" / f"{name}.parquet")
    changelog = paths.REPOSITORY / versions.CHANGELOG
    last = versions.predecessor(version, changelog, target)
    changed = versions.changes_since(last, new, version, changelog, target, against)
    (folder / "CHANGES.md").write_text(changed, "utf-8")


def _unlink_data_docs(page: Path) -> None:
    """Data Docs contain run times and are not part of a release: the link to them would be dead."""
    if page.is_file():
        link = r'<a [^>]*href="(?:\.\./)+data_docs/index\.html"[^>]*>(.*?)</a>'
        page.write_text(re.sub(link, r"\1", page.read_text("utf-8"), flags=re.DOTALL), "utf-8")


def _link_tables(page: Path) -> None:
    """Where a build has the tables beside the report, a release has them in a folder of their own."""
    if page.is_file():
        link = rf'href="\.\./({"|".join(catalog.tables())})\.(csv|parquet)"'
        page.write_text(re.sub(link, r'href="../tables/\1.\2"', page.read_text("utf-8")), "utf-8")


def _copy_tables(folder: Path) -> list[LeftOut]:
    left_out = []
    for name in catalog.tables():
        rows = catalog.load_table(name)
        found = restricted.source_of_rows(name, rows)
        if found.notna().any():
            left_out += [LeftOut(name, str(i), int(n)) for i, n in found.value_counts().sort_index().items()]
            kept = rows[found.isna().to_numpy()]
            table_files.write(catalog.table(name), kept, folder / f"{name}.csv", folder / f"{name}.parquet")
        else:
            for file in (catalog.csv_path(name), catalog.parquet_path(name)):
                shutil.copyfile(file, folder / file.name)
        stored = pyarrow.parquet.read_table(folder / f"{name}.parquet")
        if not (safe := spreadsheet.guarded(stored)).equals(stored):
            table_files.write_csv(safe, folder / f"{name}.csv")
    return left_out


def _copy_forecasts(folder: Path) -> None:
    """The frozen forecasts, and how far off they were where the figures of their year are among the tables."""
    known = frozen.read_all()
    if not known:
        return
    (folder / "forecasts").mkdir()
    for file, _ in known:
        shutil.copyfile(file, folder / "forecasts" / file.name)
    scores = score.score_all([content for _, content in known], series.known())
    # As short as the forecasts: no figure is in it with more digits than its publisher gives.
    scores.to_csv(folder / "forecasts" / "scores.csv", index=False, lineterminator="\n", float_format="%.4g")


def _copy_list_of_left_out(folder: Path, locked: Lock) -> None:
    """The rows that the inputs leave out, without those of restricted sources: each quotes its values."""
    source = paths.raw() / "left_out.csv"
    if source.is_file():
        closed = {file.name for one in restricted.sources() for file in locked.sources[one].files}
        rows = pd.read_csv(source, dtype=str, keep_default_na=False)
        rows[~rows["file"].isin(closed)].to_csv(folder / source.name, index=False, lineterminator="\n")


def _refuse_leaks(folder: Path) -> None:
    log.info("release: searching for numbers of restricted sources")
    if found := search.leaks(folder):
        raise Refused(
            "numbers of sources that may not be passed on are in the release:\n" + "\n".join(f"  - {leak}" for leak in found),
            "make those figures and queries from open sources (`open_rows` in pipeline/restricted.py), "
            "run `reo build`, then release again",
        )
