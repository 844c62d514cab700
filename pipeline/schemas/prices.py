from pipeline.schemas import table as t

UNITS = ("USD/kg", "USD/t", "CNY/kg", "CNY/t", "1,000 CNY/t", "10,000 CNY/t")


MARKETS = ("china_domestic", "fob_china", "europe", "part_of_world", "not_printed")


DATE = r"^[0-9]{4}(-Q[1-4]|-[0-9]{2}(-[0-9]{2})?)?$"


class Prices(t.Table):
    """Published quotations and monthly means. Never averaged between markets, forms, grades or agencies."""

    document_id: str = t.document_id()
    date: str = t.text("Day, month, quarter (YYYY-Qn) or year the price is of", str_matches=DATE)
    oxide: str = t.text("Element and form, such as Dy oxide; `form not printed` where the text does not say oxide or metal")
    basis: str = t.text("Market, terms and price agency, in the text's words")
    value: float = t.number("Price, null where only a range is published", "as in unit", gt=0, le=100_000_000, nullable=True)
    value_low: float = t.number(
        "Lower end of the range; alone, a price published as above it", "as in unit", gt=0, le=100_000_000, nullable=True
    )
    value_high: float = t.number(
        "Upper end of the range; alone, a price published as below it", "as in unit", gt=0, le=100_000_000, nullable=True
    )
    unit: str = t.vocabulary("Unit of the price", UNITS)
    unit_inferred: bool = t.flag("The source prints no unit: it was inferred from the size of the figures")
    precision: str = t.vocabulary("How exactly the date is known", ("day", "week", "month", "quarter", "year"))
    market: str = t.vocabulary("Market, by data/raw/reviewed/market_words.csv", MARKETS)
    grade: str = t.text("Purity, where published", nullable=True)
    kind: str = t.text("What the figure is: an assessment range, a close, a mean", nullable=True)
    preferred: bool = t.flag(
        "One row of those that print one figure (date, oxide, market, unit and amounts equal): "
        "the one that may be republished, else the first document by name"
    )
    source_id: str = t.source_id()
    note: str = t.text("What the text says besides, and doubts", nullable=True)

    class Config:
        title = "Prices"
        unique = ["document_id", "date", "oxide", "basis"]
        metadata = {"floor": "tidy", "subject": "prices"}
