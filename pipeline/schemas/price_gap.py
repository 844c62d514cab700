from pipeline.schemas import table as t
from pipeline.schemas.prices_tidy import FORMS


class PriceGap(t.Table):
    """Prices outside China over prices inside, by month, element and form. Months with one side only are absent.

    Medians of single quotations, asking prices with little volume among them: a gap of what is asked, not of what was paid.
    """

    month: str = t.month()
    element: str = t.text("Element, such as Dy or NdPr")
    form: str = t.vocabulary(
        "Form that both sides name; not_printed where the price outside does not say oxide or metal: compared with oxide inside",
        FORMS,
    )
    inside: float = t.number("Median price on China's home market, as quoted", "USD/kg", gt=0)
    outside: float = t.number("Median price in Europe", "USD/kg", gt=0)
    ratio: float = t.number("outside over inside", "1", gt=0)
    ratio_without_vat: float = t.number(
        "outside over inside with China's VAT taken off; null where a quotation inside does not say whether VAT is in it",
        "1",
        gt=0,
        nullable=True,
    )
    ratio_low: float = t.number("Lowest quotation outside over the highest inside", "1", gt=0)
    ratio_high: float = t.number("Highest quotation outside over the lowest inside", "1", gt=0)
    inside_quotations: int = t.count("Quotations inside")
    outside_quotations: int = t.count("Quotations outside")
    fob_china: float = t.number("Median export price, free on board in China, null where none", "USD/kg", gt=0, nullable=True)
    fob_quotations: int = t.count("Quotations free on board in China")
    vat_rate: float = t.share("China's rate of VAT in the month, as included inside; null where not known", nullable=True)
    restricted_source_id: str = t.text(
        "A source of the quotations whose rows are left out of releases, as this row is; null where there is none",
        nullable=True,
    )

    class Config:
        title = "Price gap"
        unique = ["month", "element", "form"]
        metadata = {"floor": "derived", "subject": "prices"}
