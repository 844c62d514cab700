from pipeline.schemas import table as t
from pipeline.schemas.policy_events import CODES

CODERS = ("1", "2", "final")


class PolicyCodes(t.Table):
    """Each code of each act by both coders and as settled. Never mix coders: count acts by `final`, agreement by 1 and 2."""

    event_id: str = t.text("Act, a row of policy_events, or one merged into such a row since")
    field: str = t.vocabulary("What is coded; note is what the coder doubted", (*CODES, "note"))
    coder: str = t.vocabulary("1 and 2 coded independently; final is the settled code", CODERS)
    value: str = t.text("The code, a word of docs/policy-coding.md, or the note")
    merged_into: str = t.text("Act of policy_events this one was merged into after coding, null for all others", nullable=True)

    class Config:
        title = "Codes of both coders"
        unique = ["event_id", "field", "coder"]
        # Both coders' words are kept for acts that the register no longer has.
        metadata = {"floor": "tidy", "subject": "policy", "beyond": ["event_id"]}
