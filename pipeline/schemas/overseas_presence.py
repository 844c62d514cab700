from pipeline.schemas import table as t
from pipeline.schemas.facilities import AS_OF, AS_OF_PRECISION
from pipeline.schemas.vocabularies import PLANT_STAGES

# What came of it. A stake or project begun is operating, construction, held, planned, sold or ended; blocked was stopped by a
# state after it began; agreed, talks, not_realised and failed_bid acquired nothing.
OUTCOMES = (
    "operating",
    "construction",
    "held",
    "planned",
    "sold",
    "ended",
    "blocked",
    "agreed",
    "talks",
    "not_realised",
    "failed_bid",
)


class OverseasPresence(t.Table):
    """Chinese projects and stakes in mining and processing abroad. Amounts are never added: each has its own unit and meaning."""

    project: str = t.text("Project or stake")
    as_of: str = t.text("Date of the text the status is from: YYYY, YYYY-MM, YYYY-MM-DD or undated", str_matches=AS_OF)
    as_of_precision: str = t.vocabulary("How well that date is known", AS_OF_PRECISION)
    country: str = t.country("Country the project is in")
    firm: str = t.text("Chinese firm or side, as named")
    role: str = t.text("Stake or role, in words")
    stage: str = t.vocabulary("The last stage the project would reach", PLANT_STAGES)
    stages: str = t.text("All its stages, in order of the chain, joined by semicolons")
    material: str = t.text("Material, in the text's words")
    comparator: bool = t.flag("Another mineral than rare earths, kept for comparison: filter before counting")
    start: str = t.partial_date("Start of the stake, deal or work, as far as known", nullable=True)
    status: str = t.text("Status as of the text's date, in words")
    outcome: str = t.vocabulary(
        "What came of it, read from the status: sold and ended: once held; blocked: a state stopped it or ordered its sale; "
        "agreed: a memorandum, contract or term sheet; not_realised: given up after one; failed_bid: a bid that got nothing",
        OUTCOMES,
    )
    amount: float = t.number("A published amount: capacity, money or area", "as in unit", ge=0, nullable=True)
    unit: str = t.text("Unit and meaning of the amount, in words", nullable=True)
    part_of: str = t.text("Project this one may be a part of: never count both", nullable=True)
    source_id: str = t.source_id()
    document_id: str = t.document_id()
    note: str = t.text("What the text says besides, and doubts", nullable=True)

    class Config:
        title = "Chinese presence abroad"
        unique = ["project", "as_of"]
        metadata = {"floor": "tidy", "subject": "chain"}
