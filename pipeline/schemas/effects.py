"""What acts did to China's exports, and breaks in series: designs as reviewed, effects among placebos, breaks found blind."""

import pandas as pd

from pipeline.schemas import table as t

METHODS = ("triple_difference", "synthetic_control", "description")
MEASURES = ("unit_value", "unit_value_ratio", "tonnes", "share")
VERDICTS = ("effect", "no effect distinguishable", "cannot tell")
CODES = r"^\d{6}(;\d{6})*$"
MEASURE = (
    "Log of China's exports: unit_value in USD/kg; unit_value_ratio, China's unit value over all others'; tonnes; "
    "share of the world's value. Masses without flow_outliers"
)


class EffectDesigns(t.Table):
    """Which effects are estimated, and how: fixed in a reviewed table before a figure is read.

    An act that cannot be estimated has a row of method description that says why, so that nothing is silently missing.
    """

    event_id: str = t.text("Act, a row of policy_events")
    outcome: str = t.text("Name of what is measured on which codes")
    method: str = t.vocabulary("How; description where nothing can be estimated", METHODS)
    measure: str = t.vocabulary(MEASURE, MEASURES, nullable=True)
    hs6: str = t.text("HS92 codes taken together, joined by ;", str_matches=CODES, nullable=True)
    pre_from: pd.Int64Dtype = t.year("First year of the window before", nullable=True)
    first_treated: pd.Int64Dtype = t.year("First year under the act, in part or whole", nullable=True)
    post_to: pd.Int64Dtype = t.year("Last year of the window after", nullable=True)
    excluded: str = t.text("Materials that the same or a like act touched: never donors, joined by ;", nullable=True)
    reason: str = t.text("Why these years and materials, or why nothing is estimated")

    class Config:
        title = "Designs of effects"
        unique = ["event_id", "outcome", "method"]
        metadata = {"floor": "tidy"}


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
        ("whole", "part", "unknown"),
        nullable=True,
    )
    pre_from: pd.Int64Dtype = t.year("First year of the window before", nullable=True)
    first_treated: pd.Int64Dtype = t.year("First year under the act, in part or whole", nullable=True)
    post_to: pd.Int64Dtype = t.year("Last year of the window after", nullable=True)
    change: float = t.number("China's own change: mean after minus mean before, no comparison", "log points", nullable=True)
    estimate: float = t.number("Mean difference to the comparison after, over that before", "log points", nullable=True)
    low: float = t.number("Least constant effect the placebos do not reject at 5 %", "log points", nullable=True)
    high: float = t.number("Most constant effect the placebos do not reject at 5 %", "log points", nullable=True)
    placebo_rank: pd.Int64Dtype = t.number("Place among the placebos, 1 the most extreme", "1", ge=1, nullable=True)
    donors: int = t.count("Other materials of China that were given the treatment as placebos")
    placebo_share: float = t.share("placebo_rank / (donors + 1), read like a p-value", nullable=True)
    pre_rmse: float = t.number("Root mean squared difference to the comparison before", "log points", ge=0, nullable=True)
    verdict: str = t.vocabulary("effect where placebo_share is 5 % or less, unless donors or fit do not allow one", VERDICTS)
    reason: str = t.text("Why it cannot be told, null where it can", nullable=True)

    class Config:
        title = "Effects of acts"
        unique = ["event_id", "outcome", "method"]
        metadata = {"floor": "derived", "method": "policy-effects"}


class StructuralBreaks(t.Table):
    """Years in which the mean of a log series shifts, found without knowing any act, then held against the acts.

    A match means little by itself: compare matches with those expected by chance. Series of one code are not independent.
    """

    series: str = t.text("Measure, code or partner, joined by /")
    break_year: int = t.year("First year of the new level")
    method: str = t.vocabulary("PELT's criterion met exactly: squared error, BIC penalty", ("pelt_l2_bic",))
    source_table: str = t.text("Table the series is read from")
    from_year: int = t.year("First year of the series")
    to_year: int = t.year("Last year of the series")
    magnitude: float = t.number("Mean of the segment it begins minus mean of the segment before", "log points")
    stability: float = t.share("Part of the grid of penalties at which the same year is found")
    nearest_act: str = t.text("Nearest act in force, of equals the first by name; null where there is none", nullable=True)
    years_from_act: pd.Int64Dtype = t.number("Break year minus the act's year, null without one", "year", nullable=True)
    near: bool = t.text("Within a year of an act")
    breaks: int = t.count("Breaks of the series")
    matches: int = t.count("Of them within a year of an act")
    chance: float = t.share("Part of the years in which a break of the series could lie that are within a year of an act")
    expected_matches: float = t.number("breaks × chance: matches of as many breaks placed at random", "1", ge=0)

    class Config:
        title = "Structural breaks"
        unique = ["series", "break_year", "method"]
        metadata = {"floor": "derived", "method": "structural-breaks"}
