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

# Groups whose tonnes are of one kind of goods: those of HS 850511 hold other magnets too.
WEIGHED = ["compounds", "metals"]


def quality_shift(
    trade_flows: ir.Table,
    flow_outliers: pd.DataFrame,
    products: pd.DataFrame,
    unit_values: pd.DataFrame,
    quota_use: pd.DataFrame,
    rare_earth_magnets: pd.DataFrame,
) -> pd.DataFrame:
    """China's exports by group, their prices against the rest's, and the share of output kept, by year (QualityShift).

    Ratios: value over mass of all codes of a group together, China's over the rest's, basis quantity_clean; without feed the
    rest is what it sends to others than China. Values: China's exports of a group, whole years; of magnets (HS 850511, all
    permanent magnets of metal) also years of coverage top6, for these hold China's to five digits (method page). Rare-earth
    magnets: China's own published line. Home share = 1 - exports of compounds and metals / output of mines, both in oxide, from
    quota_use, in years in which output is published and is not the quota.
    Raises NotWhole where a year and code is held more than once.
    """
    groups = _groups(products)
    table = _values(trade_flows, groups).join(_home(quota_use), how="outer").join(_published(rare_earth_magnets), how="outer")
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
    """The same, of the rest only what goes to others than China."""
    flows = trade.whole_years(trade_flows.filter(trade_flows.hs6.isin(groups.index.tolist())))
    clean = trade.with_clean_kg(flows, flow_outliers).filter(_.clean_kg.notnull())
    kept = clean.filter((_.importer != "CHN") | (_.exporter == "CHN"))
    sides = kept.mutate(side=ibis.ifelse(_.exporter == "CHN", "CHN", "rest")).group_by("year", "hs6", "side")
    sums = sides.agg(usd=_.usd.sum().cast(EXACT), kg=_.kg.sum().cast(EXACT)).cast({"usd": "float64", "kg": "float64"})
    frame = sums.to_pyarrow().to_pandas()
    frame = frame.assign(group=frame["hs6"].map(groups), value_kusd=frame["usd"] / 1000, quantity_t=frame["kg"] / 1000)
    return frame.sort_values("hs6").groupby(["year", "group", "side"])[["value_kusd", "quantity_t"]].sum()


def _ratios(sums: pd.DataFrame) -> pd.DataFrame:
    """Index year, a column a group: China's unit value over the rest's."""
    unit = (sums["value_kusd"] / sums["quantity_t"]).unstack().reindex(columns=["CHN", "rest"])
    return (unit["CHN"] / unit["rest"]).unstack().reindex(columns=WEIGHED)


def _mined(quota_use: pd.DataFrame) -> pd.DataFrame:
    """The rows of mining with an output that is not the quota itself, and exports."""
    rows = quota_use[(quota_use["stage"] == "mining") & ~quota_use["output_is_quota"].fillna(False).astype("bool")]
    return rows[rows["reported_output"].notna() & rows["exports_reo"].notna()]


def _home(quota_use: pd.DataFrame) -> pd.DataFrame:
    """Index year: what is not exported as compounds or metals, of the output of mines."""
    mined = _mined(quota_use).set_index("year")
    return pd.DataFrame(
        {
            "home_share_low": 1 - mined["exports_reo_high"] / mined["reported_output_low"],
            "home_share": 1 - mined["exports_reo"] / mined["reported_output"],
            "home_share_high": 1 - mined["exports_reo_low"] / mined["reported_output_high"],
            "home_share_basis": "output of mines by " + mined["output_publishers"].astype("str"),
        }
    )


def _published_totals(rare_earth_magnets: pd.DataFrame) -> pd.DataFrame:
    rows = rare_earth_magnets[(rare_earth_magnets["basis"] == "national_line") & (rare_earth_magnets["exporter"] == "CHN")]
    return rows[rows["importer"] == "WLD"]


def _published(rare_earth_magnets: pd.DataFrame) -> pd.DataFrame:
    """Index year: China's exports of rare-earth magnets as published."""
    rows = _published_totals(rare_earth_magnets).set_index("year")[["quantity_t", "value_kusd", "usd_per_kg"]]
    return rows.set_axis(["rare_earth_magnets_t", "rare_earth_magnets_value", "rare_earth_magnets_usd_per_kg"], axis="columns")


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
    ("quality_shift", "rare_earth_magnets"): selected("rare_earth_magnets", _published_totals, ["year"]),
    ("quality_shift", "quota_use"): selected("quota_use", _mined, ["year"]),
}
