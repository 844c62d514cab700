"""Blocs and their members, as reviewed."""

import pandas as pd

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import nulls

COLUMNS = ["bloc", "iso3", "member_since", "document", "url", "note"]


def blocs(reviewed: SourceFiles) -> pd.DataFrame:
    """One row a bloc and member. Raises SourceError for an invalid year, and for China as a member."""
    file = reviewed.path("blocs.csv")
    frame = transcribed.read(file, COLUMNS)
    remedy = "remove it: these are blocs that seek supply without China"
    transcribed.refuse(file, frame, "iso3", frame["iso3"] == "CHN", "cannot be a member", remedy)
    years = transcribed.years_if_known(file, frame, "member_since")
    return frame.assign(member_since=years, url=nulls(frame["url"]), note=nulls(frame["note"]))
