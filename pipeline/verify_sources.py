"""All inputs at once: every file compared with its hash, every parser run on it, nothing stored. One line a fault."""

import csv
import gzip
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import catalog, paths, wiring
from pipeline.errors import ReoError
from pipeline.intake import corrections, lock
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas import contract
from pipeline.schemas import table as t


@dataclass
class Verified:
    """What was verified; `faults` are lines for people, `absent` sources of packages that are not fetched yet.

    `corrected` has (table, source, file) of every file read with its corrections.
    """

    files: int = 0
    tables: int = 0
    absent: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    corrected: set[tuple[str, str, str]] = field(default_factory=set)


def verify(table_names: Iterable[str] | None = None) -> Verified:
    """Hash every locked file, then make every tidy table, or those named, and check each against its contract.

    A source with a fault is not parsed; a package that was not fetched is not a fault. Tables stay in memory.
    Raises LockError where sources.yml itself cannot be read.
    """
    found = Verified()
    usable = {source_id for source_id in lock.read().sources if _as_locked(source_id, found)}
    made: dict[str, pd.DataFrame] = {}
    tidy = [name for name in table_names or wiring.MAKERS if t.floor(catalog.table(name)) == "tidy"]
    waiting = {name: wiring.inputs(name) for name in tidy}
    while ready := [
        name for name, needs in waiting.items() if not {n for n, kind in needs.items() if kind == "table"} & set(waiting)
    ]:
        for name in ready:
            needs = waiting.pop(name)
            if all(n in (usable if kind == "source" else made) for n, kind in needs.items()):
                given = {n: SourceFiles(n) if kind == "source" else made[n] for n, kind in needs.items()}
                frame = _parsed(name, given, found)
                if frame is not None:
                    made[name] = frame
    _documents_listed(made, found)
    _corrections_applied(set(made), found)
    _every_file_listed(found)
    faulty = {fault.split(":")[0] for fault in found.faults}
    found.skipped = [name for name in tidy if name not in made and name not in faulty]
    return found


def _corrections_applied(made: set[str], found: Verified) -> None:
    """An entry corrects nothing unless the parser of its table reads its file with corrections."""
    file = paths.raw() / "corrections.yml"
    listed = {(source_id, Path(f.name).name) for source_id, source in lock.read().sources.items() for f in source.files}
    for entry in corrections.read(file) if file.is_file() else []:
        if (entry.source_id, entry.file) not in listed:
            problem = f"sources.yml lists no file {entry.file} of source {entry.source_id}"
        elif entry.table not in wiring.MAKERS:
            problem = f"there is no table {entry.table}"
        elif entry.table in made and (entry.table, entry.source_id, entry.file) not in found.corrected:
            problem = f"no parser of {entry.table} applies corrections to {entry.file} of source {entry.source_id}"
        else:
            continue
        found.faults.append(f"corrections: entry {entry.id}: {problem}")


def _every_file_listed(found: Verified) -> None:
    listed = {locked.name for source in lock.read().sources.values() for locked in source.files}
    for file in sorted(paths.raw().rglob("*.csv*")):
        name = file.relative_to(paths.raw()).as_posix()
        if name not in listed and not name.startswith(("downloads/", "reviewed/")):
            found.faults.append(f"{name}: no source in sources.yml lists this file")


def _as_locked(source_id: str, found: Verified) -> bool:
    source = lock.source(source_id)
    if source.obtained == "package" and not (paths.downloads() / lock.read().packages[source.package or ""].wheel.name).is_file():
        found.absent.append(source_id)
        return False
    found.files += len(source.files)
    before = len(found.faults)
    if source.obtained == "package":
        _or_fault(source_id, found, SourceFiles(source_id).paths)
    else:
        for file, locked in files(source_id):
            _or_fault(source_id, found, partial(lock.verify, file, locked))
    return len(found.faults) == before


def _or_fault(source_id: str, found: Verified, check: Callable[[], object]) -> None:
    try:
        check()
    except ReoError as error:
        found.faults.append(f"{source_id}: {' '.join(error.problem.split())}")


def files(source_id: str) -> Iterator[tuple[Path, lock.LockedFile]]:
    """The files of a transcribed source, with their entries in the lock."""
    for locked in lock.source(source_id).files:
        yield paths.raw() / locked.name, locked


def _parsed(name: str, given: dict[str, Any], found: Verified) -> pd.DataFrame | None:
    found.tables += 1
    try:
        made = wiring.maker(name)(**given)
        sources = [files for files in given.values() if isinstance(files, SourceFiles)]
        found.corrected |= {(name, files.id, file) for files in sources for file in files.corrected}
        checked = contract.check(catalog.table(name), made if isinstance(made, pd.DataFrame) else made.to_pandas())
        key = t.key(catalog.table(name))
        for row in checked.quarantined.to_dict("records"):
            found.faults.append(f"{name}: {row['reason']} ({', '.join(f'{k}={row[k]}' for k in key)})")
        return checked.rows
    except contract.ContractBroken as error:
        _, *places = error.problem.splitlines()
        found.faults += [f"{name}: {place.strip().removeprefix('- ')}" for place in places]
    except ReoError as error:
        found.faults.append(f"{name}: {' '.join(error.problem.split())}")
    return None


def _documents_listed(made: dict[str, pd.DataFrame], found: Verified) -> None:
    if "documents" not in made:
        return
    known = set(made["documents"]["document_id"])
    for name, frame in made.items():
        if name != "documents" and "document_id" in frame:
            for cited in sorted(set(frame["document_id"].dropna()) - known):
                found.faults.append(
                    f"{name}: document_id {cited!r} is not in documents.csv, where every text that is cited has a row"
                )


def rows(source_id: str) -> int | None:
    """Rows of a source's CSV files below their headers; None where it has none or they are not here."""
    counted = None
    for file, locked in files(source_id):
        if locked.name.removesuffix(".gz").endswith(".csv") and file.is_file():
            with (
                gzip.open(file, "rt", encoding="utf-8")
                if file.suffix == ".gz"
                else file.open(encoding="utf-8", newline="") as stream
            ):
                counted = (counted or 0) + max(sum(1 for _ in csv.reader(stream)) - 1, 0)
    return counted
