"""Mine production reconciled: the toy world by hand, which edition and publisher count, and what warns."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import catalog
from pipeline.errors import ReoError
from pipeline.measures.production_reconciled import production_reconciled
from pipeline.schemas import table as t
from tests.measures import toy

few = settings(max_examples=20, deadline=None)


PUBLISHERS = ("USGS", "World Mining Data", "BGS", "BGR")


figures = st.lists(
    st.tuples(st.sampled_from(PUBLISHERS), st.integers(2018, 2026), st.integers(0, 10**6)), min_size=1, unique_by=lambda f: f[:2]
)


def production(*rows: tuple) -> pd.DataFrame:
    """Rows of (year, country, publisher, edition, amount), read by the reconciliation."""
    frame = pd.DataFrame(rows, columns=["year", "country", "publisher", "dated", "amount"])
    frame = frame.assign(
        stage="mining", material="rare_earths", source_id=frame["publisher"], edition=frame["dated"].fillna("undated"),
        unit="t", basis="REO", flag=None, coverage="whole", preferred=True, reconciled=True, document_id=None, note=None,
    )  # fmt: skip
    return t.frame(catalog.table("production"), frame)


def no(table: str) -> pd.DataFrame:
    return t.frame(catalog.table(table), [])


def reconciled(frame: pd.DataFrame) -> pd.DataFrame:
    return toy.made("production_reconciled", production_reconciled(frame, no("world_history"), no("us_statistics")))


def test_toy_world():
    worked = production_reconciled(*(toy.tidy(name) for name in ("production", "world_history", "us_statistics")))
    toy.assert_as_worked("production_reconciled", worked)


def test_newest_edition_of_a_publisher_counts_and_the_older_ones_do_not_widen():
    """USGS, Australia 2024: 13,000 t in the edition of 2025, 29,000 t in that of 2026."""
    frame = production((2024, "AUS", "USGS", "2025", 13_000.0), (2024, "AUS", "USGS", "2026", 29_000.0))
    row = reconciled(frame).iloc[0]
    assert [row.low, row.central, row.high, row.sources] == [29_000, 29_000, 29_000, 1]


def test_low_and_high_are_over_publishers_and_the_central_figure_is_one_of_them():
    """Malaysia 2024: 140 t by USGS, 5,120 t by World Mining Data."""
    row = reconciled(production((2024, "MYS", "World Mining Data", "2025", 5_120.0), (2024, "MYS", "USGS", "2026", 140.0))).iloc[
        0
    ]
    assert [row.low, row.central, row.high, row.preferred, row.sources] == [140, 140, 5_120, "USGS", 2]
    assert row.spread == pytest.approx(1 - 140 / 5_120)


def test_a_dated_edition_goes_before_one_of_unknown_date():
    frame = production((2019, "MMR", "USGS", None, 25_000.0), (2019, "MMR", "USGS", "2019", 29_000.0))
    assert reconciled(frame)["central"].tolist() == [29_000]


def test_a_year_whose_countries_sum_above_the_world_warns_and_is_left():
    frame = production(
        (2010, "CHN", "USGS", "2012", 130_000.0), (2010, "WLD", "USGS", "2023", 101_000.0), (2011, "CHN", "USGS", "2012", 9.0)
    )
    found = reconciled(frame).set_index(["year", "country"])
    assert found.loc[(2010, "CHN"), "central"] == 130_000
    assert "130,000 t, above the world total of 101,000 t" in found.loc[(2010, "WLD"), "warning"]
    assert pd.isna(found.loc[(2011, "CHN"), "warning"])


def test_a_rounded_world_total_does_not_warn():
    frame = production((2020, "CHN", "USGS", "2022", 101.0), (2020, "WLD", "USGS", "2022", 100.0))
    assert reconciled(frame)["warning"].isna().all()


def test_rows_kept_out_and_unnamed_rests_are_not_read():
    frame = production((2020, "CHN", "USGS", "2022", 1.0), (2020, "ROW", "USGS", "2022", 5.0), (2020, "CHN", "BGS", "2022", 9.0))
    frame.loc[2, "reconciled"] = False
    assert reconciled(frame)[["country", "high"]].to_numpy().tolist() == [["CHN", 1.0]]


def test_a_published_zero_is_a_figure():
    frame = production((2024, "BDI", "USGS", "2026", 0.0), (2024, "BDI", "World Mining Data", "2025", 0.0))
    assert reconciled(frame)[["central", "spread"]].to_numpy().tolist() == [[0, 0]]


def test_a_publisher_without_a_place_in_the_order_is_an_error():
    with pytest.raises(ReoError, match="'Toy office' has no rank"):
        reconciled(production((2020, "CHN", "Toy office", "2022", 1.0)))


@few
@given(figures)
def test_the_central_figure_is_printed_and_lies_between_low_and_high(printed):
    frame = production(*((2017, "CHN", publisher, str(edition), float(amount)) for publisher, edition, amount in printed))
    row = reconciled(frame).iloc[0]
    assert row.low <= row.central <= row.high
    assert row.central in set(frame["amount"])
    assert row.sources == frame["publisher"].nunique()


@few
@given(figures, st.randoms())
def test_the_order_of_rows_changes_nothing(printed, random):
    rows = [(2017, "CHN", publisher, str(edition), float(amount)) for publisher, edition, amount in printed]
    plain = reconciled(production(*rows))
    random.shuffle(rows)
    assert plain.equals(reconciled(production(*rows)))


def test_countries_are_summed_against_the_world():
    """70 and 40 t are 110 t, above the world's 100 t, though neither country and not their mean is."""
    frame = production(
        (2012, "CHN", "USGS", "2014", 70.0), (2012, "USA", "USGS", "2014", 40.0), (2012, "WLD", "USGS", "2014", 100.0)
    )
    warnings = reconciled(frame)["warning"]
    assert len(warnings) == 3
    assert warnings.str.contains("countries sum to 110 t, above the world total of 100 t", regex=False).all()
