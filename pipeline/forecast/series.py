"""The series that are forecast, read from the working tables without any row of a restricted source."""

from dataclasses import dataclass

import pandas as pd

from pipeline import catalog, restricted
from pipeline.forecast.methods import Kind
from pipeline.intake import lock
from pipeline.schemas import table as t
from pipeline.schemas.export_concentration import feed_left_out

CHINA, WORLD = "CHN", "WLD"
# Growth before is of another market.
FIRST_YEAR = 1990
TRADE_SOURCE = "cepii_baci"


@dataclass(frozen=True)
class Series:
    """What is forecast: values by year, their unit, and the edition that the last of them is from."""

    name: str
    title: str
    unit: str
    kind: Kind
    values: "pd.Series[float]"
    edition: str


def _mining(country: str) -> tuple["pd.Series[float]", str]:
    rows = restricted.open_rows(catalog.load_table("production_reconciled", country=country))
    rows = rows[rows["year"] >= FIRST_YEAR].sort_values("year")
    if rows.empty:
        return pd.Series(dtype="float64"), ""
    last = rows.iloc[-1]
    return rows.set_index("year")["central"], f"{last['preferred_source_id']}, edition {last['preferred_edition']}"


def _share_of_exports(group: str, basis: str) -> tuple["pd.Series[float]", str]:
    """China's share of a group's exports, feed excluded: the shares of its codes by their totals, in years that have all."""
    products = catalog.load_table("products", group=group)
    codes = sorted(products["hs6"].unique())
    rows = catalog.load_table("export_concentration", hs6=codes, coverage="whole")
    rows = feed_left_out(rows, basis)
    parts = rows.assign(of_china=rows["china_share"] * rows["total"]).groupby("year")
    sums = parts[["of_china", "total"]].sum()[parts["hs6"].nunique() == len(codes)]
    declared = lock.read().sources
    edition = f"{TRADE_SOURCE}, edition {declared[TRADE_SOURCE].edition}" if TRADE_SOURCE in declared else ""
    return sums["of_china"] / sums["total"], edition


def known() -> list[Series]:
    """Every series that is forecast, with its values as they are now."""
    found = []
    for name, title, country in (("world", "world", WORLD), ("china", "China", CHINA)):
        title = f"Mine production of rare earths, {title}"
        found.append(Series(f"mine_production_{name}", title, "t REO", "amount", *_mining(country)))
    for group in t.GROUPS:
        for basis, by in (("value", "value"), ("quantity_clean", "tonnes")):
            # Tonnes of HS 850511 hold other magnets too.
            if (group, basis) != ("magnets", "quantity_clean"):
                title = f"China's share of exports, {group} by {by} without feed"
                found.append(
                    Series(f"china_share_of_exports_{group}_{by}", title, "1", "share", *_share_of_exports(group, basis))
                )
    return found
