"""Scenarios of withholding: the reviewed table, and anyone's own in the same columns."""

from pathlib import Path

import pandas as pd

from pipeline.intake import country_names, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas.disruption_scenarios import TARGETS
from pipeline.schemas.indirect_dependence import FEED
from pipeline.schemas.vocabularies import NETWORK_GROUPS

SCENARIOS = ["scenario", "origin", "cut", "targets", "group", "feed", "spare_share", "spare_t", "note"]


def disruption_scenarios(reviewed: SourceFiles, countries: pd.DataFrame) -> pd.DataFrame:
    """The scenarios of disruption as reviewed (columns of DisruptionScenarios). Raises SourceError as `scenarios` does."""
    return scenarios(reviewed.path("disruption_scenarios.csv"), countries)


def scenarios(file: Path, countries: pd.DataFrame) -> pd.DataFrame:
    """Anyone's scenarios in a CSV of SCENARIOS' columns (columns of DisruptionScenarios).

    `spare_share` and `spare_t` may be empty, for none; `group` for each group; `feed` for excluded.
    Raises SourceError naming row and column for an unknown country, bloc, group or word, a cut outside 0 to 1, a negative spare,
    or a name given twice.
    """
    return read_scenarios(file, transcribed.read(file, SCENARIOS), countries)


def read_scenarios(file: Path, frame: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """The same from a frame of texts; `file` is what errors call it."""
    transcribed.refuse(
        file,
        frame,
        "scenario",
        ~frame["scenario"].str.fullmatch(r"[a-z0-9_]+"),
        "is not a valid name",
        "use lower case and underscores",
    )
    transcribed.refuse(file, frame, "scenario", frame["scenario"].duplicated(), "occurs twice", "choose another name")
    country_names.refuse_unknown(file, frame, "origin", countries)
    known = {*countries["iso3"], "EU27", "G7"}
    strange = frame["targets"].map(lambda targets: targets != "all" and not set(targets.split("+")) <= known)
    strange |= ~frame["targets"].str.fullmatch(TARGETS)
    transcribed.refuse(
        file, frame, "targets", strange, "is not known", "write all, or EU27, G7 and ISO3 codes of `countries` joined by +"
    )
    amounts = {column: transcribed.numbers(file, frame, column) for column in ("cut", "spare_share", "spare_t")}
    beyond = ~amounts["cut"].between(0, 1)
    transcribed.refuse(file, frame, "cut", beyond, "is not between 0 and 1", "write 0.5 for half")
    for column in ("spare_share", "spare_t"):
        transcribed.refuse(file, frame, column, amounts[column] < 0, "is negative", "write 0 for none")
    group = transcribed.one_of(file, frame, "group", ("", *NETWORK_GROUPS))
    feed = transcribed.one_of(file, frame, "feed", {"": "excluded", **{word: word for word in FEED}})
    return frame.assign(
        cut=amounts["cut"],
        group=transcribed.nulls(group),
        feed=feed,
        spare_share=amounts["spare_share"].fillna(0.0),
        spare_t=amounts["spare_t"].fillna(0.0),
    )
