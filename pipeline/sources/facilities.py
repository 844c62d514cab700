"""Plants, and Chinese projects abroad, as transcribed."""

from pathlib import Path

import pandas as pd

from pipeline import dates
from pipeline.intake import transcribed, words
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls
from pipeline.schemas.facilities import PLANT_STATUS
from pipeline.schemas.overseas_presence import OUTCOMES

PLANTS = [
    "facility", "phase", "operator", "country", "stage", "products", "status", "status_as_of", "capacity_t_per_year",
    "capacity_low", "capacity_high", "capacity_unit", "start_year", "part_of", "part_of_phase", "document_id", "note",
]  # fmt: skip
PROJECTS = [
    "project", "country", "chinese_firm", "stake_or_role", "stage", "material", "start", "status", "outcome", "status_as_of",
    "capacity_or_volume", "unit", "part_of", "document_id", "note",
]  # fmt: skip
COMPARATOR = " (comparator)"


def facilities(separation_facilities: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    """Plants with their capacity in tonnes a year of what `capacity_basis` says, one row a plant, phase and product group.

    Raises SourceError naming file, row and column for an unknown country, stage or status, an invalid date, a capacity that
    is negative, not in tonnes a year, or upside down, or a `part_of` that names no row.
    """
    file = separation_facilities.path("facilities.csv")
    frame = transcribed.read(file, PLANTS)
    stages = words.stage_lists(file, frame, reviewed)
    capacity = {column: _not_negative(file, frame, column) for column in ("capacity_t_per_year", "capacity_low", "capacity_high")}
    transcribed.in_range(file, frame, capacity, ("capacity_t_per_year", "capacity_low", "capacity_high"))
    transcribed.one_spelling(file, frame, ["facility", "part_of"])
    transcribed.one_spelling(file, frame, ["operator"])
    for column in ("facility", "phase", "operator"):
        transcribed.refuse(file, frame, column, frame[column] == "", "is empty", "enter it")
    printed = pd.DataFrame(capacity).notna().any(axis=1)
    tonnes = frame["capacity_unit"].str.fullmatch(r"t\b.*/yr.*")
    transcribed.refuse(
        file, frame, "capacity_unit", printed & ~tonnes, "is not tonnes a year", "convert the figure, or leave it to the note"
    )
    _check_part_of(file, frame, ["facility", "phase"], ["part_of", "part_of_phase"])
    return pd.DataFrame(
        {
            "facility": frame["facility"],
            "phase": frame["phase"],
            "products": frame["products"].where(frame["products"] != "", "not printed"),
            **_as_of(file, frame, separation_facilities.accessed),
            "operator": frame["operator"],
            "country": words.countries(file, frame, "country", reviewed),
            "stage": stages.str.split(";").str[-1],
            "stages": stages,
            "status": transcribed.one_of(file, frame, "status", PLANT_STATUS),
            "capacity": capacity["capacity_t_per_year"],
            "capacity_low": capacity["capacity_low"],
            "capacity_high": capacity["capacity_high"],
            "capacity_basis": nulls(frame["capacity_unit"]),
            "start_year": transcribed.years_if_known(file, frame, "start_year"),
            "part_of": nulls(frame["part_of"]),
            "part_of_phase": nulls(frame["part_of_phase"]),
            "source_id": separation_facilities.id,
            "document_id": frame["document_id"],
            "note": nulls(frame["note"]),
        }
    )


def overseas_presence(overseas_presence: SourceFiles, reviewed: SourceFiles) -> pd.DataFrame:
    """Chinese projects and stakes abroad, one row a project; other minerals kept for comparison are marked `comparator`.

    Raises SourceError naming file, row and column for an unknown country, stage or outcome, an invalid date, an amount that is
    negative or without its unit, or a `part_of` that names no row.
    """
    file = overseas_presence.path("projects.csv")
    frame = transcribed.read(file, PROJECTS)
    stages = words.stage_lists(file, frame, reviewed)
    amount = _not_negative(file, frame, "capacity_or_volume")
    transcribed.refuse(
        file, frame, "unit", amount.notna() != (frame["unit"] != ""), "does not go with its amount", "give both, or neither"
    )
    words.check_dates(file, frame, "start", also=("",))
    transcribed.one_spelling(file, frame, ["project", "part_of"])
    words.no_later(file, frame, "start", dates.horizon(overseas_presence.accessed), "what can be planned")
    _check_part_of(file, frame, ["project"], ["part_of"])
    return pd.DataFrame(
        {
            "project": frame["project"],
            **_as_of(file, frame, overseas_presence.accessed),
            "country": words.countries(file, frame, "country", reviewed),
            "firm": frame["chinese_firm"],
            "role": frame["stake_or_role"],
            "stage": stages.str.split(";").str[-1],
            "stages": stages,
            "material": frame["material"].str.removesuffix(COMPARATOR),
            "comparator": frame["material"].str.endswith(COMPARATOR).astype("bool"),
            "start": nulls(frame["start"]),
            "status": frame["status"],
            "outcome": transcribed.one_of(file, frame, "outcome", OUTCOMES),
            "amount": amount,
            "unit": nulls(frame["unit"]),
            "part_of": nulls(frame["part_of"]),
            "source_id": overseas_presence.id,
            "document_id": frame["document_id"],
            "note": nulls(frame["note"]),
        }
    )


def _not_negative(file: Path, frame: pd.DataFrame, column: str) -> pd.Series:
    numbers = transcribed.numbers(file, frame, column, whole=True)
    transcribed.refuse(file, frame, column, numbers < 0, "is negative", "enter the figure as published")
    return numbers


def _as_of(file: Path, frame: pd.DataFrame, accessed: str) -> dict[str, pd.Series]:
    """`status_as_of` as date and precision: `about 2023` is 2023, known about. Never after the day of access."""
    printed = frame["status_as_of"]
    date = printed.str.removeprefix("about ")
    words.check_dates(file, date.to_frame(), "status_as_of", also=("undated",))
    words.no_later(file, date.to_frame(), "status_as_of", accessed, "the day the source was last read")
    precision = dates.precisions(date).mask(printed.str.startswith("about "), "about").mask(date == "undated", "undated")
    return {"as_of": date, "as_of_precision": precision}


def _check_part_of(file: Path, frame: pd.DataFrame, names: list[str], parts: list[str]) -> None:
    known = set(frame[names].itertuples(index=False, name=None)) | {("",) * len(names)}
    wrong = pd.Series([row not in known for row in frame[parts].itertuples(index=False, name=None)], index=frame.index)
    circle = _in_a_circle(frame, names, parts)
    transcribed.refuse(
        file, frame, parts[0], circle, "leads back to this row, so that no row is the whole", "name the row that covers this one"
    )
    transcribed.refuse(
        file, frame, parts[0], wrong, f"names no row (by {' and '.join(names)})", "name a row of this file, or leave it empty"
    )


def _in_a_circle(frame: pd.DataFrame, names: list[str], parts: list[str]) -> "pd.Series[bool]":
    """Rows that are a part of a part … of themselves. A name of several rows (by product or date) is one plant here."""
    wholes: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    own = list(frame[names].itertuples(index=False, name=None))
    for name, whole in zip(own, frame[parts].itertuples(index=False, name=None), strict=True):
        if any(whole):
            wholes.setdefault(name, set()).add(whole)

    def returns(name: tuple[str, ...]) -> bool:
        seen: set[tuple[str, ...]] = set()
        reached = set(wholes.get(name, ()))
        while reached - seen:
            seen |= reached
            reached = {above for of in reached for above in wholes.get(of, ())}
        return name in seen

    circles = {name for name in wholes if returns(name)}
    return pd.Series([name in circles for name in own], index=frame.index) & (frame[parts[0]] != "")
