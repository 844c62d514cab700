from pipeline.schemas import table as t
from pipeline.schemas.policy_events import CODES


class CodingAgreement(t.Table):
    """How far two coders agree on each field. It says how clear the rules are, never that a code is right: both used one rule."""

    field: str = t.vocabulary("What is coded", tuple(CODES))
    n: int = t.count("Acts both coded, those merged away since among them")
    agreed: int = t.count("Acts given the same code by both")
    agreement: float = t.share("Share of acts given the same code by both (percent agreement)")
    expected_agreement: float = t.share("Agreement by chance, from how often each coder uses each code")
    kappa: float = t.number("Cohen's kappa, null where chance alone would agree on all", "1", ge=-1, le=1, nullable=True)

    class Config:
        title = "Agreement of coders"
        unique = ["field"]
        metadata = {"floor": "derived", "subject": "policy"}
