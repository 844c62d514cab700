from pipeline.schemas import table as t
from pipeline.schemas.claim_tests import CLAIM, DIRECTIONS, PART, WEIGHTS
from pipeline.schemas.claims import VERDICTS


class ClaimTestsSuperseded(t.Table):
    """Parts of claims as they were asked before, with their last answers, rounded. Never count them beside the parts of today."""

    claim_id: str = t.text("Claim, such as C01", str_matches=CLAIM)
    part: str = t.text("Part of the claim, by its letter then", str_matches=PART)
    superseded_on: str = t.partial_date("When another question, query or weight took its place")
    question: str = t.text("What the part asked")
    unit: str = t.text("Unit of the answer")
    direction: str = t.vocabulary("Whether high or low figures supported the claim", DIRECTIONS)
    supported_from: float = t.number("From there on the figure supported the claim", "as in unit")
    contradicted_to: float = t.number(
        "From there on, the other way, it contradicted it; null where no figure could", "as in unit", nullable=True
    )
    weight: str = t.vocabulary("required or context, then", WEIGHTS)
    value: float = t.number("Last answer, null where the tables had none", "as in unit", nullable=True)
    low: float = t.number("Its least", "as in unit", nullable=True)
    high: float = t.number("Its greatest", "as in unit", nullable=True)
    verdict: str = t.vocabulary("What the answer said to the claim", VERDICTS)
    why: str = t.text("Why it was superseded")

    class Config:
        title = "Superseded tests of claims"
        unique = ["claim_id", "part", "superseded_on"]
        metadata = {"floor": "tidy", "subject": "claims"}
