from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import EXPORT_BASES


class ExportConcentration(t.Table):
    """How concentrated the world's exports of a good are, by value and by mass."""

    year: int = t.year()
    hs6: str = t.hs6()
    basis: str = t.vocabulary(
        "value, quantity as published, or quantity_clean without flow_outliers; of codes in feed_flows also without these flows",
        EXPORT_BASES,
    )
    hhi: float = t.hhi()
    effective_suppliers: float = t.effective_suppliers()
    cr1: float = t.share("Share of the largest exporter")
    cr3: float = t.share("Share of the three largest exporters")
    top_country: str = t.country("Largest exporter; of equals the first by code")
    china_share: float = t.share("China's share")
    exporters: int = t.count("Exporters with a positive amount")
    total: float = t.number("Sum over exporters, thousand USD for value and tonnes otherwise", "kUSD or t", gt=0)
    quantity_coverage: float = t.share("Part of the value whose flows report a quantity")
    coverage: str = t.vocabulary("Whole years only", ("whole",))

    class Config:
        title = "Export concentration"
        unique = ["year", "hs6", "basis"]
        metadata = {"floor": "derived", "subject": "trade"}
