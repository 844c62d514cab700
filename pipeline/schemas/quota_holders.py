import pandas as pd

from pipeline.schemas import table as t


class QuotaHolders(t.Table):
    """Who China's production quotas go to, notice by notice, and the mergers that made many holders two.

    Until 2021 provinces hold quotas for firms outside the groups too: the count is of groups.
    """

    happened_on: str = t.partial_date("Date of the notice or merger, as far as known")
    document_id: str = t.document_id()
    year: int = t.year()
    kind: str = t.vocabulary(
        "Whether the text names the holders of quotas, or a plan or merger that changes it", ("addressees", "change")
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
        metadata = {"floor": "tidy", "subject": "production"}
