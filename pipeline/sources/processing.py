"""Published figures on separation, metal and magnet making, and shares by stage, as transcribed."""

import re
from pathlib import Path

import pandas as pd

from pipeline import dates
from pipeline.intake import transcribed, words
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls
from pipeline.schemas.vocabularies import KINDS_OF_FIGURE

SHARES = [
    "year", "period", "stage", "material", "country", "company", "site", "value", "unit", "kind", "edition",
    "document_id", "note_id", "note",
]  # fmt: skip
STAGE_SHARES = ["year", "stage", "material", "country", "share", "basis", "publisher", "edition", "kind", "document_id", "note"]
# Published unit as unit and what is weighed.
UNITS = {
    "share": ("share", ""),
    "t": ("t", ""),
    "kt": ("kt", ""),
    "t REO": ("t", "REO"),
    "t oxide": ("t", "oxide"),
    "t products": ("t", "products"),
}
# Periods that are a calendar year, past or to come.
CALENDAR = ("calendar", "per year", "target")
_ABBREVIATED = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = {month: f"{number:02}" for number, month in enumerate(_ABBREVIATED, start=1)}
_QUARTER = re.compile(r"([A-Z][a-z]{2})-([A-Z][a-z]{2}) (\d{4}) quarter")
_FISCAL = re.compile(r"FY\d{2} \(([A-Z][a-z]{2}) (\d{4})-([A-Z][a-z]{2}) (\d{4})\)")


def processing(processing_shares: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    """Output and shares by stage and period as published, one row a figure; units are in `unit`, nothing is converted.

    Raises SourceError naming file, row and column for an unknown word, country, unit or period, a figure that is no number,
    negative, or as a share above 1, a period that ends before it starts, or a year outside its period.
    """
    file = processing_shares.path("shares.csv")
    frame = transcribed.read(file, SHARES)
    value = _amounts(file, frame, "value", share=frame["unit"] == "share")
    unit = transcribed.one_of(file, frame, "unit", {word: unit for word, (unit, _) in UNITS.items()})
    dated = periods(file, frame, reviewed)
    kind = transcribed.one_of(file, frame, "kind", KINDS_OF_FIGURE)
    seen = kind != "projection"
    late = dates.after(dated["period_start"], processing_shares.accessed) & seen
    why = f"begins after the day the source was last read ({processing_shares.accessed}), and is no projection"
    transcribed.refuse(file, frame, "period", late, why, "correct the period or year, or the kind")
    return pd.DataFrame(
        {
            "document_id": frame["document_id"],
            "period_start": dated["period_start"],
            "period_end": dated["period_end"],
            "stage": words.stages(file, frame, reviewed),
            "material": words.materials(file, frame, reviewed),
            "country": words.countries(file, frame, "country", reviewed),
            "company": frame["company"].where(frame["company"] != "", "all"),
            "site": frame["site"].where(frame["site"] != "", "all"),
            "kind": kind,
            "unit": unit,
            "value": value,
            "basis": nulls(frame["unit"].map({word: basis for word, (_, basis) in UNITS.items()})),
            "year": transcribed.years_if_known(file, frame, "year"),
            "period": frame["period"],
            "dated_by": dated["dated_by"],
            "edition": nulls(frame["edition"]),
            "country_as_printed": frame["country"],
            "note": transcribed.notes(processing_shares.path("notes.csv"), file, frame),
            "source_id": processing_shares.id,
        }
    )


def stage_shares(stage_shares: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    """Shares (0 to 1) of countries in a stage by publisher and edition, as published or computed from published figures.

    Raises SourceError naming file, row and column for an unknown word or country, an invalid share, or a missing year.
    """
    file = stage_shares.path("shares.csv")
    frame = transcribed.read(file, STAGE_SHARES)
    share = _amounts(file, frame, "share", share=frame["share"] != "")
    year = transcribed.years_if_known(file, frame, "year")
    kind = transcribed.one_of(file, frame, "kind", KINDS_OF_FIGURE)
    seen = kind != "projection"
    words.no_later(file, frame, "year", stage_shares.accessed, "the day the source was last read, and no projection", seen)
    transcribed.refuse(
        file, frame, "year", year.isna(), "is empty", "enter the year; a share without one belongs in processing_shares"
    )
    return pd.DataFrame(
        {
            "year": year.fillna(0).astype("int64"),
            "stage": words.stages(file, frame, reviewed),
            "material": words.materials(file, frame, reviewed),
            "country": words.countries(file, frame, "country", reviewed),
            "publisher": frame["publisher"],
            "edition": frame["edition"],
            "share": share,
            "basis": frame["basis"],
            "kind": kind,
            "source_id": stage_shares.id,
            "document_id": frame["document_id"],
            "note": nulls(frame["note"]),
        }
    )


def _amounts(file: Path, frame: pd.DataFrame, column: str, share: pd.Series) -> pd.Series:
    amounts = transcribed.numbers(file, frame, column)
    transcribed.refuse(file, frame, column, amounts.isna(), "is empty", "enter the figure, or leave the row out")
    transcribed.refuse(file, frame, column, amounts < 0, "is negative", "enter the figure as published")
    transcribed.refuse(
        file, frame, column, share & (amounts > 1), "is a share above 1", "write shares as parts of 1, or correct the unit"
    )
    return amounts


def periods(file: Path, frame: pd.DataFrame, reviewed: SourceFiles) -> pd.DataFrame:
    """The column `period` in words as `period_start` and `period_end` (YYYY-MM, or YYYY where no more is known) and `dated_by`.

    Calendar years, quarters and fiscal years that state their months are read; all else is in period_words.csv, which says too
    where the date of the text stands in for a period that no text states.
    """
    listed = words.mapping(reviewed, "period_words.csv", ["period_start", "period_end", "dated_by"])
    rows = [_period(period, year) or _listed(listed, period) for period, year in zip(frame["period"], frame["year"], strict=True)]
    unknown = pd.Series([row is None for row in rows], index=frame.index)
    transcribed.refuse(
        file, frame, "period", unknown, "is not a known period",
        "write `calendar` with the year, `Jan-Mar 2024 quarter`, `FY24 (Jul 2023-Jun 2024)`, or list it in period_words.csv",
    )  # fmt: skip
    dated = pd.DataFrame(
        [row for row in rows if row], index=frame.index, columns=["period_start", "period_end", "dated_by"]
    ).astype("str")
    for column in ("period_start", "period_end"):
        words.check_dates(file, dated, column)
    ends_first = dates.last_day(dated["period_end"]) < dates.first_day(dated["period_start"])
    transcribed.refuse(file, frame, "period", ends_first, "ends before it starts", "correct the period")
    outside = (frame["year"] != "") & (
        (frame["year"] < dated["period_start"].str[:4]) | (frame["year"] > dated["period_end"].str[:4])
    )
    transcribed.refuse(file, frame, "year", outside, "is not a year of its period", "correct the year or the period")
    return dated


def _period(period: str, year: str) -> tuple[str, str, str] | None:
    if period in CALENDAR and year:
        return f"{year}-01", f"{year}-12", "period"
    if quarter := _QUARTER.fullmatch(period):
        first, last, of = quarter.groups()
        return f"{of}-{MONTHS.get(first)}", f"{of}-{MONTHS.get(last)}", "period"
    if fiscal := _FISCAL.fullmatch(period):
        first, start, last, end = fiscal.groups()
        return f"{start}-{MONTHS.get(first)}", f"{end}-{MONTHS.get(last)}", "period"
    return None


def _listed(listed: pd.DataFrame, period: str) -> tuple[str, str, str] | None:
    if period not in listed.index:
        return None
    start, end, dated_by = listed.loc[period, ["period_start", "period_end", "dated_by"]]
    return str(start), str(end), str(dated_by)
