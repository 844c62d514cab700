from pipeline.schemas import table as t
from pipeline.schemas.prices import DATE

FORMS = ("oxide", "metal", "alloy", "carbonate", "concentrate", "not_printed")
MARKETS = ("china_domestic", "fob_china", "europe", "other")
READINGS = ("value", "midpoint", "lower_bound", "upper_bound")


class PricesTidy(t.Table):
    """The prices of `prices`, row by row, per kilogram in dollars and yuan, by element, form and market.

    The figure as published is in `prices`. One currency is published, the other is converted at the period's mean rate.
    """

    document_id: str = t.document_id()
    date: str = t.text("Day, month, quarter (YYYY-Qn) or year the price is of", str_matches=DATE)
    oxide: str = t.text("Element and form as in `prices`")
    basis: str = t.text("Market, terms and price agency, in the text's words")
    precision: str = t.vocabulary("How exactly the date is known", ("day", "week", "month", "quarter", "year"))
    month: str = t.month("Month of the date, null where only the quarter or year is known", nullable=True)
    element: str = t.text("Element, such as Dy or NdPr; RE for products of many; monazite and ore by their name")
    form: str = t.vocabulary("Form of the product; not_printed where the text does not say oxide or metal", FORMS)
    grade: str = t.text("Purity, where published", nullable=True)
    market: str = t.vocabulary("Market; other for parts of the world and markets not stated", MARKETS)
    usd_per_kg: float = t.number("Price, null where no rate of the period is recorded", "USD/kg", gt=0, nullable=True)
    cny_per_kg: float = t.number("Price, null where no rate of the period is recorded", "CNY/kg", gt=0, nullable=True)
    reading: str = t.vocabulary("value as published, midpoint of a range, or a bound (above or below)", READINGS)
    currency: str = t.vocabulary("Currency published", ("USD", "CNY"))
    cny_per_usd: float = t.number("Mean rate of the date's period used for the other currency", "CNY/USD", gt=1, nullable=True)
    vat: str = t.vocabulary("Whether China's VAT is in the price, as far as a text says", ("included", "excluded", "unknown"))
    vat_rate: float = t.share("Rate of the VAT included, null elsewhere", nullable=True)
    unit_inferred: bool = t.flag("The source gives no unit: it was inferred from the size of the figures")
    preferred: bool = t.flag("As in `prices`: one row of those that give one figure")
    source_id: str = t.source_id()

    class Config:
        title = "Prices, tidy"
        unique = ["document_id", "date", "oxide", "basis"]
        metadata = {"floor": "tidy", "subject": "prices"}
