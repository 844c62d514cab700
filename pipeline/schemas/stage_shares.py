from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import KINDS_OF_FIGURE


class StageShares(t.Table):
    """Shares of countries in a stage, as one publisher has them. Never averaged or joined between publishers: bases differ."""

    year: int = t.year()
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths, by data/raw/reviewed/material_words.csv")
    country: str = t.country("Country; ROW is the publisher's unnamed rest")
    publisher: str = t.text("Who publishes the share")
    edition: str = t.text("Edition or date of the text")
    share: float = t.share(
        "Share of the world, as published or computed from published figures (the note says which); never made to sum to 1"
    )
    basis: str = t.text("What it is a share of")
    kind: str = t.vocabulary("Whether the figure is of the past, estimated, or foreseen", KINDS_OF_FIGURE)
    source_id: str = t.source_id()
    document_id: str = t.document_id()
    note: str = t.text("How it was computed, bounds and doubts", nullable=True)

    class Config:
        title = "Stage shares"
        unique = ["year", "stage", "material", "country", "publisher", "edition"]
        metadata = {"floor": "tidy", "subject": "chain", "whole": True}
