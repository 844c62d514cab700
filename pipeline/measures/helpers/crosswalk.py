"""From customs codes as acts print them to the codes that yearly trade is held in."""

import pandas as pd


def crosswalk(products: pd.DataFrame) -> pd.DataFrame:
    """Codes as acts print them (`hs6`, HS 2017) and the same goods in HS 1992 (`hs92`); goods without both have no row."""
    known = products.dropna(subset=["hs92", "hs2017"])
    pairs = known.assign(hs6=known["hs2017"].str.split(";")).explode("hs6").assign(hs92=lambda k: k["hs92"].str.split(";"))
    return pairs.explode("hs92")[["hs6", "hs92"]].drop_duplicates().sort_values(["hs6", "hs92"])
