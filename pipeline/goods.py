"""The goods that checks and pages are about: those of products.csv, also where sources.yml keeps every code of BACI."""

import pandas as pd

from pipeline import catalog, wiring
from pipeline.intake import lock

# Tables that then have rows of all goods; the others are of goods of `products` alone.
OF_ALL_GOODS = ("trade_flows", *wiring.BY_YEAR)


def load(table_name: str) -> pd.DataFrame:
    """A finished table, without the goods that only `codes: all` brings in. Raises what `catalog.load_table` does."""
    if table_name not in OF_ALL_GOODS or not any(source.codes == "all" for source in lock.read().sources.values()):
        return catalog.load_table(table_name)
    return catalog.load_table(table_name, hs6=catalog.load_table("products")["hs6"].unique().tolist())
