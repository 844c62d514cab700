"""Crosswalk from the customs codes of acts (HS 2017) to those of yearly trade (HS 1992)."""

import pandas as pd


def crosswalk(products: pd.DataFrame) -> pd.DataFrame:
    """Codes of acts (`hs6`, HS 2017) and those of the same goods in HS 1992 (`hs92`); goods without both are left out."""
    known = products.dropna(subset=["hs92", "hs2017"])
    pairs = known.assign(hs6=known["hs2017"].str.split(";")).explode("hs6").assign(hs92=lambda k: k["hs92"].str.split(";"))
    return pairs.explode("hs92")[["hs6", "hs92"]].drop_duplicates().sort_values(["hs6", "hs92"])
