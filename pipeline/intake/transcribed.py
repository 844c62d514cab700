"""Reading our own transcribed and reviewed CSV tables, strictly: an error names file, row, column and value.

All text of all tables comes in by `read`, so that the rule of canonical text (pipeline/intake/canonical.py) holds for all.
Within `all_faults` the checks below collect what they find, so that a person sees the faults of a file at once.
"""

import csv
import difflib
import gzip
import io
import itertools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline import paths
from pipeline.errors import ReoError
from pipeline.intake import canonical

# Known words of a column: as they are, or with their translation.
Words = Mapping[str, str] | Sequence[str]
PLAIN_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
# How many faults of one check, and of one table, are listed; the others are counted.
LISTED = 12
# Of a vocabulary longer than this the nearest words are named, not all.
SHORT_LIST = 12


@dataclass(frozen=True)
class Fault:
    """One fault: its words, what to do, and the cell it is of, where it is of one."""

    problem: str
    remedy: str
    cell: tuple[str, int, str] | None = None


class SourceError(ReoError):
    """An input whose bytes are as locked but whose content is not what its parser knows. `faults` has each by itself."""

    def __init__(self, problem: str, remedy: str, faults: Sequence[Fault] = ()):
        super().__init__(problem, remedy)
        self.faults = list(faults) or [Fault(problem, remedy)]


def listed(faults: Sequence[Fault]) -> SourceError:
    """One error of several faults: the first ones in full, the others counted."""
    lines = [fault.problem for fault in faults[:LISTED]]
    if len(faults) > LISTED:
        lines.append(f"… and {len(faults) - LISTED} more")
    remedies = dict.fromkeys(fault.remedy for fault in faults[:LISTED])
    return SourceError("\n".join(lines), "; ".join(remedies), faults)


_collected: ContextVar[list[Fault] | None] = ContextVar("collected", default=None)


@contextmanager
def all_faults() -> Iterator[None]:
    """Collect the faults that checks find, at most one a cell, and raise them together at the end as one SourceError."""
    found: list[Fault] = []
    token = _collected.set(found)
    try:
        yield
    except SourceError as error:
        _collect(found, error.faults)
    except Exception:
        # Parsing went on past a fault: what fails after it is its consequence.
        if not found:
            raise
    finally:
        _collected.reset(token)
    if found:
        raise listed(found)


def report(faults: Sequence[Fault]) -> None:
    """Collect faults within `all_faults`; else raise them as one SourceError. Nothing for none."""
    found = _collected.get()
    if found is not None:
        _collect(found, faults)
    elif faults:
        raise listed(faults)


def _collect(found: list[Fault], faults: Sequence[Fault]) -> None:
    cells = {fault.cell for fault in found if fault.cell}
    found += [fault for fault in faults if fault not in found and fault.cell not in cells]


def place(file: Path, row: int, column: str, value: object) -> str:
    """Where a fault is, as a person finds it: the file within data/raw, the row as an editor counts, header being row 1."""
    return f"{shown(file)}, row {row + 2}, column {column}: {value!r}"


def shown(file: Path) -> str:
    """A file within data/raw, as errors name it."""
    return file.relative_to(paths.raw()).as_posix() if file.is_relative_to(paths.raw()) else file.name


def cells(file: Path) -> list[list[str]]:
    """A CSV file's rows, header first, every cell as text in NFC; a name that ends in .gz is unpacked on the way.

    Raises SourceError for what cannot be read as CSV in UTF-8 with commas: its encoding, packing, separator or quoting.
    """
    text = decoded(file)
    header = text.split("\n", 1)[0]
    other = next((s for s in (";", "\t", "|") if header.count(s) > header.count(",")), None)
    if other:
        name = {";": "semicolons", "\t": "tabs", "|": "bars"}[other]
        raise SourceError(
            f"{shown(file)} separates its columns by {name}, not by commas",
            "save it as CSV with commas: some spreadsheets write semicolons by their settings of language",
        )
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise SourceError(f"{shown(file)} cannot be read as CSV ({error})", "look for a quote that is not closed") from error
    return rows if text.isascii() else [[canonical.normal(cell) for cell in row] for row in rows]


def decoded(file: Path) -> str:
    """A file's text, unpacked where its name ends in .gz. Raises SourceError for a wrong encoding or packing."""
    content = b""
    try:
        content = file.read_bytes()
        content = gzip.decompress(content) if file.suffix == ".gz" else content
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            what = "it is UTF-16"
        else:
            row = content[: error.start].count(b"\n") + 1
            what = f"byte 0x{content[error.start]:02X} in line {row}; it may be of Windows (cp1252)"
        raise SourceError(f"{shown(file)} is not UTF-8 ({what})", "save it as UTF-8 and try again") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        remedy = "it was cut short or is no gzip file: pack it again"
        raise SourceError(f"{shown(file)} cannot be unpacked ({error})", remedy) from error
    except OSError as error:
        raise SourceError(f"{shown(file)} cannot be read ({error.strerror})", "restore it, or make it readable") from error


def read(file: Path, expected: list[str], may_be_empty: bool = False) -> pd.DataFrame:
    """Every cell as canonical text, empty cells as "".

    Raises SourceError for what `cells` refuses, another header or width, a file or row that is empty, and text that is not
    canonical; the latter for all cells at once. A header without rows is refused in a build and in `reo sources verify` (within
    `all_faults`), unless it `may_be_empty`.
    """
    _read.add(file)
    header, *rows = cells(file) or [[]]
    missing = [c for c in expected if c not in header]
    extra = [c for n, c in enumerate(header) if c not in expected or c in header[:n]]
    if missing or extra:
        raise SourceError(
            f"{shown(file)} has other columns than expected (missing: {missing or 'none'}; unknown: {extra or 'none'})",
            "rename the columns back, or change the parser in pipeline/sources/ with them",
        )
    if not rows and not may_be_empty and _collected.get() is not None:
        raise SourceError(f"{shown(file)} has a header and no rows", "restore the rows from git, or add them")
    faults = text_faults(file, header, rows)
    if faults:
        raise listed(faults)
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    return pd.DataFrame({c: pd.Series(column, dtype="str") for c, column in zip(header, columns, strict=True)})[expected]


def text_faults(file: Path, header: list[str], rows: list[list[str]]) -> list[Fault]:
    """Rows of another width than the header, rows of empty cells, and cells whose text is not canonical."""
    # Every text once, wherever it stands: most files have no fault, and few different cells.
    texts = {*header, *itertools.chain.from_iterable(rows)}
    unlike = {text: why for text in texts if (why := canonical.fault(text))}
    if not unlike and all(len(row) == len(header) and any(row) for row in rows):
        return []
    found = [
        Fault(f"{shown(file)}, row 1: the column name {name!r} {why}", canonical.REMEDY, (shown(file), -1, name))
        for name in header
        if (why := unlike.get(name))
    ]
    label = shown(file)
    for number, row in enumerate(rows):
        where = f"{label}, row {number + 2}"
        if not any(cell.strip() for cell in row):
            found.append(Fault(f"{where} has only empty cells", "remove it: spreadsheets leave such rows at the end"))
            continue
        if len(row) != len(header):
            problem = f"{where} has {len(row)} cells, the header has {len(header)}"
            found.append(Fault(problem, "complete the row, or look for a stray comma or quote"))
            continue
        for column, cell in zip(header, row, strict=True):
            if why := unlike.get(cell):
                fault = Fault(f"{place(file, number, column, cell)} {why}", canonical.REMEDY, (shown(file), number, column))
                found.append(fault)
    return found


def count_as_read(file: Path) -> None:
    """Say that another reader read the file and checked its cells."""
    _read.add(file)


def check_text(file: Path) -> None:
    """Raises SourceError where a CSV file cannot be read, or a cell of it is not canonical text."""
    header, *rows = cells(file) or [[]]
    faults = text_faults(file, header, rows)
    if faults:
        raise listed(faults)


def was_read(file: Path) -> bool:
    """Whether `read`, or another reader that says so, read the file in this process."""
    return file in _read


_read: set[Path] = set()


def only_added(file: Path, before: bytes, reworded: tuple[str, ...] = ()) -> None:
    """Raises SourceError naming the rows that a CSV file had before and has no more, or otherwise but for columns `reworded`."""
    earlier = list(csv.reader(io.StringIO(before.decode("utf-8-sig"), newline="")))
    now = {frozenset(row.items()) for row in _by_column(cells(file), reworded)}
    gone = [(n, earlier[n]) for n, row in enumerate(_by_column(earlier, reworded), 1) if frozenset(row.items()) not in now]
    faults = [
        Fault(
            f"{shown(file)}, row {n + 1} as committed ({', '.join(cell for cell in row[:4] if cell)}) was changed or removed",
            "restore the row as it was, and add a new one that corrects it: rows of this file are only added",
        )
        for n, row in gone
    ]
    if faults:
        raise listed(faults)


def _by_column(rows: list[list[str]], without: tuple[str, ...]) -> list[dict[str, str]]:
    header, *below = rows or [[]]
    return [
        {c: canonical.normal(cell) for c, cell in zip(header, row, strict=False) if c not in without} for row in below if any(row)
    ]


def text(file: Path, columns: list[str], nullable: tuple[str, ...]) -> pd.DataFrame:
    """A table of text alone, "" as missing in the nullable columns. Raises SourceError as `read` does, and for an empty cell."""
    frame = read(file, columns)
    for column in [c for c in columns if c not in nullable]:
        refuse(file, frame, column, frame[column] == "", "is empty", "enter what it is")
    return frame.assign(**{c: nulls(frame[c]) for c in nullable})


def numbers(
    file: Path, frame: pd.DataFrame, column: str, whole: "bool | pd.Series" = False, three_decimals: bool = False
) -> pd.Series:
    """A text column as floats, "" as missing. Raises SourceError for anything else: no commas, no units, no dates.

    `2.500` may be 2,500 as a spreadsheet of another language writes it: refused, unless the publisher writes `three_decimals`.
    `whole` says that the publisher gives whole numbers (of all rows, or of those marked): then `2.512` is refused too.
    """
    text = frame[column]
    plain = text.str.fullmatch(PLAIN_NUMBER) | (text == "")
    remedy = "write digits with a point for decimals, nothing else; leave the cell empty where there is no figure"
    powers = text.str.fullmatch(PLAIN_NUMBER + "[eE][-+]?[0-9]+")
    cut = "write all its digits, from the source: a spreadsheet shows long numbers so and drops digits"
    refuse(file, frame, column, powers, "is written with a power of ten", cut)
    refuse(file, frame, column, ~(plain | powers), "is not a plain number", remedy)
    found = pd.to_numeric(text.where(plain & (text != "")), errors="coerce").astype("float64")
    refuse(file, frame, column, found.abs() == float("inf"), "is too large to be a number", remedy)
    thousands = text.str.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}") & (whole | (text.str.endswith("0") & (not three_decimals)))
    remedy = "write 2500 for two thousand five hundred; for a figure that has decimals leave out the zeros at its end"
    refuse(file, frame, column, thousands, "has a point as thousands have one", remedy)
    return found


def in_range(file: Path, frame: pd.DataFrame, amounts: Mapping[str, pd.Series], columns: tuple[str, str, str]) -> None:
    """Raises SourceError where low <= value <= high does not hold; `columns` names value, low and high, any may be missing."""
    value, low, high = (amounts[column] for column in columns)
    refuse(file, frame, columns[1], low > high, f"is above {columns[2]}", "correct one of the two")
    refuse(file, frame, columns[0], (value < low) | (value > high), "is outside its range", "correct it, or its range")


def withheld(file: Path, frame: pd.DataFrame, column: str, flagged: "pd.Series[bool]") -> None:
    """Raises SourceError for a figure beside a flag that says there is none: not available or withheld."""
    why = "stands beside a flag that says there is no figure"
    refuse(file, frame, column, flagged & (frame[column] != ""), why, "leave the cell empty, or correct the flag")


def one_of(file: Path, frame: pd.DataFrame, column: str, known: Words) -> pd.Series:
    """A text column of known words, translated where `known` is a mapping. Raises SourceError for unknown words."""
    unknown = ~frame[column].isin(list(known))
    refuse_words(file, frame, column, unknown, "is not an allowed value of this column", known)
    return frame[column].map(known) if isinstance(known, Mapping) else frame[column]


def list_of(file: Path, frame: pd.DataFrame, column: str, known: Words, empty: bool = False) -> None:
    """Raises SourceError for a cell that is not words of `known` joined by semicolons, each once."""

    def wrong(cell: str) -> bool:
        words = cell.split(";")
        return not (empty and cell == "") and (not set(words) <= set(known) or len(set(words)) < len(words))

    unknown = frame[column].map(wrong).astype("bool")
    refuse_words(file, frame, column, unknown, "is not a list of allowed words joined by ;", known)


def refuse_words(file: Path, frame: pd.DataFrame, column: str, bad: pd.Series, why: str, known: Words) -> None:
    """Raises SourceError as `refuse` does; the remedy names the nearest known words, and all where they are few."""
    words = [word for word in known if word]
    near = list(dict.fromkeys(n for cell in frame.loc[bad.to_numpy(dtype=bool), column] for n in nearest(cell, words)))
    remedy = f"use one of: {', '.join(words)}" if len(words) <= SHORT_LIST else "use a word that other rows have"
    refuse(file, frame, column, bad, why, f"write {' or '.join(near[:3])}? else {remedy}" if near else remedy)


def nearest(word: str, known: Sequence[str], at_most: int = 2) -> list[str]:
    """The known words most like this one, compared folded; none where none is like it."""
    folded = {canonical.fold(k): k for k in reversed(known)}
    return [folded[f] for f in difflib.get_close_matches(canonical.fold(word), list(folded), at_most, 0.6)]


def one_spelling(file: Path, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raises SourceError where two different cells of these columns are one name once case, accents and spaces are ignored."""
    first: dict[str, str] = {}
    for column in columns:
        for cell in frame[column].unique():
            first.setdefault(canonical.fold(cell), cell)
    for column in columns:
        other = frame[column].map(lambda cell: first[canonical.fold(cell)])
        why = "differs from another row's name in case, accents or spaces alone"
        refuse(file, frame, column, frame[column] != other, why, "write it as the other rows do")


def refuse(file: Path, frame: pd.DataFrame, column: str, bad: pd.Series, why: str, remedy: str) -> None:
    """Raises SourceError for the rows where `bad` holds, if any: place and value of each, then `why`.

    A column that was renamed since reading is named as in its file where the frame's attrs have `as_published`.
    """
    bad = bad.reindex(frame.index) if not bad.index.equals(frame.index) else bad
    marked = bad.fillna(False).to_numpy(dtype=bool)
    if marked.any():
        name = frame.attrs.get("as_published", {}).get(column, column)
        report(
            [
                Fault(f"{place(file, int(row), name, value)} {why}", remedy, (shown(file), int(row), name))
                for row, value in zip(frame.index[marked], frame[column][marked], strict=True)
            ]
        )


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
    return found.fillna(0).astype("int64")


def years_if_known(file: Path, frame: pd.DataFrame, column: str) -> pd.Series:
    """The same, "" as missing."""
    right = frame[column].str.fullmatch("(1[89]|20)[0-9]{2}|2100")
    refuse(file, frame, column, ~right & (frame[column] != ""), "is not a year", "write four digits")
    return pd.to_numeric(frame[column].where(right)).astype("Int64")


def notes(notes_file: Path, file: Path, frame: pd.DataFrame) -> pd.Series:
    """The note of each row: its own, and the long one of its note_id. Raises SourceError for one unknown or listed twice."""
    listed_notes = read(notes_file, ["note_id", "note"], may_be_empty=True)
    refuse(notes_file, listed_notes, "note_id", listed_notes["note_id"].duplicated(), "occurs twice", "keep one of the rows")
    long = listed_notes.set_index("note_id")["note"]
    unknown = ~frame["note_id"].isin([*long.index, ""])
    refuse(file, frame, "note_id", unknown, f"is not in {notes_file.name}", "add the note there, or correct the id")
    found = frame["note_id"].map(long).astype("str").fillna("")
    both = (found + "; " + frame["note"]).str.strip("; ")
    return nulls(both)
