"""Errors of publishers, declared in data/raw/corrections.yml. An entry fails when its published value is no longer in the file.

An entry names the source, its file, the row, the column, the value published there (`printed`), and what is done about it:
`override` reads `corrected` instead, `drop` leaves the row out, `flag` keeps the figure but marks it doubtful,
`note` keeps it and says what is known. A row that lists several values means several rows, `printed` then lists as many.

Parsers read such files with `read_corrected`, so that an entry is always applied. `reo sources verify` names an entry whose
file no parser of its table reads this way.
"""

import re
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from pipeline import paths
from pipeline.intake import canonical, strict_yaml, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError, nulls

Cell = str | int | float
# 02700 is octal, 1:30 is base 60, 0x1A and 0b11 are other bases, 1_000 is 1000, .inf and .nan are no figures.
MISREAD = (
    r"[-+]?(0[0-9_]+|0[xob][0-9A-Fa-f_]+|[0-9]+(:[0-9]+)+(\.[0-9]*)?|[0-9]+(_[0-9]*)+(\.[0-9_]*)?|\.(inf|Inf|INF))"
    r"|\.(nan|NaN|NAN)"
)
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
    found = listed(file)
    try:
        entries = [Correction.model_validate(entry) for entry in found]
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        entry = found[len(_valid(found))].get("id", "without id")
        raise SourceError(f"{file.name}, entry {entry}: {faults}", "correct the fields named") from error
    ids = [entry.id for entry in entries]
    twice = next((i for i in ids if ids.count(i) > 1), None)
    if twice:
        raise SourceError(f"{file.name}: the id {twice} occurs twice", "give each entry an id of its own")
    return entries


def listed(file: Path) -> list[Any]:
    """The entries as YAML has them. Raises SourceError for what is no list of entries, and for numbers YAML misreads."""
    text = transcribed.decoded(file)
    try:
        odd: list[Any] = [token for token in yaml.scan(text, Loader=yaml.CSafeLoader) if _misread(token)]
        found = strict_yaml.load(text)
    except yaml.YAMLError as error:
        raise SourceError(f"{file.name} is not readable as YAML: {_said(error)}", "correct the line named") from error
    faults = [
        transcribed.Fault(
            f"{file.name}, line {token.start_mark.line + 1}: {token.value} would be read as {yaml.safe_load(token.value)}",
            "write the figure without leading zeros and signs between digits, or in quotes where it is text",
        )
        for token in odd
    ]
    for number, line in enumerate(text.splitlines(), start=1):
        if why := canonical.fault(" ".join(line.split(" "))) if not line.isascii() else None:
            faults.append(transcribed.Fault(f"{file.name}, line {number} {why}", canonical.REMEDY))
    if faults:
        raise transcribed.listed(faults)
    if found is not None and (not isinstance(found, list) or [entry for entry in found if not isinstance(entry, dict)]):
        remedy = "begin each entry with `- id: …`; docs/corrections.md shows one, and an empty file has none"
        raise SourceError(f"{file.name} is not a list of entries", remedy)
    return found or []


def _misread(token: Any) -> bool:
    """A plain word of digits that YAML 1.1 reads as octal, base 60 or with its underscores removed."""
    return isinstance(token, yaml.ScalarToken) and token.plain and re.fullmatch(MISREAD, token.value) is not None


def _said(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())


def _valid(found: list[Any]) -> list[Any]:
    for place, entry in enumerate(found):
        try:
            Correction.model_validate(entry)
        except ValidationError:
            return found[:place]
    return found


def read_corrected(
    source: SourceFiles, file: Path, columns: list[str], corrections: SourceFiles, may_be_empty: bool = False
) -> pd.DataFrame:
    """A transcribed file's cells as text, corrected. Raises SourceError as `transcribed.read` and `apply` do."""
    return apply(transcribed.read(file, columns, may_be_empty), source, file.name, corrections)


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
                frame.loc[rows, entry.column] = _written(entry)
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
        raise _gone(entry, f"{entry.file} has no column {unknown[0]!r}")
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


def _written(entry: Correction) -> str:
    """The corrected value as a cell has it: of canonical text, a number as plain digits."""
    text = f"{entry.corrected:.15g}" if isinstance(entry.corrected, float) else str(entry.corrected)
    if why := canonical.fault(text):
        raise SourceError(f"correction {entry.id} of data/raw/corrections.yml: corrected {text!r} {why}", canonical.REMEDY)
    return canonical.normal(text)


def _same(cell: str | None, value: Cell) -> bool:
    if cell is None or pd.isna(cell):
        return value == ""
    both = (str(cell), str(value))
    plain = [text for text in both if re.fullmatch(transcribed.PLAIN_NUMBER, text)]
    if len(plain) == len(both):
        return float(both[0]) == float(both[1])
    return both[0] == both[1]


def _gone(entry: Correction, what: str) -> SourceError:
    return SourceError(
        f"correction {entry.id} of data/raw/corrections.yml no longer fits: {what}",
        "if the publisher has corrected the figure, remove the entry; if the row was moved or renamed, change the entry",
    )
