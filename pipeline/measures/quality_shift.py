"""From quantity to quality: prices, stages and what stays at home, side by side and never one number."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Tables, in_words, where_equal
from pipeline.measures.helpers.trade import EXACT
from pipeline.schemas.table import GROUPS

COLUMNS = [
    "year",
    *(f"{group}_unit_value_ratio_mix_confounded" for group in GROUPS),
    *(f"{group}_unit_value_ratio_without_feed_mix_confounded" for group in GROUPS),
    *(f"{group}_value" for group in GROUPS),
    "magnets_coverage", "magnets_nomenclature", "metals_share_of_value", "downstream_share_of_value", "magnets_share_of_value",
    "home_share_low", "home_share", "home_share_high", "home_share_basis",
]  # fmt: skip
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
    groups = products.dropna(subset=["group"]).drop_duplicates(["hs6", "group"]).set_index("hs6")["group"]
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
    return table[measured].rename_axis("year").reset_index()[COLUMNS]


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
    """Value and mass by year, group and side (CHN, rest) of all flows with a mass but those set aside."""
    rows = unit_values[(unit_values["basis"] == "quantity_clean") & unit_values["exporter_group"].isin(["CHN", "rest"])]
    rows = rows.assign(group=rows["hs6"].map(groups)).dropna(subset=["group"]).rename(columns={"exporter_group": "side"})
    return rows.groupby(["year", "group", "side"])[["value_kusd", "quantity_t"]].sum()


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


def _home(quota_use: pd.DataFrame) -> pd.DataFrame:
    """Index year: what is not exported as compounds or metals, of the output of mines."""
    mined = quota_use[(quota_use["stage"] == "mining") & quota_use["reported_output"].notna() & quota_use["exports_reo"].notna()]
    mined = mined.set_index("year")
    told = mined["output_is_quota"].map({True: "the mining quota, taken for output by ", False: "output of mines by "})
    return pd.DataFrame(
        {
            "home_share_low": 1 - mined["exports_reo_high"] / mined["reported_output_low"],
            "home_share": 1 - mined["exports_reo"] / mined["reported_output"],
            "home_share_high": 1 - mined["exports_reo_low"] / mined["reported_output_high"],
            "home_share_basis": told.astype("str").str.cat(mined["output_publishers"]),
        }
    )


def _exports_behind(row: Key, tables: Tables) -> InputRows:
    products = tables.load_table("products")
    codes = sorted(products.loc[products["group"].notna(), "hs6"].unique())
    values = {"year": row["year"], "exporter": "CHN"}
    flows = where_equal(tables.scan_table("trade_flows"), values)
    rows = flows.filter(flows.hs6.isin(codes)).to_pandas()
    return in_words(values) + f", hs6 {', '.join(codes)}", rows.sort_values(["hs6", "importer"])


def _unit_values_behind(row: Key, tables: Tables) -> InputRows:
    products = tables.load_table("products")
    values = {"year": row["year"], "basis": "quantity_clean"}
    rows = where_equal(tables.scan_table("unit_values"), values).to_pandas()
    rows = rows[rows["hs6"].isin(products.loc[products["group"].notna(), "hs6"]) & (rows["exporter_group"] != "world")]
    return in_words(values), rows.sort_values(["hs6", "exporter_group"])


def _outliers_behind(row: Key, tables: Tables) -> InputRows:
    products = tables.load_table("products")
    rows = where_equal(tables.scan_table("flow_outliers"), {"year": row["year"]}).to_pandas()
    return in_words({"year": row["year"]}) + " of the groups", rows[
        rows["hs6"].isin(products.loc[products["group"].notna(), "hs6"])
    ]


LINEAGE = {
    ("quality_shift", "trade_flows"): _exports_behind,
    ("quality_shift", "flow_outliers"): _outliers_behind,
    ("quality_shift", "unit_values"): _unit_values_behind,
    ("quality_shift", "quota_use"): lambda row, tables: (
        in_words({"year": row["year"], "stage": "mining"}),
        where_equal(tables.scan_table("quota_use"), {"year": row["year"], "stage": "mining"}).to_pandas(),
    ),
}
