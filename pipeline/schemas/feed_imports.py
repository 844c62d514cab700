from pipeline.schemas import table as t

PERIOD = r"^[0-9]{4}(-[0-9]{2})?$"
KINDS = ("ore", "carbonate", "oxide", "other_compounds", "separated", "several")


class FeedImports(t.Table):
    """China's imports of ore, carbonates and unlisted compounds by origin, as texts quote its customs.

    Never add rows: goods overlap, periods differ, and two texts may give two figures of one thing.
    """

    period_start: str = t.text("First year or month of the period", str_matches=PERIOD)
    period_end: str = t.text("Last year or month of the period", str_matches=PERIOD)
    origin_as_printed: str = t.text("Origin as the text names it, WLD for all")
    good: str = t.text("Good as the text names it")
    unit: str = t.vocabulary("Unit of the amount", ("t", "USD", "USD/t", "CNY/kg", "percent of tonnes"))
    document_id: str = t.document_id()
    origin: str = t.country("Origin, null where several are published together", nullable=True)
    kind: str = t.vocabulary("Kind of good: ore and concentrate, compounds by kind, separated products, or several", KINDS)
    codes: str = t.text("Customs codes, where published", nullable=True)
    amount: float = t.number("Amount, value or price", "as in unit", ge=0)
    basis: str = t.vocabulary("What the amount is", ("gross", "REO", "value", "unit value", "share"))
    forecast: bool = t.flag("Whether the text foresees the figure")
    publisher: str = t.text("Who quotes it, and whose count it is")
    source_id: str = t.source_id()
    note: str = t.text("The text's further remarks, and doubts", nullable=True)

    class Config:
        title = "Feed imports of China"
        unique = ["period_start", "period_end", "origin_as_printed", "good", "unit", "document_id"]
        metadata = {"floor": "tidy", "subject": "trade"}
