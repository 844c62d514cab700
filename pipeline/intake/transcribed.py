"""Reading our own transcribed and reviewed CSV tables, strictly: an error names file, row, column and value."""

import csv
import gzip
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

import pandas as pd

from pipeline import paths
from pipeline.errors import ReoError

# Known words of a column: as they are, or with their translation.
Words = Mapping[str, str] | Sequence[str]


class SourceError(ReoError):
    """An input whose bytes are as locked but whose content is not what its parser knows."""


def place(file: Path, row: int, column: str, value: object) -> str:
    """Where a fault is, as a person finds it: the file within data/raw, the row as an editor counts, header being row 1."""
    name = file.relative_to(paths.raw()) if file.is_relative_to(paths.raw()) else file.name
    return f"{name}, row {row + 2}, column {column}: {value!r}"


def _opened(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")


def read(file: Path, expected: list[str]) -> pd.DataFrame:
    """Every cell as text, empty cells as ""; a name that ends in .gz is unpacked on the way.

    Raises SourceError for a wrong encoding, packing, quoting, header or width.
    """
    # pandas fills a row that was cut short, and takes a first cell too many for an index, without a word.
    try:
        with _opened(file) as stream:
            header, *rows = list(csv.reader(stream, strict=True)) or [[]]
    except UnicodeDecodeError as error:
        raise SourceError(f"{file.name} is not UTF-8 ({error})", "save it as UTF-8 and try again") from error
    except csv.Error as error:
        raise SourceError(f"{file.name} cannot be read as CSV ({error})", "look for a quote that is not closed") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(
            f"{file.name} cannot be unpacked ({error})", "it was cut short or is no gzip file: pack it again"
        ) from error
    missing = [c for c in expected if c not in header]
    extra = [c for n, c in enumerate(header) if c not in expected or c in header[:n]]
    if missing or extra:
        raise SourceError(
            f"{file.name} has other columns than expected (missing: {missing or 'none'}; unknown: {extra or 'none'})",
            "rename the columns back, or change the parser in pipeline/sources/ with them",
        )
    for number, row in enumerate(rows):
        if len(row) != len(header):
            raise SourceError(
                f"{file.name}, row {number + 2} has {len(row)} cells, the header has {len(header)}",
                "complete the row, or look for a stray comma or quote",
            )
    cells = zip(*rows, strict=True) if rows else [()] * len(header)
    return pd.DataFrame({c: pd.Series(column, dtype="str") for c, column in zip(header, cells, strict=True)})[expected]


def text(file: Path, columns: list[str], nullable: tuple[str, ...]) -> pd.DataFrame:
    """A table of text alone, "" as missing in the nullable columns. Raises SourceError as `read` does."""
    frame = read(file, columns)
    return frame.assign(**{c: nulls(frame[c]) for c in nullable})


def numbers(file: Path, frame: pd.DataFrame, column: str) -> pd.Series:
    """A text column as floats, "" as missing. Raises SourceError for anything else: no commas, no units, no dates."""
    text = frame[column]
    plain = text.str.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?") | (text == "")
    if not plain.all():
        row = first(~plain)
        raise SourceError(
            place(file, row, column, text[row]) + " is not a plain number",
            "write digits with a point for decimals, nothing else; leave the cell empty where there is no figure",
        )
    return pd.to_numeric(text.where(text != "")).astype("float64")


def one_of(file: Path, frame: pd.DataFrame, column: str, known: Words) -> pd.Series:
    """A text column of known words, translated where `known` is a mapping. Raises SourceError naming the first unknown word."""
    unknown = ~frame[column].isin(list(known))
    if unknown.any():
        row = first(unknown)
        raise SourceError(
            place(file, row, column, frame[column][row]) + " is not an allowed value of this column",
            f"use one of: {', '.join(known)}",
        )
    return frame[column].map(known) if isinstance(known, Mapping) else frame[column]


def refuse(file: Path, frame: pd.DataFrame, column: str, bad: pd.Series, why: str, remedy: str) -> None:
    """Raises SourceError for the first row where `bad` holds, if any: its place and value, then `why`."""
    if bad.any():
        row = first(bad)
        raise SourceError(f"{place(file, row, column, frame[column][row])} {why}", remedy)


def first(bad: pd.Series) -> int:
    """The index label of the first row where `bad` holds, such as the row's number in its file."""
    return int(bad.index[bad.to_numpy(dtype=bool)][0])


def nulls(column: pd.Series) -> pd.Series:
    """A text column with "" as missing."""
    return column.where(column != "")


def years(file: Path, frame: pd.DataFrame, column: str) -> pd.Series:
    """A text column of years as whole numbers. Raises SourceError for anything else."""
    found = years_if_known(file, frame, column)
    refuse(file, frame, column, found.isna(), "is not a year", "enter the year")
    return found.astype("int64")


def years_if_known(file: Path, frame: pd.DataFrame, column: str) -> pd.Series:
    """The same, "" as missing."""
    found = numbers(file, frame, column)
    wrong = found.notna() & ((found % 1 != 0) | ~found.between(1800, 2100))
    refuse(file, frame, column, wrong, "is not a year", "write four digits")
    return found.astype("Int64")


def notes(notes_file: Path, file: Path, frame: pd.DataFrame) -> pd.Series:
    """The note of each row: its own, and the long one that its note_id stands for. Raises SourceError for an unknown note_id."""
    long = read(notes_file, ["note_id", "note"]).set_index("note_id")["note"]
    unknown = ~frame["note_id"].isin([*long.index, ""])
    refuse(file, frame, "note_id", unknown, f"is not in {notes_file.name}", "add the note there, or correct the id")
    found = frame["note_id"].map(long).astype("str").fillna("")
    both = (found + "; " + frame["note"]).str.strip("; ")
    return nulls(both)
