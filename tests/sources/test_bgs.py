"""World Mineral Statistics: two tables that are never summed, ores turned into oxide, and the cells known from elsewhere."""

from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest

from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.measures.stage_concentration import stage_concentration
from pipeline.sources import bgs, conversion_factors
from tests.made_sources import Write
from tests.measures import toy
from tests.sources.raw_files import REAL, files

FACTORS = pd.DataFrame(
    [(bgs.FACTOR, "Monazite", 0.65), (bgs.FACTOR, "Xenotime", 0.6), (bgs.FACTOR, "Bastnaesite", 0.6)],
    columns=["factor", "material", "value"],
)
AT_60 = "REO content. Assumed to be 60% of concentrates produced."
HEADER = ",".join(bgs.COLUMNS) + "\n"
ROWS = (
    f"1990,China,119,not stated,16480,normal value,{AT_60},doc\n"
    f"1990,USA,119,Bastnaesite,22713,normal value,{AT_60},doc\n"
    f"1990,USA,119,Monazite,2100,normal value,Estimates. {AT_60},doc\n"
    "1990,Malaysia,119,Monazite,3323,normal value,,doc\n"
    "1990,Malaysia,119,Xenotime,165,normal value,,doc\n"
    "1990,Zaire,119,Monazite,124,normal value,,doc\n"
    f"1988,Soviet Union,119,Monazite,,missing,{AT_60},doc\n"
    "1992,China,119,not stated,21300,normal value,,doc\n"
    "1992,China,736,oxides,21300,normal value,Estimates.,doc\n"
)


def made(source: Write, rows: str = ROWS, factors: pd.DataFrame = FACTORS) -> pd.DataFrame:
    names = "name_as_printed,iso3,note\nUSA,USA,\nZaire,COD,\nSoviet Union,SUN,\n"
    return bgs.production(
        source("bgs_world_mineral_statistics", **{"rare_earths.csv": HEADER + rows}),
        factors,
        source("reviewed", **{"country_names.csv": names}),
        source("corrections", **{"corrections.yml": "[]"}),
    )


@pytest.fixture(scope="module")
def real() -> pd.DataFrame:
    factors = conversion_factors.conversion_factors(files("conversion_factors", REAL))
    corrections = cast(SourceFiles, SimpleNamespace(path=lambda name: REAL / name))
    return bgs.production(files("bgs_world_mineral_statistics"), factors, files("reviewed"), corrections)


def test_the_minerals_of_a_country_are_turned_into_oxide_and_added(source: Write) -> None:
    """Malaysia 1990: 3,323 × 0.65 + 165 × 0.6; what is published as oxide is added as it is."""
    row = made(source).set_index(["year", "country"])
    assert row.loc[(1990, "MYS"), "amount"] == pytest.approx(3323 * 0.65 + 165 * 0.6)
    assert row.loc[(1990, "MYS"), ["flag", "note"]].tolist() == [
        "converted",
        "Monazite 3,323 t gross × 0.65; Xenotime 165 t gross × 0.6",
    ]
    assert row.loc[(1990, "USA"), "amount"] == 22713 + 2100
    assert (row.loc[(1990, "USA"), "flag"], row.loc[(1990, "CHN"), "amount"]) == ("e", 16480)


def test_countries_that_are_no_more_have_a_code(source: Write) -> None:
    row = made(source).set_index(["country", "year"])
    assert row.loc[("COD", 1990), "amount"] == pytest.approx(124 * 0.65)
    assert pd.isna(row.loc[("SUN", 1988), "amount"])
    assert row.loc[("SUN", 1988), "flag"] == "NA"


def test_of_two_tables_of_a_year_one_is_read(source: Write) -> None:
    (row,) = made(source).query("year == 1992").to_dict("records")
    assert (row["amount"], row["edition_as_printed"]) == (21300, bgs.TABLES[bgs.OXIDES])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Zaire,119,Monazite", "Zaire,119,Loparite", r"row 7, column form: 'Loparite' is published in gross weight"),
        ("Zaire,119,Monazite", "Zaire,119,Euxenite", r"row 7, column form: 'Euxenite' is not an allowed value"),
        ("Zaire", "Zair", r"row 7, column country_as_printed: 'Zair' is not a known country name"),
        ("124,normal value", ",normal value", r"row 7, column amount: '' contradicts its status"),
        ("124,normal value", "-124,normal value", r"row 7, column amount: '-124' is negative"),
        ("1988,Soviet", "88,Soviet", r"row 8, column year: '88' is not a year"),
        ("Malaysia,119,Xenotime", "Malaysia,119,Monazite", r"row 6, column form: 'Monazite' occurs twice"),
        (",736,oxides", ",735,oxides", r"row 10, column table: '735'"),
    ],
)
def test_a_bad_row_is_one_error_naming_it(source: Write, old: str, new: str, says: str) -> None:
    assert old in ROWS
    with pytest.raises(SourceError, match=says):
        made(source, ROWS.replace(old, new))


@pytest.mark.parametrize(("year", "country", "amount"), [(1995, "CHN", 50_933), (1995, "USA", 22_200), (2021, "CHN", 180_000)])
def test_published_cells(real: pd.DataFrame, year: int, country: str, amount: float) -> None:
    assert real.set_index(["year", "country"])["amount"][year, country] == amount


def test_china_agrees_with_the_cells_of_other_texts(real: pd.DataFrame) -> None:
    """1992 as quoted from the survey; 2000, 2005, 2022 and 2023 (edition 2025) as USGS has them."""
    quoted = pd.read_csv(REAL / "production_history" / "quoted_cells.csv")
    quoted = quoted[(quoted["measure"] == "mine_production") & (quoted["unit"] == "t_reo") & (quoted["country"] == "CHN")]
    usgs = pd.read_csv(REAL / "usgs_mcs" / "world.csv").query("country == 'China' and measure == 'mine_production'")
    ours = real[real["country"] == "CHN"].set_index("year")["amount"]
    for year in (1992, 2000, 2005):
        assert ours[year] in set(quoted[quoted["year"] == year]["value"])
    newest = usgs.sort_values("edition").groupby("year")["value"].last()
    assert [ours[2022], ours[2023]] == [newest[2022], newest[2023]]


def test_chinas_share_rises_from_a_sixth_to_nearly_all_and_falls_to_two_thirds(real: pd.DataFrame) -> None:
    table = real.assign(stage="mining", material="rare_earths", basis="REO", publisher="BGS", edition=real["edition_as_printed"])
    table = table.assign(coverage=(table["edition"] != bgs.WITHOUT_CHINA).map({True: "whole", False: "excerpt"}))
    made = stage_concentration(table, toy.nothing("reserves"), toy.nothing("stage_shares")).set_index("year")
    share = made["china_share"]
    assert share.index.tolist() == list(range(1982, 2024))
    assert share.loc[1982:1984].max() < 0.2
    assert share.loc[2003:2011].min() > 0.95
    assert share.loc[2022:2023].between(0.65, 0.75).all()
    assert made["printed_total"].isna().all()


def test_china_begins_in_1982_and_no_year_stands_in_two_tables(real: pd.DataFrame) -> None:
    assert real[real["country"] == "CHN"]["year"].tolist() == list(range(1982, 2024))
    assert not real.duplicated(["year", "country"]).any()
    assert set(real[real["year"] < 1982]["edition_as_printed"]) == {bgs.WITHOUT_CHINA}
    assert (real.groupby("edition_as_printed")["year"].min()[bgs.TABLES[bgs.OXIDES]]) == 1992


def test_the_factor_of_monazite_is_what_the_two_tables_say_together() -> None:
    """Oxides over monazite where a country mines nothing else and the tables agree: 0.65 to 0.66."""
    raw = pd.read_csv(REAL / "bgs_world_mineral_statistics" / "rare_earths.csv", dtype={"table": "str"})
    wide = raw.pivot_table(index=["country_as_printed", "year"], columns=["table", "form"], values="amount")
    ratio = wide["736", "oxides"] / wide["119", "Monazite"]
    alike = ratio.loc[["Australia", "South Africa", "Sri Lanka", "Thailand"], [1992, 1993], :]
    assert alike.between(0.645, 0.665).sum() == len(alike) == 8
