"""Dates as far as they are known."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import first_day, is_date, is_day, last_day, precisions


def series(*dates: str | None) -> "pd.Series[str]":
    return pd.Series(dates, dtype="str")


@pytest.mark.parametrize(
    ("known", "first", "last"),
    [("2010", "2010-01-01", "2010-12-31"), ("2024-02", "2024-02-01", "2024-02-29"), ("2010-09-21", "2010-09-21", "2010-09-21")],
)
def test_first_and_last_day(known, first, last):
    assert first_day(series(known)).tolist() == [pd.Timestamp(first)]
    assert last_day(series(known)).tolist() == [pd.Timestamp(last)]


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_first_and_last_day_enclose_every_day_a_date_can_mean(day, known):
    date = series(str(day)[:known])
    assert is_date(date[0])
    assert first_day(date)[0] <= pd.Timestamp(day) <= last_day(date)[0]
    assert str(first_day(date)[0])[:known] == str(last_day(date)[0])[:known] == date[0]


def test_no_date_has_neither_day_nor_precision():
    for days in (first_day, last_day, precisions):
        assert days(series("2010-07", "", None)).isna().tolist() == [False, True, True]


def test_precision_is_that_of_the_date_as_written():
    assert precisions(series("2010", "2010-07", "2010-07-01")).tolist() == ["year", "month", "day"]


@pytest.mark.parametrize(
    "text", ["", "10", "2010-13", "2010-02-30", "2010-7", "20100701", "Jul-10", "2010-07-01T00", "2010-W05", "２０１０"]
)
def test_what_is_no_date(text):
    assert not is_date(text)


def test_a_month_is_a_date_and_no_day():
    assert [is_date("2010-07"), is_day("2010-07"), is_day("2010-07-01")] == [True, False, True]
