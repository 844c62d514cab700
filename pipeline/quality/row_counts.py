"""Rows by table and year, compared with the reviewed data/raw/reviewed/expected_rows.csv: a change needs a reviewer."""

from pathlib import Path

import pandas as pd

from pipeline import paths
from pipeline.errors import ReoError
from pipeline.intake import transcribed
from pipeline.schemas import table as t
from pipeline.schemas.table import Table

COLUMNS = ["table", "year", "rows"]
DATED = ("year", "edition", "month")


class Unexpected(ReoError):
    """A table whose number of rows is not the reviewed one; it was not stored."""

    def __init__(self, table_name: str, differences: list[str]) -> None:
        super().__init__(
            f"table {table_name} has other rows than reviewed; it was not stored:\n" + "\n".join(f"  - {d}" for d in differences),
            f"look at the years named; if the change is meant, run `{_command()} --accept-rows` and have the change of "
            f"{_shown(under_review())} reviewed",
        )


def path() -> Path:
    return paths.reviewed() / "expected_rows.csv"


def under_review() -> Path:
    """The file in git whose change a reviewer reads: for the toy world the one that `reo demo` copies from."""
    return paths.REPOSITORY / "tests" / "toy_world" / "expected_rows.csv" if _is_demo() else path()


def _is_demo() -> bool:
    return paths.data().resolve() == paths.demo().resolve()


def _command() -> str:
    return "reo demo" if _is_demo() else "reo build"


def _shown(file: Path) -> Path:
    return file.relative_to(paths.REPOSITORY) if file.is_relative_to(paths.REPOSITORY) else file


def count(table: type[Table], frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table by year: columns table, year, rows, sorted. `year` is text, "" for a table without a date column.

    The year of an edition or a month is its first four digits in a row.
    """
    dated = next((c for c in DATED if c in t.columns(table)), None)
    if dated is None:
        years = pd.Series("", index=frame.index, dtype=str)
    else:
        years = frame[dated].astype(str).str.extract(r"(\d{4})", expand=False).fillna("")
    counted = years.value_counts().sort_index()
    found = pd.DataFrame({"table": t.name(table), "year": counted.index.astype(str), "rows": counted.to_numpy()})
    return found.astype({"table": str})


def compare(expected: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """One sentence a table and year whose rows differ, sorted; none where all agree."""
    key = ["table", "year"]
    both = expected.merge(found, on=key, how="outer", suffixes=("_expected", "_found")).sort_values(key)
    both = both.fillna({"rows_expected": 0, "rows_found": 0}).astype({"rows_expected": int, "rows_found": int})
    differ = both[both["rows_expected"] != both["rows_found"]]
    return [
        f"{row['table']} {row['year']}".strip()
        + f": {_said(row['rows_found'], 'no')} rows, {_said(row['rows_expected'], 'none')} expected"
        for row in differ.to_dict("records")
    ]


def _said(rows: int, nothing: str) -> str:
    return f"{rows:,}" if rows else nothing


def expected() -> pd.DataFrame:
    """The reviewed counts. Raises ReoError where the file is missing, malformed, or counts one table and year twice."""
    file = path()
    if not file.is_file():
        raise ReoError(f"{file} is missing", "restore it from git: it says how many rows each table has by year")
    frame = transcribed.read(file, COLUMNS)
    twice = frame.duplicated(["table", "year"])
    if twice.any():
        row = int(twice.to_numpy().argmax())
        raise ReoError(transcribed.place(file, row, "year", frame["year"][row]) + " is counted twice", "keep one of the rows")
    whole = frame["rows"].str.fullmatch(r"\d+").to_numpy()
    if not whole.all():
        row = int(whole.argmin())
        raise ReoError(transcribed.place(file, row, "rows", frame["rows"][row]) + " is not a number of rows", "write digits only")
    return frame.assign(rows=frame["rows"].astype("int64"))


def differences(table: type[Table], frame: pd.DataFrame) -> list[str]:
    """How a table's rows differ from the reviewed counts, in sentences; none where they agree."""
    reviewed = expected()
    return compare(reviewed[reviewed["table"] == t.name(table)], count(table, frame))


def accept(found: list[pd.DataFrame]) -> None:
    """Write counts into the reviewed file in place of those of the same tables; the change then waits for a reviewer."""
    new = pd.concat(found, ignore_index=True)
    kept = expected() if path().is_file() else new.iloc[:0]
    merged = pd.concat([kept[~kept["table"].isin(new["table"].unique().tolist())], new], ignore_index=True)
    path().parent.mkdir(parents=True, exist_ok=True)
    merged[COLUMNS].sort_values(["table", "year"]).to_csv(path(), index=False, lineterminator="\n")
