"""Single trade flows whose tonnes are not counted: implausible prices, and goods booked under a wrong code."""

from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.trade import EXACT


class Thresholds(NamedTuple):
    """When a flow is excluded. Our own, chosen on the rare-earth codes; docs/methods/flow_outliers.md shows what they catch."""

    fewest_flows: int = 8
    robust_z: float = 3.5
    z_share: float = 0.005
    floor_usd_per_kg: float = 0.5
    floor_share: float = 0.02
    # Coal, clay and gypsum cost less than the floor by nature: it holds only for goods whose median is ten times dearer.
    floor_least_median: float = 5.0


THRESHOLDS = Thresholds()
# Makes the median absolute deviation of normal data equal its standard deviation (Rousseeuw and Croux 1993).
NORMAL = 1.4826


def flow_outliers(trade_flows: ir.Table, misclassified_flows: pd.DataFrame) -> ir.Table:
    """Flows excluded from `quantity_clean` (columns of FlowOutliers).

    `misclassified` are those that the reviewed table says are other goods; they are no part of the statistics below, and stand
    beside the median of the others where there is one. Within a (year, hs6) of at least 8 flows that report a quantity, with
    u = USD/kg and z = (ln u - median) / (1.4826 MAD): `robust_z` where |z| > 3.5 and the flow is at least 0.5 % of the year's
    tonnes; else `below_floor` where u < 0.5 USD/kg and the flow is at least 2 % of the tonnes, for goods whose median unit value
    is 5 USD/kg or more. Without that limit the floor would exclude half of the world's coal, clay and phosphate, which cost less
    by nature. Where more than half of the flows have one price (MAD = 0) there is no z (it is given as 0).
    """
    t = THRESHOLDS
    weighed = trade.whole_years(trade_flows).filter(_.kg > 0)
    priced = weighed.filter(_.usd > 0).mutate(usd_per_kg=_.usd / _.kg).mutate(log=(_.usd / _.kg).ln())
    group = ["year", "hs6"]
    named = trade.memtable(misclassified_flows[["exporter", "importer", "hs6", "year_from", "year_to"]])
    flows = priced.anti_join(named, _named(priced, named))
    other_goods = priced.semi_join(named, _named(priced, named))
    centre = flows.group_by(group).agg(
        flows=_.count(), tonnes=_.kg.sum().cast(EXACT), median_usd_per_kg=_.usd_per_kg.median(), centre=_.log.median()
    )
    enough = centre.filter(_.flows >= t.fewest_flows)
    spread = flows.inner_join(enough, group).mutate(off=_.log - _.centre).group_by(group).agg(mad=_.off.abs().median())
    # Few flows are large enough: only for them the rest is computed.
    flows = flows.inner_join(enough, group).mutate(share_of_quantity=_.kg / _.tonnes.cast("float64"))
    flows = flows.filter(_.share_of_quantity >= min(t.z_share, t.floor_share)).inner_join(spread, group)
    # Rounded, for the last digits of a logarithm differ between processors.
    flows = flows.mutate(robust_z=ibis.ifelse(_.mad > 0, (_.log - _.centre) / (NORMAL * _.mad), 0).round(6))
    far = (flows.robust_z.abs() > t.robust_z) & (flows.share_of_quantity >= t.z_share)
    cheap = (flows.usd_per_kg < t.floor_usd_per_kg) & (flows.share_of_quantity >= t.floor_share)
    cheap &= flows.median_usd_per_kg >= t.floor_least_median
    implausible = flows.filter(far | cheap).mutate(reason=ibis.ifelse(far, "robust_z", "below_floor"))
    of_codes = weighed.filter(_.hs6.isin(misclassified_flows["hs6"].unique().tolist()))
    everything = of_codes.group_by(group).agg(whole=_.kg.sum().cast(EXACT))
    misclassified = other_goods.left_join(centre.select(*group, "median_usd_per_kg"), group).drop("year_right", "hs6_right")
    misclassified = misclassified.inner_join(everything, group).mutate(
        robust_z=ibis.null("float64"), share_of_quantity=_.kg / _.whole.cast("float64"), reason=ibis.literal("misclassified")
    )
    return ibis.union(_columns(implausible), _columns(misclassified))


def _named(flows: ir.Table, misclassified_flows: ir.Table) -> list[ir.BooleanValue]:
    """When a row of the reviewed table names a flow."""
    of = misclassified_flows
    importer = of.importer.isin(["WLD"]) | (of.importer == flows.importer)
    return [flows.exporter == of.exporter, flows.hs6 == of.hs6, flows.year >= of.year_from, flows.year <= of.year_to, importer]


def _columns(flows: ir.Table) -> ir.Table:
    return flows.select(
        "year", "exporter", "importer", "hs6",
        value_kusd=_.usd / 1000,
        quantity_t=_.kg / 1000,
        usd_per_kg=_.usd_per_kg,
        median_usd_per_kg=_.median_usd_per_kg,
        robust_z=_.robust_z,
        share_of_quantity=_.share_of_quantity,
        reason=_.reason,
    )  # fmt: skip
