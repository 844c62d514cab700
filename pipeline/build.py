"""The main job: bring everything up to date, floor by floor, redoing only what its code or its inputs changed.

The same Dagster instance serves the UI, so that every build shows there.
"""

import contextlib
import itertools
import logging
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.errors import DagsterExecutionInterruptedError

from pipeline import catalog, paths
from pipeline.assets.report import on_disk as report_on_disk
from pipeline.errors import ReoError
from pipeline.intake import source_files
from pipeline.one_build import alone

log = logging.getLogger("reo")
CONFIGURATION = Path(__file__).parent / "dagster.yaml"
JOB = "build"
# Tells the runs of `reo build` from those started in the UI.
BY = "reo/by"


class BuildFailed(ReoError):
    """One or more assets failed; their last good files are untouched."""


@dataclass
class Built:
    """What a build did: the assets it remade with the reason for each, and the seconds it took."""

    remade: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def open_instance() -> dg.DagsterInstance:
    """The instance that builds and the UI share, made on first use. Raises ReoError where its folder cannot be used."""
    with _records():
        _keep_damaged()
        paths.instance().mkdir(parents=True, exist_ok=True)
        configuration = paths.instance() / "dagster.yaml"
        # Written once: another process may be reading it.
        if not configuration.is_file() or configuration.read_bytes() != CONFIGURATION.read_bytes():
            shutil.copyfile(CONFIGURATION, configuration)
        instance = dg.DagsterInstance.from_config(str(paths.instance()))
        # Each of its databases is asked once: one that is damaged shows here.
        instance.get_runs_count()
        instance.all_asset_keys()
        instance.all_instigator_state()
        return instance


def _record_faults() -> tuple[type[Exception], ...]:
    """What can come up in reading or writing Dagster's records; imported when something has, for these libraries load slowly."""
    from alembic.util import CommandError
    from sqlalchemy.exc import SQLAlchemyError

    return OSError, sqlite3.Error, dg.DagsterError, SQLAlchemyError, CommandError


@contextlib.contextmanager
def _records() -> Iterator[None]:
    """Dagster's own files, used within: they hold nothing that a build does not make again."""
    try:
        yield
    except DagsterExecutionInterruptedError:
        raise
    except _record_faults() as error:
        cause = getattr(error, "orig", None) or error
        raise ReoError(
            f"Dagster's records in {paths.instance()} cannot be read or written ({' '.join(str(cause).split())[:200]})",
            f"free disk space, make the folder writable, or delete {paths.instance()}: "
            "the next `reo build` makes everything again, with the same bytes",
        ) from error


def _keep_damaged() -> None:
    """Damaged records are kept under another name and new ones begun: a build goes on, and makes everything again.

    They hold history alone, but without them nothing says from what the tables were made.
    """
    place = paths.instance()
    whole = all(_intact(file) for file in sorted(place.rglob("*.db"))) if place.is_dir() else not place.exists()
    if not whole:
        kept = next(k for n in itertools.count(1) if not (k := place.with_name(f"{place.name}.damaged-{n}")).exists())
        place.rename(kept)
        log.warning(
            "Dagster's records were damaged: they are kept as %s, a new history begins and everything is made again", kept
        )


def _intact(file: Path) -> bool:
    """Whether a file is an undamaged SQLite database, an empty one included; one that is locked now counts as undamaged."""
    try:
        with contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.text_factory = bytes
            return bool(database.execute("pragma quick_check(1)").fetchone()[0] == b"ok")
    except sqlite3.OperationalError:
        return True
    # What SQLite says of damage may quote damaged text.
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False


def build(definitions: dg.Definitions) -> Built:
    """Remake what is missing, altered or out of date. Raises BuildFailed naming what failed and why."""
    if folder := paths.release():
        problem = f"the data folder {folder} is a release, which never changes"
        raise ReoError(problem, "unset REO_DATA to build the repository's own data")
    started = time.monotonic()
    built = Built()
    with alone(), open_instance() as instance:
        _close_interrupted_runs(instance)
        _clear_leftovers()
        while stale := stale_assets(definitions, instance):
            again = {key for key in stale if key.to_user_string() in built.remade}
            if again:
                names = ", ".join(sorted(key.to_user_string() for key in again))
                raise BuildFailed(
                    f"{names} did not come out the same twice", "an input changed while the build ran; run `reo build` again"
                )
            _run(definitions, instance, stale)
            built.remade |= {key.to_user_string(): reason for key, reason in stale.items()}
    built.seconds = time.monotonic() - started
    return built


def stale_assets(definitions: dg.Definitions, instance: dg.DagsterInstance) -> dict[dg.AssetKey, str]:
    """What has to be made now and why. An asset that is there waits while one above it is remade, for that may change nothing."""
    graph = definitions.resolve_asset_graph()
    # What has partitions is a candidate, no part of a build.
    built = [key for key in graph.materializable_asset_keys if not graph.get(key).is_partitioned]
    recorded = _last_materializations(instance, built)
    stale: dict[dg.AssetKey, str] = {}
    waiting: set[dg.AssetKey] = set()
    for key in graph.toposorted_asset_keys:
        node = graph.get(key)
        if key not in recorded:
            continue
        above = [parent for parent in node.parent_keys if parent in recorded]
        event, found = recorded[key], on_disk(key)
        if any(parent in waiting for parent in above):
            waiting.add(key)
        elif event is None or found is None:
            stale[key] = "new" if event is None else "missing or unreadable on disk"
        elif any(parent in stale for parent in above):
            waiting.add(key)
        elif reason := _out_of_date(event, found, node.code_version, {p: _version(recorded[p]) for p in above}):
            stale[key] = reason
    return stale


def _last_materializations(instance: dg.DagsterInstance, keys: list[dg.AssetKey]) -> dict[dg.AssetKey, dg.EventLogEntry | None]:
    """What was last recorded of each asset, read in one query: one a key takes seconds."""
    records = {
        record.asset_entry.asset_key: record.asset_entry.last_materialization for record in instance.get_asset_records(keys)
    }
    return {key: records.get(key) for key in keys}


def _out_of_date(
    event: dg.EventLogEntry, found: str, code_version: str | None, above: dict[dg.AssetKey, str | None]
) -> str | None:
    materialization = event.asset_materialization
    tags = (materialization.tags if materialization else None) or {}
    if found != tags.get("dagster/data_version"):
        return "altered on disk"
    if code_version != tags.get("dagster/code_version"):
        return "its code changed"
    for parent, version in above.items():
        if tags.get(f"dagster/input_data_version/{parent.to_user_string()}") != version:
            return f"{parent.to_user_string()} changed"
    return None


def _version(event: dg.EventLogEntry | None) -> str | None:
    materialization = event.asset_materialization if event else None
    return (materialization.tags or {}).get("dagster/data_version") if materialization else None


def on_disk(key: dg.AssetKey) -> str | None:
    """The data version of what is on disk now, None where it is missing or not as it must be."""
    floor, name = key.path
    if floor == "raw":
        try:
            return source_files.version_present(name)
        except ReoError:
            return None
    if floor in ("tidy", "derived"):
        return catalog.stored_hash(name)
    try:
        return report_on_disk(key)
    except (OSError, UnicodeDecodeError):
        return None


def _run(definitions: dg.Definitions, instance: dg.DagsterInstance, stale: dict[dg.AssetKey, str]) -> None:
    interrupted = BuildFailed("the build was interrupted", "run `reo build` again: what was finished is kept")
    try:
        with _records():
            result = definitions.resolve_job_def(JOB).execute_in_process(
                instance=instance,
                asset_selection=list(stale),
                raise_on_error=False,
                tags={BY: "reo build"},
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
    except (KeyboardInterrupt, DagsterExecutionInterruptedError) as error:
        raise interrupted from error
    failed = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    if any(error and error.cls_name in ("KeyboardInterrupt", "DagsterExecutionInterruptedError") for error in failed):
        raise interrupted
    if not result.success:
        raise BuildFailed(*_failures(result))


def _failures(result: dg.ExecuteInProcessResult) -> tuple[str, str]:
    """What failed, asset by asset, and what to do about the last of them."""
    failures = []
    for event in (e for e in result.all_events if e.is_step_failure):
        data = event.step_failure_data
        asset = (event.step_key or "").replace("__", "/")
        if data.user_failure_data and "remedy" in data.user_failure_data.metadata:
            metadata = data.user_failure_data.metadata
            failures.append((f"{asset}: {metadata['problem'].value}", str(metadata["remedy"].value)))
        else:
            failures.append((f"{asset}: {_crash(data.error)}", "this was not foreseen: please report it with these lines"))
    *before, (problem, remedy) = failures or [("the build failed", "look at its run in `reo ui`")]
    return "\n".join([*(f"{p}\n  What to do: {r}" for p, r in before), problem]), remedy


def _crash(error: Any) -> str:
    """A fault nobody foresaw: its words, and where in this project it came from."""
    while error.cause:
        error = error.cause
    ours = [line.strip() for line in error.stack if "/pipeline/" in line]
    return f"{error.message.strip()} ({ours[-1] if ours else 'no line of this project'})"


# What this project's own writers leave where they are killed, under hidden names; other hidden files are their owners'.
OURS = re.compile(r"\..+\.(part|part\.wal|former)|\.report-\w+|\.fetch-\w+")


def _clear_leftovers() -> None:
    """Remove what an interrupted build was writing; nobody else writes while this process has the lock.

    A folder whose place is empty was being replaced when the build was killed: it gets its place back.
    """
    for folder in (paths.processed(), paths.downloads()):
        for leftover in [p for p in folder.rglob(".*") if OURS.fullmatch(p.name)]:
            place = leftover.with_name(leftover.name[1:].removesuffix(".former"))
            if leftover.suffix == ".former" and not place.exists():
                leftover.rename(place)
            elif leftover.is_dir() and not leftover.is_symlink():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)


def _close_interrupted_runs(instance: dg.DagsterInstance) -> None:
    """A killed build leaves a run that seems under way: the UI would show it so for ever."""
    under_way = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.NOT_STARTED]
    for run in instance.get_runs(dg.RunsFilter(statuses=under_way, tags={BY: "reo build"})):
        instance.report_run_failed(run, "Interrupted before it ended; a later build took over.")
