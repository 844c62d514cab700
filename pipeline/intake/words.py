"""Publishers' words and dates as ours: reviewed mappings, dates as far as known, long notes kept once."""

from pathlib import Path

import pandas as pd

from pipeline import dates
from pipeline.intake import country_names, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas.vocabularies import PLANT_STAGES


def mapping(reviewed: SourceFiles, file_name: str, columns: list[str]) -> pd.DataFrame:
    """A reviewed vocabulary, `columns` by word. Raises SourceError for a word that occurs twice."""
    file = reviewed.path(file_name)
    frame = transcribed.read(file, ["word", *columns, "note"])
    transcribed.refuse(file, frame, "word", frame["word"].duplicated(), "occurs twice", "keep one of the rows")
    frame = frame.drop_duplicates("word")
    return frame.set_index("word")


def translated(file: Path, frame: pd.DataFrame, column: str, meanings: pd.Series, file_name: str) -> pd.Series:
    """A column of publishers' words as ours. Raises SourceError naming the row of a word the reviewed table lacks."""
    unknown = ~frame[column].isin(list(meanings.index))
    near = [n for cell in frame.loc[unknown, column].unique()[:3] for n in transcribed.nearest(cell, list(meanings.index), 1)]
    remedy = (f"write {' or '.join(dict.fromkeys(near))}? else " if near else "") + _add(file_name)
    transcribed.refuse(file, frame, column, unknown, f"is not in {file_name}", remedy)
    return frame[column].map(meanings).astype("str")


def _add(file_name: str) -> str:
    return f"correct the word, or add it with its meaning to data/raw/reviewed/{file_name} and run `reo sources lock`"


def stages(file: Path, frame: pd.DataFrame, reviewed: SourceFiles) -> pd.Series:
    """The column `stage`, publishers' words for one stage, as ours."""
    return translated(file, frame, "stage", mapping(reviewed, "stage_words.csv", ["stage"])["stage"], "stage_words.csv")


def stage_lists(file: Path, frame: pd.DataFrame, reviewed: SourceFiles) -> pd.Series:
    """The column `stage`, words joined by semicolons, as our stages in order of the chain, joined by semicolons."""
    single = frame["stage"].str.split(";").explode().reset_index()
    meanings = mapping(reviewed, "stage_words.csv", ["stage"])["stage"]
    unknown = (~single["stage"].isin(list(meanings.index))).groupby(single["index"]).any()
    transcribed.refuse(file, frame, "stage", unknown, "is not in stage_words.csv, word by word", _add("stage_words.csv"))
    ours = single["stage"].map(meanings).groupby(single["index"])
    return ours.agg(lambda words: ";".join(sorted(set(words), key=PLANT_STAGES.index))).astype("str").rename_axis(None)


def materials(file: Path, frame: pd.DataFrame, reviewed: SourceFiles) -> pd.Series:
    """The column `material` as ours."""
    return translated(
        file, frame, "material", mapping(reviewed, "material_words.csv", ["material"])["material"], "material_words.csv"
    )


def countries(file: Path, frame: pd.DataFrame, column: str, reviewed: SourceFiles) -> pd.Series:
    """A column of published names, or of our codes, as codes; a region by its name in countries.csv.

    Raises SourceError naming the row of what is none of these.
    """
    ours = transcribed.read(reviewed.path("countries.csv"), ["iso3", "name", "m49", "note"])
    codes = {str(code): str(code) for code in [*country_names.converter().data["ISO3"], *ours["iso3"]]}
    regions = {name: code for name, code in zip(ours["name"], ours["iso3"], strict=True) if code.startswith("X_")}
    return country_names.iso3(file, frame, column, codes | regions | country_names.reviewed_names(reviewed))


def check_dates(file: Path, frame: pd.DataFrame, column: str, also: tuple[str, ...] = ()) -> None:
    """Raises SourceError for a cell that is neither a real date as YYYY, YYYY-MM or YYYY-MM-DD, nor one of `also`."""
    wrong = ~frame[column].map(lambda text: text in also or dates.is_date(text)).astype("bool")
    transcribed.refuse(file, frame, column, wrong, "is not a date", dates.REMEDY)


def no_later(
    file: Path, frame: pd.DataFrame, column: str, ceiling: str, what: str, among: "pd.Series[bool] | bool" = True
) -> None:
    """Raises SourceError for a date after `ceiling`, which is what `what` says; of the rows `among` where given."""
    late = dates.after(frame[column], ceiling) & among
    remedy = "correct the date; if it is right, enter in data/raw/sources.yml when the source was last read (accessed)"
    transcribed.refuse(file, frame, column, late, f"is after {what} ({ceiling})", remedy)
