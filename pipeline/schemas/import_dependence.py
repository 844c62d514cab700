from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import TRADE_BASES


class ImportDependence(t.Table):
    """Where each importer's supply of a good comes from, directly. EUU counts imports from outside the EU only."""

    year: int = t.year()
    importer: str = t.country("Importing country, or EUU")
    hs6: str = t.hs6()
    basis: str = t.vocabulary("value, quantity as published, or quantity_clean without flow_outliers", TRADE_BASES)
    hhi: float = t.hhi()
    effective_suppliers: float = t.effective_suppliers()
    top_supplier: str = t.country("Largest supplier; of equals the first by code")
    top_share: float = t.share("Share of the largest supplier")
    china_share: float = t.share("China's share")
    suppliers: int = t.count("Suppliers with a positive amount")
    total: float = t.number("Imports, thousand USD for value and tonnes otherwise", "kUSD or t", gt=0)
    above_65: bool = t.flag(
        "Largest supplier above 65 %, the line of the EU Critical Raw Materials Act. "
        "The act speaks of yearly consumption; import shares are a proxy"
    )

    class Config:
        title = "Import dependence"
        unique = ["year", "importer", "hs6", "basis"]
        metadata = {"floor": "derived", "subject": "trade"}
