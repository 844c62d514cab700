"""Display names: stages, groups of goods and layers of policy as readers see them."""

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
