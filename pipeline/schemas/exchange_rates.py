from pipeline.schemas import table as t


class ExchangeRates(t.Table):
    """Yuan per US dollar by month: the mean of the central bank's daily reference rates, yuan per euro over dollars per euro."""

    month: str = t.month()
    cny_per_usd: float = t.number("Mean rate of the month", "CNY/USD", gt=1, le=20)
    days: int = t.number("Days with a rate", "1", ge=1, le=31)
    source_id: str = t.source_id()
    document_id: str = t.document_id()

    class Config:
        title = "Exchange rates"
        unique = ["month"]
        metadata = {"floor": "tidy", "subject": "prices"}
