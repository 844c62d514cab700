"""CEPII's BACI for metal magnets (850511), transcribed: whole years and years cut to the largest partners."""

import pandas as pd

from pipeline.intake import country_names, transcribed
from pipeline.intake.source_files import SourceFiles

COLUMNS = ["year", "exporter", "importer", "hs6", "value_kusd", "quantity_t", "reported_by", "document_id", "note"]
COVERAGE = {"all partners": "whole", "top-6 partners per side only": "top6"}
CODES = {"850511": "850511"}
# The first year that the publisher's release counts in the nomenclature of 2017; before it, that of 2002.
FIRST_YEAR_IN_HS17 = 2017


def flows(cepii_baci_magnets: SourceFiles, countries: pd.DataFrame) -> pd.DataFrame:
    """The flows as rows of `trade_flows`: thousand USD, tonnes in 2024 alone.

    Raises SourceError naming file, row and column for an unknown code, country or note, a figure that is not a plain number,
    a year that is none, or a report that the publisher did not reconcile.
    """
    file = cepii_baci_magnets.path("flows.csv.gz")
    frame = transcribed.read(file, COLUMNS)
    transcribed.one_of(file, frame, "reported_by", {"reconciled": "reconciled"})
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
