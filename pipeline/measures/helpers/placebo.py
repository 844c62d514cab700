"""One treated unit against many that were not: triple difference, synthetic control, and inference by placebo.

Both methods give gaps: for each unit, as if it had been treated, its difference from the counterfactual given by the others, by
year, as a deviation from its mean before the treatment.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

# Significance level: the largest share of units at least as extreme at which an effect is found.
LEVEL = 0.05
# With fewer even the first rank is not below LEVEL: 1/20 is not, 1/21 is.
FEWEST_DONORS = 20
# A comparison that misses by a fifth in an ordinary year before the treatment cannot tell an effect of that size after it.
MOST_PRE_RMSE = 0.2
# Makes the weights unique where several fit as well: even weights are preferred where they cost less than 0.1 in one year.
RIDGE = 0.01
# Ridges between which the estimate is published as a range: from one that hardly counts to ten times the usual one.
RIDGES = (0.0001, 0.001, RIDGE, 0.1)
# How much more the weights' sum of one counts than the fit; after it they are divided by their sum.
SUM_TO_ONE = 1e4
# A fit closer than a twentieth is chance: yearly values are not known that well. Without a least error the ratio of a placebo
# that happens to be fitted closely has no bound.
LEAST_PRE_RMSE = 0.05
LOG_DIGITS = 9

Statistic = Callable[["pd.Series[float]", "pd.Series[float]"], float]


class Judged(NamedTuple):
    """An estimate among its placebos; in log points."""

    estimate: float
    low: float | None
    high: float | None
    placebo_rank: int | None
    donors: int
    placebo_share: float | None
    pre_rmse: float
    verdict: str
    reason: str | None


def triple_difference(panel: pd.DataFrame, treated: pd.MultiIndex, first_treated: int) -> float:
    """Effect on the treated exporter-products by least squares with exporter-product, exporter-year and product-year effects.

    `panel` has years in columns and exporter and hs6 in rows, no gap. Gruber (1994); estimated by pyfixest.
    """
    import pyfixest

    long = pd.Series(panel.stack(), name="outcome").reset_index()
    pairs = pd.MultiIndex.from_frame(long[["exporter", "hs6"]])
    long["treated"] = (pairs.isin(treated) & (long["year"] >= first_treated)).astype("float64")
    formula = "outcome ~ treated | exporter^hs6 + exporter^year + hs6^year"
    return float(pyfixest.feols(formula, long, vcov="iid", fixef_rm="none").coef()["treated"])


def triple_difference_gaps(panel: pd.DataFrame, treated: pd.DataFrame, first_treated: int) -> pd.DataFrame:
    """The same difference year by year, for each column of `treated` (one 0/1 column a unit, rows as in `panel`).

    As no exporter-product lacks a year, the three effects separate (Frisch and Waugh 1933): within a year exporters' and
    products' means are taken out of outcome and treatment once, for all units. A unit that those means absorb, such as
    the only exporter of a good, has no column in the result.
    """
    exporters, goods = (
        pd.get_dummies(panel.index.get_level_values(level), dtype="float64").to_numpy() for level in ("exporter", "hs6")
    )
    units = treated.to_numpy(dtype="float64")
    # Exporters' means first, so that only a row and column a product is left to invert.
    outcome, left, goods = (
        values - exporters @ ((exporters.T @ values) / exporters.sum(axis=0)[:, None])
        for values in (panel.to_numpy(), units, goods)
    )
    inverse = np.linalg.pinv(goods.T @ goods, rcond=1e-10, hermitian=True)
    outcome, left = (values - goods @ (inverse @ (goods.T @ values)) for values in (outcome, left))
    weight = (units * left).sum(axis=0)
    estimable = weight > 1e-9
    gaps = (outcome.T @ units[:, estimable]) / weight[estimable]
    return _from_mean_before(pd.DataFrame(gaps, index=panel.columns, columns=treated.columns[estimable]), first_treated)


def synthetic_control_gaps(series: pd.DataFrame, unit: str, first_treated: int, ridge: float = RIDGE) -> "pd.Series[float]":
    """The unit's series minus its synthetic control, weights from the years before the treatment.

    `series` has years in rows and units in columns. Weights are non-negative and sum to one (Abadie, Diamond and Hainmueller
    2010, outcomes only), on deviations from each unit's mean before, for levels of different goods do not compare
    (Doudchenko and Imbens 2016; Ferman and Pinto 2019).
    """
    from scipy.optimize import nnls

    off = _from_mean_before(series, first_treated)
    others = off.drop(columns=unit)
    before = others.index < first_treated
    count = others.shape[1]
    rows = np.vstack([others[before].to_numpy(), np.sqrt(ridge) * np.eye(count), np.full((1, count), SUM_TO_ONE)])
    target = np.concatenate([off.loc[before, unit].to_numpy(), np.zeros(count), [SUM_TO_ONE]])
    weights, _distance = nnls(rows, target)
    return off[unit] - others @ (weights / weights.sum())


def _from_mean_before(series: pd.DataFrame, first_treated: int) -> pd.DataFrame:
    return series - series[series.index < first_treated].mean()


def size(before: "pd.Series[float]", after: "pd.Series[float]") -> float:
    """Statistic of the triple difference: the mean gap after, whatever its sign."""
    return abs(float(after.mean()))


def fit_ratio(before: "pd.Series[float]", after: "pd.Series[float]") -> float:
    """Statistic of the synthetic control: error after over error before (Abadie, Diamond and Hainmueller 2010)."""
    return root_mean_square(after) / max(root_mean_square(before), LEAST_PRE_RMSE)


def root_mean_square(gaps: "pd.Series[float]") -> float:
    return float(np.sqrt((gaps**2).mean()))


def judged(gap: "pd.Series[float]", placebos: pd.DataFrame, first_treated: int, statistic: Statistic) -> Judged:
    """The treated unit's gap (by year) among the placebos' (years × units).

    The rank is of the statistic, ties counted against the effect. low and high are the ends of the constant effects that, taken
    off the gap, would not be among the LEVEL most extreme (Firpo and Possebom 2018): null with too few donors, or where no
    constant effect would do.
    """
    before, after = gap[gap.index < first_treated], gap[gap.index >= first_treated]
    early, late = placebos[placebos.index < first_treated], placebos[placebos.index >= first_treated]
    others = sorted((round(statistic(early[u], late[u]), LOG_DIGITS) for u in placebos.columns), reverse=True)
    estimate, pre_rmse, donors = float(after.mean()), root_mean_square(before), len(others)
    rank = 1 + sum(other >= round(statistic(before, after), LOG_DIGITS) for other in others)
    share = rank / (donors + 1)
    reason = None
    if donors < FEWEST_DONORS:
        reason = f"{donors} donors; a verdict needs {FEWEST_DONORS}"
    elif pre_rmse > MOST_PRE_RMSE:
        reason = f"poor fit before: the comparison misses by {pre_rmse:.2f} log points, more than {MOST_PRE_RMSE}"
    verdict = "effect" if share <= LEVEL else "no effect distinguishable"
    half = _half_width(others, before, after, statistic)
    return Judged(
        estimate=estimate,
        low=None if half is None else estimate - half,
        high=None if half is None else estimate + half,
        placebo_rank=rank if donors else None,
        donors=donors,
        placebo_share=share if donors else None,
        pre_rmse=pre_rmse,
        verdict="cannot tell" if reason else verdict,
        reason=reason,
    )


def _half_width(others: list[float], before: "pd.Series[float]", after: "pd.Series[float]", statistic: Statistic) -> float | None:
    """Largest distance from the estimate of a constant effect that is not rejected."""
    if len(others) < FEWEST_DONORS:
        return None
    # An effect is rejected where fewer than this many units, the treated one among them, are as extreme.
    most = others[int(LEVEL * (len(others) + 1)) - 1]
    if statistic is size:
        return most
    rest = (most * max(root_mean_square(before), LEAST_PRE_RMSE)) ** 2 - float(after.var(ddof=0))
    return float(np.sqrt(rest)) if rest >= 0 else None
