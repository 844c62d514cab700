import pandas as pd

from pipeline.schemas import table as t
from pipeline.schemas.quotas import QUOTA_BASES, QUOTA_STAGES


class QuotaUse(t.Table):
    """China's quotas against what is said to be produced and what is exported, in oxide and gross.

    Output that equals the quota (output_is_quota) repeats the quota and says nothing of its use. Illegal output is in no figure.
    """

    year: int = t.year()
    stage: str = t.vocabulary("What the quota caps", QUOTA_STAGES)
    issuer: str = t.text("Whose cap: the land ministry's of mining until 2018, the industry's of separation", nullable=True)
    quota: float = t.number(
        "Quota of the full year, all kinds and holders, null where none is on record", "t", ge=0, nullable=True
    )
    quota_basis: str = t.vocabulary("What the quota weighs", QUOTA_BASES, nullable=True)
    quota_flag: str = t.text("How the amount came about; not_published from 2025", nullable=True)
    plan_quota: float = t.number(
        "The industry ministry's plan for mining until 2018, another cap than the quota", "t", ge=0, nullable=True
    )
    quota_light: float = t.number("Of the quota light or rock-type rare earths", "t", ge=0, nullable=True)
    quota_heavy: float = t.number(
        "Of the quota ion-adsorption (mining) or medium and heavy rare earths (export)", "t", ge=0, nullable=True
    )
    reported_output_low: float = t.number(
        "Least of the publishers' figures of China's output of the stage, REO", "t", ge=0, nullable=True
    )
    reported_output: float = t.number(
        "Mining: the central figure of production_reconciled; separation: the one published figure, null where several differ",
        "t",
        ge=0,
        nullable=True,
    )
    reported_output_high: float = t.number("Most of them", "t", ge=0, nullable=True)
    output_publishers: str = t.text("Who says so", nullable=True)
    output_is_quota: bool = t.flag("Whether the output equals the quota to the tonne: the publisher took the one for the other")
    exports_gross: float = t.number(
        "China's exports of compounds (2846) and metals (280530), gross, without flow_outliers, null where a code has no mass",
        "t",
        ge=0,
        nullable=True,
    )
    exports_reo_low: float = t.number("The same in oxide with the least factor of each code", "t", ge=0, nullable=True)
    exports_reo: float = t.number("With the factor of each code's mix in US imports", "t", ge=0, nullable=True)
    exports_reo_high: float = t.number("With the greatest factor of each code", "t", ge=0, nullable=True)
    output_over_quota_low: float = t.number("Least reported output over quota", "1", ge=0, nullable=True)
    output_over_quota: float = t.number("Reported output over quota", "1", ge=0, nullable=True)
    output_over_quota_high: float = t.number("Most reported output over quota", "1", ge=0, nullable=True)
    exports_over_quota_low: float = t.number(
        "Least exports over quota, in the quota's basis; oxide and gross where it states none", "1", ge=0, nullable=True
    )
    exports_over_quota: float = t.number(
        "Exports over quota, null where the quota's basis is not stated", "1", ge=0, nullable=True
    )
    exports_over_quota_high: float = t.number("Most exports over quota", "1", ge=0, nullable=True)
    holders: pd.Int64Dtype = t.count("Groups the last notice of the year went to, null where no text says", nullable=True)
    holders_hhi: float = t.hhi("HHI of the holders' parts, null where not every part is published", nullable=True)
    holders_batch: str = t.text("Part of the year that HHI is of: the largest whose parts are all published", nullable=True)

    class Config:
        title = "Quota use"
        unique = ["year", "stage"]
        metadata = {"floor": "derived", "subject": "production"}
