from pipeline.schemas import table as t


class TradeNowcastShares(t.Table):
    """Exporters' shares of the world's trade in thirty goods by `trade_nowcast`, and by BACI where it has published the year.

    The range contains BACI's share for nine of ten of the larger exporters, as measured on 2022 and 2024 (method page). Made from
    UN Comtrade's reports: all rows stay out of releases.
    """

    year: int = t.year()
    hs6: str = t.hs6()
    exporter: str = t.country("Exporting country")
    value_kusd: float = t.value_kusd("Exports by trade_nowcast, nominal thousand US dollars")
    share: float = t.share("Share of all exports of the good by value")
    share_low: float = t.share("Low end of the range of the share")
    share_high: float = t.share("High end of the range of the share")
    baci_share: float = t.share("Share by BACI, for comparison; null where it has not published the year", nullable=True)
    learnt_from: int = t.year("Year from whose reports and BACI the weights and ranges are learnt")
    coverage: float = t.share(
        "Of the good's trade in the year learnt from, the part whose sides report this year, half for each side"
    )
    source_id: str = t.source_id()

    class Config:
        title = "Exporters' shares, ahead of BACI"
        unique = ["year", "hs6", "exporter"]
        metadata = {"floor": "derived", "subject": "trade"}
