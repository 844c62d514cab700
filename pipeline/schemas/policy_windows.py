from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import SCOPE_SHARES

MEASURES = (
    "china_export_quantity",
    "china_unit_value",
    "china_share_of_value",
    "china_share_of_quantity",
    "unit_value_ratio_mix_confounded",
    "monthly_export_quantity",
    "monthly_price",
)


class PolicyWindows(t.Table):
    """Trade and prices around acts: before, after, and what comparators did. A description: never read it as an act's effect."""

    event_id: str = t.text("Act, a row of policy_events")
    outcome: str = t.text("The measure and what it is of: <measure>:<HS code, product or oxide>")
    measure: str = t.vocabulary(
        "By year, of China's exports: mass, unit value, shares of the world's (mass without flow_outliers), unit value over that "
        "of all others (mix-confounded). By month: China's exports as published or held, prices",
        MEASURES,
    )
    unit: str = t.text("Unit of before and after")
    hs6: str = t.text("Customs code of the act that ties it to the outcome, null where an element does", nullable=True)
    element: str = t.text("Element or product word that ties them, null where a customs code does", nullable=True)
    scope_share: str = t.vocabulary(
        "Whether the act covers the code whole or in part; null where an element ties them",
        SCOPE_SHARES,
        nullable=True,
    )
    kind: str = t.text("Kind of the monthly figures, as in trade_by_month or prices; null by year", nullable=True)
    source_id: str = t.text("Source of monthly figures, null by year", nullable=True)
    acted_on: str = t.text("Last day of what is known of when it took effect, else of its announcement")
    before_from: str = t.text("First year or month of the window before")
    after_to: str = t.text("Last year or month of the window after")
    before: float = t.number("Mean of the periods held before", "see unit", ge=0)
    after: float = t.number("Mean of the periods held after", "see unit", ge=0)
    before_held: int = t.number("Periods held of the 3 years or 12 months before", "1", ge=1, le=12)
    after_held: int = t.number("Periods held of the 3 years or 12 months after", "1", ge=1, le=12)
    change: float = t.number("ln(after / before), null where either is 0", "log points", nullable=True)
    comparators: int = t.count(
        "Minerals' codes of China never controlled, or controlled only after the window, held in the same years; 0 by month"
    )
    comparators_change: float = t.number(
        "Median of their changes in the same years, null without any", "log points", nullable=True
    )
    comparators_low: float = t.number("Lower quartile", "log points", nullable=True)
    comparators_high: float = t.number("Upper quartile", "log points", nullable=True)
    other_acts: int = t.count("Other acts on the same code or element within the window: the change is theirs as much")

    class Config:
        title = "Windows around policy acts"
        unique = ["event_id", "outcome"]
        metadata = {"floor": "derived", "subject": "policy"}
