from pipeline.schemas import table as t


class UnitValues(t.Table):
    """Export unit values of China and of the rest of the world.

    Their ratio is confounded by mix: one code holds cheap and dear elements.
    """

    year: int = t.year()
    hs6: str = t.hs6()
    exporter_group: str = t.vocabulary("CHN, rest (all others), or world", ("CHN", "rest", "world"))
    basis: str = t.vocabulary(
        "quantity: all flows with a quantity; quantity_clean: without flow_outliers", ("quantity", "quantity_clean")
    )
    value_kusd: float = t.value_kusd("Value of the flows that report a quantity")
    quantity_t: float = t.quantity_t("Their gross mass")
    usd_per_kg: float = t.number("Unit value", "USD/kg", ge=0)
    flows: int = t.count("Flows counted")
    flows_without_quantity: int = t.count("Flows left out because no quantity, or zero, is reported")
    ratio_china_to_rest_mix_confounded: float = t.number(
        "Unit value of China over that of the rest, the same in each row of year, code and basis", "1", ge=0, nullable=True
    )

    class Config:
        title = "Unit values"
        unique = ["year", "hs6", "exporter_group", "basis"]
        metadata = {"floor": "derived", "subject": "trade"}
