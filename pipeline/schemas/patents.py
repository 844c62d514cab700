from pipeline.schemas import table as t
from pipeline.schemas.feed_imports import PERIOD


class Patents(t.Table):
    """Patents on rare earths by country: one cumulative count as the press quotes it, of low confidence. No series."""

    measure: str = t.text("What is counted")
    country: str = t.country("Country of the count")
    period_start: str = t.text("First year or month counted", str_matches=PERIOD)
    period_end: str = t.text("Last year or month counted", str_matches=PERIOD)
    document_id: str = t.document_id()
    value: float = t.number("Count, or times another count", "as in unit", ge=0)
    unit: str = t.text("Unit of the value")
    basis: str = t.text("Who counts, and how, as far as the text says")
    publisher: str = t.text("Who quotes it")
    source_id: str = t.source_id()
    note: str = t.text("The text's further remarks, and doubts", nullable=True)

    class Config:
        title = "Patents"
        unique = ["measure", "country", "period_start", "period_end", "document_id"]
        metadata = {"floor": "tidy", "subject": "chain"}
