"""Rows by table and year, compared with the reviewed data/raw/reviewed/expected_rows.csv: a change needs a reviewer."""

from pathlib import Path

import pandas as pd
import pyarrow

from pipeline import catalog, files, paths
from pipeline.errors import ReoError
from pipeline.intake import canonical, transcribed
from pipeline.schemas import table as t
from pipeline.schemas.table import Table

COLUMNS = ["table", "year", "rows"]
COUNTED = ["table", "source_id", "year"]
CHANGES = ["table", "source_id", "year", "rows_before", "rows_after", "reason"]
# A reason has at least so many words.
MOST_TERSE = 2
DATED = ("year", "edition", "month")


class Unexpected(ReoError):
    """A table whose number of rows is not the reviewed one; it was not stored."""

    def __init__(self, table_name: str, differences: list[str]) -> None:
        super().__init__(
            f"table {table_name} has other rows than reviewed; it was not stored:\n" + "\n".join(f"  - {d}" for d in differences),
            f'look at the years named; if the change is meant, run `{_command()} --accept-rows "why"` and have the change of '
            f"{_shown(under_review())} reviewed",
        )


def path() -> Path:
    return paths.reviewed() / "expected_rows.csv"


def changes_path() -> Path:
    """The reviewed record of every accepted change of rows, with its reason; rows are only added."""
    return paths.reviewed() / "row_changes.csv"


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
    """Rows of a table by source and year: columns table, source_id, year, rows, sorted.

    `source_id` and `year` are text, "" for a row or a table without them; the year of an edition or a month is its first four
    digits in a row.
    """
    dated = next((c for c in DATED if c in t.columns(table)), None)
    given = [c for c in ("source_id", dated) if c in frame]
    # Arrow counts a million texts in a tenth of the time.
    keys = pyarrow.table({"table": pyarrow.repeat(t.name(table), len(frame)), **{c: pyarrow.array(frame[c]) for c in given}})
    counted = keys.group_by(["table", *given]).aggregate([([], "count_all")]).to_pandas().rename(columns={"count_all": "rows"})
    counted["source_id"] = counted["source_id"].fillna("") if "source_id" in given else ""
    counted["year"] = counted[dated].astype(str).str.extract(r"([0-9]{4})", expand=False).fillna("") if dated else ""
    return total([counted.astype(dict.fromkeys(COUNTED, str))])


def total(counted: list[pd.DataFrame]) -> pd.DataFrame:
    """The sum of counts of parts."""
    summed = pd.concat(counted).groupby(COUNTED)["rows"].sum().reset_index()
    return summed[summed["rows"] > 0]


def of_stored(table: type[Table]) -> pd.DataFrame:
    """The counts of the table as it is stored, of no rows where it is not."""
    columns = [c for c in t.columns(table) if c == "source_id" or c in DATED] or t.key(table)
    return total([count(table, frame) for frame in catalog.batches(t.name(table), columns)] or [count(table, t.empty(table))])


def changes(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """What a new table adds to and takes from the one stored before, from their counts: columns of CHANGES but the reason."""
    both = before.merge(now, how="outer", on=COUNTED, suffixes=("_before", "_after")).sort_values(COUNTED)
    both = both.fillna({"rows_before": 0, "rows_after": 0}).astype({"rows_before": "int64", "rows_after": "int64"})
    return both.loc[both["rows_before"] != both["rows_after"], CHANGES[:-1]].reset_index(drop=True)


def record(changed: pd.DataFrame, reason: str) -> list[str]:
    """Add accepted changes with their reason to the reviewed record; one sentence each, for people.

    Raises ReoError for a reason that says nothing.
    """
    if len(reason.split()) < MOST_TERSE or canonical.fault(reason):
        raise ReoError(
            f"--accept-rows needs the reason why rows changed, in words; {reason!r} is none",
            f'run `{_command()} --accept-rows "edition 2027 of usgs_mcs added"`',
        )
    file = changes_path()
    kept = transcribed.read(file, CHANGES, may_be_empty=True) if file.is_file() else pd.DataFrame(columns=CHANGES)
    added = changed.assign(reason=reason)[CHANGES].astype("str")
    whole = pd.concat([kept, added], ignore_index=True)
    files.replace(file, lambda part: whole.to_csv(part, index=False, lineterminator="\n"))
    return [
        " ".join(word for word in (row["table"], row["source_id"], row["year"]) if word)
        + f": {row['rows_before']} rows before, {row['rows_after']} now"
        for row in added.to_dict("records")
    ]


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
    frame = transcribed.read(file, COLUMNS, may_be_empty=True)
    twice = frame.duplicated(["table", "year"])
    if twice.any():
        row = int(twice.to_numpy().argmax())
        raise ReoError(transcribed.place(file, row, "year", frame["year"][row]) + " is counted twice", "keep one of the rows")
    whole = frame["rows"].str.fullmatch(r"[0-9]+").to_numpy()
    if not whole.all():
        row = int(whole.argmin())
        raise ReoError(transcribed.place(file, row, "rows", frame["rows"][row]) + " is not a number of rows", "write digits only")
    return frame.assign(rows=frame["rows"].astype("int64"))


def differences(table: type[Table], counted: pd.DataFrame) -> list[str]:
    """How a table's counts differ from the reviewed ones, in sentences; none where they agree."""
    reviewed = expected()
    return compare(reviewed[reviewed["table"] == t.name(table)], _by_year(counted))


def accept(counted: pd.DataFrame) -> None:
    """Write counts into the reviewed file in place of those of the same tables; the change then waits for a reviewer."""
    new = _by_year(counted)
    kept = expected() if path().is_file() else new.iloc[:0]
    merged = pd.concat([kept[~kept["table"].isin(new["table"].unique().tolist())], new], ignore_index=True)
    ordered = merged[COLUMNS].sort_values(["table", "year"])
    files.replace(path(), lambda part: ordered.to_csv(part, index=False, lineterminator="\n"))


def _by_year(counted: pd.DataFrame) -> pd.DataFrame:
    return counted.groupby(["table", "year"])["rows"].sum().reset_index()
