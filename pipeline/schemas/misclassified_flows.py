from pipeline.schemas import table as t

TREATMENTS = ("exclude_quantity",)


class MisclassifiedFlows(t.Table):
    """Flows booked under a code that is not that of their goods. A reviewed judgement, exporter by exporter.

    `exclude_quantity`: the flow's tonnes are no tonnes of the code's goods and are excluded wherever tonnes are cleaned
    (`flow_outliers`, reason misclassified); its value stays in sums of value.
    """

    exporter: str = t.country("Exporting country")
    importer: str = t.country("Importing country; WLD for all of the exporter's flows of the code")
    hs6: str = t.hs6()
    year_from: int = t.year("First year the judgement applies to")
    year_to: int = t.year("Last year the judgement applies to")
    goods: str = t.text("What the goods are")
    treatment: str = t.vocabulary("What is done about it", TREATMENTS)
    reason: str = t.text("Why the flow is misclassified")
    evidence: str = t.text("Tonnes and unit values by year from trade_flows, and the texts that say what is shipped")

    class Config:
        title = "Misclassified flows"
        unique = ["exporter", "importer", "hs6", "year_from"]
        metadata = {"floor": "tidy", "subject": "trade"}
