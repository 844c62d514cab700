"""Which flows are feed for separation, as reviewed."""

import pandas as pd

from pipeline.intake import country_names, transcribed
from pipeline.intake.source_files import SourceFiles

FEED_FLOWS = ["exporter", "importer", "hs6", "year_from", "year_to", "reason", "evidence", "doubt"]


def feed_flows(reviewed: SourceFiles, countries: pd.DataFrame) -> pd.DataFrame:
    """Flows that are feed for separation, as reviewed (columns of FeedFlows).

    Raises SourceError for an unknown country, an invalid year, a judgement without reason or evidence, or two that overlap.
    """
    file = reviewed.path("feed_flows.csv")
    frame = transcribed.read(file, FEED_FLOWS)
    for column in ("exporter", "importer"):
        country_names.refuse_unknown(file, frame, column, countries)
    for column in ("reason", "evidence"):
        transcribed.refuse(file, frame, column, frame[column] == "", "is empty", "say why the flow is feed, and on what evidence")
    years = pd.DataFrame({column: transcribed.years(file, frame, column) for column in ("year_from", "year_to")})
    upside_down = years["year_from"] > years["year_to"]
    transcribed.refuse(file, frame, "year_from", upside_down, "is after year_to", "swap the two years")
    flow = [frame["exporter"], frame["importer"], frame["hs6"]]
    ended = years.sort_values("year_from", kind="stable").groupby(flow)["year_to"].shift().reindex(years.index)
    remedy = "give the two rows years that do not overlap"
    transcribed.refuse(file, frame, "year_from", years["year_from"] <= ended, "overlaps another row of the same flow", remedy)
    return frame.assign(year_from=years["year_from"], year_to=years["year_to"], doubt=transcribed.nulls(frame["doubt"]))
