"""China's exports of rare-earth compounds and metals at constant prices."""

import numpy as np
import pandas as pd

from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words
from pipeline.schemas import table as t
from pipeline.schemas.export_volumes import GROUPS, ExportVolumes

MEMBERS = {"compounds": ("compounds",), "metals": ("metals",), "compounds_and_metals": ("compounds", "metals")}


def export_volumes(unit_values: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Fisher price and volume indices of China's exports by year and group (columns of ExportVolumes).

    Prices and quantities are China's unit values and clean tonnes by six-digit code. Between two years that follow each other
    the Fisher price index is the root of Laspeyres times Paasche over the codes traded in both; the volume index is their
    value ratio over it; both are chained from the first year, and end where a year is missing. Fisher (1922).
    """
    codes = products.dropna(subset=["group"]).drop_duplicates(["hs6", "group"])[["hs6", "group"]]
    of_china = exports(unit_values).merge(codes, on="hs6")
    parts = []
    for group in GROUPS:
        rows = of_china[of_china["group"].isin(MEMBERS[group])]
        if len(rows):
            parts.append(_indices(rows).assign(group=group))
    return t.frame(ExportVolumes, pd.concat(parts, ignore_index=True) if parts else [])


def exports(unit_values: pd.DataFrame) -> pd.DataFrame:
    """Rows of China's clean exports."""
    return unit_values[(unit_values["exporter_group"] == "CHN") & (unit_values["basis"] == "quantity_clean")]


def fisher(
    price_0: "pd.Series[float]", quantity_0: "pd.Series[float]", price_1: "pd.Series[float]", quantity_1: "pd.Series[float]"
) -> float:
    """The Fisher price index from period 0 to period 1 over the goods of both."""
    laspeyres = (price_1 * quantity_0).sum() / (price_0 * quantity_0).sum()
    paasche = (price_1 * quantity_1).sum() / (price_0 * quantity_1).sum()
    return float(np.sqrt(laspeyres * paasche))


def _indices(rows: pd.DataFrame) -> pd.DataFrame:
    price = rows.pivot(index="year", columns="hs6", values="usd_per_kg").sort_index()
    quantity = rows.pivot(index="year", columns="hs6", values="quantity_t").sort_index()
    value = rows.groupby("year")["value_kusd"].sum()
    prices, volumes, years = [1.0], [1.0], [int(price.index[0])]
    for year in price.index[1:]:
        before = years[-1]
        both = price.loc[before].notna() & price.loc[year].notna()
        if year != before + 1 or not both.any():
            break
        p_0, q_0, p_1, q_1 = (frame.loc[at, both] for at in (before, year) for frame in (price, quantity))
        step = fisher(p_0, q_0, p_1, q_1)
        prices.append(prices[-1] * step)
        volumes.append(volumes[-1] * float((p_1 * q_1).sum() / (p_0 * q_0).sum()) / step)
        years.append(int(year))
    last = price.loc[years].ffill().iloc[-1]
    constant = (quantity.loc[years] * last).sum(axis=1)
    return pd.DataFrame(
        {
            "year": years,
            "value_kusd": value.loc[years].to_numpy(),
            "quantity_t": quantity.loc[years].sum(axis=1).to_numpy(),
            "price_index": prices,
            "volume_index": volumes,
            "value_at_last_prices_kusd": constant.to_numpy(),
        }
    )


def _of_codes(row: Key, tables: Tables) -> InputRows:
    products = tables.load_table("products")
    codes = set(products.loc[products["group"].isin(MEMBERS[row["group"]]), "hs6"])
    rows = exports(tables.load_table("unit_values"))
    rows = rows[rows["hs6"].isin(codes) & (rows["year"] <= row["year"])]
    words = in_words({"exporter_group": "CHN", "basis": "quantity_clean"})
    return f"{words}, all years to {row['year']}: the index is chained", rows.sort_values(
        ["year", "hs6"], ascending=[False, True]
    )


LINEAGE: dict[tuple[str, str], Rule] = {("export_volumes", "unit_values"): _of_codes}
