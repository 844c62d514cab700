"""Factors between gross weight, oxide and metal, and what deposits and magnets are made of, as transcribed."""

import pandas as pd

from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles

COLUMNS = ["factor", "material", "value", "low", "high", "unit", "document_id", "note_id", "note"]
# No good can hold more: metal counts as the oxide it turns into, and scandium, the lightest, gains most (Sc2O3 over 2 Sc).
MOST = {"t REO per t gross": 1.54, "t oxide per t metal": 1.54, "t metal per t oxide": 1.0}


def conversion_factors(conversion_factors: SourceFiles) -> pd.DataFrame:
    """Factors as published (columns of ConversionFactors).

    Raises SourceError for a share above the whole or a low above its high.
    """
    file = conversion_factors.path("factors.csv")
    frame = transcribed.read(file, COLUMNS)
    values = {column: transcribed.numbers(file, frame, column) for column in ("value", "low", "high")}
    most = frame["unit"].map(lambda unit: MOST.get(unit, 100.0 if unit.startswith("percent") else float("inf")))
    for column, value in values.items():
        transcribed.refuse(file, frame, column, value > most, "is more than the whole", "correct the factor or its unit")
    transcribed.in_range(file, frame, values, ("value", "low", "high"))
    return pd.DataFrame(
        {
            "factor": frame["factor"],
            "material": frame["material"],
            "document_id": frame["document_id"],
            **values,
            "unit": frame["unit"],
            "source_id": conversion_factors.id,
            "note": transcribed.notes(conversion_factors.path("notes.csv"), file, frame),
        }
    )
