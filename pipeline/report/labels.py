"""Display names: stages, groups of goods, layers of policy and countries as readers see them."""

import pandas as pd

from pipeline.catalog import load_table

STAGES = {
    "reserves": "Reserves",
    "mining": "Mining",
    "separation": "Separation",
    "metal_alloy": "Metal and alloy",
    "magnet": "Magnets",
}
GROUPS = {"compounds": "Compounds", "metals": "Metals", "magnets": "Magnets"}
LAYERS = {
    "export_control": "Export control",
    "trade_dispute": "Trade disputes",
    "industrial_policy": "Industrial policy",
    "environmental_regulation": "Environmental rules",
    "cooperation_incentive": "Cooperation and incentives",
    "diversification_response": "Diversification by others",
}


def country_names() -> "pd.Series[str]":
    """Name by ISO 3166-1 alpha-3 code, from the table `countries`."""
    names: pd.Series[str] = load_table("countries").set_index("iso3")["name"]
    return names
