"""The United States' statistics: three tables of USGS beside each other, ranges and withheld figures kept as such."""

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import usgs
from tests.made_sources import Write

SALIENT = (
    "2025,RARE EARTHS,Production: Mineral concentrates,production_concentrates,2023,41600,,,,metric tons REO,,mcs,,\n"
    "2025,RARE EARTHS,Net import reliance,net_import_reliance_compounds_metals,2023,95,,,>95,percent,>,mcs,n01,own\n"
    "2025,YTTRIUM,Price,,2023,,6,8,6–8,dollars per kilogram,range,mcs,,\n"
    "2025,YTTRIUM,Production,,2023,,,,W,metric tons,W,mcs,,\n"
)
SOURCES = (
    "2025,RARE EARTHS,Rare-earth compounds and metals,China,2020–23,70,,percent,mcs,\n"
    "2025,RARE EARTHS,Rare-earth compounds and metals,other,2020–23,30,,percent,mcs,\n"
)
HISTORY = (
    "1950,Production,700,,metric tons REO,ds140,\n"
    "1950,World production,1000,,metric tons REO,ds140,\n"
    "1951,Exports,,NA,metric tons REO,ds140,\n"
)


def statistics(source: Write, salient: str = SALIENT, sources: str = SOURCES, history: str = HISTORY) -> pd.DataFrame:
    summaries = source(
        "usgs_mcs",
        **{
            "us_salient.csv": ",".join(usgs.SALIENT) + "\n" + salient,
            "import_sources.csv": ",".join(usgs.IMPORT_SOURCES) + "\n" + sources,
            "notes.csv": "note_id,note\nn01,long\n",
        },
    )
    ds140 = source("usgs_ds140", **{"rare_earths.csv": "year,item,value,flag,unit,document_id,note\n" + history})
    reviewed = source("reviewed", **{"country_names.csv": "name_as_printed,iso3,note\nother,ROW,\n"})
    found = usgs.us_statistics(summaries, ds140, reviewed, source("corrections", **{"corrections.yml": "[]"}))
    return contract.check(table("us_statistics"), found).rows


def test_ranges_bounds_and_withheld_figures_are_not_made_into_values(source: Write) -> None:
    found = statistics(source).set_index("item")
    assert found.loc["Price", ["value_low", "value_high", "printed", "flag"]].tolist() == [6, 8, "6–8", "range"]
    assert found.loc["Net import reliance", ["value", "flag", "note"]].tolist() == [95, ">", "long; own"]
    assert found.loc[["Price", "Production"], "value"].isna().sum() == 2


def test_world_output_is_left_to_world_history(source: Write) -> None:
    found = statistics(source)
    assert found[found["source_id"] == "usgs_ds140"]["item"].tolist() == ["Exports", "Production"]


def test_import_sources_stand_by_partner_and_span_of_years(source: Write) -> None:
    found = statistics(source)
    shares = found[found["measure"] == "import_source_share"]
    assert shares[["partner", "period", "value"]].to_numpy().tolist() == [["CHN", "2020–23", 70], ["ROW", "2020–23", 30]]
    assert shares["year"].isna().all()


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        ("salient", "41600", "41;600", r"us_salient.csv, row 2, column value: '41;600' is not a plain number"),
        ("salient", "41600", "", r"column value: '' is empty without a flag"),
        ("salient", ",95,", ",195,", r"row 3, column value: '195' is above 100 %"),
        ("salient", ",6,8,", ",9,8,", r"row 4, column value_low: '9' is above value_high"),
        ("salient", "metric tons REO", "short tons", r"column unit: 'short tons' is not an allowed value"),
        ("salient", "YTTRIUM", "THORIUM", r"column chapter: 'THORIUM' is not an allowed value"),
        ("salient", "n01", "n09", r"column note_id: 'n09' is not in notes.csv"),
        ("salient", "2023", "23-Jan", r"column year: '23-Jan' is not a year"),
        ("sources", "China", "Chian", r"import_sources.csv, row 2, column country: 'Chian' is not a known country name"),
        ("sources", ",70,", ",170,", r"column value: '170' is not a share in percent"),
        ("sources", "2020–23", "Sep-20", r"column period: 'Sep-20' is not a span of years"),
        ("history", "700", "", r"rare_earths.csv, row 2, column value: '' is empty without a flag"),
        ("history", "World production", "Earth production", r"column item: 'Earth production' is not an allowed value"),
    ],
)
def test_a_bad_cell_is_one_error_naming_it(source: Write, part: str, old: str, new: str, says: str) -> None:
    texts = {"salient": SALIENT, "sources": SOURCES, "history": HISTORY}
    with pytest.raises(SourceError, match=says):
        statistics(source, **(texts | {part: texts[part].replace(old, new, 1)}))


def test_one_item_twice_in_a_document_breaks_the_contract(source: Write) -> None:
    with pytest.raises(contract.ContractBroken, match="same key"):
        statistics(source, salient=SALIENT + SALIENT.splitlines()[0] + "\n")


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    found = usgs.us_statistics(*(SourceFiles(s) for s in ("usgs_mcs", "usgs_ds140", "reviewed", "corrections")))
    return contract.check(table("us_statistics"), found).rows


def test_statistics_as_published(printed: pd.DataFrame) -> None:
    """USGS: 1996 edition, apparent consumption 22,100 t in 1991; Data Series 140, US output 16,500 t in 1979."""
    rows = printed.set_index(["measure", "edition", "period"])["value"].sort_index()
    assert rows["apparent_consumption", "1996", "1991"] == 22_100
    assert rows["production", usgs.HISTORY_EDITION, "1979"] == 16_500


def test_import_sources_of_an_edition_sum_to_the_whole(printed: pd.DataFrame) -> None:
    """USGS, Mineral Commodity Summaries 2025 and 2026: China 70 % of 2020–23 and 71 % of 2021–24."""
    shares = printed[printed["item"] == "Import sources: Rare-earth compounds and metals"].set_index(["edition", "partner"])[
        "value"
    ]
    assert (shares["2025", "CHN"], shares["2026", "CHN"]) == (70, 71)
    assert shares.groupby("edition").sum().between(99, 101).all()


def test_the_price_of_neodymium_oxide_in_2021_is_corrected_in_the_two_editions_that_have_it_wrong(printed: pd.DataFrame) -> None:
    prices = printed[(printed["measure"] == "price_neodymium_oxide") & (printed["year"] == 2021)].set_index("edition")
    assert set(prices["value"]) == {98}
    assert prices["flag"].fillna("").str.contains("corrected").to_dict() == {
        "2022": True, "2023": True, "2024": False, "2025": False, "2026": False,
    }  # fmt: skip
