"""The contract of a table, enforced: a violation is one clear error, or rows quarantined with their reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import pandas as pd
import pandera.pandas as pa

from pipeline.errors import ReoError
from pipeline.schemas import table as t
from pipeline.schemas import units
from pipeline.schemas.table import Table

# Rows out of bounds are quarantined up to this share of a tidy table; beyond it the whole file is suspect.
MOST_QUARANTINED = 0.01
_BOUNDS = ("greater_than", "less_than", "in_range")
SHOWN = 12


class ContractBroken(ReoError):
    """A table that violates its contract; nothing was stored."""


@dataclass(frozen=True)
class Checked:
    """Rows that meet the contract, and quarantined rows with a `reason` column."""

    rows: pd.DataFrame
    quarantined: pd.DataFrame


def check(table: type[Table], frame: pd.DataFrame) -> Checked:
    """`frame` sorted by key with its columns in declared order. Raises ContractBroken naming every violation.

    Rows of a tidy table whose only violation is an amount out of bounds are quarantined, at most 1 % of the table; but none
    of a table whose rows add up to a whole (`table.whole`), for every share would be off without them.
    """
    (checked,) = check_parts(table, [frame])
    return checked


def check_parts(table: type[Table], parts: Iterable[pd.DataFrame]) -> Iterator[Checked]:
    """The same of a table that comes in parts, in the order of its key's first column; the 1 % is of all, known at the end."""
    first, last, rows = t.key(table)[0], None, 0
    quarantined: list[pd.DataFrame] = []
    for part in parts:
        checked = _check(table, part)
        if len(checked.rows):
            # Else neither order nor key would hold for the whole.
            if last is not None and checked.rows[first].iloc[0] <= last:
                _refuse_unordered(table, last, checked.rows[first].iloc[0])
            last = checked.rows[first].iloc[-1]
        rows += len(part)
        quarantined.append(checked.quarantined)
        yield checked
    if sum(map(len, quarantined)) > MOST_QUARANTINED * rows:
        _refuse_many(table, places(table, pd.concat(quarantined)))


def places(table: type[Table], quarantined: pd.DataFrame) -> list[str]:
    """What is wrong with each quarantined row, and which it is."""
    return [f"{row['reason']} ({_key_of(table, row)})" for row in quarantined.to_dict("records")]


def _check(table: type[Table], frame: pd.DataFrame) -> Checked:
    names = list(t.columns(table))
    cases: Any = _cases(table, frame)
    if len(cases):
        of_rows = cases["index"].notna() & cases["check"].astype(str).str.startswith(_BOUNDS)
        of_rows &= ~cases["column"].isin(t.key(table))
        if t.whole(table) or not of_rows.all():
            raise ContractBroken(_words(table, frame, cases), _remedy(table))
        bad = cases["index"].astype(int).unique()
        reasons = cases.groupby("index").apply(lambda of_row: "; ".join(map(_broken_rule, of_row.to_dict("records"))))
        quarantined = frame.loc[bad, names].assign(reason=reasons.reindex(bad).to_numpy())
        frame = frame.drop(index=bad)
    else:
        quarantined = frame.iloc[:0][names].assign(reason=pd.Series(dtype=str))
    return Checked(frame[names].sort_values(t.key(table), kind="stable").reset_index(drop=True), quarantined)


def _refuse_unordered(table: type[Table], last: object, begins: object) -> NoReturn:
    problem = f"table {t.name(table)} breaks its contract: a part begins with {t.key(table)[0]} {begins}, "
    problem += f"the one before it ends with {last}; it was not stored"
    raise ContractBroken(problem, "let the table's function yield all rows of a value together, in ascending order")


def _refuse_many(table: type[Table], found: list[str]) -> NoReturn:
    """So many rows out of bounds that the whole input is suspect."""
    lines = [f"  - {place}" for place in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"  - … and {len(found) - SHOWN} more")
    raise ContractBroken(_broken(table, len(found), lines), _remedy(table))


def _cases(table: type[Table], frame: pd.DataFrame) -> pd.DataFrame:
    """Every violation as pandera lists them: index, column, check, failure_case."""
    try:
        table.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        # Rows can be compared with their units only where all columns are as declared.
        if cases["index"].isna().any():
            return cases
    else:
        cases = pd.DataFrame(columns=["index", "column", "check", "failure_case"])
    found = [_out_of_unit(frame.drop(index=cases.loc[cases["column"] == c, "index"]), c) for c in t.by_row(table)]
    return pd.concat([cases, *found], ignore_index=True)


def _out_of_unit(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Cells of a column that are outside the bounds of the unit in their row."""
    rows = frame[units.outside(frame[column], frame["unit"])]
    checks = [_within(str(unit)) for unit in rows["unit"]]
    return pd.DataFrame({"index": rows.index, "column": column, "check": checks, "failure_case": rows[column]})


def _within(unit: str) -> str:
    general = units.bounds(unit)
    return f"in_range({general[0]:g} to {general[1]:g} {unit})" if general else "in_range(finite numbers)"


def _words(table: type[Table], frame: pd.DataFrame, cases: pd.DataFrame) -> str:
    lines = []
    twice = cases["check"] == "multiple_fields_uniqueness"
    if twice.any():
        rows = frame.loc[sorted(cases.loc[twice, "index"].astype(int).unique())]
        for values, group in rows.groupby(t.key(table), dropna=False, sort=False):
            named = _key_of(table, dict(zip(t.key(table), values, strict=True)))
            lines.append(f"  - key: {len(group)} rows have the same key ({named})")
    for _, case in cases[~twice].head(SHOWN).iterrows():
        where = ""
        if pd.notna(case["index"]) and int(case["index"]) in frame.index:
            row = frame.loc[int(case["index"])]
            where = f" ({_key_of(table, row)})"
        lines.append(f"  - {_broken_rule(case)}{where}")
    more = max((~twice).sum() - SHOWN, 0)
    number = len(lines) + more
    if more:
        lines.append(f"  - … and {more} more")
    return _broken(table, number, lines)


def _key_of(table: type[Table], row: Any) -> str:
    """The key of a row in words, as far as the row has it."""
    return ", ".join(f"{name}={row[name]}" for name in t.key(table) if name in row)


def _broken(table: type[Table], number: int, lines: list[str]) -> str:
    return f"table {t.name(table)} breaks its contract in {number} places; it was not stored:\n" + "\n".join(lines)


def _broken_rule(case: "Mapping[Any, Any] | pd.Series[Any]") -> str:
    """A case as people read it: column, rule, value."""
    return f"{case['column']}: {_rule(str(case['check']))}: {case['failure_case']!r}"


def _rule(check: str) -> str:
    """A pandera check in words a reader of the table knows."""
    words = {
        "isin(": "must be one of ",
        "str_matches(": "must have the form ",
        "in_range(": "must be within ",
        "not_nullable": "must not be empty",
    }
    for name, said in words.items():
        if check.startswith(name):
            return said + check.removeprefix(name).removesuffix(")")
    return check


def _remedy(table: type[Table]) -> str:
    return f"the last good {t.name(table)} is untouched; correct the input rows named, or the table's class in pipeline/schemas/"
