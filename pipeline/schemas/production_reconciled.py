from pipeline.schemas import table as t

# By what part the countries' figures may sum above the published world total, which is rounded, before the year warns.
ABOVE_WORLD = 0.02


class ProductionReconciled(t.Table):
    """Mining of rare earths by year and country: one figure of those published, and the range of the others.

    WLD is a total that publishers print, not the sum of the countries; never fill a missing country from it.
    """

    year: int = t.year()
    country: str = t.country("Producing country, WLD for published world totals")
    low: float = t.number("Least of the publishers' newest figures", "t", ge=0)
    central: float = t.number("The preferred publisher's newest figure", "t", ge=0)
    high: float = t.number("Most of the publishers' newest figures", "t", ge=0)
    spread: float = t.share("(high - low) / high, 0 where all are 0")
    sources: int = t.count("Publishers that print a figure")
    preferred: str = t.text("Publisher of the central figure")
    preferred_source_id: str = t.text("Source of the central figure")
    preferred_edition: str = t.text("Edition of the central figure")
    rule: str = t.text("Why this publisher and edition")
    warning: str = t.text("What is wrong with the year as a whole, null where nothing is", nullable=True)

    class Config:
        title = "Production reconciled"
        unique = ["year", "country"]
        metadata = {"floor": "derived", "subject": "production"}
