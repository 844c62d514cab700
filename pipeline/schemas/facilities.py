import pandas as pd

from pipeline.schemas import table as t
from pipeline.schemas.vocabularies import PLANT_STAGES

PLANT_STATUS = ("operating", "construction", "planned", "shelved", "unknown")


AS_OF = r"^(undated|[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)$"


AS_OF_PRECISION = ("day", "month", "year", "about", "undated")


class Facilities(t.Table):
    """Separation, metal and magnet plants. Capacities are never added: bases differ, and rows with part_of are in another row."""

    facility: str = t.text("Plant")
    phase: str = t.text("Phase, step or line of the plant the row is about; `whole` where it has none")
    products: str = t.text("Products the capacity is of, `not printed` where the text names none")
    as_of: str = t.text("Date of the text the status is from: YYYY, YYYY-MM, YYYY-MM-DD or undated", str_matches=AS_OF)
    as_of_precision: str = t.vocabulary("How well that date is known", AS_OF_PRECISION)
    operator: str = t.text("Operator")
    country: str = t.country("Country")
    stage: str = t.vocabulary(
        "The last stage the plant reaches, which the capacity is of; intermediate is a mixed product", PLANT_STAGES
    )
    stages: str = t.text("All its stages, in order of the chain, joined by semicolons")
    status: str = t.vocabulary("Status as of the text's date; it may be out of date", PLANT_STATUS)
    capacity: float = t.number("Capacity, null where none or a range is published", "t/yr", ge=0, le=1_000_000, nullable=True)
    capacity_low: float = t.number("Lower end of a published range", "t/yr", ge=0, le=1_000_000, nullable=True)
    capacity_high: float = t.number("Upper end of a published range", "t/yr", ge=0, le=1_000_000, nullable=True)
    capacity_basis: str = t.text("Tonnes of what a year, in the text's words", nullable=True)
    start_year: pd.Int64Dtype = t.year("Year of start, past or planned", nullable=True)
    part_of: str = t.text(
        "Plant whose row already covers this one (as a part, an earlier step, or a newer plan): never add both", nullable=True
    )
    part_of_phase: str = t.text("Phase of that row", nullable=True)
    source_id: str = t.source_id()
    document_id: str = t.document_id()
    note: str = t.text("What the text says besides, and doubts", nullable=True)

    class Config:
        title = "Facilities"
        unique = ["facility", "phase", "products", "as_of"]
        metadata = {"floor": "tidy", "subject": "chain"}
