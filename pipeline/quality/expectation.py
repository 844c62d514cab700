"""What an expectation is, how one is declared, and what its outcome is.

An expectation turns tables into readings: a Series of numbers whose index describes each reading in words.
Great Expectations judges every reading against the bounds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Load = Callable[[str], pd.DataFrame]
Readings = Callable[[Load], pd.Series]
Severity = Literal["warning", "error"]


@dataclass(frozen=True)
class Expectation:
    """`readings` must be from `low` to `high` (either may be open), or all different if `unique`. At least one is needed."""

    name: str
    table: str
    severity: Severity
    expected: str
    meaning: str
    readings: Readings
    unit: str
    low: float | None = None
    high: float | None = None
    unique: bool = False


@dataclass(frozen=True)
class Outcome:
    """The outcome of one expectation. `observed` and `rows_off` (at most five, worst first) are sentences for people."""

    name: str
    table: str
    passed: bool
    severity: Severity
    observed: str
    meaning: str
    rows_off: tuple[str, ...] = ()


DECLARED: list[Expectation] = []


def expectation(
    *,
    table: str,
    severity: Severity,
    expected: str,
    meaning: str,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    unique: bool = False,
    name: str = "",
) -> Callable[[Readings], Readings]:
    """Declare the expectation that the decorated function judges; its name is the function's unless `name` is given.

    `expected` says what should be true, `meaning` what it means for a reader if it is not.
    """

    def declare(readings: Readings) -> Readings:
        called = name or readings.__name__
        DECLARED.append(Expectation(called, table, severity, expected, meaning, readings, unit, low, high, unique))
        return readings

    return declare


def labelled(labels: list[str], values: list[float] | pd.Series) -> pd.Series:
    """Values under their labels, rounded to nine decimals so that floating-point error neither fails nor shows."""
    return pd.Series(list(values), index=pd.Index(labels, dtype=str), dtype="float64").round(9)


def describe(template: str, rows: pd.DataFrame) -> list[str]:
    """The template once a row, filled in from the row's columns."""
    return [template.format(**{str(column): value for column, value in row.items()}) for row in rows.to_dict("records")]
