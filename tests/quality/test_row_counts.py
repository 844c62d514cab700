"""Rows by table and year, and the sentences about what differs."""

import pandas as pd
import pytest
import world

from pipeline import catalog, paths
from pipeline.errors import ReoError
from pipeline.quality import row_counts


@pytest.fixture
def reviewed(tmp_path, monkeypatch):
    monkeypatch.setenv("REO_DATA", str(tmp_path))
    row_counts.path().parent.mkdir(parents=True)
    return row_counts.path()


def counts(name: str, frame: pd.DataFrame) -> list[tuple[str, str, int]]:
    counted = row_counts.count(catalog.table(name), frame)
    return list(counted[row_counts.COLUMNS].itertuples(index=False, name=None))


def differences(name: str, frame: pd.DataFrame) -> list[str]:
    return row_counts.differences(catalog.table(name), row_counts.count(catalog.table(name), frame))


def test_counts_by_year():
    assert counts("trade_flows", world.trade_flows()) == [("trade_flows", "1995", 2), ("trade_flows", "1996", 2)]


def test_year_of_an_edition_and_of_a_month_are_its_first_four_digits():
    reserves = pd.concat([world.reserves(), world.reserves().assign(edition="MCS 2025 v1.3")], ignore_index=True)
    assert counts("reserves", reserves) == [("reserves", "2024", 1), ("reserves", "2025", 1)]
    months = pd.DataFrame({"month": ["2010-09", "2010-10", "2011-01"]})
    assert counts("policy_in_force", months) == [("policy_in_force", "2010", 2), ("policy_in_force", "2011", 1)]


def test_a_table_without_dates_has_an_empty_year():
    assert counts("countries", world.countries()) == [("countries", "", 4)]


def test_rows_without_a_source_or_a_year_are_counted_too():
    rows = pd.DataFrame({"source_id": ["a", None, None, "a"], "year": pd.array([2020, 2020, 2021, None], dtype="Int64")})
    counted = row_counts.count(catalog.table("production"), rows)
    assert counted["rows"].sum() == 4
    assert set(counted[["source_id", "year", "rows"]].itertuples(index=False, name=None)) == {
        ("a", "2020", 1),
        ("", "2020", 1),
        ("", "2021", 1),
        ("a", "", 1),
    }


def test_differences_are_sentences(reviewed):
    reviewed.write_text("table,year,rows\ntrade_flows,1994,5\ntrade_flows,1995,2\ntrade_flows,1996,41200\nreserves,2024,9\n")
    assert differences("trade_flows", world.trade_flows()) == [
        "trade_flows 1994: no rows, 5 expected",
        "trade_flows 1996: 2 rows, 41,200 expected",
    ]


def test_a_year_nobody_reviewed_differs(reviewed):
    reviewed.write_text("table,year,rows\n")
    assert differences("countries", world.countries()) == ["countries: 4 rows, none expected"]


def test_an_empty_table_differs_from_a_full_one(reviewed):
    reviewed.write_text("table,year,rows\ntrade_flows,1995,2\n")
    assert differences("trade_flows", world.trade_flows().iloc[:0]) == ["trade_flows 1995: no rows, 2 expected"]


def test_accepted_counts_are_expected_from_then_on_and_others_stay(reviewed):
    reviewed.write_text("table,year,rows\nreserves,2024,9\ntrade_flows,1994,5\n")
    row_counts.accept(row_counts.count(catalog.table("trade_flows"), world.trade_flows()))
    assert differences("trade_flows", world.trade_flows()) == []
    assert reviewed.read_text() == "table,year,rows\nreserves,2024,9\ntrade_flows,1995,2\ntrade_flows,1996,2\n"


def test_counts_of_the_first_table_make_the_file(reviewed):
    row_counts.accept(row_counts.count(catalog.table("countries"), world.countries()))
    assert differences("countries", world.countries()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("table,year,count\na,1,2\n", "other columns"),
        ("table,year,rows\na,1995,2\na,1995,3\n", r"row 3, column year: '1995' is counted twice"),
        ("table,year,rows\na,1995,many\n", r"row 2, column rows: 'many' is not a number of rows"),
        ("table,year,rows\na,1995,1\na,1996,2.5\n", r"row 3, column rows: '2.5' is not a number of rows"),
        ("table,year,rows\na,1995,\n", r"row 2, column rows: '' is not a number of rows"),
    ],
)
def test_a_malformed_file_is_one_clear_error(reviewed, text, said):
    reviewed.write_text(text)
    with pytest.raises(ReoError, match=said):
        row_counts.expected()


def test_a_missing_file_is_an_error_not_a_pass(reviewed):
    with pytest.raises(ReoError, match=r"expected_rows\.csv is missing"):
        differences("countries", world.countries())


def test_unexpected_rows_say_where_to_review():
    message = str(row_counts.Unexpected("trade_flows", ["trade_flows 1996: 2 rows, 3 expected"]))
    assert "trade_flows 1996: 2 rows, 3 expected" in message
    assert "expected_rows.csv" in message


def test_in_the_toy_world_the_file_to_review_is_the_one_in_git(monkeypatch):
    monkeypatch.setenv("REO_DATA", str(paths.demo()))
    message = str(row_counts.Unexpected("trade_flows", ["trade_flows 1996: 2 rows, 3 expected"]))
    assert '`reo demo --accept-rows "why"`' in message
    assert "tests/toy_world/expected_rows.csv" in message
    assert row_counts.under_review().is_file()
