from pipeline.schemas import table as t

SIDES = ("exporter", "importer", "reconciled")


class TradeReports(t.Table):
    """What exporter and importer each report of one trade in a year, and what CEPII's BACI makes of the two: a row each.

    Thirty goods. Exporters count free on board, most importers with freight. Trade of a country with itself and with
    UN Comtrade's areas that are no country is left out. Never add the rows of one flow: they are one trade, counted thrice.
    """

    year: int = t.year()
    exporter: str = t.country("Exporting country")
    importer: str = t.country("Importing country")
    hs6: str = t.hs6()
    reported_by: str = t.vocabulary("Side that reports the value; reconciled by BACI from both", SIDES)
    value_kusd: float = t.value_kusd()
    source_id: str = t.source_id()

    class Config:
        title = "Both sides' reports of thirty goods, and BACI's figure"
        unique = ["year", "exporter", "importer", "hs6", "reported_by"]
        metadata = {"floor": "tidy", "subject": "trade"}
