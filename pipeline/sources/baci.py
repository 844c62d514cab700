"""CEPII's BACI, trade at six digits with both sides' reports reconciled, as carried by a package as SQLite."""

import pandas as pd

from pipeline.sources import sqlite
from pipeline.sources.lock import SourceFiles

TABLE = "baci_trade"
# BACI's own names: year, exporter, importer, product, value in thousand USD, quantity in tonnes.
COLUMNS = ["t", "i", "j", "k", "v", "q"]
NOMENCLATURE = "HS92"


def trade_flows(cepii_baci: SourceFiles, country_codes: pd.DataFrame) -> pd.DataFrame:
    """All flows of the package as `trade_flows`; values in thousand USD, tonnes missing where BACI has none.

    Raises SourceError for a changed schema, a cell that is not a number, a country code that `country_codes` does not know
    under the scheme `baci`, or one used outside the years it holds.
    Source: Gaulier and Zignago (2010), BACI, CEPII working paper 2010-23.
    """
    file = cepii_baci.path("baci.db")
    raw = sqlite.read(file, TABLE, COLUMNS)
    year = _whole(raw, "t", cepii_baci)
    flows = pd.DataFrame(
        {
            "year": year,
            "exporter": _countries(raw, "i", year, country_codes, cepii_baci),
            "importer": _countries(raw, "j", year, country_codes, cepii_baci),
            # The package stores codes as integers, without their leading zeros.
            "hs6": _whole(raw, "k", cepii_baci).astype("str").str.zfill(6),
            "source_id": cepii_baci.id,
            "value_kusd": _present(raw, "v", cepii_baci),
            "quantity_t": sqlite.numbers(file, TABLE, raw, "q"),
            "nomenclature": NOMENCLATURE,
            "coverage": "whole",
        }
    )
    return flows.reset_index(drop=True)


def _present(raw: pd.DataFrame, column: str, source: SourceFiles) -> pd.Series:
    if raw[column].isna().any():
        raise sqlite.unreadable(source.path("baci.db"), TABLE, raw, column, raw[column].isna(), "is missing")
    return sqlite.numbers(source.path("baci.db"), TABLE, raw, column)


def _whole(raw: pd.DataFrame, column: str, source: SourceFiles) -> pd.Series:
    numbers = _present(raw, column, source)
    if (numbers % 1 != 0).any():
        raise sqlite.unreadable(source.path("baci.db"), TABLE, raw, column, numbers % 1 != 0, "is not a whole number")
    return numbers.astype("int64")


def _countries(raw: pd.DataFrame, column: str, year: pd.Series, country_codes: pd.DataFrame, source: SourceFiles) -> pd.Series:
    codes = country_codes[country_codes["scheme"] == "baci"].set_index("code")
    iso3 = raw[column].map(codes["iso3"])
    if iso3.isna().any():
        why = "is not a country code of the scheme baci in country_codes.csv"
        raise sqlite.unreadable(source.path("baci.db"), TABLE, raw, column, iso3.isna(), why)
    outside = (year < raw[column].map(codes["valid_from"])) | (year > raw[column].map(codes["valid_to"]))
    if outside.any():
        why = "is a country code used outside the years country_codes.csv gives it"
        raise sqlite.unreadable(source.path("baci.db"), TABLE, raw, column, outside, why)
    return iso3
