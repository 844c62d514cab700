"""A publisher's whole table has its own total, near the sum of its rows: a table cut short or of one row is seen at once."""

import pandas as pd

from pipeline import paths
from pipeline.intake import transcribed

COLUMNS = ["source_id", "edition", "year", "why"]
# Publishers round totals and leave out small producers by less than this part.
WITHIN = 0.05


def without_total(table: pd.DataFrame) -> pd.DataFrame:
    """Editions and years of `production` or `reserves` held whole that have no published total near the sum of their rows.

    Columns source_id, edition, year ("" for reserves), problem; none of those in data/raw/reviewed/tables_without_total.csv.
    """
    whole = table[table["coverage"] == "whole"]
    year = whole["year"].astype("str") if "year" in whole else pd.Series("", index=whole.index, dtype="str")
    world = whole["country"] == "WLD"
    key = [whole["source_id"], whole["edition"], year.rename("year")]
    sums = pd.DataFrame(
        {
            "rows": (~world).groupby(key).sum(),
            "total": whole["amount"].where(world).groupby(key).max(),
            "summed": whole["amount"].where(~world).groupby(key).sum(),
        }
    ).reset_index()
    # Reserves of some countries are not available; their total is still published.
    off = (sums["summed"] / sums["total"] - 1).abs() > WITHIN
    problem = pd.Series("", index=sums.index, dtype="str")
    problem = problem.mask(off & ("year" in whole), "has a published total more than 5 % off the sum of its rows")
    problem = problem.mask(sums["total"].isna(), "has no published total (a row of WLD)")
    problem = problem.mask(sums["rows"] < 2, "is a whole table of fewer than two countries")
    found = sums.assign(problem=problem)[["source_id", "edition", "year", "problem"]]
    return found[(problem != "") & ~_reviewed(found)].reset_index(drop=True)


def _reviewed(found: pd.DataFrame) -> "pd.Series[bool]":
    file = paths.reviewed() / "tables_without_total.csv"
    if not file.is_file():
        return pd.Series(False, index=found.index)
    listed = transcribed.read(file, COLUMNS, may_be_empty=True)
    transcribed.refuse(file, listed, "why", listed["why"] == "", "is empty", "say why there is no total")
    known = set(listed[["source_id", "edition", "year"]].itertuples(index=False, name=None))
    # An empty year stands for all years of the edition.
    cells = found[["source_id", "edition", "year"]].itertuples(index=False, name=None)
    return pd.Series([(s, e, y) in known or (s, e, "") in known for s, e, y in cells], index=found.index, dtype="bool")
