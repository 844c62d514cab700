"""A candidate: the inputs with a publisher's new edition among them, built in a data folder of its own and compared.

Nothing of it is published, and data/raw stays as it is: a person reads what changed and takes it over (docs/live-sources.md).
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import files, paths
from pipeline.errors import ReoError
from pipeline.intake import fetched, lock
from pipeline.release import diff, sides, versions
from pipeline.release.diff import Difference
from pipeline.sources import publishers

# What a build reads of a data folder.
INPUTS = ("raw", "notebooks", "forecasts")
EDITION = r"[A-Za-z0-9][A-Za-z0-9-]*"
EDITIONS = "production_editions.csv"
YEAR = r"[0-9]{4}"
# Columns of a key that say when: a row of them that differs is an earlier figure that was revised.
WHEN = ("year", "month", "period", "period_start", "date")
REVISED = ["table", "row", "column", "before", "after"]


def folder(source_id: str, edition: str) -> Path:
    """Where the candidate of an edition is. Raises ReoError for a source without client and for what is no edition."""
    client = publishers.client(source_id)
    if not re.fullmatch(EDITION, edition):
        raise ReoError(f"{edition!r} is no edition", f"write it as in {client.example}")
    return paths.candidates() / source_id / edition


def make(source_id: str, edition: str) -> Path:
    """Copy the inputs, fetch the edition among them, and build all tables. What an earlier try fetched is used again.

    Raises ReoError as the source's client does, and where the tables cannot be made with the edition as it is.
    """
    made = folder(source_id, edition)
    for name in INPUTS:
        if (paths.data() / name).is_dir():
            shutil.copytree(paths.data() / name, made / name, dirs_exist_ok=True)
    with paths.using(made):
        take_in(source_id, edition, publishers.fetch(source_id, edition))
    _build(made, f"candidate: {source_id} {edition}")
    return made


def take_in(source_id: str, edition: str, put_down: Sequence[Path]) -> None:
    """List what `publishers.fetch` put down: files in the lock, their document, their name among the reviewed editions.

    Of a publisher whose editions are whole, the files listed before go.
    """
    client, fed = publishers.client(source_id), publishers.fed(source_id)
    source, new = lock.source(fed), {}
    for file in fetched.for_parsers(put_down):
        named = paths.raw() / fed / file.name
        if file != named:
            files.replace(named, partial(shutil.copyfile, file))
        new[file.name] = {"name": _name(named), "sha256": files.sha256(named), "bytes": named.stat().st_size}
    entry: dict[str, Any] = source.model_dump(exclude_none=True)
    before = {Path(file["name"]).name: file for file in entry["files"]}
    if client.whole:
        entry["edition"] = edition
        for file_name in set(before) - set(new):
            (paths.raw() / before[file_name]["name"]).unlink(missing_ok=True)
    elif edition not in source.edition:
        entry["edition"] = f"{source.edition}; {edition} as fetched"
    listed = [*(new if client.whole else before | new).values()]
    entry |= {"accessed": date.today().isoformat(), "obtained": "transcribed", "files": listed}
    entry.pop("package", None)
    lock.replace_entry(fed, entry)
    for file, line in _lines(source_id, edition, put_down).items():
        _add_line(file, line)
    lock.relock()


def to_list(source_id: str, edition: str, put_down: Sequence[Path]) -> list[str]:
    """The lines that `take_in` would change, for a person to write: file, then what goes (-) and comes (+)."""
    client, fed = publishers.client(source_id), publishers.fed(source_id)
    source, read = lock.source(fed), fetched.for_parsers(put_down)
    at_hand = {Path(file.name).name: file.name for file in source.files}
    # A package's one file has another name than the publisher's.
    only = source.files[0].name if client.whole and len(source.files) == len(read) == 1 else None
    said = [f"sources.yml, under {fed}", f"+   accessed: '{date.today().isoformat()}'"]
    if client.whole and not only:
        said.append("-   files: all of them")
    for file in read:
        before = at_hand.get(file.name, only)
        if before is None or (client.whole and not only):
            size = f"sha256: {files.sha256(file)}\n+     bytes: {file.stat().st_size}"
            said.append(f"+   - name: {_name(file)}\n+     {size}")
        elif before != _name(file):
            said += [f"-   - name: {before}", f"+   - name: {_name(file)}"]
    for place, line in _lines(source_id, edition, put_down).items():
        said += [_name(place), f"+ {line}"]
    return said


def _name(file: Path) -> str:
    return file.relative_to(paths.raw()).as_posix()


def _lines(source_id: str, edition: str, put_down: Sequence[Path]) -> dict[Path, str]:
    """By file, the line of an edition besides the lock: its document, and of editions that are years a row for a reviewer.

    The row is as that of the last edition.
    """
    found = {}
    if any(file.parent == fetched.folder(source_id, edition) for file in put_down):
        found[paths.raw() / "documents.csv"] = fetched.document(source_id, edition)
    file = paths.reviewed() / EDITIONS
    rows = pd.read_csv(file, dtype=str, keep_default_na=False)
    named = rows[(rows["source_id"] == source_id) & rows["edition_as_printed"].str.fullmatch(YEAR)]
    if len(named) and edition not in named["edition_as_printed"].tolist():
        last = named.iloc[-1].to_dict() | {"edition_as_printed": edition, "edition": edition, "dated": edition}
        found[file] = pd.DataFrame([last]).to_csv(index=False, header=False).rstrip("\n")
    return found


def _add_line(file: Path, line: str) -> None:
    lines = file.read_text("utf-8").splitlines()
    if line not in lines:
        files.replace(file, lambda part: part.write_text("\n".join([*lines, line, ""]), "utf-8"))


def _build(made: Path, reason: str) -> None:
    """In a process of its own, as a person would build it."""
    command = [sys.executable, "-m", "pipeline", "build", "--accept-rows", reason]
    environment = {**os.environ, "REO_DATA": str(made), "COLUMNS": "200"}
    done = subprocess.run(command, env=environment, cwd=paths.REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReoError(
            f"the candidate does not build: {(done.stderr or done.stdout).strip()}",
            f"correct its inputs in {made / 'raw'}, then `REO_DATA={made} reo build --accept-rows REASON`; data/raw is untouched",
        )


def compare(made: Path, listed: int) -> Difference:
    """From the last release in data/releases, or the working tables where there is none, to the candidate."""
    released = versions.in_folder(paths.releases())
    before = max(released, key=versions.number) if released else sides.WORKING
    with sides.side(before) as old, sides.side(made) as new:
        return diff.compare(old, new, listed)


def revised(found: Difference) -> pd.DataFrame:
    """Figures of years or months that were there before and are others now, or gone: columns of REVISED, as text.

    As many a table and kind as were listed; `revised_rows` counts all.
    """
    rows = []
    for change in found.tables:
        if not set(change.key) & set(WHEN):
            continue
        for row in change.changed.to_dict("records"):
            rows.append([change.table, _key(change, row), row["column"], str(row["before"]), str(row["after"])])
        rows += [[change.table, _key(change, row), "", "there", "gone"] for row in change.removed.to_dict("records")]
    return pd.DataFrame(rows, columns=REVISED, dtype=str)


def revised_rows(found: Difference) -> dict[str, int]:
    """The number of such rows by table, none of zero."""
    counted = {c.table: c.counts["changed"] + c.counts["removed"] for c in found.tables if set(c.key) & set(WHEN)}
    return {table: rows for table, rows in counted.items() if rows}


def _key(change: diff.TableChange, row: dict[Any, Any]) -> str:
    return " ".join(str(row[column]) for column in change.key)
