"""Effects among placebos: the toy world by hand, and synthetic panels whose effect is planted."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.helpers import placebo
from pipeline.measures.helpers.export_panel import comparators, established, export_panel, whole_series
from pipeline.measures.policy_effects import DesignError, policy_effects, with_multiplicity
from tests.measures import toy

YEARS = range(2000, 2013)
TREATED_FROM = 2010
EXPORTERS = ("CHN", "DEU", "USA")
TREATED = "284690"
EVENT = "TOY-CHN-2023-licence"


def goods(donors: int = 25) -> pd.DataFrame:
    """The treated code and as many others, each a material of its own that was never controlled."""
    codes = [TREATED] + [f"25{n:04d}" for n in range(donors)]
    frame = pd.DataFrame({"hs6": codes, "nomenclature": "HS92", "title": "synthetic", "stage": "mining"})
    frame["material"] = ["rare_earths"] + [f"material {n:02d}" for n in range(donors)]
    frame["treatment"] = ["rare_earth"] + ["never_controlled"] * donors
    frame["hs92"], frame["hs2017"] = frame["hs6"], frame["hs6"]
    return frame.reindex(columns=toy.tidy("products").columns).astype("str").where(lambda cell: cell.notna())


def synthetic(products: pd.DataFrame, effect: float, noise: float = 0.05, jump: float = 0.0) -> pd.DataFrame:
    """Synthetic flows to Japan: log unit value = exporter-year + product-year + noise, plus the effect on China's treated code.

    `jump` is added to the treated code in every other year before the treatment, so that nothing tracks it.
    """
    draw = np.random.default_rng(20101)
    by_exporter = draw.normal(0, 0.1, (len(EXPORTERS), len(YEARS)))
    by_code = draw.normal(0, 0.03, (len(products), len(YEARS)))
    flows = []
    for x, exporter in enumerate(EXPORTERS):
        for p, code in enumerate(products["hs6"]):
            for y, year in enumerate(YEARS):
                log = 2 + by_exporter[x, y] + by_code[p, y] + draw.normal(0, noise)
                if exporter == "CHN" and code == TREATED:
                    log += effect if year >= TREATED_FROM else jump * (year % 2)
                flows.append((year, exporter, "JPN", code, 1e5 * np.exp(log), 1e5))
    return toy.trade(flows)


def design(**changed: object) -> pd.DataFrame:
    row = {
        "event_id": EVENT,
        "outcome": "unit_value",
        "method": "synthetic_control",
        "measure": "unit_value",
        "hs6": TREATED,
        "pre_from": 2000,
        "first_treated": TREATED_FROM,
        "post_to": 2012,
        "excluded": None,
        "reason": "synthetic",
        **changed,
    }
    return pd.DataFrame([row]).astype({"pre_from": "Int64", "first_treated": "Int64", "post_to": "Int64", "excluded": "str"})


def effect(trade: pd.DataFrame, products: pd.DataFrame, **changed: object) -> pd.Series:
    made = policy_effects(toy.flows(trade), toy.no_outliers(), products, toy.tidy("policy_hs"), design(**changed))
    return toy.made("policy_effects", made).iloc[0]


def test_toy_world():
    """Two years and no other mineral: China's own change is known, ln(14/15) in USD/kg and ln(250/100) in tonnes, no effect."""
    toy.assert_as_worked(
        "policy_effects",
        policy_effects(
            toy.trade_flows(),
            toy.expected("flow_outliers"),
            toy.tidy("products"),
            toy.tidy("policy_hs"),
            toy.tidy("effect_designs"),
        ),
    )


@pytest.mark.parametrize("method", ["triple_difference", "synthetic_control"])
def test_planted_effect_is_found(method: str):
    found = effect(synthetic(goods(), effect=0.7), goods(), method=method)
    assert found.estimate == pytest.approx(0.7, abs=0.1)
    assert found.low < 0.7 < found.high
    assert found.low > 0
    assert [found.placebo_rank, found.donors, found.verdict] == [1, 25, "effect"]


@pytest.mark.parametrize("method", ["triple_difference", "synthetic_control"])
def test_no_effect_is_not_found(method: str):
    found = effect(synthetic(goods(), effect=0.0), goods(), method=method)
    assert found.low < 0 < found.high
    assert found.placebo_rank > 2
    assert found.verdict == "no effect distinguishable"


def test_effect_without_noise_is_exact():
    """Exporters' and products' own years are taken out whole; dollars and kilograms are whole numbers."""
    found = effect(synthetic(goods(), effect=-0.3, noise=0.0), goods(), method="triple_difference")
    assert found.estimate == pytest.approx(-0.3, abs=1e-6)


def test_change_is_china_alone():
    trade = synthetic(goods(), effect=0.7)
    china = trade[(trade.exporter == "CHN") & (trade.hs6 == TREATED)].set_index("year")
    logs = np.log(china.value_kusd / china.quantity_t)
    by_hand = logs[logs.index >= TREATED_FROM].mean() - logs[logs.index < TREATED_FROM].mean()
    assert effect(trade, goods()).change == pytest.approx(by_hand, abs=1e-6)


def test_nineteen_donors_are_too_few():
    found = effect(synthetic(goods(19), effect=0.7), goods(19))
    assert [found.placebo_rank, found.donors, found.verdict] == [1, 19, "cannot tell"]
    assert found.reason.startswith("19 donors")
    assert pd.isna(found.low)


def test_poor_fit_before_gives_no_verdict():
    found = effect(synthetic(goods(), effect=3.0, jump=1.0), goods())
    assert found.pre_rmse > placebo.MOST_PRE_RMSE
    assert found.verdict == "cannot tell"
    assert found.reason.startswith("poor fit")


def test_minerals_controlled_by_the_last_year_and_excluded_ones_are_no_donors():
    products = goods()
    products.loc[1, ["treatment", "controlled_since"]] = ["later_controlled", "2012-02-04"]
    products.loc[2, ["treatment", "controlled_since"]] = ["later_controlled", "2013-02-04"]
    assert effect(synthetic(goods(), effect=0.7), products).donors == 24
    assert effect(synthetic(goods(), effect=0.7), products, excluded="material 07;material 08").donors == 22


def test_small_exporters_are_not_compared():
    trade = synthetic(goods(), effect=0.7)
    parcels = trade["hs6"] == "250003"
    trade.loc[parcels & (trade.exporter == "CHN"), ["value_kusd", "quantity_t"]] /= 1e4
    assert effect(trade, goods()).donors == 24


def test_series_with_a_gap_gives_no_effect():
    trade = synthetic(goods(), effect=0.7)
    gone = (trade.exporter == "CHN") & (trade.hs6 == TREATED) & (trade.year == 2003)
    found = effect(trade[~gone], goods())
    assert [found.verdict, found.reason] == ["cannot tell", "China's series is not whole from 2000 to 2012"]


def test_without_designs_the_table_is_empty():
    frame = policy_effects(toy.trade_flows(), toy.no_outliers(), toy.tidy("products"), toy.tidy("policy_hs"), design().iloc[:0])
    assert toy.made("policy_effects", frame).empty


def test_code_the_act_does_not_cover_is_refused():
    with pytest.raises(DesignError, match=r"policy_hs does not tie code 250003 to the act"):
        effect(synthetic(goods(), effect=0.0), goods(), hs6="250003")


def test_unknown_excluded_material_is_refused():
    with pytest.raises(DesignError, match="no material 'unobtainium'"):
        effect(synthetic(goods(), effect=0.0), goods(), excluded="unobtainium")


# The two methods


@cache
def panel(effect_planted: float = 0.7) -> pd.DataFrame:
    products = goods()
    amounts = export_panel(toy.flows(synthetic(products, effect_planted)), toy.no_outliers(), products["hs6"].tolist())
    return whole_series(amounts, "unit_value", YEARS[0], YEARS[-1])


@pytest.mark.parametrize("code", [TREATED, "250004"])
def test_demeaning_once_equals_the_regression(code: str):
    """The gaps' mean is what pyfixest estimates, for the treated and for a donor that is given the treatment (Frisch–Waugh)."""
    series = panel()
    one = pd.MultiIndex.from_tuples([("CHN", code)], names=series.index.names)
    gap = placebo.triple_difference_gaps(series, pd.DataFrame({"unit": series.index.isin(one)}), TREATED_FROM)["unit"]
    assert gap[gap.index >= TREATED_FROM].mean() == pytest.approx(placebo.triple_difference(series, one, TREATED_FROM), abs=1e-10)


def test_only_exporter_of_a_good_has_no_triple_difference():
    series = panel()
    alone = series[(series.index.get_level_values("exporter") == "CHN") | (series.index.get_level_values("hs6") != TREATED)]
    unit = pd.DataFrame({"unit": alone.index.isin([("CHN", TREATED)])})
    assert placebo.triple_difference_gaps(alone, unit, TREATED_FROM).empty


def test_weights_are_those_of_a_general_solver():
    """The same least squares on the simplex by sequential quadratic programming."""
    from scipy.optimize import minimize

    series = panel().loc["CHN"].T
    off = series - series[series.index < TREATED_FROM].mean()
    before = off[off.index < TREATED_FROM]
    target, others = before[TREATED].to_numpy(), before.drop(columns=TREATED).to_numpy()
    count = others.shape[1]
    solved = minimize(
        lambda w: ((target - others @ w) ** 2).sum() + placebo.RIDGE * (w**2).sum(),
        np.full(count, 1 / count),
        jac=lambda w: -2 * others.T @ (target - others @ w) + 2 * placebo.RIDGE * w,
        bounds=[(0, 1)] * count,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    by_solver = off[TREATED] - off.drop(columns=TREATED) @ solved.x
    assert np.allclose(placebo.synthetic_control_gaps(series, TREATED, TREATED_FROM), by_solver, atol=1e-4)


@given(st.floats(-3, 3))
def test_effect_added_after_is_found_whole(added: float):
    """What happens after cannot change the weights: the estimate moves by what is added."""
    series = panel(0.0).loc["CHN"].T
    moved = series.copy()
    moved.loc[moved.index >= TREATED_FROM, TREATED] += added
    gaps = [placebo.synthetic_control_gaps(frame, TREATED, TREATED_FROM) for frame in (series, moved)]
    difference = gaps[1] - gaps[0]
    assert np.allclose(difference[difference.index >= TREATED_FROM], added)
    assert np.allclose(difference[difference.index < TREATED_FROM], 0)


# Inference, by hand


def gaps(units: int) -> pd.DataFrame:
    """Placebos with ±0.1 before and n/10 after, n = 1, 2, …"""
    columns = {f"unit {n}": [0.1, -0.1, n / 10, n / 10] for n in range(1, units + 1)}
    return pd.DataFrame(columns, index=[2008, 2009, 2010, 2011])


def judged(after: list[float], units: int, statistic: placebo.Statistic) -> placebo.Judged:
    gap = pd.Series([0.1, -0.1, *after], index=[2008, 2009, 2010, 2011])
    return placebo.judged(gap, gaps(units), TREATED_FROM, statistic)


def test_rank_and_interval_by_hand():
    """20 placebos up to 2.0. An estimate of -3 ranks first of 21; effects within 2.0 of it would not be the most extreme."""
    found = judged([-3.0, -3.0], 20, placebo.size)
    assert found[:6] == pytest.approx((-3.0, -5.0, -1.0, 1, 20, 1 / 21))
    assert found.pre_rmse == pytest.approx(0.1)
    assert found.verdict == "effect"


def test_tie_counts_against_the_effect():
    found = judged([2.0, 2.0], 20, placebo.size)
    assert [found.placebo_rank, found.verdict] == [2, "no effect distinguishable"]


def test_with_forty_placebos_the_second_place_is_an_effect():
    """2/41 is below 5 %; the interval reaches to the second largest placebo, 3.9."""
    found = judged([3.95, 3.95], 40, placebo.size)
    assert found[:6] == pytest.approx((3.95, 0.05, 7.85, 2, 40, 2 / 41))
    assert found.verdict == "effect"


def test_interval_of_the_ratio_by_hand():
    """After 1 and 3: mean 2, variance 1. The largest ratio is 2.0/0.1 = 20, so errors up to 2 pass: 2 ± √(4 − 1)."""
    found = judged([1.0, 3.0], 20, placebo.fit_ratio)
    assert found[:4] == pytest.approx((2.0, 2 - np.sqrt(3), 2 + np.sqrt(3), 1))


def test_no_constant_effect_explains_what_comes_and_goes():
    """After -5 and 5: mean 0, error 5 > 2.0 whatever constant is taken off."""
    found = judged([-5.0, 5.0], 20, placebo.fit_ratio)
    assert [found.estimate, found.low, found.placebo_rank] == [0, None, 1]


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=2), st.integers(1, 45))
def test_verdict_and_interval_agree(after: list[float], units: int):
    found = judged(after, units, placebo.size)
    assert 1 <= found.placebo_rank <= units + 1
    if units >= placebo.FEWEST_DONORS and abs(abs(found.estimate) * 10 % 1) > 1e-6:
        assert (found.verdict == "effect") == (found.low > 0 or found.high < 0)


# Panels


def test_measures_by_hand():
    """CHN 200 kUSD and 10 t, DEU 300 kUSD and 60 t: 20 and 5 USD/kg, ratio 4, share 0.4."""
    trade = toy.trade([(2010, "CHN", "JPN", "250001", 200.0, 10.0), (2010, "DEU", "JPN", "250001", 300.0, 60.0)])
    china = export_panel(toy.flows(trade), toy.no_outliers(), ["250001"]).iloc[0]
    found = [china.unit_value, china.unit_value_ratio, china.tonnes, china.share]
    assert np.exp(found) == pytest.approx([20, 4, 10, 0.4])


def test_flow_without_mass_counts_for_the_share_alone():
    trade = toy.trade([(2010, "CHN", "JPN", "250001", 200.0, 10.0), (2010, "CHN", "USA", "250001", 50.0, None)])
    china = export_panel(toy.flows(trade), toy.no_outliers(), ["250001"]).iloc[0]
    assert np.exp(china.unit_value) == pytest.approx(20)
    assert china.usd == 250_000
    assert pd.isna(china.unit_value_ratio)


def test_established_is_a_share_and_a_sum():
    trade = toy.trade(
        [
            (2010, "CHN", "JPN", "250001", 1_000.0, 1.0),
            (2010, "DEU", "JPN", "250001", 999.0, 1.0),
            (2010, "USA", "JPN", "250001", 500_000.0, 1.0),
            (2010, "USA", "JPN", "250002", 1_000.0, 1.0),
        ]
    )
    found = established(export_panel(toy.flows(trade), toy.no_outliers(), ["250001", "250002"]), 2010, 2010)
    assert found.tolist() == [("USA", "250001"), ("USA", "250002")]


def test_rare_earths_are_never_comparators():
    assert comparators(goods(3), [], 2012).tolist() == ["material 00", "material 01", "material 02"]


# Ridges, and how much one rank can say


def test_a_large_ridge_evens_the_weights_and_a_small_one_fits():
    """One donor moves as the unit before and stays after, one is flat and falls by 1: the fit takes the first, the mean half."""
    years = [2008, 2009, 2010, 2011]
    series = pd.DataFrame({"unit": [-1, 1, 0, 0], "alike": [-1, 1, 0, 0], "flat": [0, 0, -1, -1]}, index=years, dtype="float64")
    after = [placebo.synthetic_control_gaps(series, "unit", TREATED_FROM, ridge)[2010] for ridge in (1e-6, 1e6)]
    assert after == pytest.approx([0.0, 0.5], abs=1e-3)


def test_least_share_and_outcomes_tested_by_hand():
    """Two outcomes of one act, one by two methods, among 25 donors: 1/26 at best, two outcomes; an untested act has none."""
    cells = {"event_id": "act", "donors": 25, "placebo_rank": 1, "outcome": "tonnes"}
    rows = [cells, cells, cells | {"outcome": "share"}, {"event_id": "other", "donors": 0, "outcome": "tonnes"}]
    found = with_multiplicity(rows)
    assert found["outcomes_tested"].tolist() == [2, 2, 2, 0]
    assert found["least_share"].tolist()[:3] == pytest.approx([1 / 26] * 3)
    assert pd.isna(found["least_share"].iloc[3])
