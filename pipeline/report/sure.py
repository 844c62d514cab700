"""How sure a sentence is: one rule for the whole site, shown on the page that explains it."""

from typing import Literal

from pipeline.report.charts import percent

Level = Literal["high", "medium", "low"]
# Of the figure itself, or in points of a share: how far publishers, editions or assumptions are from one another.
CLOSE, FAR = 0.1, 0.3
RULE: dict[Level, str] = {
    "high": (
        "At least two publishers or an official record give the figure, and its range (over publishers, editions and "
        f"assumptions) is at most {percent(CLOSE)} wide."
    ),
    "medium": f"Only one of the two holds, and the range is at most {percent(FAR)} wide.",
    "low": f"One publisher that is not official and a range wider than {percent(CLOSE)}, or any range wider than {percent(FAR)}.",
}


def level(publishers: int, spread: float, official: bool = False) -> Level:
    """The rule. `spread` is the width of the range: in points of a share, or as a share of the figure where it is an amount.

    An unknown spread (NaN) counts as wider than `CLOSE`.
    """
    supported, close = publishers >= 2 or official, spread <= CLOSE
    if supported and close:
        return "high"
    if spread > FAR or not (supported or close):
        return "low"
    return "medium"
