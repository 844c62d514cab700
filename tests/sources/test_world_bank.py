"""Governance: what is no estimate is no row, editions are told apart, and two countries of one code."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import world_bank as source_of
from tests.made_sources import Write, database

ISO3 = ["CHN", "FRA", "GUF", "GUY", "PYF", "TWN", "XKX"]
COUNTRIES = pd.DataFrame({"iso3": ISO3})
YEARS = ["1996", "1998", "2000", *map(str, range(2002, 2025))]
COLUMNS = [*source_of.BEFORE, *YEARS, *source_of.AFTER]
Cells = dict[str, tuple[str, str, str]]


def read(source: Write, folder: Path, rows: list[tuple[str, Cells]]) -> pd.DataFrame:
    """The parsed table of (country code, {year: (estimate, error, sources)}); years not given hold the text nan."""
    script = ""
    for number, name in enumerate(source_of.TABLES.values()):
        columns = ", ".join(f'"{column}" text' for column in COLUMNS)
        script += f'create table "{name}" ({columns});'
        for code, cells in rows:
            values = [code, code, *(cells.get(year, ("nan",) * 3)[number] for year in YEARS), "0"]
            script += f'insert into "{name}" values ({", ".join(repr(v) for v in values)});'
    made = database(folder, script, "Estimate", [])
    frame = source_of.governance(source("worldwide_governance_indicators", **{"wgi.db": made}), COUNTRIES)
    return contract.check(table("governance"), frame).rows.set_index(["country", "year"])


def test_what_is_no_estimate_is_no_row(source: Write, tmp_path: Path) -> None:
    """The package writes "nan", "None" or 0.0 in all three tables; 0.0 with an error is an estimate."""
    cells = {"2018": ("nan",) * 3, "2019": ("None",) * 3, "2020": ("0.0",) * 3, "2021": ("0.0", "0.25", "3.0")}
    found = read(source, tmp_path, [("CHN", cells)])
    assert found.index.tolist() == [("CHN", 2021)]
    assert found[["wgi_pv", "standard_error", "sources"]].iloc[0].tolist() == [0, 0.25, 3]


def test_editions_are_told_by_how_numbers_were_stored(source: Write, tmp_path: Path) -> None:
    """China: single precision to 2022, seven digits in 2023; French Polynesia's 2019 is of the later edition."""
    china = {"2022": ("-0.44107362627983093", "0.21676841378211975", "8.0"), "2023": ("-0.17445149999999998", "0.232933", "9.0")}
    found = read(source, tmp_path, [("CHN", china), ("PYF", {"2019": ("0.9517964", "0.3", "1.0")})])["edition"]
    assert found.to_dict() == {
        ("CHN", 2022): source_of.EARLIER, ("CHN", 2023): source_of.LATER, ("PYF", 2019): source_of.LATER
    }  # fmt: skip


def test_two_countries_of_one_code(source: Write, tmp_path: Path) -> None:
    """The first row named Guyana is French Guiana's; where both hold the same figures, whose they are is not known."""
    same, alone = ("0.4120274", "0.3", "3.0"), ("0.5", "0.25", "3.0")
    rows = [
        ("GUY", {"2022": alone, "2024": same}),
        ("GUY", {"2022": ("-0.5", "0.25", "6.0"), "2024": same}),
        ("TWN", {"2022": alone}),
    ]
    found = read(source, tmp_path, rows).drop("TWN", level="country")
    assert found["wgi_pv"].to_dict() == {
        ("GUF", 2022): 0.5,
        ("GUF", 2024): 0.4120274,
        ("GUY", 2022): -0.5,
        ("GUY", 2024): 0.4120274,
    }
    assert found["flag"].dropna().to_dict() == {("GUF", 2024): "doubtful", ("GUY", 2024): "doubtful"}


def test_kosovo_and_countries_trade_has_no_number_for(source: Write, tmp_path: Path) -> None:
    cells = {"2020": ("-0.5", "0.25", "3.0")}
    assert read(source, tmp_path, [("R20", cells), ("TWN", cells)]).index.get_level_values(0).tolist() == ["TWN", "XKX"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("CHN", {"2020": ("about 1", "0.2", "3.0")})], "is not a plain number"),
        ([("CHN", {"2020": ("0.5", "nan", "3.0")})], "CHN in 2020 has an estimate"),
        ([("QQQ", {"2020": ("0.5", "0.2", "3.0")})], "country code QQQ"),
        ([("CHN", {}), ("CHN", {})], "has the code of another country"),
    ],
)
def test_what_cannot_be_read_is_one_error(source: Write, tmp_path: Path, rows: list[tuple[str, Cells]], words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read(source, tmp_path, rows)
