"""The reviewed table of which effects are estimated, on which codes and years."""

import pandas as pd

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls
from pipeline.schemas.effect_designs import MEASURES, METHODS

YEARS = ("pre_from", "first_treated", "post_to")
COLUMNS = ["event_id", "outcome", "method", "measure", "hs6", *YEARS, "excluded", "reason"]


def effect_designs(reviewed: SourceFiles, policy_events: pd.DataFrame) -> pd.DataFrame:
    """Designs as reviewed, one row an act, outcome and method.

    Raises SourceError naming file, row and value for an unknown act, method or measure, years out of order, and a design
    that lacks what its method needs or, as a description, has it.
    """
    file = reviewed.path("effect_designs.csv")
    frame = transcribed.read(file, COLUMNS)
    unknown = ~frame["event_id"].isin(list(policy_events["event_id"]))
    transcribed.refuse(file, frame, "event_id", unknown, "is not an act of the register", "correct the name")
    transcribed.one_of(file, frame, "method", METHODS)
    transcribed.one_of(file, frame, "measure", (*MEASURES, ""))
    described = frame["method"] == "description"
    for column in ("measure", "hs6", *YEARS):
        wrong = (frame[column] == "") != described
        remedy = "give a description none of measure, hs6 and years, and every other method all of them"
        transcribed.refuse(file, frame, column, wrong, "does not fit the row's method", remedy)
    years = {column: transcribed.years_if_known(file, frame, column) for column in YEARS}
    late = (years["pre_from"] >= years["first_treated"]) | (years["first_treated"] > years["post_to"])
    remedy = "put pre_from before first_treated, and post_to not before it"
    transcribed.refuse(file, frame, "first_treated", late.fillna(False), "is not between its years", remedy)
    return frame.assign(**years, **{c: nulls(frame[c]) for c in ("measure", "hs6", "excluded")})
