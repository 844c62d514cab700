import pandas as pd

from pipeline.schemas import table as t


class StructuralBreaks(t.Table):
    """Years in which the mean of a log series shifts, estimated without reference to any act, then compared with the acts.

    A match means little by itself: compare matches with those expected by chance. Series of one code are not independent.
    """

    series: str = t.text("Measure, code or partner, joined by /")
    break_year: int = t.year("First year of the new level")
    method: str = t.vocabulary(
        "Optimal segmentation by exact dynamic programming: squared error (L2), BIC penalty", ("optimal_l2_bic",)
    )
    source_table: str = t.text("Table the series is read from")
    from_year: int = t.year("First year of the series")
    to_year: int = t.year("Last year of the series")
    magnitude: float = t.number("Mean of the segment it begins minus mean of the segment before", "log points")
    stability: float = t.share("Part of the grid of penalties at which the same year is found")
    nearest_act: str = t.text("Nearest act in force, of equals the first by name; null where there is none", nullable=True)
    years_from_act: pd.Int64Dtype = t.number("Break year minus the act's year, null without one", "year", nullable=True)
    near: bool = t.flag("Within a year of an act")
    breaks: int = t.count("Breaks of the series")
    matches: int = t.count("Of them within a year of an act")
    chance: float = t.share("Part of the years in which a break of the series could lie that are within a year of an act")
    expected_matches: float = t.number("breaks × chance: matches of as many breaks placed at random", "1", ge=0)

    class Config:
        title = "Structural breaks"
        unique = ["series", "break_year", "method"]
        metadata = {"floor": "derived", "subject": "trade"}
