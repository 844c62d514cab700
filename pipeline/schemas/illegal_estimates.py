import pandas as pd

from pipeline.schemas import table as t


class IllegalEstimates(t.Table):
    """Estimates of output over the quotas and of smuggling, each with who estimated.

    They contradict each other: show all, never a mean, never one without its estimator.
    """

    measure: str = t.text("What is estimated")
    period: str = t.text("Year or period as published; not stated where the text names none")
    document_id: str = t.document_id()
    estimator: str = t.text("Who estimated")
    year: pd.Int64Dtype = t.year("Calendar year, null where the period is no year", nullable=True)
    value: float = t.number(
        "Estimate in `unit`, null where only a bound or words are published", "as in unit", ge=0, le=2_000_000, nullable=True
    )
    low: float = t.number("More than", "as in unit", ge=0, le=2_000_000, nullable=True)
    high: float = t.number("Up to", "as in unit", ge=0, le=2_000_000, nullable=True)
    unit: str = t.vocabulary(
        "Unit of the estimate; words where the text gives no figure", ("t", "t/year", "percent", "ratio", "words")
    )
    basis: str = t.vocabulary("What is weighed, null for shares and words", ("REO", "not stated"), nullable=True)
    source_id: str = t.source_id()
    note: str = t.text("What the transcriber remarks", nullable=True)

    class Config:
        title = "Estimates of illegal production and smuggling"
        unique = ["measure", "period", "document_id", "estimator"]
        metadata = {"floor": "tidy", "subject": "production"}
