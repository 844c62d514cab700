"""Errors of publishers, declared in data/raw/corrections.yml. An entry fails when its published value is no longer in the file.

An entry names the source, its file, the row, the column, the value published there (`printed`), and what is done about it:
`override` reads `corrected` instead, `drop` leaves the row out, `flag` keeps the figure but marks it doubtful,
`note` keeps it and says what is known. A row that lists several values means several rows, `printed` then lists as many.

Parsers read such files with `read_corrected`, so that an entry is always applied. `reo sources verify` names an entry whose
file no parser of its table reads this way.
"""

from pathlib import Path
from typing import Any, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from pipeline import paths
from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError, nulls

Cell = str | int | float
MARKS = {"override": "corrected", "flag": "doubtful"}


class Correction(BaseModel):
    """One entry. `row` and `column` are the file's own columns; numbers are compared as numbers, text as text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    source_id: str
    table: str
    file: str
    row: dict[str, Cell | list[Cell]]
    column: str
    printed: Cell | list[Cell]
    kind: Literal["override", "drop", "flag", "note"]
    corrected: Cell | None = None
    why: str
    evidence: str
    who: str

    @model_validator(mode="after")
    def _corrected_only_where_overridden(self) -> "Correction":
        if (self.kind == "override") != (self.corrected is not None):
            raise ValueError("`corrected` goes with kind override, and with it alone")
        return self


def all() -> list[dict[str, Any]]:
    """Every entry of data/raw/corrections.yml, as explanations list them; none without the file. Raises SourceError."""
    file = paths.raw() / "corrections.yml"
    return [entry.model_dump(exclude_none=True) for entry in read(file)] if file.is_file() else []


def read(file: Path) -> list[Correction]:
    """The entries of a file. Raises SourceError naming the invalid entry and field, or an id that occurs twice."""
    try:
        found = yaml.safe_load(file.read_text("utf-8")) or []
        entries = [Correction.model_validate(entry) for entry in found]
    except yaml.YAMLError as error:
        raise SourceError(f"{file.name} is not readable as YAML: {error}", "correct the line named") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        entry = found[len(_valid(found))].get("id", "without id")
        raise SourceError(f"{file.name}, entry {entry}: {faults}", "correct the fields named") from error
    ids = [entry.id for entry in entries]
    twice = next((i for i in ids if ids.count(i) > 1), None)
    if twice:
        raise SourceError(f"{file.name}: the id {twice} occurs twice", "give each entry an id of its own")
    return entries


def _valid(found: list[Any]) -> list[Any]:
    for place, entry in enumerate(found):
        try:
            Correction.model_validate(entry)
        except ValidationError:
            return found[:place]
    return found


def read_corrected(source: SourceFiles, file: Path, columns: list[str], corrections: SourceFiles) -> pd.DataFrame:
    """A transcribed file's cells as text, corrected. Raises SourceError as `transcribed.read` and `apply` do."""
    return apply(transcribed.read(file, columns), source, file.name, corrections)


def apply(frame: pd.DataFrame, source: SourceFiles, file_name: str, corrections: SourceFiles) -> pd.DataFrame:
    """A file's cells as text with its entries applied, and a column `correction`: "corrected", "doubtful" or "".

    Rows keep their index, so that later errors still name the file's rows. Raises SourceError for an entry whose rows or
    published values are not in the file any more.
    """
    source.corrected.add(file_name)
    frame = frame.assign(correction="")
    for entry in read(corrections.path("corrections.yml")):
        if (entry.source_id, entry.file) == (source.id, file_name):
            rows = _rows(frame, entry)
            if entry.kind == "override":
                frame.loc[rows, entry.column] = str(entry.corrected)
            if entry.kind in MARKS:
                frame.loc[rows, "correction"] = MARKS[entry.kind]
            if entry.kind == "drop":
                frame = frame.drop(index=rows)
    return frame


def marked(frame: pd.DataFrame, flag: str = "flag") -> "pd.Series[str]":
    """The flag column with the marks of corrections added, "" as null."""
    present = [m in f.split(";") for m, f in zip(frame["correction"], frame[flag], strict=True)]
    mark = frame["correction"].mask(pd.Series(present, index=frame.index, dtype=bool), "")
    return nulls((frame[flag] + ";" + mark).str.strip(";"))


def _rows(frame: pd.DataFrame, entry: Correction) -> pd.Index:
    """The rows an entry means, their published values compared with the file."""
    unknown = [column for column in (*entry.row, entry.column) if column not in frame.columns]
    if unknown:
        raise _gone(entry, f"{entry.file} has no column {unknown[0]}")
    hit = pd.Series(True, index=frame.index)
    for column, wanted in entry.row.items():
        values = wanted if isinstance(wanted, list) else [wanted]
        hit &= frame[column].map(lambda cell, values=values: any(_same(cell, value) for value in values)).astype(bool)
    rows = frame.index[hit]
    printed = entry.printed if isinstance(entry.printed, list) else [entry.printed]
    if len(rows) != len(printed):
        raise _gone(entry, f"{len(rows)} rows of {entry.file} are {entry.row}, {len(printed)} expected")
    for row, value in zip(rows, printed, strict=True):
        found = frame[entry.column][row]
        if not _same(found, value):
            raise _gone(
                entry, f"{entry.file} has {found!r} in column {entry.column} for {entry.row}, not the published {value!r}"
            )
    return rows


def _same(cell: str | None, value: Cell) -> bool:
    if cell is None or pd.isna(cell):
        return value == ""
    try:
        return float(str(cell)) == float(value)
    except ValueError:
        return str(cell) == str(value)


def _gone(entry: Correction, what: str) -> SourceError:
    return SourceError(
        f"correction {entry.id} of data/raw/corrections.yml no longer fits: {what}",
        "if the publisher has corrected the figure, remove the entry; if the row was moved or renamed, change the entry",
    )
