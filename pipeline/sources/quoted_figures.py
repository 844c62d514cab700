"""Figures quoted in texts on China's feed, on producers, patents and what uses magnets, as transcribed."""

from pathlib import Path

import pandas as pd

from pipeline import dates
from pipeline.intake import transcribed, words
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls

FEED = [
    "period_start", "period_end", "forecast", "origin", "origin_as_printed", "good", "kind", "codes", "amount", "unit", "basis",
    "publisher", "document_id", "note",
]  # fmt: skip
COMPANIES = [
    "company", "period", "period_end", "plan", "measure", "value", "unit", "basis", "publisher", "document_id", "note",
]  # fmt: skip
PATENTS = ["measure", "country", "period_start", "period_end", "value", "unit", "basis", "publisher", "document_id", "note"]
DEMAND = [
    "measure", "period_start", "period_end", "forecast", "country", "place_as_printed", "mode", "powertrain", "value", "unit",
    "publisher", "document_id", "note",
]  # fmt: skip
YES_NO = ("yes", "no")


def feed_imports(feed_imports: SourceFiles) -> pd.DataFrame:
    """China's imports of feed by origin (columns of FeedImports). Raises SourceError for a bad number, date or word."""
    file = feed_imports.path("imports.csv")
    frame = _read(file, FEED, "amount", "forecast")
    _check_period(file, frame)
    frame = frame.assign(origin=nulls(frame["origin"]), codes=nulls(frame["codes"]))
    return frame.assign(source_id=feed_imports.id)


def company_figures(company_figures: SourceFiles) -> pd.DataFrame:
    """Producers' volumes, revenue and prices (columns of CompanyFigures). Raises SourceError as `feed_imports`."""
    file = company_figures.path("figures.csv")
    frame = _read(file, COMPANIES, "value", "plan")
    words.check_dates(file, frame, "period_end")
    transcribed.one_spelling(file, frame, ["company"])
    return frame.assign(basis=_or_else(frame["basis"], "not stated"), source_id=company_figures.id)


def patents(patents: SourceFiles) -> pd.DataFrame:
    """Patents by country (columns of Patents). Raises SourceError as `feed_imports`."""
    file = patents.path("patents.csv")
    frame = _read(file, PATENTS, "value")
    _check_period(file, frame)
    return frame.assign(source_id=patents.id)


def demand(demand: SourceFiles) -> pd.DataFrame:
    """Vehicles, turbines and the magnets in them (columns of Demand). Raises SourceError as `feed_imports`."""
    file = demand.path("demand.csv")
    frame = _read(file, DEMAND, "value", "forecast")
    _check_period(file, frame)
    return frame.assign(
        place_as_printed=_or_else(frame["place_as_printed"], "not stated"),
        mode=_or_else(frame["mode"], "all"),
        powertrain=_or_else(frame["powertrain"], "none"),
        country=nulls(frame["country"]),
        source_id=demand.id,
    )


def _read(file: Path, columns: list[str], number: str, truth: str | None = None) -> pd.DataFrame:
    """The file with its figure as a number, its yes and no as truth, and empty notes as null."""
    frame = transcribed.read(file, columns)
    figure = transcribed.numbers(file, frame, number)
    transcribed.refuse(file, frame, number, figure.isna(), "is empty", "enter the figure as published")
    frame = frame.assign(**{number: figure, "note": nulls(frame["note"])})
    return frame if truth is None else frame.assign(**{truth: transcribed.one_of(file, frame, truth, YES_NO) == "yes"})


def _check_period(file: Path, frame: pd.DataFrame) -> None:
    for column in ("period_start", "period_end"):
        words.check_dates(file, frame, column)
    backwards = dates.last_day(frame["period_end"]) < dates.first_day(frame["period_start"])
    transcribed.refuse(file, frame, "period_end", backwards, "is before its period_start", "correct one of the two")


def _or_else(column: pd.Series, otherwise: str) -> pd.Series:
    return column.where(column != "", otherwise)
