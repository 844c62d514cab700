"""Yearly counts of policies made from copies of others' databases."""

import pandas as pd

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls

MEASURES = ["measure", "publisher", "grouped_by", "rule", "document_id"]
COUNTS = ["measure", "group", "year", "count"]
# The copies were made in this year: it is not whole, and later ones hold only what was dated in advance.
YEAR_OF_COPY = 2026


def policy_counts(policy_counts: SourceFiles) -> pd.DataFrame:
    """The counts, a row a measure, group and year, each with its rule (columns of PolicyCounts).

    Raises SourceError naming file and row for a measure without a rule, a group where the measure has none or the reverse, and
    a year or count that is none.
    """
    listed = transcribed.read(policy_counts.path("measures.csv"), MEASURES).set_index("measure")
    file = policy_counts.path("counts.csv")
    frame = transcribed.read(file, COUNTS)
    transcribed.one_of(file, frame, "measure", {measure: measure for measure in listed.index})
    frame = frame.join(listed, on="measure")
    unlike = (frame["group"] == "") != (frame["grouped_by"] == "")
    remedy = "name the group where measures.csv says what the groups are, and nowhere else"
    transcribed.refuse(file, frame, "group", unlike, "does not fit its measure", remedy)
    years, policies = transcribed.years(file, frame, "year"), transcribed.numbers(file, frame, "count")
    transcribed.refuse(file, frame, "count", ~(policies % 1 == 0), "is no whole number", "write how many were counted")
    state = years.map(lambda year: "whole" if year < YEAR_OF_COPY else "incomplete" if year == YEAR_OF_COPY else "artefact")
    return frame.assign(
        year=years,
        count=policies.astype("int64"),
        group=frame["group"].replace("", "all"),
        grouped_by=nulls(frame["grouped_by"]),
        year_state=state.astype("str"),
        source_id=policy_counts.id,
    )
