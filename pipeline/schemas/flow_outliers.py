from pipeline.schemas import table as t


class FlowOutliers(t.Table):
    """Single flows whose tonnes `quantity_clean` excludes: implausible prices of weight, and goods booked under a wrong code."""

    year: int = t.year()
    exporter: str = t.country("Exporting country")
    importer: str = t.country("Importing country")
    hs6: str = t.hs6()
    value_kusd: float = t.value_kusd()
    quantity_t: float = t.quantity_t()
    usd_per_kg: float = t.number("Unit value of the flow", "USD/kg", ge=0)
    median_usd_per_kg: float = t.number(
        "Median unit value of the other flows of the same year and code; null for fewer than 8", "USD/kg", ge=0, nullable=True
    )
    robust_z: float = t.number(
        "Robust z of the log unit value: distance to the median in units of 1.4826 MAD; 0 where the MAD is 0; null where "
        "the flow is misclassified",
        "1",
        nullable=True,
    )
    share_of_quantity: float = t.share("Part of the year's tonnage of the code")
    reason: str = t.vocabulary("Why its tonnes are excluded", ("robust_z", "below_floor", "misclassified"))

    class Config:
        title = "Flow outliers"
        unique = ["year", "exporter", "importer", "hs6"]
        metadata = {"floor": "derived", "subject": "trade"}
