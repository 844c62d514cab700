from pipeline.schemas import table as t
from pipeline.schemas.claim_tests import CLAIM, DIRECTIONS, PART, WEIGHTS
from pipeline.schemas.claims import VERDICTS


class ClaimEvidence(t.Table):
    """The answer to each part of each claim, with the query that gave it. An answer is about its own question, nothing wider."""

    claim_id: str = t.text("Claim, such as C01", str_matches=CLAIM)
    part: str = t.text("Part of the claim that one figure can answer", str_matches=PART)
    question: str = t.text("What the part asks")
    value: float = t.number("The answer, null where the tables have none", "as in unit", nullable=True)
    low: float = t.number("Least answer where sources, editions or assumptions differ", "as in unit", nullable=True)
    high: float = t.number("Greatest answer where they differ", "as in unit", nullable=True)
    unit: str = t.text("Unit of the answer")
    direction: str = t.vocabulary("Whether high or low figures support the claim", DIRECTIONS)
    supported_from: float = t.number("From here on the figure supports the claim", "as in unit")
    contradicted_to: float = t.number(
        "From here on, the other way, it contradicts it; null where no figure could", "as in unit", nullable=True
    )
    weight: str = t.vocabulary("required: the claim stands or falls with it; context: shown beside it", WEIGHTS)
    verdict: str = t.vocabulary("What the answer says to the claim", VERDICTS)
    note: str = t.text("Years and sources of the answer, and doubts", nullable=True)
    sql: str = t.text("The query that gave it")

    class Config:
        title = "Evidence on claims"
        unique = ["claim_id", "part"]
        metadata = {"floor": "derived", "subject": "claims"}
