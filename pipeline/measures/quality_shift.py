"""From quantity to quality: prices, stages and what stays at home, side by side and never one number."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Select, Tables, selected, where_equal
from pipeline.measures.helpers.trade import EXACT
from pipeline.schemas import table as t
from pipeline.schemas.quality_shift import QualityShift
from pipeline.schemas.table import GROUPS

# Concentrate booked as metal: Mount Weld's to its owner's plant in Malaysia, at 2 to 5 USD/kg where metal costs 40 and more.
CONCENTRATE = ("AUS", "MYS", "280530")


def quality_shift(
    trade_flows: ir.Table, flow_outliers: pd.DataFrame, products: pd.DataFrame, unit_values: pd.DataFrame, quota_use: pd.DataFrame
) -> pd.DataFrame:
    """China's exports by group, their prices against the rest's, and the share of output kept, by year (QualityShift).

    Ratios: value over mass of all codes of a group together, China's over the rest's, basis quantity_clean; without feed the
    rest is what it sends to others than China, and without CONCENTRATE. Values: China's
    exports of a group, whole years; of magnets also years of coverage top6, for these hold China's to five digits (method
    page). Home share = 1 - exports of compounds and metals / output of mines, both in oxide, from quota_use.
    Raises NotWhole where a year and code is held more than once.
    """
    groups = _groups(products)
    table = _values(trade_flows, groups).join(_home(quota_use), how="outer")
    for sums, name in (
        (_sums(unit_values, groups), "unit_value_ratio_mix_confounded"),
        (_without_feed(trade_flows, flow_outliers, groups), "unit_value_ratio_without_feed_mix_confounded"),
    ):
        table = table.join(_ratios(sums).add_suffix(f"_{name}"), how="outer")
    compounds, metals, magnets = (table[f"{group}_value"] for group in GROUPS)
    table["metals_share_of_value"] = metals / (compounds + metals)
    table["downstream_share_of_value"] = (metals + magnets) / (compounds + metals + magnets)
    table["magnets_share_of_value"] = magnets / (compounds + metals + magnets)
    measured = table.drop(columns=["home_share_basis", "magnets_coverage", "magnets_nomenclature"]).notna().any(axis=1)
    return t.frame(QualityShift, table[measured].rename_axis("year").reset_index())


def _groups(products: pd.DataFrame) -> "pd.Series[str]":
    """Group by code."""
    return products.dropna(subset=["group"]).drop_duplicates(["hs6", "group"]).set_index("hs6")["group"]


def _values(trade_flows: ir.Table, groups: "pd.Series[str]") -> pd.DataFrame:
    """Index year: thousand dollars by group, and how the magnets are held."""
    flows = trade_flows.filter(trade_flows.hs6.isin(groups.index.tolist()))
    trade.refuse_twice_held(flows)
    usd = trade.whole_units(_.value_kusd)
    sums = flows.filter(_.exporter == "CHN").group_by("year", "hs6", "coverage", "nomenclature").agg(usd=usd.sum().cast(EXACT))
    frame = sums.mutate(usd=_.usd.cast("float64")).to_pyarrow().to_pandas()
    frame = frame.assign(group=frame["hs6"].map(groups), value=frame["usd"] / 1000)
    cut = frame.assign(cut=frame["coverage"] != "whole").groupby(["year", "group"])["cut"].any().unstack().reindex(columns=GROUPS)
    values = frame.groupby(["year", "group"])["value"].sum().unstack().reindex(columns=GROUPS)
    values = values.mask(cut.eq(True).assign(magnets=False))
    held = frame[frame["group"] == "magnets"].drop_duplicates("year").set_index("year")
    return values.add_suffix("_value").assign(magnets_coverage=held["coverage"], magnets_nomenclature=held["nomenclature"])


def _sums(unit_values: pd.DataFrame, groups: "pd.Series[str]") -> pd.DataFrame:
    """Value and mass by year, group and side (CHN, rest) of all flows with a mass but flow_outliers."""
    rows = _of_sides(unit_values)
    rows = rows.assign(group=rows["hs6"].map(groups)).dropna(subset=["group"]).rename(columns={"exporter_group": "side"})
    return rows.groupby(["year", "group", "side"])[["value_kusd", "quantity_t"]].sum()


def _of_sides(unit_values: pd.DataFrame) -> pd.DataFrame:
    return unit_values[(unit_values["basis"] == "quantity_clean") & unit_values["exporter_group"].isin(["CHN", "rest"])]


def _without_feed(trade_flows: ir.Table, flow_outliers: pd.DataFrame, groups: "pd.Series[str]") -> pd.DataFrame:
    """The same, of the rest only what goes to others than China and is no concentrate."""
    flows = trade.whole_years(trade_flows.filter(trade_flows.hs6.isin(groups.index.tolist())))
    clean = trade.with_clean_kg(flows, flow_outliers).filter(_.clean_kg.notnull())
    exporter, importer, code = CONCENTRATE
    concentrate = (_.exporter == exporter) & (_.importer == importer) & (_.hs6 == code)
    kept = clean.filter((_.importer != "CHN") | (_.exporter == "CHN"), ~concentrate)
    sides = kept.mutate(side=ibis.ifelse(_.exporter == "CHN", "CHN", "rest")).group_by("year", "hs6", "side")
    sums = sides.agg(usd=_.usd.sum().cast(EXACT), kg=_.kg.sum().cast(EXACT)).cast({"usd": "float64", "kg": "float64"})
    frame = sums.to_pyarrow().to_pandas()
    frame = frame.assign(group=frame["hs6"].map(groups), value_kusd=frame["usd"] / 1000, quantity_t=frame["kg"] / 1000)
    return frame.sort_values("hs6").groupby(["year", "group", "side"])[["value_kusd", "quantity_t"]].sum()


def _ratios(sums: pd.DataFrame) -> pd.DataFrame:
    """Index year, a column a group: China's unit value over the rest's."""
    unit = (sums["value_kusd"] / sums["quantity_t"]).unstack().reindex(columns=["CHN", "rest"])
    return (unit["CHN"] / unit["rest"]).unstack().reindex(columns=GROUPS)


def _mined(quota_use: pd.DataFrame) -> pd.DataFrame:
    """The rows of mining with an output and exports."""
    return quota_use[(quota_use["stage"] == "mining") & quota_use["reported_output"].notna() & quota_use["exports_reo"].notna()]


def _home(quota_use: pd.DataFrame) -> pd.DataFrame:
    """Index year: what is not exported as compounds or metals, of the output of mines."""
    mined = _mined(quota_use).set_index("year")
    source = mined["output_is_quota"].map({True: "the mining quota, taken for output by ", False: "output of mines by "})
    return pd.DataFrame(
        {
            "home_share_low": 1 - mined["exports_reo_high"] / mined["reported_output_low"],
            "home_share": 1 - mined["exports_reo"] / mined["reported_output"],
            "home_share_high": 1 - mined["exports_reo_low"] / mined["reported_output_high"],
            "home_share_basis": source.astype("str").str.cat(mined["output_publishers"]),
        }
    )


def _flows(row: Key, tables: Tables) -> InputRows:
    """Every flow of the groups, for prices are compared with the rest's; China's exports first."""
    codes = sorted(_groups(tables.load_table("products")).index)
    rows = where_equal(tables.scan_table("trade_flows"), {"year": row["year"]}).filter(_.hs6.isin(codes)).to_pandas()
    rows = rows.assign(others=rows["exporter"] != "CHN").sort_values(["others", "hs6", "exporter", "importer"])
    return f"rows of year {row['year']}, hs6 {', '.join(codes)}, China's exports first", rows.drop(columns="others")


def _of_groups(input_name: str, select: Select) -> Rule:
    def rule(row: Key, tables: Tables) -> InputRows:
        codes = _groups(tables.load_table("products")).index
        return selected(input_name, lambda rows: select(rows[rows["hs6"].isin(codes)]), ["year"])(row, tables)

    return rule


LINEAGE: dict[tuple[str, str], Rule] = {
    ("quality_shift", "trade_flows"): _flows,
    ("quality_shift", "flow_outliers"): _of_groups("flow_outliers", lambda outliers: outliers),
    ("quality_shift", "unit_values"): _of_groups("unit_values", _of_sides),
    ("quality_shift", "quota_use"): selected("quota_use", _mined, ["year"]),
}
