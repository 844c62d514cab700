"""Reading the SQLite files of a package: table, columns and numbers are checked before use."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.compute

from pipeline.intake import transcribed
from pipeline.intake.transcribed import SourceError

BATCH = 100_000
# Between the cells of a column, and in place of a missing one: control characters that no figure or name has.
NEXT, MISSING = "\x1f", "\x1e"
PLAIN_NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?"


def cells(file: Path, table: str, columns: list[str]) -> pyarrow.Table:
    """The named columns of a table, every cell as text, NULL as missing.

    Raises SourceError when the file is no database, or the table or its columns are not the ones named, in that order.
    """
    with _opened(file) as database:
        return _read(database, file, table, columns)


def read(file: Path, table: str, columns: list[str]) -> pd.DataFrame:
    """The same as a frame whose index is the row's rowid."""
    with _opened(file) as database:
        frame: pd.DataFrame = _read(database, file, table, columns, rowid=True).to_pandas()
    frame.index = pd.Index(frame.pop("rowid").astype("int64"))
    return frame


def _read(database: sqlite3.Connection, file: Path, table: str, columns: list[str], rowid: bool = False) -> pyarrow.Table:
    types = _check_columns(database, file, table, columns)
    read = {"rowid": "cast(rowid as text)"} if rowid else {}
    read |= {c: _as_text(c, types[c]) for c in columns}
    schema = pyarrow.schema([(c, pyarrow.string()) for c in read])
    return pyarrow.Table.from_batches(_batches(database, table, [*read.values()], schema), schema)


def read_by_year(file: Path, table: str, before: list[str], after: list[str]) -> pd.DataFrame:
    """A table that has a column for each year between the columns `before` and `after`; as `read` gives it.

    The years are the edition's own. Raises SourceError as `read` does, and where they are no years in order.
    """
    with _opened(file) as database:
        found = [name for name, _ in _columns(database, table)]
    years = found[len(before) : len(found) - len(after)]
    plain = years and all(re.fullmatch("(19|20)[0-9]{2}", year) for year in years) and years == sorted(set(years))
    return read(file, table, [*before, *(years if plain else ["the years in order"]), *after])


def table_like(file: Path, pattern: str) -> str:
    """The one table whose whole name matches a pattern, such as one that names a release. Raises SourceError unless it is one."""
    with _opened(file) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
    found = [name for name in tables if re.fullmatch(pattern, name)]
    if len(found) != 1:
        raise SourceError(
            f"{file.name} has {len(found)} tables named like {pattern}, one expected: {', '.join(found) or 'none'}",
            "the package has changed its layout: compare it with its parser in pipeline/sources/ and change that with the lock",
        )
    return str(found[0])


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            yield database
    except sqlite3.DatabaseError as error:
        remedy = "fetch it afresh: delete it and run `reo build` again"
        raise SourceError(f"{file.name} cannot be read as SQLite ({error})", remedy) from error


def _columns(database: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    """Name and declared type of each column; none where there is no such table."""
    return database.execute("select name, type from pragma_table_info(?)", (table,)).fetchall()


def _as_text(column: str, declared: str) -> str:
    plain = f'cast("{column}" as text)'
    # Cast alone cuts a float to fifteen digits: not always the number that is stored.
    whole = f"""iif(typeof("{column}") = 'real', printf('%!.17g', "{column}"), {plain})"""
    return whole if declared == "REAL" else plain


def _batches(database: sqlite3.Connection, table: str, cells: list[str], schema: pyarrow.Schema) -> Iterator[pyarrow.RecordBatch]:
    """All rows as text in the order of their rowid, the first cell: a million at once cost as much again in memory."""
    # By rowid, as the table is stored, whatever index it has.
    found, after = f'from "{table}" not indexed', ""
    while True:
        (last,) = database.execute(f"select max(r) from (select rowid r {found} {after} order by rowid limit {BATCH})").fetchone()
        if last is None:
            return
        rows = f"{found} {after or 'where true'} and rowid <= {last}"
        yield pyarrow.record_batch(_joined(database, cells, rows) or _fetched(database, cells, rows), schema=schema)
        after = f"where rowid > {last}"


def _joined(database: sqlite3.Connection, cells: list[str], rows: str) -> list[pyarrow.Array] | None:
    """The columns of some rows, read as one text a column: a quarter of the cost of a tuple a row.

    None where a cell cannot be read so: it holds one of the two separators, or is no text.
    """
    joined = ", ".join(f"group_concat(ifnull({cell}, '{MISSING}'), '{NEXT}'), count({cell})" for cell in cells)
    try:
        total, *found = database.execute(f"select count(*), {joined} {rows}").fetchone()
    except sqlite3.DatabaseError:
        return None
    columns = []
    for text, present in zip(found[::2], found[1::2], strict=True):
        column = pyarrow.compute.split_pattern(pyarrow.array([text], pyarrow.string()), NEXT).flatten()
        missing = pyarrow.compute.equal(column, MISSING)
        if len(column) != total or missing.true_count != total - present:
            return None
        columns.append(pyarrow.compute.if_else(missing, None, column))
    return columns


def _fetched(database: sqlite3.Connection, cells: list[str], rows: str) -> list[pyarrow.Array]:
    """The same from tuples, which name a cell that cannot be read."""
    tuples = database.execute(f"select {', '.join(cells)} {rows} order by rowid").fetchall()
    return [pyarrow.array(column, pyarrow.string()) for column in zip(*tuples, strict=True)]


def _check_columns(database: sqlite3.Connection, file: Path, table: str, columns: list[str]) -> dict[str, str]:
    """The declared type of each column. Raises SourceError for other columns than the ones named, in that order."""
    types = dict(_columns(database, table))
    found = list(types)
    if found != columns:
        what = f"has the columns {', '.join(found)}; expected {', '.join(columns)}" if found else "is not there"
        raise SourceError(
            f"table {table!r} of {file.name} {what}",
            "the package has changed its layout: compare it with its parser in pipeline/sources/ and change that with the lock",
        )
    return types


def numbers(file: Path, table: str, frame: pd.DataFrame, column: str) -> pd.Series:
    """A text column as floats, missing kept. Raises SourceError naming table, row and value of the first that is not a number."""
    text = frame[column]
    plain = text.str.fullmatch(PLAIN_NUMBER) | text.isna()
    if not plain.all():
        raise unreadable(file, table, frame, column, ~plain, "is not a plain number")
    parsed = pyarrow.compute.cast(pyarrow.array(text, pyarrow.string()), pyarrow.float64())
    found = pd.Series(parsed.to_numpy(zero_copy_only=False), index=text.index)
    infinite = found.abs() == float("inf")
    if infinite.any():
        raise unreadable(file, table, frame, column, infinite, "is too large to be a number")
    return found


def unreadable(file: Path, table: str, frame: pd.DataFrame, column: str, bad: pd.Series, why: str) -> SourceError:
    """The error for the first row where `bad` holds, with the whole row."""
    row = transcribed.first(bad)
    whole = ", ".join(f"{c}={v}" for c, v in frame.loc[row].items())
    return SourceError(
        f"{file.name}, table {table}, row {row} ({whole}): {column} = {frame[column][row]!r} {why} ({int(bad.sum())} such rows)",
        "the package's file is not what its parser knows: look at the rows named, then change the parser or refuse the package",
    )
