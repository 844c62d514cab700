import pandas as pd

from pipeline.schemas import table as t

METHODS = ("triple_difference", "synthetic_control", "description")


MEASURES = ("unit_value", "unit_value_ratio", "tonnes", "share")


CODES = r"^[0-9]{6}(;[0-9]{6})*$"


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
        metadata = {"floor": "tidy", "subject": "policy"}
