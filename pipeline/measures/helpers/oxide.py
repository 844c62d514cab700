"""Gross weight of traded goods to rare-earth oxide."""

import pandas as pd

FACTOR = "reo_content_of_gross_weight"
# The group's own factor is that of the mix the United States imported; products give the range.
MIX = "imports, all of this group"
# One consignment of one year, at 0.37, named with its origin: it says nothing of how low the content of a country's trade is.
OTHER_ORIGIN = "Russia"


def factors(conversion_factors: pd.DataFrame) -> pd.DataFrame:
    """Tonnes REO per tonne gross by code, as index hs6 and columns low, central, high.

    central is the factor of the code's mix in US imports, low and high the least and greatest published for it or a product in
    it. A code without a factor of its mix is left out. The code stands at the end of the material's name (… HS 284690).
    """
    rows = contents(conversion_factors)
    ends = rows.assign(least=rows[["low", "value"]].min(axis=1), most=rows[["high", "value"]].max(axis=1))
    table = ends.groupby("hs6").agg(low=("least", "min"), high=("most", "max"))
    central = rows[rows["material"].str.contains(MIX, regex=False)].set_index("hs6")["value"]
    return table.assign(central=central).dropna(subset=["central"])[["low", "central", "high"]]


def contents(conversion_factors: pd.DataFrame) -> pd.DataFrame:
    """The rows of conversion_factors that count, with the code they are of as hs6."""
    rows = conversion_factors[conversion_factors["factor"] == FACTOR]
    rows = rows.assign(hs6=rows["material"].str.extract(r"HS (\d{6})\)$", expand=False)).dropna(subset=["hs6"])
    return rows[~rows["material"].str.contains(OTHER_ORIGIN)]
