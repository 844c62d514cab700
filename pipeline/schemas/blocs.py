import pandas as pd

from pipeline.schemas import table as t


class Blocs(t.Table):
    """Countries and groups of countries that seek supply without China. Blocs overlap: never add them."""

    bloc: str = t.text("Bloc: a country, EUU, G7, QUAD or MSP")
    iso3: str = t.country("Member")
    member_since: pd.Int64Dtype = t.year("Year the member joined, null where that does not matter", nullable=True)
    document: str = t.text("Text that names the member")
    url: str = t.text("Where it was read", nullable=True)
    note: str = t.text("What to mind", nullable=True)

    class Config:
        title = "Blocs"
        unique = ["bloc", "iso3"]
        metadata = {"floor": "tidy", "subject": "reference"}
