import pandas as pd

from pipeline.schemas import table as t
from pipeline.schemas.effect_designs import CODES, MEASURE, MEASURES, METHODS
from pipeline.schemas.vocabularies import SCOPE_SHARES

VERDICTS = ("effect", "no effect distinguishable", "cannot tell")


class PolicyEffects(t.Table):
    """What an act did to China's exports of the codes it covers, against what the same method finds where nothing happened.

    One treated unit: never read an estimate without its rank among the placebos and its fit before. Nothing is summed or
    averaged over rows; outcomes of one act overlap.
    """

    event_id: str = t.text("Act, a row of policy_events")
    outcome: str = t.text("What is measured on which codes, a row of effect_designs")
    method: str = t.vocabulary("How; description where nothing is estimated", METHODS)
    measure: str = t.vocabulary(MEASURE, MEASURES, nullable=True)
    hs6: str = t.text("HS92 codes taken together (mean of their logs), joined by ;", str_matches=CODES, nullable=True)
    scope_share: str = t.vocabulary(
        "Whether the act covers the goods of the codes whole, or some of them in part",
        SCOPE_SHARES,
        nullable=True,
    )
    pre_from: pd.Int64Dtype = t.year("First year of the window before", nullable=True)
    first_treated: pd.Int64Dtype = t.year("First year under the act, in part or whole", nullable=True)
    post_to: pd.Int64Dtype = t.year("Last year of the window after", nullable=True)
    change: float = t.number("China's own change: mean after minus mean before, no comparison", "log points", nullable=True)
    estimate: float = t.number("Mean difference to the comparison after, over that before", "log points", nullable=True)
    low: float = t.number("Least constant effect the placebos do not reject at 5 %", "log points", nullable=True)
    high: float = t.number("Most constant effect the placebos do not reject at 5 %", "log points", nullable=True)
    ridge_low: float = t.number(
        "Least estimate of the synthetic control over ridges from 0.0001 to 0.1; estimate is that of 0.01",
        "log points",
        nullable=True,
    )
    ridge_high: float = t.number("Greatest estimate over the same ridges", "log points", nullable=True)
    placebo_rank: pd.Int64Dtype = t.number("Place among the placebos, 1 the most extreme", "1", ge=1, nullable=True)
    donors: int = t.count("Other materials of China that were given the treatment as placebos")
    placebo_share: float = t.share("placebo_rank / (donors + 1), read like a p-value", nullable=True)
    least_share: float = t.share("1 / (donors + 1): the least placebo_share the test can attain", nullable=True)
    outcomes_tested: int = t.count("Outcomes of the act that are tested: one among several may rank first by chance")
    pre_rmse: float = t.number("Root mean squared difference to the comparison before", "log points", ge=0, nullable=True)
    verdict: str = t.vocabulary("effect where placebo_share is 5 % or less, unless donors or fit do not allow one", VERDICTS)
    reason: str = t.text("Why nothing can be said, null where it can", nullable=True)

    class Config:
        title = "Effects of acts"
        unique = ["event_id", "outcome", "method"]
        metadata = {"floor": "derived", "subject": "policy"}
