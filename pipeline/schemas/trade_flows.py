from pipeline.schemas import table as t

COVERAGE = ("whole", "top6")


class TradeFlows(t.Table):
    """Goods traded between two countries in a year, reports of both sides reconciled by the publisher."""

    year: int = t.year()
    exporter: str = t.country("Exporting country")
    importer: str = t.country("Importing country")
    hs6: str = t.hs6()
    source_id: str = t.source_id()
    value_kusd: float = t.value_kusd()
    quantity_t: float = t.quantity_t(nullable=True)
    nomenclature: str = t.text("Edition of the Harmonized System, such as HS92")
    coverage: str = t.vocabulary("whole, or top6 where only each country's six largest partners are held", COVERAGE)

    class Config:
        title = "Trade flows"
        unique = ["year", "exporter", "importer", "hs6", "source_id"]
        metadata = {"floor": "tidy", "subject": "trade"}
