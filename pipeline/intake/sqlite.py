"""Reading the SQLite files of a package: table, columns and numbers are checked before use."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.compute

from pipeline.intake import transcribed
from pipeline.intake.transcribed import SourceError

BATCH = 100_000
PLAIN_NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?"


def read(file: Path, table: str, columns: list[str]) -> pd.DataFrame:
    """The named columns of a table, every cell as text, NULL as missing; the index is the row's rowid.

    Raises SourceError when the file is no database, or the table or its columns are not the ones named, in that order.
    """
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            types = _check_columns(database, file, table, columns)
            cells = ", ".join(_as_text(c, types[c]) for c in columns)
            found = _fetched(database.execute(f'select cast(rowid as text), {cells} from "{table}" order by rowid'))
    except sqlite3.DatabaseError as error:
        remedy = "fetch it afresh: delete it and run `reo build` again"
        raise SourceError(f"{file.name} cannot be read as SQLite ({error})", remedy) from error
    frame: pd.DataFrame = found.rename_columns(["rowid", *columns]).to_pandas()
    frame.index = pd.Index(frame.pop("rowid").astype("int64"))
    return frame


def _as_text(column: str, declared: str) -> str:
    plain = f'cast("{column}" as text)'
    # Cast alone cuts a float to fifteen digits: not always the number that is stored.
    whole = f"""iif(typeof("{column}") = 'real', printf('%!.17g', "{column}"), {plain})"""
    return whole if declared == "REAL" else plain


def _fetched(cursor: sqlite3.Cursor) -> pyarrow.Table:
    """All rows as text, a batch at a time: a million tuples at once cost as much again in memory and collection."""
    schema = pyarrow.schema([(str(n), pyarrow.string()) for n in range(len(cursor.description))])
    batches = []
    while rows := cursor.fetchmany(BATCH):
        columns = [pyarrow.array(cells, pyarrow.string()) for cells in zip(*rows, strict=True)]
        batches.append(pyarrow.record_batch(columns, schema=schema))
    return pyarrow.Table.from_batches(batches, schema)


def _check_columns(database: sqlite3.Connection, file: Path, table: str, columns: list[str]) -> dict[str, str]:
    """The declared type of each column. Raises SourceError for other columns than the ones named, in that order."""
    types = dict(database.execute("select name, type from pragma_table_info(?)", (table,)).fetchall())
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
