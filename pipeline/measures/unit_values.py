"""Unit values of exports: China, the rest and the world."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, by_exporter, flows_of, in_words, outliers_of
from pipeline.measures.helpers.trade import EXACT


def unit_values(trade_flows: ir.Table, flow_outliers: pd.DataFrame) -> ir.Table:
    """USD/kg of exports by year, code, exporter group and basis (columns of UnitValues).

    Value over mass of the flows that report a mass; the others are counted. No row where none does. China is CHN alone, without
    Hong Kong, Macao and Taiwan. The ratio of China to the rest is confounded by mix: one code holds cheap and dear elements.
    """
    keys = ["year", "hs6", "exporter_group"]
    by_exporter = (
        trade.whole_years(trade_flows)
        .group_by("year", "hs6", "exporter")
        .agg(
            usd=_.usd.sum(where=_.kg.notnull()).cast(EXACT),
            kg=_.kg.sum().cast(EXACT),
            flows=_.kg.count(),
            flows_without_quantity=_.count() - _.kg.count(),
        )
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
