from pipeline.schemas import table as t


class FeedFlows(t.Table):
    """Flows of a compounds code that are feed for the importer's separation, not supply. A reviewed judgement, flow by flow.

    No rule on countries or prices makes it: one country both separates and ships unseparated goods, under the same code.
    """

    exporter: str = t.country("Exporting country")
    importer: str = t.country("Importing country, which separates it")
    hs6: str = t.hs6()
    year_from: int = t.year("First year the judgement holds for")
    year_to: int = t.year("Last year the judgement holds for")
    reason: str = t.text("Why the flow is feed")
    evidence: str = t.text(
        "By year: gross tonnes, USD/kg of the flow, in brackets of the exporter's other exports and of the world's, from "
        "trade_flows without flow_outliers (the flow itself as published); then the tables and documents that say who separates"
    )
    doubt: str = t.text("What speaks against it, null where nothing is known to", nullable=True)

    class Config:
        title = "Feed flows"
        unique = ["exporter", "importer", "hs6", "year_from"]
        metadata = {"floor": "tidy", "subject": "trade"}
