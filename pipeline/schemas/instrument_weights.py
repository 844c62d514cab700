from pipeline.schemas import table as t
from pipeline.schemas.policy_events import INSTRUMENTS


class InstrumentWeights(t.Table):
    """Weight of each instrument in the stance index. Ours, open to argument: change the file and build again."""

    instrument: str = t.vocabulary("By what means an act works", INSTRUMENTS)
    weight: float = t.number("0 words, 1 intent, 2 conditions, 3 amounts and money, 4 bans, ownership, know-how", "1", ge=0, le=4)
    why: str = t.text("The reason in a few words")

    class Config:
        title = "Weights of instruments"
        unique = ["instrument"]
        metadata = {"floor": "tidy", "subject": "policy"}
