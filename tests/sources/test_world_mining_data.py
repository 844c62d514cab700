"""Mine production of every material: units kept apart, two countries of one code, and the goods of each material."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import world_mining_data
from tests.made_sources import Write, database

CODES = pd.DataFrame(
    [("wmd", "328", "GUY"), ("wmd", "328 French Guiana", "GUF"), ("wmd", "156", "CHN")], columns=["scheme", "code", "iso3"]
)
YEARS = range(2018, 2025)
Row = tuple[str, str, float | None, str, str]
Listed = dict[str, tuple[str, str | None]]
CHINA: Row = ("China", "156", 10.0, "metr. t", "r")


def made(folder: Path, sheets: dict[str, list[Row]], codes: Listed | None = None) -> bytes:
    """A package's file: {table: rows of (country, code, 2024's amount, unit, flag)} and {table: (code, further codes)}."""
    columns = ", ".join(f'"{column}" text' for column in world_mining_data.MAP_COLUMNS)
    script = f'create table "{world_mining_data.MAP}" ({columns});'
    for sheet, rows in sheets.items():
        code, further = (codes or {}).get(sheet, ("Not Available", None))
        values = [sheet, "", sheet.split(" (")[0], "", "", "", "", "", further, code, ""]
        script += f'insert into "{world_mining_data.MAP}" values ({", ".join("null" if v is None else repr(v) for v in values)});'
        years = ", ".join(f'"{year}" REAL' for year in YEARS)
        named = '"Country" text, "Country_Code" text, "Country_ISO" text'
        script += f'create table "{sheet}" ({named}, {years}, unit text, data_source text);'
        for country, number, amount, unit, flag in rows:
            cell = "null" if amount is None else repr(amount)
            script += f"insert into \"{sheet}\" values ('{country}', '{number}', '', {'null, ' * 6}{cell}, '{unit}', '{flag}');"
    return database(folder, script, world_mining_data.MAP, [])


def production(source: Write, folder: Path, sheets: dict[str, list[Row]]) -> pd.DataFrame:
    files = source("world_mining_data", **{"world_mining_data.db": made(folder, sheets)})
    frame = world_mining_data.mine_production(files, CODES, source("corrections", **{"corrections.yml": "[]\n"}))
    return contract.check(table("mine_production"), frame).rows


def test_units_are_kept_and_only_masses_are_tonnes(source: Write, tmp_path: Path) -> None:
    units = {"Copper": "metr. t", "Gold": "kg", "Diamonds (Gem)": "ct", "Natural Gas": "Mio m3"}
    found = production(source, tmp_path, {sheet: [("China", "156", 1500.0, unit, "e")] for sheet, unit in units.items()})
    found = found.set_index("material")
    assert found["unit"].to_dict() == {"copper": "t", "gold": "kg", "gem_diamonds": "ct", "natural_gas": "million m3"}
    assert found["quantity_t"].dropna().to_dict() == {"copper": 1500, "gold": 1.5}
    assert found["amount"].unique().tolist() == [1500]


def test_a_cell_without_figure_is_no_row_and_the_total_is_the_world(source: Write, tmp_path: Path) -> None:
    rows: list[Row] = [("China", "156", None, "kg", "r"), ("Total", "DELETE", 7.0, "kg", "nan")]
    found = production(source, tmp_path, {"Gold": rows})
    assert found[["country", "amount"]].values.tolist() == [["WLD", 7.0]]
    assert found["flag"].isna().all()


def test_two_countries_of_one_code(source: Write, tmp_path: Path) -> None:
    rows: list[Row] = [("French Guiana", "328", 1000.0, "kg", "r"), ("Guyana", "328", 2000.0, "kg", "r")]
    found = production(source, tmp_path, {"Gold": rows}).set_index("country")
    assert found["quantity_t"].to_dict() == {"GUF": 1, "GUY": 2}


def test_numbers_are_read_to_the_last_digit(source: Write, tmp_path: Path) -> None:
    """Germany's lignite of 2022 is stored a hair below a whole tonne; the published library cuts it to one tonne less."""
    assert (
        production(source, tmp_path, {"Lignite": [("China", "156", 130801110.99999999, "metr. t", "r")]})["amount"][0] < 130801111
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("China", "156", 1.0, "barrels", "r"), "units 'metr. t', 'barrels'"),
        (("China", "156", 1.0, "metr. t", "x"), "is not a known flag"),
        (("Atlantis", "1", 1.0, "metr. t", "r"), "is not a country code of the scheme wmd"),
    ],
)
def test_what_cannot_be_read_is_one_error(source: Write, tmp_path: Path, row: Row, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        production(source, tmp_path, {"Copper": [CHINA, row]})


def test_codes_of_a_material(source: Write, tmp_path: Path) -> None:
    """Codes are completed to six digits; a material without codes has none, and one code may stand for two materials."""
    codes: Listed = {"Steam Coal": ("270119", "270112"), "Coking Coal": ("270112", None), "Toy (X)": ("12345", None)}
    files = source(
        "world_mining_data", **{"world_mining_data.db": made(tmp_path, {sheet: [CHINA] for sheet in (*codes, "Gallium")}, codes)}
    )
    found = contract.check(table("material_codes"), world_mining_data.material_codes(files)).rows
    assert found[["material", "hs6", "main"]].values.tolist() == [
        ["coking_coal", "270112", True],
        ["steam_coal", "270112", False],
        ["steam_coal", "270119", True],
        ["toy", "012345", True],
    ]


def test_a_code_that_is_none_is_an_error(source: Write, tmp_path: Path) -> None:
    files = source("world_mining_data", **{"world_mining_data.db": made(tmp_path, {"Tin": [CHINA]}, {"Tin": ("26 09", None)})})
    with pytest.raises(SourceError, match="is not a six-digit code"):
        world_mining_data.material_codes(files)
