"""Panel of yearly exports by exporter and code, in logs, and which series may be compared."""

from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.trade import EXACT

# Below a hundredth of the world's exports, or a million dollars a year, a series is single consignments, not a country's policy.
LEAST_SHARE = 0.01
LEAST_USD = 1e6


def export_panel(trade_flows: ir.Table, flow_outliers: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Exports of these codes by exporter, hs6 and year: usd, world_usd and the logs of every measure of effect_designs.

    unit_value (USD/kg) and tonnes are of flows that report a mass, without flow_outliers; unit_value_ratio is over the unit
    value of all other exporters together; share is of the world's value. Null where there is nothing to take a log of.
    """
    keys = ["exporter", "hs6", "year"]
    sums = (
        panel_flows(trade_flows, codes)
        .group_by(keys)
        .agg(
            usd=_.usd.sum().cast(EXACT),
            weighed_usd=_.usd.sum(where=_.kg.notnull()).cast(EXACT),
            kg=_.kg.sum().cast(EXACT),
        )
    )
    sums = sums.left_join(trade.outlying(flow_outliers, keys), keys)
    amounts = sums.select(
        *keys,
        usd=_.usd.cast("float64"),
        weighed_usd=(_.weighed_usd - _.outlying_usd.fill_null(0)).cast("float64"),
        kg=(_.kg - _.outlying_kg.fill_null(0)).cast("float64"),
    )
    return _with_logs(amounts.order_by(keys).to_pyarrow().to_pandas())


def panel_flows(trade_flows: ir.Table, codes: list[str]) -> ir.Table:
    """The flows that the panel sums."""
    flows = trade.whole_years(trade_flows)
    return flows.filter(flows.hs6.isin(codes))


def _with_logs(amounts: pd.DataFrame) -> pd.DataFrame:
    amounts = amounts.fillna({"weighed_usd": 0.0, "kg": 0.0})
    world = amounts.groupby(["hs6", "year"])[["usd", "weighed_usd", "kg"]].transform("sum")
    logs = {name: _log(amounts[name]) for name in ("usd", "weighed_usd", "kg")}
    unit_value = logs["weighed_usd"] - logs["kg"]
    others = _log(world["weighed_usd"] - amounts["weighed_usd"]) - _log(world["kg"] - amounts["kg"])
    return amounts[["exporter", "hs6", "year", "usd"]].assign(
        world_usd=world["usd"],
        unit_value=unit_value,
        unit_value_ratio=unit_value - others,
        tonnes=logs["kg"] - np.log(1000),
        share=logs["usd"] - _log(world["usd"]),
    )


def _log(amount: "pd.Series[float]") -> "pd.Series[float]":
    return pd.Series(np.log(amount.where(amount > 0)))


def whole_series(panel: pd.DataFrame, measure: str, first: int, last: int) -> pd.DataFrame:
    """Years in columns, exporter and hs6 in rows: those that have the measure in every year from first to last."""
    window = panel[panel["year"].between(first, last)]
    wide = window.pivot(index=["exporter", "hs6"], columns="year", values=measure)
    return wide.reindex(columns=pd.RangeIndex(first, last + 1, name="year")).dropna()


def established(panel: pd.DataFrame, first: int, last: int) -> "pd.Index[Any]":
    """The exporter-products that make LEAST_SHARE of the world's exports and LEAST_USD a year over these years."""
    years = panel[panel["year"].between(first, last)]
    world = years.drop_duplicates(["hs6", "year"]).groupby("hs6")["world_usd"].sum()
    usd = years.groupby(["exporter", "hs6"])["usd"].sum()
    large = usd >= LEAST_SHARE * world.reindex(usd.index.get_level_values("hs6")).to_numpy()
    large &= usd >= LEAST_USD * (last + 1 - first)
    return usd.index[large]


def comparators(products: pd.DataFrame, excluded: list[str], last: int) -> "pd.Series[str]":
    """Material by hs6 of the goods that may be compared: neither rare earths, nor excluded, nor controlled by the last year.

    A mineral that China controlled later is a comparator before its own date only.
    """
    free = products["treatment"] != "rare_earth"
    free &= ~products["material"].isin(excluded)
    since = pd.to_numeric(products["controlled_since"].str[:4])
    free &= since.isna() | (since > last)
    return products[free].drop_duplicates("hs6").set_index("hs6")["material"]
