"""China's quotas, output and use, and estimates of what is mined and shipped outside the quotas."""

import pandas as pd

from pipeline.schemas import table as t

BATCHES = ("full_year", "first", "first_supplement", "second", "third", "first+second")
FLAGS = (
    "computed", "corrected", "implied_in_source", "rounded", "approximate", "misprint_corrected", "disagreement", "doubtful",
    "not_published", "abolished",
)  # fmt: skip


class Quotas(t.Table):
    """China's quotas for mining, separation and export by issuer, batch, kind and holder, as the texts named print them.

    Never sum over batches, years, kinds, groups or issuers: full_year rows hold the batches, totals hold the kinds, and until
    2018 the two ministries' production caps are different caps.
    """

    document_id: str = t.document_id()
    year: int = t.year("Year the quota is for")
    batch: str = t.vocabulary("Part of the year; full_year holds the batches, first+second is the sum of two", BATCHES)
    issuer: str = t.vocabulary(
        "MIIT, MLR or MNR, from 2019 their one joint quota whatever the text's label; MOFCOM for exports",
        ("MIIT", "MLR", "MNR", "MIIT/MNR", "MOFCOM"),
    )
    stage: str = t.vocabulary("What the quota caps", ("mining", "separation", "export"))
    kind: str = t.vocabulary("Kind of rare earths", ("total", "light", "heavy_ion_adsorption", "rock_type", "medium_heavy"))
    group: str = t.text("Holder: all, a company, a province; for exports the owners of the exporters")
    amount: float = t.number("Quota, null where not published", "t", ge=0, le=1_000_000, nullable=True)
    unit: str = t.vocabulary("Unit of the amount", ("t",))
    basis: str = t.vocabulary("What is weighed", ("REO", "gross", "not stated"))
    announced_on: str = t.partial_date("Day of the notice, null where the text does not say", nullable=True)
    flag: str = t.vocabulary("How the amount came about", FLAGS, nullable=True)
    preferred: bool = t.text("Of the texts that print this cell the one to read (docs/quotas.md); never a doubtful one")
    issuer_as_printed: str = t.text("Issuer as the text labels it", nullable=True)
    source_id: str = t.source_id()
    note: str = t.text("What the transcriber remarks", nullable=True)

    class Config:
        title = "Quotas"
        unique = ["document_id", "year", "batch", "issuer", "stage", "kind", "group"]
        metadata = {"floor": "tidy"}


class QuotaHolders(t.Table):
    """Who China's production quotas go to, notice by notice, and the mergers that made many holders two.

    Until 2021 provinces hold quotas for firms outside the groups too: the count is of groups.
    """

    happened_on: str = t.partial_date("Date of the notice or merger, as far as known")
    document_id: str = t.document_id()
    year: int = t.year()
    kind: str = t.vocabulary(
        "Whether the text tells to whom quotas went, or a plan or merger that changes it", ("addressees", "change")
    )
    holders: pd.Int64Dtype = t.count("Groups as the text counts them, null where it does not", nullable=True)
    event: str = t.text("What happened")
    groups: str = t.text("Groups named, by semicolons, null where the text names none", nullable=True)
    absorbed: str = t.text("Firms and units that became part of one, by semicolons", nullable=True)
    source_id: str = t.source_id()
    note: str = t.text("What the transcriber remarks", nullable=True)

    class Config:
        title = "Quota holders"
        unique = ["happened_on", "document_id"]
        metadata = {"floor": "tidy"}


class ChinaOutput(t.Table):
    """China's output, use, exports and shares, and the world's beside them, by kind and period, with who says so.

    Never averaged between publishers nor joined to one series: blanks, product and oxide are different weights.
    """

    measure: str = t.text("What is measured, such as china_output_sintered_ndfeb")
    period: str = t.text("Year, month, half-year or decade as printed")
    document_id: str = t.document_id()
    year: pd.Int64Dtype = t.year("Calendar year, null where the period is no year", nullable=True)
    value: float = t.number("Value in `unit`", "as in unit", ge=0, le=2_000_000)
    unit: str = t.vocabulary("Unit of the value", ("t", "t/year", "percent"))
    basis: str = t.vocabulary("What is weighed, null for shares", ("REO", "product", "blanks", "powder"), nullable=True)
    publisher: str = t.text("Who says so")
    source_id: str = t.source_id()
    note: str = t.text("What the transcriber remarks", nullable=True)

    class Config:
        title = "China's output and use"
        unique = ["measure", "period", "document_id"]
        metadata = {"floor": "tidy"}


class IllegalEstimates(t.Table):
    """Estimates of output over the quotas and of smuggling, each with who estimated.

    They contradict each other: show all, never a mean, never one without its estimator.
    """

    measure: str = t.text("What is estimated")
    period: str = t.text("Year or period as told; not stated where the text names none")
    document_id: str = t.document_id()
    estimator: str = t.text("Who estimated")
    year: pd.Int64Dtype = t.year("Calendar year, null where the period is no year", nullable=True)
    value: float = t.number(
        "Estimate in `unit`, null where only a bound or words are printed", "as in unit", ge=0, le=2_000_000, nullable=True
    )
    low: float = t.number("More than", "as in unit", ge=0, le=2_000_000, nullable=True)
    high: float = t.number("Up to", "as in unit", ge=0, le=2_000_000, nullable=True)
    unit: str = t.vocabulary(
        "Unit of the estimate; words where the text gives no figure", ("t", "t/year", "percent", "ratio", "words")
    )
    basis: str = t.vocabulary("What is weighed, null for shares and words", ("REO", "not stated"), nullable=True)
    source_id: str = t.source_id()
    note: str = t.text("What the transcriber remarks", nullable=True)

    class Config:
        title = "Estimates of illegal production and smuggling"
        unique = ["measure", "period", "document_id", "estimator"]
        metadata = {"floor": "tidy"}
