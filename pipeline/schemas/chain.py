"""China along the chain: its share stage by stage, what it sends out, what it keeps, and the quotas it sets itself."""

import pandas as pd

from pipeline.schemas import table as t


class ValueChainGap(t.Table):
    """China's share of each stage as one publisher has it, and the step from the stage before within the same edition.

    Read along one publisher, edition and year only: a difference between two publishers is no growth.
    """

    year: int = t.year("Year of the share; where dated_by is text the year of the text, which states none")
    stage: str = t.vocabulary("Stage of the chain", t.STAGES)
    material: str = t.text("Material, such as rare_earths; magnets are another one than what they are made of")
    publisher: str = t.text("Whose share it is")
    edition: str = t.text("Edition; of tables of tonnes with their source, of texts quoted the document_id")
    china_share: float = t.share("China's share of the stage")
    at_least: bool = t.text("Whether the share is printed as a lower bound (more than)")
    kind: str = t.vocabulary("Whether the share is of the past, estimated, or foreseen", ("actual", "estimate", "projection"))
    basis: str = t.text("What the share is of")
    step_from: str = t.vocabulary(
        "Nearest earlier stage of the same publisher, edition, year and kind, null where it prints none", t.STAGES, nullable=True
    )
    step_from_material: str = t.text("Material of that stage; differs for magnets", nullable=True)
    step: float = t.number("China's share minus its share of that stage", "1", ge=-1, le=1, nullable=True)
    dated_by: str = t.vocabulary("Whether the year is stated, or that of the text stands in for it", ("period", "text"))
    source_id: str = t.source_id()

    class Config:
        title = "Value chain gap"
        unique = ["year", "stage", "material", "publisher", "edition"]
        metadata = {"floor": "derived", "method": "value-chain"}


class QuotaUse(t.Table):
    """China's quotas against what is said to be produced and what is exported, in oxide and gross.

    Output that equals the quota (output_is_quota) is the quota told again, no use of it. Illegal output is in no figure.
    """

    year: int = t.year()
    stage: str = t.vocabulary("What the quota caps", ("mining", "separation", "export"))
    issuer: str = t.text("Whose cap: the land ministry's of mining until 2018, the industry's of separation", nullable=True)
    quota: float = t.number(
        "Quota of the full year, all kinds and holders, null where none is on record", "t", ge=0, nullable=True
    )
    quota_basis: str = t.vocabulary("What the quota weighs", ("REO", "gross", "not stated"), nullable=True)
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
        "Mining: the central figure of production_reconciled; separation: the one printed figure, null where several differ",
        "t",
        ge=0,
        nullable=True,
    )
    reported_output_high: float = t.number("Most of them", "t", ge=0, nullable=True)
    output_publishers: str = t.text("Who says so", nullable=True)
    output_is_quota: bool = t.text("Whether the output equals the quota to the tonne: the publisher took the one for the other")
    exports_gross: float = t.number(
        "China's exports of compounds (2846) and metals (280530), gross, without flows set aside, null where a code has no mass",
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
    holders_hhi: float = t.hhi("HHI of the holders' parts, null where not every part is printed", nullable=True)
    holders_batch: str = t.text("Part of the year that HHI is of: the largest whose parts are all printed", nullable=True)

    class Config:
        title = "Quota use"
        unique = ["year", "stage"]
        metadata = {"floor": "derived", "method": "quota-use"}


class QualityShift(t.Table):
    """From quantity to quality, measure by measure: prices against the rest of the world, stages exported, what stays at home.

    No composite is made of them. Unit values are confounded by mix: one code holds cheap and dear elements.
    """

    year: int = t.year()
    compounds_unit_value_ratio_mix_confounded: float = t.number(
        "China's USD/kg of compounds over the rest's, both codes together, flows set aside left out", "1", gt=0, nullable=True
    )
    metals_unit_value_ratio_mix_confounded: float = t.number("The same of metals", "1", gt=0, nullable=True)
    magnets_unit_value_ratio_mix_confounded: float = t.number(
        "The same of magnets, 2024 alone has masses", "1", gt=0, nullable=True
    )
    compounds_unit_value_ratio_without_feed_mix_confounded: float = t.number(
        "China's USD/kg over that of what the rest sends to others than China, which takes feed for its separation",
        "1",
        gt=0,
        nullable=True,
    )
    metals_unit_value_ratio_without_feed_mix_confounded: float = t.number(
        "The same of metals, without Australia's concentrate for Malaysia that is booked as metal", "1", gt=0, nullable=True
    )
    magnets_unit_value_ratio_without_feed_mix_confounded: float = t.number("The same of magnets", "1", gt=0, nullable=True)
    compounds_value: float = t.number("China's exports of compounds", "kUSD", ge=0, nullable=True)
    metals_value: float = t.number("China's exports of metals", "kUSD", ge=0, nullable=True)
    magnets_value: float = t.number("China's exports of metal magnets, rare-earth or not", "kUSD", ge=0, nullable=True)
    magnets_coverage: str = t.vocabulary(
        "whole, or top6: each country's six largest partners, which hold China's exports to five digits",
        ("whole", "top6"),
        nullable=True,
    )
    magnets_nomenclature: str = t.text("Nomenclature of the magnets, a break in 2017", nullable=True)
    metals_share_of_value: float = t.share("Metals over compounds and metals, by value", nullable=True)
    downstream_share_of_value: float = t.share(
        "Metals and magnets over compounds, metals and magnets, by value: stages mixed on purpose", nullable=True
    )
    magnets_share_of_value: float = t.share("Magnets over compounds, metals and magnets, by value", nullable=True)
    home_share_low: float = t.number("1 - most exports / least output, both in oxide", "1", le=1, nullable=True)
    home_share: float = t.number("1 - exports / output: what is not exported as compounds or metals", "1", le=1, nullable=True)
    home_share_high: float = t.number("1 - least exports / most output", "1", le=1, nullable=True)
    home_share_basis: str = t.text("Which output, and whose figure", nullable=True)

    class Config:
        title = "Quality shift"
        unique = ["year"]
        metadata = {"floor": "derived", "method": "quality-shift"}
