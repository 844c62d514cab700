"""One figure for a trade that two sides report: how much BACI trusts each side, learnt from a year that BACI has published.

BACI weighs the two reports by the reliability of the exporter and of the importer as reporters, the same for all goods. With
value b between the exporter's x and the importer's m, b = w x + (1 - w) m and logit w = a(exporter) - c(importer).
Source: Gaulier and Zignago (2010), BACI, CEPII working paper 2010-23.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import lsqr

from pipeline.errors import ReoError

Vector = npt.NDArray[np.floating[Any]]
FLOW = ["year", "exporter", "importer", "hs6"]
SIDES = ("exporter", "importer", "reconciled")
# Reports that differ by less say nothing of the weight; a difference beyond a factor of e says no more than one of it.
ALIKE, MOST = 0.02, 1.0
# Figures outside the two reports by more than this part of their difference come from others than these two.
OUTSIDE = 0.05
# Weights of 0 and 1 have no logit.
EDGE = 0.005
STEPS, SMALLEST, RIDGE = 15, 0.05, 0.1
# Part of the learning year's errors within the intervals: more than the 90 % aimed at, since years differ.
WITHIN = 0.95
# The exporters of a good whose shares are compared: the largest by either figure.
LARGEST = 6


class NothingToLearnFrom(ReoError):
    """No year has both sides' reports and BACI's figures."""


@dataclass(frozen=True)
class Weights:
    """What one year teaches: a by exporter, c by importer, and the half-widths of the intervals.

    `two_sided` is in parts of the difference of the two reports, `one_sided` in parts of the value, `share` in parts of how far
    a share could move if every difference went against it.
    """

    year: int
    exporter: "pd.Series[float]"
    importer: "pd.Series[float]"
    two_sided: float = 0.0
    one_sided: float = 0.0
    share: float = 0.0


def by_flow(trade_reports: pd.DataFrame) -> pd.DataFrame:
    """One row a flow with columns exporter_kusd, importer_kusd and reconciled_kusd, null where there is none."""
    wide = trade_reports.pivot(index=FLOW, columns="reported_by", values="value_kusd").reindex(columns=list(SIDES))
    return wide.rename(columns={side: f"{side}_kusd" for side in SIDES}).reset_index().rename_axis(columns=None)


def years_to_learn_from(flows: pd.DataFrame) -> list[int]:
    """Years of which both sides' reports and BACI's figures are held."""
    known = flows.groupby("year")[[f"{side}_kusd" for side in SIDES]].count()
    return [int(year) for year in known.index[(known > 0).all(axis=1)]]


def nearest_other_year(flows: pd.DataFrame, year: int) -> int:
    """The year to learn from for `year`, the later of two. Raises NothingToLearnFrom."""
    others = [other for other in years_to_learn_from(flows) if other != year]
    if not others:
        raise NothingToLearnFrom(
            f"no year but {year} has both sides' reports and BACI's figures",
            "add another year's reports and BACI's figures to trade_reports",
        )
    return min(others, key=lambda other: (abs(other - year), -other))


def learn(flows: pd.DataFrame) -> Weights:
    """Weights and intervals from the flows of one year that BACI has published. Raises NothingToLearnFrom."""
    weights = fitted(flows)
    made = reconciled(flows, weights)
    error = (made["reconciled_kusd"].fillna(0.0) - made["value_kusd"]).abs()
    gap = differences(made)
    two_sided = _within((error / gap)[gap > 0])
    one_sided = _within((error / made["value_kusd"])[_one_sided(made)])
    known = shares(made)
    known = known[among_largest(known)]
    moved = (known["share"] - known["baci_share"]).abs() / known["reach"]
    return Weights(weights.year, weights.exporter, weights.importer, two_sided, one_sided, _within(moved[known["reach"] > 0]))


def fitted(flows: pd.DataFrame) -> Weights:
    """a and c by least absolute errors of the logit, each flow counting by how much its reports differ."""
    x, m, b = (flows[f"{side}_kusd"] for side in SIDES)
    differ = pd.Series(np.log(x / m), index=flows.index).abs()
    weight = (b - m) / (x - m)
    telling = (differ > ALIKE) & weight.between(-OUTSIDE, 1 + OUTSIDE)
    if not telling.any():
        raise NothingToLearnFrom("no flow has two differing reports and BACI's figure between them", "add a year that has")
    rows = flows[telling]
    inner = weight[telling].clip(EDGE, 1 - EDGE).to_numpy()
    logit, counts = np.log(inner / (1 - inner)), differ[telling].clip(upper=MOST).to_numpy(dtype="float64")
    names = sorted({*rows["exporter"], *rows["importer"]})
    sides = [pd.Categorical(rows[side], categories=names).codes.astype("int64") for side in ("exporter", "importer")]
    number = np.arange(len(rows))
    ones = np.ones(len(rows))
    design = sparse.csr_matrix(
        (np.concatenate([ones, -ones]), (np.concatenate([number, number]), np.concatenate([sides[0], sides[1] + len(names)]))),
        shape=(len(rows), 2 * len(names)),
    )
    found = _least_absolute(design, logit, counts)
    exporter, importer = (pd.Series(part, index=names) for part in np.split(found, 2))
    return Weights(int(rows["year"].iloc[0]), exporter, importer)


def _least_absolute(design: sparse.csr_matrix, target: Vector, counts: Vector) -> Vector:
    """Least weighted absolute errors by least squares weighted anew; a slight ridge fixes the common constant."""
    ridge = RIDGE * sparse.eye(design.shape[1])
    nothing = np.zeros(design.shape[1])
    weight, found = counts, nothing
    for _ in range(STEPS):
        root = np.sqrt(weight)
        stacked = sparse.vstack([sparse.diags(root) @ design, ridge]).tocsr()
        found = lsqr(stacked, np.concatenate([root * target, nothing]), iter_lim=300)[0]
        weight = counts / np.maximum(np.abs(target - design @ found), SMALLEST)
    return found


def reconciled(flows: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """Flows with exporter_weight, value_kusd, and its low and high; a flow that one side reports as it reports it.

    A country of which the learning year says nothing counts 0, to which the ridge draws all. Low and high stay within the two
    reports, widened by what one-sided flows differ.
    """
    x, m = flows["exporter_kusd"], flows["importer_kusd"]
    a = flows["exporter"].map(weights.exporter).fillna(0.0)
    c = flows["importer"].map(weights.importer).fillna(0.0)
    weight = pd.Series(1 / (1 + np.exp(c - a)), index=flows.index)
    value = (weight * x + (1 - weight) * m).fillna(x).fillna(m)
    around = weights.two_sided * differences(flows)
    least, most = flows[["exporter_kusd", "importer_kusd"]].min(axis=1), flows[["exporter_kusd", "importer_kusd"]].max(axis=1)
    low = np.maximum(value - around, least) * max(1 - weights.one_sided, 0.0)
    high = np.minimum(value + around, most) * (1 + weights.one_sided)
    found = flows.assign(exporter_weight=weight.where(~_one_sided(flows)), value_kusd=value)
    return found.assign(value_kusd_low=np.minimum(low, value), value_kusd_high=np.maximum(high, value))


def reported(flows: pd.DataFrame) -> "pd.Series[bool]":
    return flows["exporter_kusd"].notna() | flows["importer_kusd"].notna()


def differences(flows: pd.DataFrame) -> "pd.Series[float]":
    """How far the two reports differ, thousand USD; 0 where there is one."""
    return (flows["exporter_kusd"] - flows["importer_kusd"]).abs().fillna(0.0)


def _one_sided(flows: pd.DataFrame) -> "pd.Series[bool]":
    return flows["exporter_kusd"].isna() | flows["importer_kusd"].isna()


def _within(errors: "pd.Series[float]") -> float:
    return float(errors.quantile(WITHIN)) if len(errors) else 0.0


def shares(made: pd.DataFrame) -> pd.DataFrame:
    """Exporters' shares of each good's trade in one year: value_kusd, share, reach, and baci_share, null where BACI has no year.

    `reach` is how far the share would move, to the first order, if every difference between reports went against it.
    """
    each = made.assign(gap=differences(made)).groupby(["hs6", "exporter"])[["value_kusd", "gap", "reconciled_kusd"]].sum()
    total = each.groupby("hs6").transform("sum")
    share = each["value_kusd"] / total["value_kusd"]
    reach = (each["gap"] * (1 - share) + share * (total["gap"] - each["gap"])) / total["value_kusd"]
    known = each["reconciled_kusd"] / total["reconciled_kusd"].where(total["reconciled_kusd"] > 0)
    return each[["value_kusd"]].assign(share=share, reach=reach, baci_share=known).reset_index()


def among_largest(known: pd.DataFrame) -> "pd.Series[bool]":
    """Of `shares`, the LARGEST exporters of each good by either figure."""
    ranks = known.groupby("hs6")[["share", "baci_share"]].rank(ascending=False, method="first")
    return (ranks <= LARGEST).any(axis=1)


def coverage(flows: pd.DataFrame, reporters: set[str]) -> "pd.Series[float]":
    """By good, the part of a year's sides that these reporters would give: of BACI's value, half for each side that reports."""
    sides = flows["exporter"].isin(reporters).astype("float64") + flows["importer"].isin(reporters)
    value = flows["reconciled_kusd"].fillna(0.0)
    return (value * sides / 2).groupby(flows["hs6"]).sum() / value.groupby(flows["hs6"]).sum()


def reporters(flows: pd.DataFrame) -> set[str]:
    """The countries that report anything."""
    return {*flows["exporter"][flows["exporter_kusd"].notna()], *flows["importer"][flows["importer_kusd"].notna()]}
