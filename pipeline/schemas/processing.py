import pandas as pd

from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import DATED_BY, KINDS_OF_FIGURE


class Processing(t.Table):
    """Output and shares by stage, as each text gives them. Never summed: quarters, fiscal and calendar years overlap."""

    document_id: str = t.document_id()
    period_start: str = t.partial_date("First month or year the figure is for")
    period_end: str = t.partial_date("Last month or year the figure is for")
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths or NdPr, by data/raw/reviewed/material_words.csv")
    country: str = t.country("Country; X_TOP3 and WLD are totals, never added to the others")
    company: str = t.text("Company, `all` where the figure is the country's")
    site: str = t.text("Site, `all` where the figure is the company's or country's")
    kind: str = t.vocabulary("Whether the figure is of the past, estimated, or foreseen", KINDS_OF_FIGURE)
    unit: str = t.vocabulary("Unit of the value: share (0 to 1), t, or kt", ("share", "t", "kt"))
    value: float = t.number("The figure as published", "as in unit", ge=0, le=2_000_000)
    basis: str = t.text("What is weighed, where the unit prints it: REO, oxide or products", nullable=True)
    year: pd.Int64Dtype = t.year(
        "Year as the text states it, fiscal years by their end; null where it states none", nullable=True
    )
    period: str = t.text("The period in the text's words")
    dated_by: str = t.vocabulary("Whether the period is stated, or the date of the text stands in for it", DATED_BY)
    edition: str = t.text("Whose figure it is, and which edition, as the text says", nullable=True)
    country_as_printed: str = t.text("Country or group as published")
    note: str = t.text("What the text says besides, and doubts", nullable=True)
    source_id: str = t.source_id()

    class Config:
        title = "Processing"
        unique = ["document_id", "period_start", "period_end", "stage", "material", "country", "company", "site", "kind", "unit"]
        metadata = {"floor": "tidy", "subject": "chain"}
