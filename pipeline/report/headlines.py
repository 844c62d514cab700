"""Headline figures: each computed once, read by every page that says it.

A headline is the figure with what is needed to say and to judge it; sentences are made of it by the pages. All shares are
between 0 and 1. A headline without a row is None: the page says nothing.
"""

from dataclasses import dataclass
from typing import Any

from pipeline.report import sure
from pipeline.report.tables import Tables


@dataclass(frozen=True)
class Share:
    """China's share in a year by one publisher, with the range of what publishers give for that year.

    `key` is the row's in its table, so that a figure can show where the number comes from.
    """

    value: float
    low: float
    high: float
    year: int
    publisher: str
    sure: sure.Level
    key: tuple[Any, ...]


def mining(tables: Tables) -> Share | None:
    """China's share of mine production in the newest year of the US Geological Survey, its newest edition."""
    return _of_stage(tables, "mining")


def reserves(tables: Tables) -> Share | None:
    """China's share of reserves by the newest edition of the US Geological Survey."""
    return _of_stage(tables, "reserves")


def _of_stage(tables: Tables, stage: str) -> Share | None:
    known = tables["stage_concentration"]
    known = known[(known["stage"] == stage) & (known["material"] == "rare_earths") & (known["kind"] == "actual")]
    own = known[known["source_id"] == "usgs_mcs"].sort_values(["year", "edition"])
    if own.empty:
        return None
    row = own.iloc[-1]
    same = known[known["year"] == row["year"]]
    low, high = float(same["china_share"].min()), float(same["china_share"].max())
    level = sure.level(same["publisher"].nunique(), high - low, official=True)
    key = tuple(row[name] for name in ("year", "stage", "material", "source_id", "edition", "kind"))
    return Share(float(row["china_share"]), low, high, int(row["year"]), "US Geological Survey", level, key)
