from pipeline.schemas import table as t

REPORTED_BY = ("both", "exporter", "importer")


class TradeNowcast(t.Table):
    """One figure a trade, made from both sides' reports as BACI would, before BACI is out: thirty goods.

    Weights and ranges are learnt from another year that BACI has published, so a year's own BACI plays no part in its rows. Made
    from UN Comtrade's reports, a flow of one side is that report: all rows stay out of releases.
    """

    year: int = t.year()
    exporter: str = t.country("Exporting country")
    importer: str = t.country("Importing country")
    hs6: str = t.hs6()
    value_kusd: float = t.value_kusd("Value, nominal thousand US dollars; of one report as it is, without correction for freight")
    value_kusd_low: float = t.value_kusd("Low end of the range of the value")
    value_kusd_high: float = t.value_kusd("High end of the range of the value")
    reported_by: str = t.vocabulary("Sides that report the trade", REPORTED_BY)
    exporter_weight: float = t.share("Weight of the exporter's report, null where one side reports", nullable=True)
    learnt_from: int = t.year("Year from whose reports and BACI the weights and ranges are learnt")
    coverage: float = t.share(
        "Of the good's trade in the year learnt from, the part whose sides report this year, half for each side"
    )
    source_id: str = t.source_id()

    class Config:
        title = "Trade from both sides' reports, ahead of BACI"
        unique = ["year", "exporter", "importer", "hs6"]
        metadata = {"floor": "derived", "subject": "trade"}
