import pandas as pd

from pipeline.schemas import table as t


class ChinaOutput(t.Table):
    """China's output, use, exports and shares, and the world's beside them, by kind and period, with who says so.

    Never averaged between publishers nor joined to one series: blanks, product and oxide are different weights.
    """

    measure: str = t.text("What is measured, such as china_output_sintered_ndfeb")
    period: str = t.text("Year, month, half-year or decade as published")
    document_id: str = t.document_id()
    year: pd.Int64Dtype = t.year("Calendar year, null where the period is no year", nullable=True)
    value: float = t.number("Value in `unit`", "as in unit", ge=0, le=2_000_000)
    unit: str = t.vocabulary("Unit of the value", ("t", "t/year", "percent"))
    basis: str = t.vocabulary("What is weighed, null for shares", ("REO", "product", "blanks", "powder"), nullable=True)
    publisher: str = t.text("Who says so")
    source_id: str = t.source_id()
    note: str = t.text("What the transcriber remarks", nullable=True)

    class Config:
        title = "China's output and use"
        unique = ["measure", "period", "document_id"]
        metadata = {"floor": "tidy", "subject": "production"}
