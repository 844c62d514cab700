from pipeline.schemas import table as t
from pipeline.schemas.policy_stance import INDICES

SERIES = (
    "china_export_control",
    "china_export_control_foreign_supply",
    "china_cooperation",
    "china_industrial_policy",
    "others_diversification",
)


class PolicyStanceSensitivity(t.Table):
    """Sensitivity: the stock of each headline series recomputed with one assumption changed, month by month."""

    series: str = t.vocabulary("Headline series", SERIES)
    variant: str = t.text(
        "What is changed: equal_weights, without_<instrument>, coder_1, coder_2 (their codes), first_day (dates known to the "
        "month or year at their first day), basis_official, basis_all",
        str_matches=r"^(equal_weights|without_[a-z_]+|coder_[12]|first_day|basis_(official|all))$",
    )
    index: str = t.vocabulary("Index of the series", INDICES)
    as_of: str = t.partial_date("Transaction time: only documents dated by this day are used")
    months: int = t.count("Months compared, from the first in which either stock is above 0")
    rank_correlation: float = t.number(
        "Spearman's rank correlation of the two stocks, null where one never changes",
        "1",
        ge=-1 - 1e-9,
        le=1 + 1e-9,
        nullable=True,
    )
    largest_change: float = t.number(
        "Stock of the variant less that of the series, where they differ most (first such month)", "1"
    )
    largest_change_month: str = t.month("That month")
    largest_change_of_peak: float = t.number(
        "The largest difference when each stock is divided by its own peak, null where the variant is 0 throughout",
        "1",
        nullable=True,
    )
    peak: float = t.number("Largest stock of the series", "1", ge=0)
    peak_month: str = t.month("First month of the series' peak")
    variant_peak: float = t.number("Largest stock of the variant", "1", ge=0)
    variant_peak_month: str = t.month("First month of the variant's peak, null where it is 0 throughout", nullable=True)

    class Config:
        title = "Sensitivity of the policy stance"
        unique = ["series", "variant"]
        metadata = {"floor": "derived", "subject": "policy"}
