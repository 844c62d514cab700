"""World production and reserves read from texts: the Statistical Review's six editions, and single cells quoted elsewhere."""

from pathlib import Path

import pandas as pd

from pipeline.intake import country_names, transcribed, words
from pipeline.intake.corrections import marked, read_corrected
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls

CELLS = [
    "year",
    "country",
    "country_as_printed",
    "measure",
    "value",
    "unit",
    "flag",
    "publisher",
    "edition",
    "document_id",
    "note",
]
REVIEW = [*CELLS[:-1], "note_id", "note"]
MEASURES = ("mine_production", "reserves")
UNITS = {"t_reo": "t", "percent_of_world": "percent"}
REVIEW_FLAGS = ("", "0?", "rounded", "NA", "-", "<50", "doubtful")
QUOTED_FLAGS = ("q", "share", "doubtful", "pos", "undated", "derived", "e", "-", "-e", "")


def statistical_review(statistical_review: SourceFiles, reviewed: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    """Mine production and reserves, tonnes REO, by edition of BP and the Energy Institute; WLD is the published total.

    A published 0 that may mean nil or not listed has the flag 0?. Raises SourceError for invalid content.
    """
    file = statistical_review.path("rare_earths.csv")
    frame = read_corrected(statistical_review, file, REVIEW, corrections, may_be_empty=True)
    transcribed.one_of(file, frame, "flag", REVIEW_FLAGS)
    frame["note"] = transcribed.notes(statistical_review.path("notes.csv"), file, frame)
    return _cells(file, statistical_review, frame, reviewed, explained=("NA", "-", "<50"))


def quoted(production_history: SourceFiles, reviewed: SourceFiles, corrections: SourceFiles) -> pd.DataFrame:
    """Cells of older publications as other texts quote them, in tonnes or as a percentage of the world."""
    file = production_history.path("quoted_cells.csv")
    frame = read_corrected(production_history, file, CELLS, corrections, may_be_empty=True)
    unknown = ~frame["flag"].map(lambda flags: all(flag in QUOTED_FLAGS for flag in flags.split(";")))
    transcribed.refuse(file, frame, "flag", unknown, "is not an allowed flag", f"use of: {', '.join(QUOTED_FLAGS)}")
    frame["note"] = nulls(frame["note"])
    return _cells(file, production_history, frame, reviewed, explained=())


def _cells(
    file: Path, source: SourceFiles, frame: pd.DataFrame, reviewed: SourceFiles, explained: tuple[str, ...]
) -> pd.DataFrame:
    amount = transcribed.numbers(file, frame, "value")
    unexplained = amount.isna() & ~frame["flag"].isin(explained)
    transcribed.refuse(file, frame, "value", unexplained, "is empty without a flag", "enter the figure, or the published flag")
    transcribed.withheld(file, frame, "value", frame["flag"].isin([flag for flag in explained if flag != "-"]))
    words.no_later(file, frame, "year", source.accessed, "the day the source was last read")
    unit = transcribed.one_of(file, frame, "unit", UNITS)
    transcribed.refuse(file, frame, "value", (unit == "percent") & (amount > 100), "is above 100 %", "correct the share")
    measure = transcribed.one_of(file, frame, "measure", MEASURES)
    undated = (measure == "mine_production") & ~frame["year"].str.fullmatch(r"(19|20)\d{2}")
    undated |= (measure == "reserves") & ~frame["year"].str.fullmatch(r"((19|20)\d{2})?")
    transcribed.refuse(file, frame, "year", undated, "is not a year", "enter the year")
    return pd.DataFrame(
        {
            "year": pd.to_numeric(frame["year"].where(frame["year"] != "")).astype("Int64"),
            "country": _countries(file, frame, reviewed),
            "measure": measure,
            "source_id": source.id,
            "edition_as_printed": frame["edition"],
            "publisher_as_printed": frame["publisher"],
            "amount": amount,
            "unit": unit,
            "flag": marked(frame),
            "document_id": frame["document_id"],
            "note": frame["note"],
        }
    ).reset_index(drop=True)


def _countries(file: Path, frame: pd.DataFrame, reviewed: SourceFiles) -> "pd.Series[str]":
    """The column `country`, compared with the list of countries and, where the published name is one we can read, against it."""
    ours = transcribed.read(reviewed.path("countries.csv"), ["iso3", "name", "m49", "note"])["iso3"]
    known = frame["country"].isin([*country_names.converter().data["ISO3"], *ours])
    remedy = "enter the code of countries.csv or ISO 3166-1"
    transcribed.refuse(file, frame, "country", ~known, "is not a country code", remedy)
    names = country_names.reviewed_names(reviewed)
    read = {name: country_names.code_of(name, names) for name in frame["country_as_printed"].unique()}
    other = [read[name] not in (None, code) for name, code in zip(frame["country_as_printed"], frame["country"], strict=True)]
    transcribed.refuse(
        file, frame, "country", pd.Series(other, index=frame.index), "is not the country in country_as_printed", "correct one"
    )
    return frame["country"]
