from pipeline.schemas import table as t
from pipeline.schemas.claim_tests import CLAIM

VERDICTS = ("supported", "contradicted", "mixed", "cannot tell")


class Claims(t.Table):
    """The verdict on each claim, and the figure of its first part. Never read it as more than its parts ask."""

    claim_id: str = t.text("Claim, such as C01", str_matches=CLAIM)
    statement: str = t.text("The claim in our words")
    evidence: str = t.text("Each part with its answer and what that says; context in brackets")
    value: float = t.number("Answer to the first part, null where the tables have none", "as in unit", nullable=True)
    unit: str = t.text("Unit of that answer")
    low: float = t.number("Least answer to that part", "as in unit", nullable=True)
    high: float = t.number("Greatest answer to that part", "as in unit", nullable=True)
    threshold: str = t.text("From where on that answer supports or contradicts the claim")
    verdict: str = t.vocabulary("All required parts together", VERDICTS)
    finding: str = t.text("What was found, in a sentence over the required parts; what is missing where a part has no answer")
    note: str = t.text(
        "Context that speaks against the verdict, what would be needed where parts have no answer, and which parts were asked "
        "differently before; null where none",
        nullable=True,
    )

    class Config:
        title = "Claims"
        unique = ["claim_id"]
        metadata = {"floor": "derived", "subject": "claims"}
