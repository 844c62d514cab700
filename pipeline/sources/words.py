"""Publishers' words and dates as ours: reviewed mappings, dates as far as known, long notes kept once."""

import re
from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.sources import country_names, transcribed
from pipeline.sources.lock import SourceFiles
from pipeline.sources.transcribed import SourceError, nulls

PRECISION = {4: "year", 7: "month", 10: "day"}
CHAIN = ("recycling", "mining", "intermediate", "separation", "metal_alloy", "magnet")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def mapping(reviewed: SourceFiles, file_name: str, columns: list[str]) -> pd.DataFrame:
    """A reviewed table of words, `columns` by word. Raises SourceError for a word that stands twice."""
    file = reviewed.path(file_name)
    frame = transcribed.read(file, ["word", *columns, "note"])
    twice = frame["word"].duplicated()
    if twice.any():
        row = int(twice.idxmax())
        raise SourceError(transcribed.place(file, row, "word", frame["word"][row]) + " stands twice", "keep one of the rows")
    return frame.set_index("word")


def translated(file: Path, frame: pd.DataFrame, column: str, meanings: pd.Series, file_name: str) -> pd.Series:
    """A column of publishers' words as ours. Raises SourceError naming the row of a word the reviewed table lacks."""
    unknown = ~frame[column].isin(list(meanings.index))
    if unknown.any():
        row = int(unknown.idxmax())
        raise SourceError(
            transcribed.place(file, row, column, frame[column][row]) + f" is not in {file_name}",
            f"mend the word, or add it with its meaning to data/raw/reviewed/{file_name} and run `reo sources lock`",
        )
    return frame[column].map(meanings).astype("str")


def stages(file: Path, frame: pd.DataFrame, reviewed: SourceFiles) -> pd.Series:
    """The column `stage`, publishers' words for one stage, as ours."""
    return translated(file, frame, "stage", mapping(reviewed, "stage_words.csv", ["stage"])["stage"], "stage_words.csv")


def stage_lists(file: Path, frame: pd.DataFrame, reviewed: SourceFiles) -> pd.Series:
    """The column `stage`, words joined by semicolons, as our stages in order of the chain, joined by semicolons."""
    single = frame["stage"].str.split(";").explode().to_frame()
    ours = stages(file, single.reset_index(names="row"), reviewed).set_axis(single.index)
    return ours.groupby(level=0).agg(lambda words: ";".join(sorted(set(words), key=CHAIN.index))).astype("str")


def materials(file: Path, frame: pd.DataFrame, reviewed: SourceFiles) -> pd.Series:
    """The column `material` as ours."""
    return translated(file, frame, "material", mapping(reviewed, "material_words.csv", ["material"])["material"], "material_words.csv")


def countries(file: Path, frame: pd.DataFrame, column: str, reviewed: SourceFiles) -> pd.Series:
    """A column of printed names, or of our codes, as codes. Raises SourceError naming the row of what is neither."""
    ours = transcribed.read(reviewed.path("countries.csv"), ["iso3", "name", "m49", "note"])["iso3"]
    codes = {str(code): str(code) for code in [*country_names.converter().data["ISO3"], *ours]}
    return country_names.iso3(file, frame, column, codes | country_names.reviewed_names(reviewed))


def check_dates(file: Path, frame: pd.DataFrame, column: str, also: tuple[str, ...] = ()) -> None:
    """Raises SourceError for a cell that is neither a real date as YYYY, YYYY-MM or YYYY-MM-DD, nor one of `also`."""
    for row, text in frame[column].items():
        if text not in also and not _is_date(str(text)):
            raise SourceError(
                transcribed.place(file, int(str(row)), column, text) + " is not a date",
                "write YYYY, YYYY-MM or YYYY-MM-DD, as far as known; spreadsheets change dates, so look at the file as text",
            )


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def last_day(dates: pd.Series) -> pd.Series:
    """Dates as far as known, as text that sorts after every day they can mean."""
    return dates.map(lambda d: d + "-12-31"[len(d) - 4 :] if len(d) < 10 else d)


def with_notes(frame: pd.DataFrame, file: Path, notes_file: Path) -> pd.Series:
    """The note of each row, long ones looked up by note_id, missing where there is none. Raises SourceError for an unknown id."""
    listed = transcribed.read(notes_file, ["note_id", "note"]).set_index("note_id")["note"]
    unknown = ~frame["note_id"].isin([*listed.index, ""])
    if unknown.any():
        row = int(unknown.idxmax())
        raise SourceError(
            transcribed.place(file, row, "note_id", frame["note_id"][row]) + f" is not in {notes_file.name}", f"add it to {notes_file.name}"
        )
    long = frame["note_id"].map(listed).fillna("")
    return nulls((frame["note"] + "; " + long).where((frame["note"] != "") & (long != ""), frame["note"] + long))


def years(file: Path, frame: pd.DataFrame, column: str) -> pd.Series:
    """A column of years, "" as missing. Raises SourceError for what is not a year."""
    numbers = transcribed.numbers(file, frame, column)
    wrong = numbers.notna() & ((numbers % 1 != 0) | ~numbers.between(1900, 2100))
    if wrong.any():
        row = int(wrong.idxmax())
        raise SourceError(transcribed.place(file, row, column, frame[column][row]) + " is not a year", "write four digits")
    return numbers.astype("Int64")


def refuse(file: Path, frame: pd.DataFrame, column: str, wrong: pd.Series, problem: str, remedy: str) -> None:
    """Raises SourceError for the first row that is `wrong`."""
    if wrong.any():
        row = int(wrong.idxmax())
        raise SourceError(transcribed.place(file, row, column, frame[column][row]) + f" {problem}", remedy)
