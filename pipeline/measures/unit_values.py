"""Unit values of exports, and the single flows whose price is absurd."""

from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, by_exporter, flows_of, in_words, outliers_of
from pipeline.measures.helpers.trade import EXACT


class Thresholds(NamedTuple):
    """When a flow is set aside. Ours, chosen on the rare-earth codes; docs/methods/unit-values.md shows what they catch."""

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


def flow_outliers(trade_flows: ir.Table) -> ir.Table:
    """Flows set aside in `quantity_clean` (columns of FlowOutliers).

    Within a (year, hs6) of at least 8 flows that report a quantity, with u = USD/kg and z = (ln u - median) / (1.4826 MAD):
    `robust_z` where |z| > 3.5 and the flow is at least 0.5 % of the year's tonnes; else `below_floor` where u < 0.5 USD/kg
    and the flow is at least 2 % of the tonnes, for goods whose median unit value is 5 USD/kg or more. Without that limit the
    floor would set aside half of the world's coal, clay and phosphate, which cost less by nature. Where more than half of the
    flows have one price (MAD = 0) there is no z (it is given as 0).
    """
    t = THRESHOLDS
    flows = trade.whole_years(trade_flows).filter(_.kg > 0, _.usd > 0)
    flows = flows.mutate(usd_per_kg=_.usd / _.kg).mutate(log=_.usd_per_kg.ln())
    group = ["year", "hs6"]
    centre = flows.group_by(group).agg(
        flows=_.count(), tonnes=_.kg.sum().cast(EXACT), median_usd_per_kg=_.usd_per_kg.median(), centre=_.log.median()
    )
    flows = flows.inner_join(centre.filter(_.flows >= t.fewest_flows), group).mutate(off=_.log - _.centre)
    spread = flows.group_by(group).agg(mad=_.off.abs().median())
    flows = flows.inner_join(spread, group).mutate(
        # Rounded, for the last digits of a logarithm differ between processors.
        robust_z=ibis.ifelse(_.mad > 0, _.off / (NORMAL * _.mad), 0.0).round(6),
        share_of_quantity=_.kg / _.tonnes.cast("float64"),
    )
    far = (flows.robust_z.abs() > t.robust_z) & (flows.share_of_quantity >= t.z_share)
    cheap = (flows.usd_per_kg < t.floor_usd_per_kg) & (flows.share_of_quantity >= t.floor_share)
    cheap &= flows.median_usd_per_kg >= t.floor_least_median
    return flows.filter(far | cheap).select(
        "year", "exporter", "importer", "hs6",
        value_kusd=_.usd / 1000,
        quantity_t=_.kg / 1000,
        usd_per_kg=_.usd_per_kg,
        median_usd_per_kg=_.median_usd_per_kg,
        robust_z=_.robust_z,
        share_of_quantity=_.share_of_quantity,
        reason=ibis.ifelse(far, "robust_z", "below_floor"),
    )  # fmt: skip


def unit_values(trade_flows: ir.Table, flow_outliers: pd.DataFrame) -> ir.Table:
    """USD/kg of exports by year, code, exporter group and basis (columns of UnitValues).

    Value over mass of the flows that report a mass; the others are counted. No row where none does. China is CHN alone, without
    Hong Kong, Macao and Taiwan. The ratio of China to the rest is confounded by mix: one code holds cheap and dear elements.
    """
    keys = ["year", "hs6", "exporter_group"]
    flows = trade.whole_years(trade_flows).mutate(weighed=_.kg.notnull())
    by_exporter = flows.group_by("year", "hs6", "exporter").agg(
        usd=_.usd.sum(where=_.weighed).cast(EXACT),
        kg=_.kg.sum().cast(EXACT),
        flows=_.weighed.sum(),
        flows_without_quantity=(~_.weighed).sum(),
    )
    outlying = trade.outlying(flow_outliers, ["year", "hs6", "exporter"])
    by_exporter = by_exporter.left_join(outlying, ["year", "hs6", "exporter"])
    clean = by_exporter.mutate(
        usd=_.usd - _.outlying_usd.fill_null(0),
        kg=_.kg - _.outlying_kg.fill_null(0),
        flows=_.flows - _.outlying_flows.fill_null(0),
    )
    of_basis = ibis.union(by_exporter.mutate(basis=ibis.literal("quantity")), clean.mutate(basis=ibis.literal("quantity_clean")))
    grouped = ibis.union(
        of_basis.mutate(exporter_group=ibis.ifelse(_.exporter == "CHN", "CHN", "rest")),
        of_basis.mutate(exporter_group=ibis.literal("world")),
    )
    sums = grouped.group_by([*keys, "basis"]).agg(
        usd=_.usd.sum().cast(EXACT),
        kg=_.kg.sum().cast(EXACT),
        flows=_.flows.sum(),
        flows_without_quantity=_.flows_without_quantity.sum(),
    )
    values = sums.filter(_.kg > 0).mutate(usd_per_kg=_.usd.cast("float64") / _.kg.cast("float64"))
    ratio = values.group_by("year", "hs6", "basis").agg(
        china=_.usd_per_kg.max(where=_.exporter_group == "CHN"), rest=_.usd_per_kg.max(where=_.exporter_group == "rest")
    )
    return values.inner_join(ratio, ["year", "hs6", "basis"]).select(
        *keys, "basis",
        value_kusd=_.usd.cast("float64") / 1000,
        quantity_t=_.kg.cast("float64") / 1000,
        usd_per_kg=_.usd_per_kg,
        flows=_.flows.cast("int64"),
        flows_without_quantity=_.flows_without_quantity.cast("int64"),
        ratio_china_to_rest_mix_confounded=_.china / _.rest.nullif(0),
    )  # fmt: skip


def _group_outliers(row: Key, tables: Tables) -> InputRows:
    outliers, group = outliers_of(row, tables), row["exporter_group"]
    if group != "world":
        outliers = outliers[(outliers["exporter"] == "CHN") == (group == "CHN")]
    return in_words({"year": row["year"], "hs6": row["hs6"]}) + f" of exporters {group}", outliers


def _group_of_exporters(row: Key, tables: Tables) -> InputRows:
    flows, group = flows_of(row, tables), row["exporter_group"]
    if group != "world":
        flows = flows.filter((_.exporter == "CHN") == (group == "CHN"))
    _which, outliers = _group_outliers(row, tables)
    words = in_words({"year": row["year"], "hs6": row["hs6"]}) + f" of exporters {group}, summed by exporter, the largest first"
    return words, by_exporter(flows, outliers, row["basis"])


LINEAGE: dict[tuple[str, str], Rule] = {
    ("unit_values", "trade_flows"): _group_of_exporters,
    ("unit_values", "flow_outliers"): _group_outliers,
}
