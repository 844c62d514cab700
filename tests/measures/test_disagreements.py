"""Disagreements: the toy world by hand, what is compared with what, and the line above which it is listed."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.disagreements import disagreements
from tests.measures import toy
from tests.measures.test_production_reconciled import few, figures, no, production


def differing(frame: pd.DataFrame) -> pd.DataFrame:
    return differing_in(production=frame)


READ = (
    "production", "world_history", "us_statistics", "china_output", "quotas", "reserves", "stage_shares", "processing", "prices",
    "illegal_estimates",
)  # fmt: skip


def differing_in(**tables: pd.DataFrame) -> pd.DataFrame:
    return toy.made("disagreements", disagreements(**{name: tables.get(name, no(name)) for name in READ}))


def test_toy_world():
    tables = {name: toy.nothing(name) if name in ("processing", "prices") else toy.tidy(name) for name in READ}
    toy.assert_as_worked("disagreements", disagreements(**tables))


def test_two_editions_of_one_publisher_are_compared():
    found = differing(production((2024, "AUS", "USGS", "2025", 13_000.0), (2024, "AUS", "USGS", "2026", 29_000.0))).iloc[0]
    assert [found["between"], found.low, found.high] == ["editions", 13_000, 29_000]


@pytest.mark.parametrize(("restricted", "rows"), [(90.0, 1), (100.0, 1), (101.0, 2), (79.0, 2)])
def test_a_restricted_figure_is_listed_where_it_widens_the_range(restricted, rows):
    """Open figures of 80 and 100 differ by a fifth; a restricted one within them adds nothing, and their own row stays open."""
    frame = production(
        (2023, "CHN", "USGS", "2025", 100.0),
        (2023, "CHN", "World Mining Data", "2025", 80.0),
        (2023, "CHN", "BP and Energy Institute", "2024", restricted),
    )
    frame["reconciled"] = frame["publisher"] != "BP and Energy Institute"
    found = differing(frame).set_index("publisher")
    assert len(found) == rows
    assert found.loc["all", ["low", "high", "difference"]].tolist() == [80, 100, 0.2]
    assert pd.isna(found.loc["all", "restricted_source_id"])


def test_two_zeros_agree():
    assert differing(production((2024, "BDI", "USGS", "2026", 0.0), (2024, "BDI", "World Mining Data", "2025", 0.0))).empty


@few
@given(figures, st.randoms())
def test_the_order_of_rows_changes_nothing(published, random):
    rows = [(2017, "CHN", publisher, str(edition), float(amount)) for publisher, edition, amount in published]
    plain = differing(production(*rows))
    random.shuffle(rows)
    assert plain.equals(differing(production(*rows)))


def test_reserves_that_an_edition_revised_by_more_than_a_tenth_are_listed_and_restricted_ones_are_not():
    one = toy.tidy("reserves").query("country == 'CHN'").iloc[[0]]
    printed = [("2024", "CHN", "usgs_mcs", 44.0), ("2025", "CHN", "usgs_mcs", 60.0), ("2025", "USA", "usgs_mcs", 10.0)]
    printed += [("2024", "USA", "usgs_mcs", 9.5), ("2023", "USA", "statistical_review", 1.0)]
    rows = [one.assign(edition=e, country=c, source_id=s, amount=a) for e, c, s, a in printed]
    (row,) = differing_in(reserves=pd.concat(rows, ignore_index=True)).to_dict("records")
    assert (row["table"], row["country"], row["low"], row["high"]) == ("reserves", "CHN", 44.0, 60.0)
    assert row["difference"] == pytest.approx(16 / 60)


@pytest.mark.parametrize(("other", "listed"), [(90.0, False), (89.9, True)])
def test_a_tenth_of_the_larger_figure_is_the_line(other, listed):
    found = differing(production((2020, "CHN", "USGS", "2022", 100.0), (2020, "CHN", "BGS", "2022", other)))
    assert len(found) == listed


def test_shares_of_a_stage_told_by_two_and_no_forecast_nor_lower_bound():
    one = toy.tidy("stage_shares").query("year == 2021 and stage == 'separation'")
    others = [
        ("Bureau", 0.7, "estimate", None),
        ("Prophet", 0.1, "projection", None),
        ("Careful", 0.2, "actual", "lower bound: x"),
    ]
    told = [one.assign(publisher=p, share=s, kind=k, note=n).astype({"note": "str"}) for p, s, k, n in others]
    (row,) = differing_in(stage_shares=pd.concat([one, *told], ignore_index=True)).to_dict("records")
    assert (row["key"], row["low"], row["high"]) == ("2021 separation rare_earths CHN", 0.7, 0.8)


def test_prices_of_one_day_and_market_by_two_texts():
    one = {
        "date": "2025-01-02", "oxide": "Nd oxide", "basis": "FOB China", "unit": "USD/kg", "market": "fob_china",
        "source_id": "prices_quoted", "precision": "day", "unit_inferred": "false", "preferred": "true",
    }  # fmt: skip
    rows = [
        one | {"document_id": d, "value": v, "market": m}
        for d, v, m in (("a", "60", "fob_china"), ("b", "50", "fob_china"), ("c", "9", "europe"))
    ]
    prices = toy.typed("prices", pd.DataFrame(rows, dtype="str"))
    (row,) = differing_in(prices=prices).to_dict("records")
    assert (row["between"], row["low"], row["high"], row["figures"]) == ("documents", 50, 60, "a: 60; b: 50")


def test_estimators_of_the_illegal_disagree():
    one = toy.tidy("illegal_estimates")
    told = pd.concat([one, one.assign(estimator="Others", low=None, high=20.0)], ignore_index=True).astype({"low": "float64"})
    (row,) = differing_in(illegal_estimates=told).to_dict("records")
    assert (row["table"], row["low"], row["high"]) == ("illegal_estimates", 20, 50)
