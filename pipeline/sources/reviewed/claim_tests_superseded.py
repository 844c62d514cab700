"""Parts of claims as they were asked before, with their last answers."""

import pandas as pd

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas.claim_tests import DIRECTIONS, WEIGHTS
from pipeline.schemas.claims import VERDICTS

COLUMNS = [
    "claim_id", "part", "question", "unit", "direction", "supported_from", "contradicted_to", "weight", "value", "low", "high",
    "verdict", "superseded_on", "why",
]  # fmt: skip
WORDS = {"direction": DIRECTIONS, "weight": WEIGHTS, "verdict": VERDICTS}


def claim_tests_superseded(claim_tests: SourceFiles) -> pd.DataFrame:
    """One row a part and day it was superseded. Raises SourceError for an unknown word, or a verdict without its answer."""
    file = claim_tests.path("claim_tests_superseded.csv")
    frame = transcribed.read(file, COLUMNS)
    for column, words in WORDS.items():
        transcribed.one_of(file, frame, column, words)
    figures = {
        column: transcribed.numbers(file, frame, column)
        for column in ("supported_from", "contradicted_to", "value", "low", "high")
    }
    disagree = figures["value"].isna() != (frame["verdict"] == "cannot tell")
    transcribed.refuse(
        file, frame, "verdict", disagree, "does not go with its answer", "no answer means cannot tell, and only that"
    )
    return frame.assign(**figures)
