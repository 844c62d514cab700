"""Implausible flows: the toy world by hand, the two rules and their limits."""

import math

import pandas as pd
import pytest

from pipeline.measures.flow_outliers import flow_outliers
from tests.measures import toy

NONE = toy.nothing("misclassified_flows")
PARTNERS = ["AUS", "BRA", "CAN", "DEU", "EST", "FRA", "GBR", "IND", "ITA", "JPN", "KOR", "MYS"]


def world(prices: list[float], tonnes: list[float], **odd: tuple[float, float]) -> pd.DataFrame:
    """Flows from China at these prices (USD/kg) and tonnages, and odd ones from named exporters as (price, tonnes)."""
    flows = [("CHN", partner, p, q) for partner, p, q in zip(PARTNERS, prices, tonnes, strict=False)]
    flows += [(exporter, "USA", p, q) for exporter, (p, q) in odd.items()]
    return toy.trade([(2024, exporter, importer, "284690", p * q, q) for exporter, importer, p, q in flows])


def outliers(frame: pd.DataFrame, misclassified: pd.DataFrame = NONE) -> pd.DataFrame:
    return toy.made("flow_outliers", flow_outliers(toy.flows(frame), misclassified))


def test_toy_world_outliers():
    toy.assert_as_worked("flow_outliers", flow_outliers(toy.trade_flows(), NONE))


def test_toy_world_robust_z_by_hand():
    """Prices 0.1, 10 ×3, 20 ×2, 40 ×2: the middle of the logs is ln √200, their median distance from it ln √2."""
    by_hand = math.log(0.1 / math.sqrt(200)) / (1.4826 * math.log(math.sqrt(2)))
    found = flow_outliers(toy.trade_flows(), NONE).to_pyarrow().to_pandas()["robust_z"].item()
    assert found == pytest.approx(round(by_hand, 6), rel=0, abs=1e-12)


def test_seven_flows_are_too_few_to_judge():
    six = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0]
    assert outliers(world(six, [10.0] * 6, USA=(0.01, 100.0))).empty
    assert len(outliers(world([*six, 16.0], [10.0] * 7, USA=(0.01, 100.0)))) == 1


def test_absurd_price_of_a_small_flow_stays():
    prices = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0]
    assert outliers(world(prices, [100.0] * 8, USA=(1000.0, 3.0))).empty
    assert outliers(world(prices, [100.0] * 8, USA=(1000.0, 5.0)))["reason"].tolist() == ["robust_z"]


def test_floor_catches_what_wide_prices_hide():
    """Prices spread over three orders of magnitude: 0.2 USD/kg is no outlier by z, but below the floor."""
    wide = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 5.0]
    found = outliers(world(wide, [100.0] * 8, USA=(0.2, 100.0)))
    assert found["reason"].tolist() == ["below_floor"]
    assert abs(found["robust_z"].item()) < 3.5


def test_floor_spares_goods_that_cost_little_by_nature():
    """Coal at 0.05 to 0.3 USD/kg: every flow is below the floor and none is absurd."""
    coal = world([0.05, 0.08, 0.1, 0.1, 0.12, 0.15, 0.2, 0.3], [1000.0] * 8)
    assert outliers(coal).empty


def test_one_price_for_most_flows_gives_no_z():
    found = outliers(world([10.0] * 8, [10.0] * 8, USA=(0.1, 100.0)))
    assert found["reason"].tolist() == ["below_floor"]
    assert found["robust_z"].tolist() == [0]


def judged(exporter: str, importer: str, first: int, last: int) -> pd.DataFrame:
    row = {"exporter": exporter, "importer": importer, "hs6": "284690", "year_from": first, "year_to": last}
    return pd.DataFrame([row])


def test_a_misclassified_flow_is_excluded_whatever_its_price_and_is_no_part_of_the_median():
    """Eight flows at 10 to 17 USD/kg (median 13.5) beside 900 t at 2 USD/kg that are concentrate: 900 of 980 t."""
    prices = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0]
    frame = world(prices, [10.0] * 8, AUS=(2.0, 900.0))
    found = outliers(frame, judged("AUS", "WLD", 2012, 2024))
    assert found["reason"].tolist() == ["misclassified"]
    assert found["share_of_quantity"].item() == pytest.approx(900 / 980)
    assert found["median_usd_per_kg"].item() == pytest.approx(13.5)
    assert found["robust_z"].isna().all()


def test_a_judgement_counts_for_its_importer_and_years_only():
    prices = [10.0, 11.0, 12.0]
    frame = world(prices, [10.0] * 3, AUS=(12.0, 10.0))
    assert len(outliers(frame, judged("AUS", "USA", 2024, 2024))) == 1
    assert outliers(frame, judged("AUS", "JPN", 2024, 2024)).empty
    assert outliers(frame, judged("AUS", "WLD", 2012, 2023)).empty


def of_thousand(prices: list[float], price: float, tonnes: float) -> pd.DataFrame:
    """What is found in a year of 1,000 t, of which a flow of the USA is so many tonnes at this price."""
    return outliers(world(prices, [(1000 - tonnes) / len(prices)] * len(prices), USA=(price, tonnes)))


def test_shares_of_tonnes_count_from_where_they_are_met():
    """An absurd price from 0.5 % of the tonnes on, one below the floor from 2 % on."""
    narrow = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0]
    assert [len(of_thousand(narrow, 1000.0, t)) for t in (4.992, 5.0)] == [0, 1]
    wide = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 5.0]
    assert [len(of_thousand(wide, 0.2, t)) for t in (19.992, 20.0)] == [0, 1]


def test_a_price_at_the_floor_is_not_below_it():
    wide = [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 5.0]
    assert [len(outliers(world(wide, [100.0] * 8, USA=(price, 100.0)))) for price in (0.5, 0.49)] == [0, 1]


def test_the_floor_holds_for_goods_of_a_median_of_five_dollars():
    """Prices 0.2, 1, 2, 3, 5, 30, …: the fifth of nine is the median."""
    for median, found in ((5.0, ["below_floor"]), (4.9, [])):
        prices = [1.0, 2.0, 3.0, median, 30.0, 100.0, 300.0, 1000.0]
        assert outliers(world(prices, [100.0] * 8, USA=(0.2, 100.0)))["reason"].tolist() == found


@pytest.mark.parametrize(("z", "found"), [(3.5, 0), (3.501, 1)])
def test_a_z_of_three_and_a_half_is_not_above_it(z, found):
    """Prices 5 ×4, 10, 20 ×3: the middle of the logs is ln 10, the median distance from it ln 2."""
    frame = world([5.0] * 4 + [10.0] + [20.0] * 3, [10_000.0] * 8, USA=(10 * 2 ** (1.4826 * z), 10_000.0))
    assert len(outliers(frame)) == found


def test_a_flow_without_value_has_no_price_to_judge():
    prices = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0]
    assert outliers(world(prices, [100.0] * 8, USA=(0.0, 500.0))).empty


def test_a_kilogram_and_a_dollar_are_enough_to_be_judged():
    """Seven flows of a kilogram at 10 to 16 USD, one at 1,000; and 500 t declared at one dollar."""
    kilograms = world([10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0], [0.001] * 7, USA=(1000.0, 0.001))
    assert outliers(kilograms)["exporter"].tolist() == ["USA"]
    dollar = world([10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0], [100.0] * 8, USA=(0.001 / 500, 500.0))
    assert outliers(dollar)["exporter"].tolist() == ["USA"]


def test_a_flow_of_less_than_half_a_kilogram_is_none_of_the_eight_that_are_enough():
    prices, tonnes = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0], [10.0] * 6
    weightless = toy.trade([(2024, "MYS", "USA", "284690", 50.0, 0.0003)])
    frame = pd.concat([world(prices, tonnes, USA=(0.01, 100.0)), weightless], ignore_index=True)
    assert outliers(frame).empty


def test_a_kilogram_counts_in_the_share_of_what_is_misclassified():
    """Three kilograms beside three of one kilogram each: half of the tonnes."""
    frame = world([10.0, 11.0, 12.0], [0.001] * 3, AUS=(2.0, 0.003))
    assert outliers(frame, judged("AUS", "WLD", 2012, 2024))["share_of_quantity"].tolist() == [0.5]


def test_z_has_six_decimals():
    """The middle of the logs is ln 10, the median distance from it ln 2: a price of 700 is log2(70) of those away."""
    found = outliers(world([5.0] * 4 + [10.0] + [20.0] * 3, [100.0] * 8, USA=(700.0, 100.0)))["robust_z"].item()
    assert found == pytest.approx(round(math.log2(70) / 1.4826, 6), rel=0, abs=1e-12)
