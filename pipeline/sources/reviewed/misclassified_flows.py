"""Which flows are booked under a code that is not that of their goods, as reviewed."""

import pandas as pd

from pipeline.intake import country_names, transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas.misclassified_flows import TREATMENTS

COLUMNS = ["exporter", "importer", "hs6", "year_from", "year_to", "goods", "treatment", "reason", "evidence"]


def misclassified_flows(reviewed: SourceFiles, countries: pd.DataFrame) -> pd.DataFrame:
    """Flows under a wrong code (columns of MisclassifiedFlows); importer WLD means all.

    Raises SourceError for an unknown country or treatment, years that are none or the wrong way round, and a judgement without
    reason or evidence.
    """
    file = reviewed.path("misclassified_flows.csv")
    frame = transcribed.read(file, COLUMNS)
    for column in ("exporter", "importer"):
        country_names.refuse_unknown(file, frame, column, countries)
    transcribed.one_of(file, frame, "treatment", TREATMENTS)
    for column in ("goods", "reason", "evidence"):
        transcribed.refuse(
            file, frame, column, frame[column] == "", "is empty", "say what the goods are, why and on what evidence"
        )
    years = pd.DataFrame({column: transcribed.years(file, frame, column) for column in ("year_from", "year_to")})
    transcribed.refuse(file, frame, "year_from", years["year_from"] > years["year_to"], "is after year_to", "swap the two years")
    return frame.assign(**years)
