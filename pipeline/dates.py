"""Dates as far as they are known: YYYY, YYYY-MM or YYYY-MM-DD."""

import re
from datetime import date

import pandas as pd

PARTIAL_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
# By the length of the date as written.
PRECISION = {4: "year", 7: "month", 10: "day"}
# Acts, and periods of status, are on record at most this many years ahead: longer terms are typing errors until shown.
HORIZON_YEARS = 15
REMEDY = "write YYYY, YYYY-MM or YYYY-MM-DD, as far as known; spreadsheets change dates, so look at the file as text"


def is_date(text: str) -> bool:
    """Whether the text is a real date, to the year, month or day."""
    try:
        date.fromisoformat({4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text))
    except ValueError:
        return False
    return re.fullmatch(PARTIAL_DATE, text) is not None


def after(texts: "pd.Series[str]", ceiling: "str | pd.Series[str]") -> "pd.Series[bool]":
    """Whether a date, at the first day it can mean, is after a ceiling, at the last day that one can mean; not for "" or none."""
    real = texts.where(texts.map(lambda text: isinstance(text, str) and is_date(text)).astype("bool"))
    limits = pd.Series(ceiling, index=texts.index, dtype="str") if isinstance(ceiling, str) else ceiling
    return (first_day(real) > last_day(limits)).fillna(False)


def is_day(text: str) -> bool:
    """Whether the text is a real date, to the day."""
    return is_date(text) and precision(text) == "day"


def precision(text: str) -> str | None:
    """day, month or year; None for what has another length than a date."""
    return PRECISION.get(len(text))


def precisions(dates: "pd.Series[str]") -> "pd.Series[str]":
    """day, month or year, null where there is no date."""
    return dates.str.len().map(PRECISION).astype("str")


def first_day(dates: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """First day each date can mean: 2010 is 2010-01-01, 2010-07 is 2010-07-01; null and "" are null."""
    return pd.to_datetime(dates, format="ISO8601")


def horizon(day: str) -> str:
    """The last day that may be on record of what is to come, seen from a day."""
    return f"{int(day[:4]) + HORIZON_YEARS}-12-31"


def last_day(dates: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    """Last day each date can mean: 2010 is 2010-12-31, 2010-07 is 2010-07-31; null and "" are null."""
    first, length = first_day(dates), dates.str.len()
    by_month = first.where(length != 7, first + pd.offsets.MonthEnd(0))
    return by_month.where(length != 4, first + pd.offsets.YearEnd(0))
