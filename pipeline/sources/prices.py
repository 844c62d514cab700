"""Published prices of rare earths: quotations in texts, and monthly means of daily series, as transcribed."""

import re
from pathlib import Path

import pandas as pd

from pipeline import dates
from pipeline.intake import transcribed, words
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls

QUOTED = ["date", "date_precision", "oxide", "value", "value_low", "value_high", "unit", "basis", "kind", "document_id", "note"]
REPOSITORY = [*QUOTED[:-1], "note_id", "note"]
BY_MARKET = ["date", "oxide_or_metal", "basis", "value", "value_low", "value_high", "unit", "document_id", "note"]
KOMIS = ["month", "element", "grade", "unit", "value", "days", "document_id", "note"]
# What market_words.csv says of each published market: which of ours it is, and whether VAT is in its prices.
MARKET_WORDS = ["market", "vat"]
UNITS = ("USD/kg", "USD/t", "CNY/kg", "CNY/t")
INFERRED = {f"{unit} (inferred)": unit for unit in ("1,000 CNY/t", "10,000 CNY/t")}
# Precision by the shape of the date; a week is named by a day of it.
SHAPES = {
    "day": r"\d{4}-\d{2}-\d{2}",
    "week": r"\d{4}-\d{2}-\d{2}",
    "month": r"\d{4}-\d{2}",
    "quarter": r"\d{4}-Q[1-4]",
    "year": r"\d{4}",
}
AMOUNTS = ("value", "value_low", "value_high")
ONE_FIGURE = ["date", "oxide", "market", "unit", *AMOUNTS]
_KOMIS_GRADE = re.compile(r"(\d+(?:\.\d+)?%)min (.+)")


def prices(
    prices_quoted: SourceFiles,
    prices_repository: SourceFiles,
    prices_ex_china: SourceFiles,
    prices_more: SourceFiles,
    komis_prices: SourceFiles,
    reviewed: SourceFiles,
) -> pd.DataFrame:
    """Prices as published, in the unit of each row, of five collections, three of press and company texts, two of monthly means.

    `preferred` marks one of the rows that give one figure: of a source that may be republished, else the first by document.

    Raises SourceError naming file, row and column for an unknown product, market or unit, a price that is no number or not
    positive, a range upside down or that its value is outside of, or an invalid date, or one not of its stated precision.
    """
    read = [
        _quoted(prices_quoted, reviewed),
        _repository(prices_repository, reviewed),
        _by_market(prices_ex_china, reviewed),
        _by_market(prices_more, reviewed),
        _komis(komis_prices, reviewed),
    ]
    rows = pd.concat(read, ignore_index=True)
    restricted = rows["source_id"].isin(
        [s.id for s in (prices_repository, prices_ex_china, prices_more, komis_prices, prices_quoted) if _restricted(s)]
    )
    ordered = rows.assign(restricted=restricted).sort_values(["restricted", "document_id", "basis"], kind="stable")
    rows["preferred"] = ~ordered.duplicated(ONE_FIGURE).reindex(rows.index)
    return rows


def _restricted(files: SourceFiles) -> bool:
    return files.source.redistribution == "restricted"


def _quoted(files: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    file = files.path("quotations.csv")
    frame = transcribed.read(file, QUOTED)
    return _tidy(files, file, frame, reviewed, UNITS, nulls(frame["note"]))


def _repository(files: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    file = files.path("monthly.csv")
    frame = transcribed.read(file, REPOSITORY)
    return _tidy(files, file, frame, reviewed, INFERRED, transcribed.notes(files.path("notes.csv"), file, frame))


def _by_market(files: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    file = files.path("quotations.csv")
    frame = transcribed.read(file, BY_MARKET).rename(columns={"oxide_or_metal": "oxide"})
    frame["date_precision"] = frame["date"].map(_precision)
    frame["kind"] = ""
    return _tidy(files, file, frame, reviewed, UNITS, nulls(frame["note"]))


def _precision(date: str) -> str:
    """By the date's shape; a cell of no known shape passes for a day, so that its fault is named as one of dates."""
    return "quarter" if re.fullmatch(SHAPES["quarter"], date) else dates.precision(date) or "day"


def _komis(files: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    """Monthly means of the daily quotations seen; the publisher's grade holds purity and terms, the form is not published."""
    file = files.path("monthly.csv")
    frame = transcribed.read(file, KOMIS).rename(columns={"month": "date", "element": "oxide"})
    parts = frame["grade"].str.extract(_KOMIS_GRADE)
    transcribed.refuse(
        file, frame, "grade", parts[1].isna(), "is not purity and terms such as 99%min FOB China", "correct the grade"
    )
    days = transcribed.numbers(file, frame, "days")
    transcribed.refuse(file, frame, "days", ~days.between(1, 31), "is not a number of days in a month", "enter the days seen")
    frame = frame.assign(date_precision="month", value_low="", value_high="", kind="mean of daily quotations", basis=parts[1])
    note = frame["note"] + " (" + frame["days"] + " days)"
    return _tidy(files, file, frame, reviewed, UNITS, note).assign(grade=(parts[0] + " min").to_numpy())


def _tidy(
    files: SourceFiles,
    file: Path,
    frame: pd.DataFrame,
    reviewed: SourceFiles,
    units: transcribed.Words,
    note: pd.Series,
) -> pd.DataFrame:
    unit = transcribed.one_of(file, frame, "unit", units)
    amounts = {column: transcribed.numbers(file, frame, column) for column in AMOUNTS}
    _check_amounts(file, frame, amounts)
    _check_dates(file, frame)
    words.no_later(file, _in_months(frame), "date", files.accessed, "the day the source was last read")
    products = words.mapping(reviewed, "price_words.csv", ["oxide", "grade"])
    markets = words.mapping(reviewed, "market_words.csv", MARKET_WORDS)["market"]
    return pd.DataFrame(
        {
            "document_id": frame["document_id"],
            "date": frame["date"],
            "oxide": words.translated(file, frame, "oxide", products["oxide"], "price_words.csv"),
            "basis": frame["basis"],
            **amounts,
            "unit": unit,
            "unit_inferred": units is INFERRED,
            "precision": frame["date_precision"],
            "market": words.translated(file, frame, "basis", markets, "market_words.csv"),
            "grade": nulls(frame["oxide"].map(products["grade"])),
            "kind": nulls(frame["kind"]),
            "source_id": files.id,
            "note": note,
        }
    )


def _check_amounts(file: Path, frame: pd.DataFrame, amounts: dict[str, pd.Series]) -> None:
    for column, numbers in amounts.items():
        transcribed.refuse(file, frame, column, numbers <= 0, "is not a price", "enter the figure as published")
    transcribed.refuse(
        file, frame, "value", pd.DataFrame(amounts).isna().all(axis=1), "is empty, and so is the range", "enter what is published"
    )
    transcribed.in_range(file, frame, amounts, AMOUNTS)


def _in_months(frame: pd.DataFrame) -> pd.DataFrame:
    """Dates with a quarter as its first month."""
    first = {f"-Q{n}": f"-{3 * n - 2:02}" for n in range(1, 5)}
    return frame.assign(date=frame["date"].replace(first, regex=True))


def _check_dates(file: Path, frame: pd.DataFrame) -> None:
    transcribed.one_of(file, frame, "date_precision", tuple(SHAPES))
    right = [re.fullmatch(SHAPES[p], d) is not None for p, d in zip(frame["date_precision"], frame["date"], strict=True)]
    remedy = (
        "write YYYY-MM-DD, YYYY-MM, YYYY-Qn or YYYY as the precision says; spreadsheets change dates, so look at the file as text"
    )
    transcribed.refuse(file, frame, "date", ~pd.Series(right, index=frame.index), "is not a date of its precision", remedy)
    words.check_dates(file, frame[~frame["date"].str.contains("Q")], "date")
