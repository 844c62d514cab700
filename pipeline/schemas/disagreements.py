import pandas as pd

from pipeline.schemas import table as t


class Disagreements(t.Table):
    """Figures of one quantity that differ by more than 10 %: of two publishers, of two editions of one, or of two texts.

    Mining is also compared with restricted sources, differing by more than 5 %: those rows are left out of releases.
    A list to look at, not to count: one revision shows once however many editions repeat it.
    """

    table: str = t.text("Table the figures stand in")
    key: str = t.text("What they are figures of")
    between: str = t.vocabulary("Who disagrees", ("publishers", "editions", "documents"))
    publisher: str = t.text("Whose editions or documents, or all publishers together")
    year: pd.Int64Dtype = t.year("Calendar year, null where the figures have none", nullable=True)
    country: str = t.country("Country of the figures", nullable=True)
    low: float = t.number("Least of the figures", "as in unit", ge=0)
    high: float = t.number("Most of the figures", "as in unit", ge=0)
    difference: float = t.share("(high - low) / high")
    unit: str = t.text("Unit of the figures")
    figures: str = t.text("Each figure with who prints it, the oldest edition first")
    restricted_source_id: str = t.text(
        "A source among those of the figures whose rows are left out of releases, as this row is; null where there is none",
        nullable=True,
    )

    class Config:
        title = "Disagreements"
        unique = ["table", "key", "between", "publisher"]
        metadata = {"floor": "derived", "subject": "production"}
