"""What the project's starting report says, claim by claim, and what the tables say to it."""

from pipeline.schemas import table as t

CLAIM = r"^C\d\d$"
PART = r"^[a-z]$"
DIRECTIONS = ("at_least", "at_most")
WEIGHTS = ("required", "context")
VERDICTS = ("supported", "contradicted", "mixed", "cannot tell")


class ClaimTests(t.Table):
    """The questions a claim comes down to, with the thresholds of their answers, fixed before any answer was read.

    Never move a threshold because of what came out: add a part, and say when.
    """

    claim_id: str = t.text("Claim, such as C01", str_matches=CLAIM)
    part: str = t.text("Part of the claim that one figure can answer", str_matches=PART)
    statement: str = t.text("The claim in our words, the same in all its parts")
    question: str = t.text("What the part asks")
    unit: str = t.text("Unit of the answer")
    direction: str = t.vocabulary("Whether high or low figures support the claim", DIRECTIONS)
    supported_from: float = t.number("From here on the figure supports the claim", "as in unit")
    contradicted_to: float = t.number(
        "From here on, the other way, it contradicts it; null where no figure could", "as in unit", nullable=True
    )
    why: str = t.text("Why the thresholds stand where they do")
    weight: str = t.vocabulary("required: the claim stands or falls with it; context: shown beside it", WEIGHTS)
    needed: str = t.text("What an answer takes; where it cannot be told, what is missing")
    sql: str = t.text("The query that answers it, in DuckDB's SQL over tables of this project; its last statement gives the row")

    class Config:
        title = "Tests of claims"
        unique = ["claim_id", "part"]
        metadata = {"floor": "tidy"}


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
        metadata = {"floor": "derived", "method": "claims"}


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
    note: str = t.text("What would be needed where parts cannot be told, null where none", nullable=True)

    class Config:
        title = "Claims"
        unique = ["claim_id"]
        metadata = {"floor": "derived", "method": "claims"}
