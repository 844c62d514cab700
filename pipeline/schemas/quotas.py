from pipeline.schemas import table as t

QUOTA_STAGES = ("mining", "separation", "export")

QUOTA_BASES = ("REO", "gross", "not stated")

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
    stage: str = t.vocabulary("What the quota caps", QUOTA_STAGES)
    kind: str = t.vocabulary("Kind of rare earths", ("total", "light", "heavy_ion_adsorption", "rock_type", "medium_heavy"))
    group: str = t.text("Holder: all, a company, a province; for exports the owners of the exporters")
    amount: float = t.number("Quota, null where not published", "t", ge=0, le=1_000_000, nullable=True)
    unit: str = t.vocabulary("Unit of the amount", ("t",))
    basis: str = t.vocabulary("What is weighed", QUOTA_BASES)
    announced_on: str = t.partial_date("Day of the notice, null where the text does not say", nullable=True)
    flag: str = t.vocabulary("How the amount came about", FLAGS, nullable=True)
    preferred: bool = t.flag("Of the texts that print this cell the one to read (docs/quotas.md); never a doubtful one")
    issuer_as_printed: str = t.text("Issuer as the text labels it", nullable=True)
    source_id: str = t.source_id()
    note: str = t.text("What the transcriber remarks", nullable=True)

    class Config:
        title = "Quotas"
        unique = ["document_id", "year", "batch", "issuer", "stage", "kind", "group"]
        metadata = {"floor": "tidy", "subject": "production"}
