"""CEPII's BACI, trade at six digits with both sides' reports reconciled: a package's SQLite file or CEPII's own, and magnets.

The transcribed flows of magnets (850511) are whole years, and years cut to the largest partners.
"""

import heapq
import itertools
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

import pandas as pd
from pyarrow import compute

from pipeline.intake import country_names, sqlite, transcribed, words
from pipeline.intake.source_files import SourceFiles
from pipeline.sources import baci_csv, baci_rows
from pipeline.sources.baci_rows import COLUMNS

TABLE = "baci_trade"
NOMENCLATURE = "HS92"
MAGNETS = ["year", "exporter", "importer", "hs6", "value_kusd", "quantity_t", "reported_by", "document_id", "note"]
COVERAGE = {"all partners": "whole", "top-6 partners per side only": "top6"}
CODES = ("850511",)
# The first year that the publisher's release counts in the nomenclature of 2017; before it, that of 2002.
FIRST_YEAR_IN_HS17 = 2017


def trade_flows(
    cepii_baci: SourceFiles,
    cepii_baci_magnets: SourceFiles,
    country_codes: pd.DataFrame,
    countries: pd.DataFrame,
    products: pd.DataFrame,
) -> Iterator[pd.DataFrame]:
    """All flows of both files, a year at a time: no year and code is in both. Raises SourceError as `flows` and `magnets` do.

    `cepii_baci` is the package, or CEPII's own files (baci_csv): of those the codes of `products`, or all codes where
    sources.yml says so.
    """
    of_magnets = magnets(cepii_baci_magnets, countries)
    if baci_csv.has(cepii_baci):
        codes = country_codes[country_codes["scheme"] == "baci"].set_index("code")
        wanted = None if cepii_baci.source.codes == "all" else set(products["hs6"])
        found = baci_csv.years(cepii_baci, codes, wanted, set(CODES))
    else:
        found = _years(flows(cepii_baci, country_codes))
    yield from _side_by_side(found, _years(of_magnets))


def _years(rows: pd.DataFrame) -> Iterator[tuple[int, pd.DataFrame]]:
    for year, of_year in rows.groupby("year"):
        yield int(str(year)), of_year


def _side_by_side(*sources: Iterator[tuple[int, pd.DataFrame]]) -> Iterator[pd.DataFrame]:
    """The rows of all sources by year, each of which gives its years in ascending order."""
    in_order = heapq.merge(*sources, key=itemgetter(0))
    for _, of_year in itertools.groupby(in_order, key=itemgetter(0)):
        yield pd.concat([rows for _, rows in of_year], ignore_index=True)


def flows(cepii_baci: SourceFiles, country_codes: pd.DataFrame) -> pd.DataFrame:
    """The flows of the package as rows of `trade_flows`; values in thousand USD, tonnes missing where BACI has none.

    Raises SourceError for a changed schema, a cell that is not a number, a country code that `country_codes` does not know
    under the scheme `baci`, or one used outside the years it holds.
    Source: Gaulier and Zignago (2010), BACI, CEPII working paper 2010-23.
    """
    file = cepii_baci.path("baci.db")
    codes = country_codes[country_codes["scheme"] == "baci"].set_index("code")
    cells = sqlite.cells(file, TABLE, COLUMNS)
    # The package stores codes as integers, without their leading zeros.
    padded = cells.set_column(COLUMNS.index("k"), "k", compute.utf8_lpad(cells["k"], 6, "0"))
    rows = baci_rows.rows(padded, codes)
    found = rows.to_pandas() if rows is not None else _one_by_one(file, codes)
    return found.assign(source_id=cepii_baci.id, nomenclature=NOMENCLATURE, coverage="whole")


def _one_by_one(file: Path, codes: pd.DataFrame) -> pd.DataFrame:
    """The same rows where a cell is unusual: raises SourceError naming the first that is wrong."""
    raw = sqlite.read(file, TABLE, COLUMNS)
    year = _whole(file, raw, "t")
    found = pd.DataFrame(
        {
            "year": year,
            "exporter": _countries(file, raw, "i", year, codes),
            "importer": _countries(file, raw, "j", year, codes),
            "hs6": raw["k"].str.zfill(6),
            "value_kusd": _present(file, raw, "v"),
            "quantity_t": sqlite.numbers(file, TABLE, raw, "q"),
        }
    )
    return found.reset_index(drop=True)


def magnets(cepii_baci_magnets: SourceFiles, countries: pd.DataFrame) -> pd.DataFrame:
    """The flows of magnets as rows of `trade_flows`: thousand USD, tonnes in 2024 alone.

    Raises SourceError naming file, row and column for an unknown code, country or note, a figure that is not a plain number,
    an invalid year, or a report that the publisher did not reconcile.
    """
    file = cepii_baci_magnets.path("flows.csv.gz")
    frame = transcribed.read(file, MAGNETS)
    transcribed.one_of(file, frame, "reported_by", ["reconciled"])
    words.no_later(file, frame, "year", cepii_baci_magnets.accessed, "the day the source was last read")
    year = transcribed.years(file, frame, "year")
    return pd.DataFrame(
        {
            "year": year,
            "exporter": country_names.codes(file, frame, "exporter", countries["iso3"], {}),
            "importer": country_names.codes(file, frame, "importer", countries["iso3"], {}),
            "hs6": transcribed.one_of(file, frame, "hs6", CODES),
            "source_id": cepii_baci_magnets.id,
            "value_kusd": transcribed.numbers(file, frame, "value_kusd"),
            "quantity_t": transcribed.numbers(file, frame, "quantity_t"),
            "nomenclature": (year >= FIRST_YEAR_IN_HS17).map({True: "HS17", False: "HS02"}).astype("str"),
            "coverage": transcribed.one_of(file, frame, "note", COVERAGE),
        }
    )


def _present(file: Path, raw: pd.DataFrame, column: str) -> pd.Series:
    if raw[column].isna().any():
        raise sqlite.unreadable(file, TABLE, raw, column, raw[column].isna(), "is missing")
    return sqlite.numbers(file, TABLE, raw, column)


def _whole(file: Path, raw: pd.DataFrame, column: str) -> pd.Series:
    numbers = _present(file, raw, column)
    if (numbers % 1 != 0).any():
        raise sqlite.unreadable(file, TABLE, raw, column, numbers % 1 != 0, "is not a whole number")
    return numbers.astype("int64")


def _countries(file: Path, raw: pd.DataFrame, column: str, year: pd.Series, codes: pd.DataFrame) -> pd.Series:
    iso3 = raw[column].map(codes["iso3"])
    if iso3.isna().any():
        why = "is not a country code of the scheme baci in country_codes.csv"
        raise sqlite.unreadable(file, TABLE, raw, column, iso3.isna(), why)
    used = year.groupby(raw[column]).agg(["min", "max"]).join(codes[["valid_from", "valid_to"]])
    outside = used.index[(used["min"] < used["valid_from"]) | (used["max"] > used["valid_to"])]
    if len(outside):
        valid = codes.loc[outside[0]]
        bad = (raw[column] == outside[0]) & ~year.between(valid["valid_from"], valid["valid_to"])
        why = "is a country code used outside the years country_codes.csv gives it"
        raise sqlite.unreadable(file, TABLE, raw, column, bad, why)
    return iso3
