from pipeline.schemas import table as t


class FlowOutliers(t.Table):
    """Flows with an implausible unit value and a material tonnage: excluded from `quantity_clean`, listed here."""

    year: int = t.year()
    exporter: str = t.country("Exporting country")
    importer: str = t.country("Importing country")
    hs6: str = t.hs6()
    value_kusd: float = t.value_kusd()
    quantity_t: float = t.quantity_t()
    usd_per_kg: float = t.number("Unit value of the flow", "USD/kg", ge=0)
    median_usd_per_kg: float = t.number("Median unit value of the flows of the same year and code", "USD/kg", ge=0)
    robust_z: float = t.number(
        "Robust z of the log unit value: distance to the median in units of 1.4826 MAD; 0 where the MAD is 0", "1"
    )
    share_of_quantity: float = t.share("Part of the year's tonnage of the code")
    reason: str = t.vocabulary("Rule that excludes it", ("robust_z", "below_floor"))

    class Config:
        title = "Flow outliers"
        unique = ["year", "exporter", "importer", "hs6"]
        metadata = {"floor": "derived"}
