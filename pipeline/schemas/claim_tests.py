from pipeline.schemas import table as t

CLAIM = r"^C[0-9][0-9]$"


PART = r"^[a-z]$"


DIRECTIONS = ("at_least", "at_most")


WEIGHTS = ("required", "context")


class ClaimTests(t.Table):
    """The questions a claim comes down to, with the thresholds of their answers, fixed before any answer was read.

    Never move a threshold because of what came out: add a part, and say when; `claim_tests_superseded` keeps the old ones.
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
    needed: str = t.text("What an answer takes; where there is none, which data are missing")
    finding: str = t.text("What the answer says, as a clause around {value:…}; p writes percentage points")
    sql: str = t.text("The query that answers it, in DuckDB's SQL over tables of this project; its last statement gives the row")

    class Config:
        title = "Tests of claims"
        unique = ["claim_id", "part"]
        metadata = {"floor": "tidy", "subject": "claims"}
