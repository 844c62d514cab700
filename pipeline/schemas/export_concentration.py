import pandas as pd

from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import EXPORT_BASES, WITHOUT_FEED


class ExportConcentration(t.Table):
    """How concentrated the world's exports of a good are, by value and by mass."""

    year: int = t.year()
    hs6: str = t.hs6()
    basis: str = t.vocabulary(
        "value, quantity as published, or quantity_clean without flow_outliers; of codes in feed_flows also without these flows",
        EXPORT_BASES,
    )
    hhi: float = t.hhi()
    effective_suppliers: float = t.effective_suppliers()
    cr1: float = t.share("Share of the largest exporter")
    cr3: float = t.share("Share of the three largest exporters")
    top_country: str = t.country("Largest exporter; of equals the first by code")
    china_share: float = t.share("China's share")
    exporters: int = t.count("Exporters with a positive amount")
    total: float = t.number("Sum over exporters, thousand USD for value and tonnes otherwise", "kUSD or t", gt=0)
    quantity_coverage: float = t.share("Part of the value whose flows report a quantity")
    coverage: str = t.vocabulary("Whole years only", ("whole",))

    class Config:
        title = "Export concentration"
        unique = ["year", "hs6", "basis"]
        metadata = {"floor": "derived", "subject": "trade"}


def feed_left_out(rows: pd.DataFrame, basis: str = "value") -> pd.DataFrame:
    """One row a year and code of export_concentration, in that order: of codes that hold feed the share without it.

    Feed is ore and carbonate on the way to be separated, which is no supply to the importer.
    """
    # The basis without feed comes last by name and exists for the codes that hold feed.
    found = rows[rows["basis"].isin([basis, basis + WITHOUT_FEED])].sort_values(["year", "hs6", "basis"], kind="stable")
    return found.drop_duplicates(["year", "hs6"], keep="last")
