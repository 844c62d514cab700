"""USGS Mineral Commodity Summaries, rare earths: the world table of each edition, transcribed as printed."""

import pandas as pd

from pipeline.sources import country_names, transcribed
from pipeline.sources.lock import SourceFiles
from pipeline.sources.transcribed import nulls

COLUMNS = ["edition", "country", "measure", "year", "value", "flag", "unit", "document_id", "note"]
MEASURES = {"mine_production": "mine_production", "reserves": "reserves"}
UNITS = {"metric tons REO": "t"}
FLAGS = {flag: flag for flag in ("", "e", "-", "e-", "NA", ">", "c", ">c")}


def world(usgs_mcs: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    """The transcribed table with countries as codes and amounts as numbers; WLD is the printed total, ROW other countries.

    Raises SourceError naming file, row and column for an unknown name, measure, unit or flag, a figure that is not a plain
    number, or an empty cell that no flag explains.
    """
    file = usgs_mcs.path("world.csv")
    frame = transcribed.read(file, COLUMNS)
    frame["iso3"] = country_names.iso3(file, frame, "country", country_names.reviewed_names(reviewed))
    frame["measure"] = transcribed.one_of(file, frame, "measure", MEASURES)
    frame["unit"] = transcribed.one_of(file, frame, "unit", UNITS)
    frame["flag"] = nulls(transcribed.one_of(file, frame, "flag", FLAGS))
    frame["amount"] = transcribed.numbers(file, frame, "value")
    unexplained = frame["amount"].isna() & (frame["flag"] != "NA")
    transcribed.refuse(file, frame, "value", unexplained, "is empty without the flag NA", "enter the figure, or the flag NA")
    return frame


def production(usgs_mcs: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    """Mine production, tonnes REO, by edition: an edition prints two years and may revise the one before."""
    frame = world(usgs_mcs, reviewed)
    rows = frame[frame["measure"] == "mine_production"]
    file = usgs_mcs.path("world.csv")
    year = transcribed.numbers(file, rows, "year")
    transcribed.refuse(file, rows, "year", year.isna() | (year % 1 != 0), "is not a year", "enter the year")
    return pd.DataFrame(
        {
            "year": year.astype("int64"),
            "country": rows["iso3"],
            "stage": "mining",
            "material": "rare_earths",
            "source_id": usgs_mcs.id,
            "edition": rows["edition"],
            "amount": rows["amount"],
            "unit": rows["unit"],
            "basis": "REO",
            "flag": rows["flag"],
            "document_id": rows["document_id"],
        }
    ).reset_index(drop=True)


def reserves(usgs_mcs: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    """Reserves, tonnes REO, by edition; the figure of the edition as last corrected by the publisher."""
    frame = world(usgs_mcs, reviewed)
    rows = frame[frame["measure"] == "reserves"]
    return pd.DataFrame(
        {
            "edition": rows["edition"],
            "country": rows["iso3"],
            "source_id": usgs_mcs.id,
            "amount": rows["amount"],
            "unit": rows["unit"],
            "basis": "REO",
            "flag": rows["flag"],
            "document_id": rows["document_id"],
        }
    ).reset_index(drop=True)
