"""Mine production of every material as World Mining Data prints it, and the traded goods a package reads as each material."""

import re
from pathlib import Path

import pandas as pd

from pipeline.intake import corrections as mended
from pipeline.intake import sqlite
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.sources import world_mining_data as wmd

MAP = "HS Code Map"
MAP_COLUMNS = [
    "Sheet_name", "Category - WMD", "Reference ID", "Supply Chain Stage", "Symbol", "Geology", "Reference", "EoL-RIR (2023)",
    "HS Code - Complementary", "HS Code", "Description",
]  # fmt: skip
NO_CODE = "Not Available"
# The unit as printed, ours, and tonnes to one of it: carats and cubic metres are no mass that trade in tonnes can stand beside.
UNITS = {"metr. t": ("t", 1.0), "kg": ("kg", 1000.0), "ct": ("ct", None), "Mio m3": ("million m3", None)}
FLAGS = {"e": "e", "r": "r", "p": "p", "nan": None}
# Tables whose names differ in the parenthesis alone.
NAMES = {"Diamonds (Gem)": "gem_diamonds", "Diamonds (Ind)": "industrial_diamonds"}


def mine_production(world_mining_data: SourceFiles, country_codes: pd.DataFrame, corrections: SourceFiles) -> pd.DataFrame:
    """One row a material, country and year that the publisher fills (columns of MineProduction); WLD is the printed total.

    Raises SourceError for a changed layout, an unknown unit or flag, two units in one table, or an unknown country code.
    """
    file = world_mining_data.path("world_mining_data.db")
    sheets = sqlite.read(file, MAP, MAP_COLUMNS)["Sheet_name"].sort_values()
    parts = []
    for sheet in sheets:
        raw = sqlite.read(file, sheet, wmd.COLUMNS)
        if sheet == wmd.TABLE:
            raw = mended.apply(raw, world_mining_data, file.name, corrections)
        parts.append(_long(file, sheet, raw, country_codes))
    columns = ["year", "country", "material", "amount", "unit", "quantity_t", "flag"]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return frame.assign(source_id=world_mining_data.id, edition=wmd.packaged_edition(world_mining_data))


def material_codes(world_mining_data: SourceFiles) -> pd.DataFrame:
    """The six-digit codes of each material (columns of MaterialCodes); materials to which the package gives none are not in it.

    Raises SourceError for a changed layout, or a code that is not a number of at most six digits.
    """
    file = world_mining_data.path("world_mining_data.db")
    listed = sqlite.read(file, MAP, MAP_COLUMNS)
    listed = listed[listed["HS Code"] != NO_CODE]
    codes = listed.assign(
        material=listed["Sheet_name"].map(material),
        hs6=listed["HS Code"].str.cat(listed["HS Code - Complementary"], sep=";", na_rep="").str.strip(";").str.split(";"),
    ).explode("hs6")
    bad = ~codes["hs6"].str.fullmatch(r"\d{1,6}").astype(bool)
    if bad.any():
        raise sqlite.unreadable(file, MAP, codes, "hs6", bad, "is not a six-digit code")
    return pd.DataFrame(
        {
            "material": codes["material"],
            "hs6": codes["hs6"].str.zfill(6),
            "reference_name": codes["Reference ID"],
            "table_name": codes["Sheet_name"],
            "main": codes["hs6"] == codes["HS Code"],
            "source_id": world_mining_data.id,
        }
    ).reset_index(drop=True)


def material(sheet: str) -> str:
    """The material of a table: its name in small letters without what stands in parentheses, such as rare_earths."""
    return NAMES.get(sheet) or re.sub(r"\W+", "_", sheet.split("(")[0].strip().lower())


def _long(file: Path, sheet: str, raw: pd.DataFrame, country_codes: pd.DataFrame) -> pd.DataFrame:
    numbers = raw.assign(**{year: sqlite.numbers(file, sheet, raw, year) for year in wmd.YEARS})
    unit, tonne = _unit(file, sheet, raw)
    unknown = ~raw["data_source"].isin(list(FLAGS))
    if unknown.any():
        raise sqlite.unreadable(file, sheet, raw, "data_source", unknown, "is not a flag this parser knows")
    numbers["flag"] = raw["data_source"].map(FLAGS)
    numbers["country"] = _countries(file, sheet, raw, country_codes)
    long = numbers.melt(id_vars=["country", "flag"], value_vars=wmd.YEARS, var_name="year", value_name="amount")
    long = long[long["amount"].notna()]
    return pd.DataFrame(
        {
            "year": long["year"].astype("int64"),
            "country": long["country"],
            "material": material(sheet),
            "amount": long["amount"],
            "unit": unit,
            "quantity_t": long["amount"] / tonne if tonne else pd.Series(float("nan"), index=long.index),
            "flag": long["flag"].astype("str"),
        }
    )


def _unit(file: Path, sheet: str, raw: pd.DataFrame) -> tuple[str, float | None]:
    found = raw["unit"].unique().tolist()
    if len(found) != 1 or found[0] not in UNITS:
        raise SourceError(
            f"{file.name}, table {sheet}: units {', '.join(map(repr, found)) or 'none'}, one of {', '.join(UNITS)} expected",
            "find out what the publisher means by it, then change the parser",
        )
    return UNITS[found[0]]


def _countries(file: Path, sheet: str, raw: pd.DataFrame, country_codes: pd.DataFrame) -> pd.Series:
    """By code and name where the scheme lists both together, for a code that the package gives to two countries; else by code."""
    codes = country_codes[country_codes["scheme"] == "wmd"].set_index("code")["iso3"]
    both = raw["Country_Code"] + " " + raw["Country"]
    iso3 = both.map(codes).fillna(raw["Country_Code"].map(codes)).mask(raw["Country"] == wmd.TOTAL, "WLD")
    if iso3.isna().any():
        why = "is not a country code of the scheme wmd in country_codes.csv"
        raise sqlite.unreadable(file, sheet, raw, "Country_Code", iso3.isna(), why)
    return iso3
