import pandas as pd

from pipeline.schemas import table as t


class WorldHistory(t.Table):
    """World output since 1900, and countries' shares of world output and reserves as single texts print them.

    Never join the shares of different publishers to one series, and never multiply them with another publisher's total.
    """

    measure: str = t.vocabulary(
        "What is measured", ("world_mine_production", "share_of_world_mine_production", "share_of_world_reserves")
    )
    period: str = t.text("Year, or for reserves the edition that prints them")
    country: str = t.country("Country the share is of; WLD for the world's output")
    document_id: str = t.document_id()
    year: pd.Int64Dtype = t.year("Calendar year, null where the text states none", nullable=True)
    value: float = t.number("Value in `unit`, null where none is published", "as in unit", ge=0, le=10_000_000, nullable=True)
    unit: str = t.vocabulary("t, or percent of the world", ("t", "percent"))
    basis: str = t.vocabulary("What is weighed", ("REO",))
    publisher: str = t.text("Who says so")
    dated: str = t.partial_date(
        "Date that orders the editions of one publisher, null where the edition is not known", nullable=True
    )
    source_id: str = t.source_id()
    flag: str = t.text("Flags of publisher and transcription", nullable=True)
    note: str = t.text("What the publisher or the transcriber remarks", nullable=True)

    class Config:
        title = "World history"
        unique = ["measure", "period", "country", "document_id"]
        metadata = {"floor": "tidy", "subject": "production"}
