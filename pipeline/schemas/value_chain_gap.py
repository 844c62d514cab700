from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import DATED_BY, KINDS_OF_FIGURE


class ValueChainGap(t.Table):
    """China's share of each stage as one publisher has it, and the step from the stage before within the same edition.

    Read along one publisher, edition and year only: a difference between two publishers is no growth.
    """

    year: int = t.year("Year of the share; where dated_by is text the year of the text, which states none")
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths; magnets are another one than what they are made of")
    publisher: str = t.text("Whose share it is")
    edition: str = t.text("Edition; of tables of tonnes with their source, of texts quoted the document_id")
    china_share: float = t.share("China's share of the stage")
    at_least: bool = t.flag("Whether the share is published as a lower bound (more than)")
    kind: str = t.vocabulary("Whether the share is of the past, estimated, or foreseen", KINDS_OF_FIGURE)
    basis: str = t.text("What the share is of")
    step_from: str = t.vocabulary(
        "Nearest earlier stage of the same publisher, edition, year and kind, null where it prints none", t.STAGES, nullable=True
    )
    step_from_material: str = t.text("Material of that stage; differs for magnets", nullable=True)
    step: float = t.number("China's share minus its share of that stage", "1", ge=-1, le=1, nullable=True)
    dated_by: str = t.vocabulary("Whether the year is stated, or that of the text stands in for it", DATED_BY)
    source_id: str = t.source_id()

    class Config:
        title = "Value chain gap"
        unique = ["year", "stage", "material", "publisher", "edition"]
        metadata = {"floor": "derived", "subject": "chain"}
