import pandas as pd

from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import TRADE_BASES

CAPACITY_BASES = ("capacity_reo", "capacity_magnets")
GROUPS = (*t.GROUPS, "rare_earth_magnets")


class Diversification(t.Table):
    """How far blocs buy elsewhere than from China, and plants outside China. Never add blocs, bases, or capacity to trade.

    Members of today in all years, so that no step comes from a country that joined. Trade within a bloc is left out. A supplier
    is where goods were sent from, which is not where they were made: see indirect_dependence.
    """

    year: int = t.year("Year of the trade; for capacity the year of the newest text")
    bloc: str = t.text("Bloc, a word of `blocs`; for capacity also outside_china, all countries but China")
    group: str = t.vocabulary(
        "Group of traded goods; capacity is of the stage that makes them. magnets are HS 850511, which holds magnets of other "
        "metals too and counts by value only; rare_earth_magnets are of rare earths alone",
        GROUPS,
    )
    basis: str = t.vocabulary(
        "Imports by value, tonnes as published or without flow_outliers; or capacity in t REO or t NdFeB magnets a year",
        (*TRADE_BASES, *CAPACITY_BASES),
    )
    non_china_share: float = t.share("Part of the imports that came from elsewhere than China", nullable=True)
    non_china_share_low: float = t.share("The least, of tonnes of rare-earth magnets; null otherwise", nullable=True)
    non_china_share_high: float = t.share("The most, of tonnes of rare-earth magnets; null otherwise", nullable=True)
    effective_suppliers: float = t.number(
        "Effective number of suppliers outside the bloc, 1/HHI", "1", ge=1 - 1e-12, nullable=True
    )
    suppliers: pd.Int64Dtype = t.count("Suppliers outside the bloc", nullable=True)
    imports: float = t.number("Imports from outside the bloc, thousand USD or t", "kUSD or t", gt=0, nullable=True)
    imports_low: float = t.number("The least, of tonnes of rare-earth magnets; null otherwise", "t", ge=0, nullable=True)
    imports_high: float = t.number("The most, of tonnes of rare-earth magnets; null otherwise", "t", ge=0, nullable=True)
    capacity_operating: float = t.number(
        "Capacity of operating plants in the bloc, least of published ranges; null where none is published on the basis",
        "t/yr", ge=0, nullable=True,
    )  # fmt: skip
    capacity_operating_high: float = t.number("The same, most of published ranges", "t/yr", ge=0, nullable=True)
    capacity_announced: float = t.number(
        "Capacity under construction or planned, beside what operates; least of published ranges", "t/yr", ge=0, nullable=True
    )
    capacity_announced_high: float = t.number("The same, most of published ranges", "t/yr", ge=0, nullable=True)
    plants: pd.Int64Dtype = t.count("Plants whose capacity is counted", nullable=True)
    plants_left_out: pd.Int64Dtype = t.count(
        "Plants of the stage, operating to planned, that print no capacity or one on another basis", nullable=True
    )
    capacity_basis: str = t.text("What that capacity is of", nullable=True)
    capacity_year_from: pd.Int64Dtype = t.year("Year of the oldest text on a plant whose capacity is counted", nullable=True)
    capacity_year_to: pd.Int64Dtype = t.year("Year of the newest such text", nullable=True)
    capacity_countries: pd.Int64Dtype = t.count("Countries whose plants are counted", nullable=True)
    producers_missing: str = t.text(
        "Countries of the bloc with a published share of the stage (`stage_shares`) and no plant whose capacity is counted, by "
        "semicolons: the capacity is a lower bound and is divided by no demand; null where none",
        nullable=True,
    )
    demand: float = t.number("Demand the capacity is compared with, null where none is published", "t/yr", gt=0, nullable=True)
    demand_year: pd.Int64Dtype = t.year("Year of that demand", nullable=True)
    demand_basis: str = t.text("What that demand is", nullable=True)
    demand_met_operating: float = t.number(
        "Operating capacity over that demand, null where their bases or years do not match or producers are missing",
        "1", ge=0, nullable=True,
    )  # fmt: skip
    demand_met_with_announced: float = t.number("The same with what is announced", "1", ge=0, nullable=True)

    class Config:
        title = "Diversification"
        unique = ["year", "bloc", "group", "basis"]
        metadata = {"floor": "derived", "subject": "chain"}
