"""Concentration of stages: the toy world by hand, the bounds of the unnamed rest, and which tables are whole."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.stage_concentration import stage_concentration
from tests.measures import toy

COUNTRIES = ["AUS", "CHN", "EST", "JPN", "MYS", "USA"]


def test_toy_world_stages():
    toy.assert_as_worked(
        "stage_concentration", stage_concentration(toy.tidy("production"), toy.tidy("reserves"), toy.tidy("stage_shares"))
    )


def production(amounts: dict[str, float | None], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"country": list(amounts), "amount": pd.Series(list(amounts.values()), dtype="float64")})
    return frame.assign(
        **{
            "year": 2024,
            "stage": "mining",
            "material": "rare_earths",
            "source_id": "s",
            "edition": "2026",
            "coverage": "whole",
            "flag": None,
            "publisher": "P",
            "basis": "REO",
            **columns,
        }
    )


NO_RESERVES = toy.nothing("reserves")
NO_SHARES = toy.nothing("stage_shares")


@given(st.dictionaries(st.sampled_from(COUNTRIES), st.integers(1, 10**6), min_size=1), st.integers(0, 10**6))
def test_unnamed_rest_widens_the_bounds(named, rest):
    world = sum(named.values()) + rest
    row = stage_concentration(production({**named, "ROW": rest, "WLD": world}), NO_RESERVES, NO_SHARES).iloc[0]
    assert 0 < row.hhi_low <= row.hhi <= row.hhi_high <= 1 + 1e-12
    assert row.hhi_high - row.hhi_low == pytest.approx(row.unnamed_share**2)
    if rest == 0:
        assert row.hhi_low == row.hhi == row.hhi_high


def test_shares_are_of_the_sum_not_of_the_printed_total():
    row = stage_concentration(production({"CHN": 60.0, "USA": 50.0, "WLD": 100.0}), NO_RESERVES, NO_SHARES).iloc[0]
    assert row.china_share == 60 / 110
    assert [row.total, row.printed_total] == [110, 100]


def test_excerpt_of_a_table_has_no_row():
    without_total = production({"CHN": 60.0, "USA": 40.0})
    most_missing = production({"CHN": 60.0, "WLD": 100.0}, year=2023)
    assert stage_concentration(pd.concat([without_total, most_missing], ignore_index=True), NO_RESERVES, NO_SHARES).empty


def of_editions(before: dict[str, float | None], after: dict[str, float | None], year_before: int = 2024) -> pd.Series:
    """The row of 2024 in the newer of two editions."""
    editions = [production(before, edition="2025", year=year_before), production(after)]
    rows = stage_concentration(pd.concat(editions, ignore_index=True), NO_RESERVES, NO_SHARES)
    return toy.made("stage_concentration", rows).set_index("edition").loc["2026"]


@pytest.mark.parametrize("after", [{}, {"AUS": None}])
@pytest.mark.parametrize("year_before", [2024, 2023])
def test_a_country_that_vanishes_leaves_a_range(after, year_before):
    before = {"CHN": 60.0, "USA": 20.0, "AUS": 20.0, "WLD": 100.0}
    row = of_editions(before, {"CHN": 60.0, "USA": 20.0, "WLD": 80.0, **after}, year_before)
    assert [row.china_share_low, row.china_share, row.china_share_high] == pytest.approx([0.6, 0.75, 0.75])
    assert [row.hhi_low, row.hhi, row.hhi_high] == pytest.approx([0.44, 0.625, 0.625])
    assert row.unnamed_share == pytest.approx(0.2)
    assert row.vanished == f"AUS 20 t ({year_before}, edition 2025)"


def test_china_itself_may_vanish():
    row = of_editions({"CHN": 60.0, "USA": 20.0, "AUS": 20.0, "WLD": 100.0}, {"USA": 20.0, "WLD": 20.0})
    assert [row.china_share_low, row.china_share, row.china_share_high] == pytest.approx([0, 0, 0.75])


def test_bounds_with_an_unnamed_rest_and_a_vanished_country():
    """AUS and USA mine 10 t each, the rest is 20; with China's last 60 one rest of 20 makes (6² + 1 + 1 + 2²)/10²."""
    before = {"CHN": 60.0, "AUS": 10.0, "USA": 10.0, "ROW": 20.0, "WLD": 100.0}
    row = of_editions(before, {"AUS": 10.0, "USA": 10.0, "ROW": 20.0, "WLD": 40.0})
    assert [row.hhi_low, row.hhi_high] == pytest.approx([2 / 16, 0.42])
    assert row.unnamed_share == pytest.approx(0.8)


def test_of_equal_producers_the_first_by_code_is_the_largest():
    frame = production({"USA": 40.0, "AUS": 40.0, "CHN": 20.0})
    assert stage_concentration(frame, NO_RESERVES, NO_SHARES)["top_country"].tolist() == ["AUS"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"CHN": 981.0, "AUS": 19.0}, {"CHN": 1000.0}),
        ({"CHN": 80.0, "AUS": 20.0}, {"CHN": 80.0, "AUS": 0.0}),
        ({"CHN": 80.0, "ROW": 20.0}, {"CHN": 80.0}),
        ({"CHN": 80.0, "AUS": 20.0}, {"CHN": 60.0, "AUS": 10.0, "USA": 30.0}),
    ],
    ids=["too small", "published zero", "the unnamed rest", "another share"],
)
def test_what_is_no_vanished_country(before, after):
    row = of_editions({**before, "WLD": sum(before.values())}, {**after, "WLD": sum(after.values())})
    assert pd.isna(row.vanished)
    assert row.china_share_low == row.china_share == row.china_share_high
    assert row.hhi_low == row.hhi_high


def test_reserves_are_dated_the_year_before_their_edition():
    reserves = pd.DataFrame(
        {
            "edition": "2026",
            "country": ["CHN", "WLD"],
            "source_id": "s",
            "amount": [44.0, 44.0],
            "coverage": "whole",
            "publisher": "P",
            "basis": "REO",
            "flag": None,
        }
    )
    row = stage_concentration(production({}), reserves, NO_SHARES).iloc[0]
    assert (row.year, row.stage, row.hhi) == (2025, "reserves", 1)


def test_reserves_edition_without_year_is_named():
    reserves = pd.DataFrame(
        {
            "edition": ["spring"],
            "country": ["CHN"],
            "source_id": ["s"],
            "amount": [44.0],
            "coverage": ["whole"],
            "publisher": ["P"],
            "basis": ["REO"],
            "flag": [None],
        }
    )
    with pytest.raises(Exception, match=r"edition 'spring' of s \(CHN\)"):
        stage_concentration(production({}), reserves, NO_SHARES)


def test_the_three_largest_of_four():
    """40, 30, 20 and 10 t: the three largest hold nine tenths, the fourth counts in the total alone."""
    frame = production({"MYS": 10.0, "AUS": 20.0, "CHN": 40.0, "USA": 30.0, "WLD": 100.0})
    row = stage_concentration(frame, NO_RESERVES, NO_SHARES).iloc[0]
    assert [row.cr1, row.cr3, row.hhi, row.countries] == pytest.approx([0.4, 0.9, 0.3, 4])


def test_nine_tenths_of_the_published_total_are_a_whole_table():
    nine_tenths = production({"CHN": 60.0, "USA": 30.0, "WLD": 100.0})
    assert stage_concentration(nine_tenths, NO_RESERVES, NO_SHARES)["total"].tolist() == [90.0]
    less = production({"CHN": 60.0, "USA": 29.0, "WLD": 100.0})
    assert stage_concentration(less, NO_RESERVES, NO_SHARES).empty


def test_a_doubtful_cell_leaves_its_table_out_and_no_other():
    doubted = production({"CHN": 60.0, "USA": 40.0}, year=2023)
    doubted.loc[1, "flag"] = "doubtful"
    both = pd.concat([doubted, production({"CHN": 60.0, "USA": 40.0})], ignore_index=True)
    assert stage_concentration(both, NO_RESERVES, NO_SHARES)["year"].tolist() == [2024]


def test_who_mines_nothing_is_no_supplier_and_half_a_tonne_is_something():
    row = stage_concentration(production({"CHN": 0.5, "USA": 0.5, "JPN": 0.0}), NO_RESERVES, NO_SHARES).iloc[0]
    assert row.countries == 2
    assert row.hhi == pytest.approx(0.5)


def test_reserves_that_are_not_held_whole_have_no_row():
    held = toy.tidy("reserves")
    none = production({"CHN": 1.0}).iloc[:0]
    assert len(stage_concentration(none, held, NO_SHARES))
    assert stage_concentration(none, held.assign(coverage="excerpt"), NO_SHARES).empty


def test_the_largest_three_of_each_table_are_its_own():
    """Two years side by side: four producers of 40, 30, 20 and 10, then of 10, 20, 30 and 40 in another order."""
    first = production({"AUS": 40.0, "CHN": 30.0, "MYS": 20.0, "USA": 10.0}, year=2023)
    second = production({"AUS": 10.0, "CHN": 20.0, "MYS": 30.0, "USA": 40.0})
    found = stage_concentration(pd.concat([second, first], ignore_index=True), NO_RESERVES, NO_SHARES).set_index("year")
    assert found["cr3"].to_dict() == {2023: 0.9, 2024: 0.9}
    assert found["top_country"].to_dict() == {2023: "AUS", 2024: "USA"}
    assert found["china_share"].to_dict() == {2023: 0.3, 2024: 0.2}
