import pandas as pd

from pipeline.schemas import table as t


class UsStatistics(t.Table):
    """The United States' statistics of rare earths: output, trade, use, prices, reliance and sources of imports, by edition.

    Editions print the same year again: take one edition a year, never add or average over them. Unit values of DS140 are
    apparent values, not prices; prices of 2016's edition are year-end, later ones averages.
    """

    material: str = t.vocabulary("Material", ("rare_earths", "heavy_rare_earths", "yttrium", "scandium"))
    item: str = t.text("Item as published")
    period: str = t.text("Year, or years as published")
    partner: str = t.country("Country imports came from; WLD where the figure is not by country, ROW for other countries")
    document_id: str = t.document_id()
    measure: str = t.text(
        "One name for an item over editions that word it differently, null where an item has none", nullable=True
    )
    year: pd.Int64Dtype = t.year("Calendar year, null for a span of years", nullable=True)
    value: float = t.number(
        "Value in `unit`, null where none or only a range is published", "as in unit", ge=0, le=10_000_000, nullable=True
    )
    value_low: float = t.number("Least of a published range or bound", "as in unit", ge=0, nullable=True)
    value_high: float = t.number("Most of a published range or bound", "as in unit", ge=0, nullable=True)
    printed: str = t.text("The cell as published where it is no plain number", nullable=True)
    unit: str = t.vocabulary("Unit of the value", ("t", "USD/kg", "USD/t", "1998 USD/t", "percent", "persons"))
    basis: str = t.vocabulary("What is weighed, null for other units", ("REO", "not stated"), nullable=True)
    edition: str = t.text("Edition of the source")
    source_id: str = t.source_id()
    flag: str = t.text(
        "The publisher's flag: e estimated, E net exporter, W withheld, NA, XX, range, >; corrected by us", nullable=True
    )
    note: str = t.text("The publisher's footnotes", nullable=True)

    class Config:
        title = "United States statistics"
        unique = ["material", "item", "period", "partner", "document_id"]
        metadata = {"floor": "tidy", "subject": "production"}
