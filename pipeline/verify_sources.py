"""All inputs at once: every file compared with its hash, every parser run on it, nothing stored. One line a fault."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import catalog, paths, wiring
from pipeline.errors import ReoError
from pipeline.intake import committed, corrections, lock, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import Fault, SourceError
from pipeline.quality import whole_tables
from pipeline.schemas import contract
from pipeline.schemas import table as t

# Larger files than these bytes are not read to count their rows.
COUNTED_UP_TO = 20_000_000


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
    _codes_known(made, found)
    _whole_tables(made, found)
    _unread_files_are_text(usable, found)
    _history_only_grows(found)
    _corrections_applied(set(made), found)
    _every_file_listed(found)
    faulty = {fault.split(":")[0] for fault in found.faults}
    found.skipped = [name for name in tidy if name not in made and name not in faulty]
    return found


def _corrections_applied(made: set[str], found: Verified) -> None:
    """An entry corrects nothing unless the parser of its table reads its file with corrections."""
    file = paths.raw() / "corrections.yml"
    listed = {(source_id, Path(f.name).name) for source_id, source in lock.read().sources.items() for f in source.files}
    try:
        entries = corrections.read(file) if file.is_file() else []
    except ReoError as error:
        _add(found, "corrections", error)
        return
    for entry in entries:
        if (entry.source_id, entry.file) not in listed:
            problem = f"sources.yml lists no file {entry.file} of source {entry.source_id} | correct source_id or file"
        elif entry.table not in wiring.MAKERS:
            problem = f"there is no table {entry.table} | correct table"
        elif entry.table in made and (entry.table, entry.source_id, entry.file) not in found.corrected:
            problem = f"no parser of {entry.table} applies corrections to {entry.file} of source {entry.source_id} | "
            problem += "correct the file or the table; else the parser has to read it with read_corrected"
        else:
            continue
        found.faults.append(f"corrections: entry {entry.id}: {problem}")


def _codes_known(made: dict[str, pd.DataFrame], found: Verified) -> None:
    """Customs codes of reviewed tables on which measures rest are goods of `products`."""
    if "products" not in made:
        return
    known = set(made["products"]["hs6"])
    for name in ("effect_designs", "feed_flows"):
        if name in made:
            for code in sorted(set(made[name]["hs6"].dropna().str.split(";").explode()) - known):
                found.faults.append(f"{name}: hs6 {code!r} is not in products.csv | correct the code, or add the good there")


def _whole_tables(made: dict[str, pd.DataFrame], found: Verified) -> None:
    remedy = "enter the published total as its own row, or the reason why there is none in reviewed/tables_without_total.csv"
    for name in ("production", "reserves"):
        if name in made:
            for row in whole_tables.without_total(made[name]).itertuples():
                what = f"{row.source_id}, edition {row.edition}, {row.year}".removesuffix(", ")
                found.faults.append(f"{name}: {what} {row.problem} | {remedy}")


def _unread_files_are_text(usable: set[str], found: Verified) -> None:
    """CSV files of usable sources that no parser reads are held to the same rule of text as those that one reads."""
    for source_id in sorted(usable):
        if lock.source(source_id).obtained == "transcribed":
            for file, locked in files(source_id):
                if locked.name.removesuffix(".gz").endswith(".csv") and not transcribed.was_read(file):
                    _or_fault(source_id, found, partial(transcribed.check_text, file))


def _history_only_grows(found: Verified) -> None:
    """Lines of policy_register/status.csv are only added: compared with the last commits and release, where there are any."""
    file = paths.raw() / "policy_register" / "status.csv"
    for before in committed.contents(file) if file.is_file() else []:
        try:
            transcribed.only_added(file, before, reworded=("reason",))
        except ReoError as error:
            _add(found, "policy_status", error)


def _today() -> str:
    return max(date.today().isoformat(), committed.day() or "9999")


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
    if source.accessed > (today := _today()):
        found.faults.append(f"{source_id}: accessed {source.accessed} in sources.yml is after today ({today}) | correct the date")
    return len(found.faults) == before


def _or_fault(source_id: str, found: Verified, check: Callable[[], object]) -> None:
    try:
        check()
    except ReoError as error:
        _add(found, source_id, error)


def files(source_id: str) -> Iterator[tuple[Path, lock.LockedFile]]:
    """The files of a transcribed source, with their entries in the lock."""
    for locked in lock.source(source_id).files:
        yield paths.raw() / locked.name, locked


def _parsed(name: str, given: dict[str, Any], found: Verified) -> pd.DataFrame | None:
    found.tables += 1
    table = catalog.table(name)
    rows, quarantined = t.empty(table), []
    try:
        for checked in contract.check_parts(table, wiring.parts(name, given)):
            rows = checked.rows
            quarantined += contract.places(table, checked.quarantined)
        sources = [files for files in given.values() if isinstance(files, SourceFiles)]
        found.corrected |= {(name, files.id, file) for files in sources for file in files.corrected}
        found.faults += [f"{name}: {place}" for place in quarantined]
        # Of a table made in parts the last: the whole may be larger than the memory, and no other table is made from it here.
        return rows
    except contract.ContractBroken as error:
        _, *places = error.problem.splitlines()
        found.faults += [f"{name}: {place.strip().removeprefix('- ')}" for place in places]
    except ReoError as error:
        _add(found, name, error)
    except Exception as error:
        problem = f"its parser met something that it does not know ({type(error).__name__}: {_one_line(str(error))})"
        found.faults.append(f"{name}: {problem} | compare the source's latest change with git; if it is right, report this line")
    return None


def _add(found: Verified, name: str, error: ReoError) -> None:
    """A line each fault, with its remedy; a fault that another table of the same file showed already is not repeated."""
    shown = {line.split(": ", 1)[1] for line in found.faults}
    for fault in error.faults if isinstance(error, SourceError) else [Fault(error.problem, error.remedy)]:
        line = f"{_one_line(fault.problem)} | {_one_line(fault.remedy)}"
        if line not in shown:
            found.faults.append(f"{name}: {line}")


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


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
    """Rows of a source's CSV files below their headers; None where it has none, or none of them is here and small.

    Raises SourceError for a file that cannot be read as CSV.
    """
    counted = None
    for file, locked in files(source_id):
        text = locked.name.removesuffix(".gz").endswith(".csv")
        if text and file.is_file() and file.stat().st_size <= COUNTED_UP_TO:
            counted = (counted or 0) + max(len(transcribed.cells(file)) - 1, 0)
    return counted
