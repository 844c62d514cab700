"""One figure of mine production a year and country out of those published (docs/methods/production_reconciled.md)."""

import pandas as pd

from pipeline.errors import ReoError
from pipeline.measures.helpers.figures import MINE_PRODUCTION, mine_figures, newest_of_each, relative_difference
from pipeline.measures.helpers.input_rows import Rule, selected
from pipeline.schemas import table as t
from pipeline.schemas.production_reconciled import ABOVE_WORLD, ProductionReconciled

# Whose figure is the central one where several publishers have one: the first here that has.
PREFERENCE = ("USGS", "World Mining Data", "BGS", "BGR")
REASONS = {
    "USGS": "USGS, newest edition: the only publisher with a trail of editions for every country",
    "World Mining Data": "World Mining Data, newest release: USGS prints no figure",
    "BGS": "BGS as quoted: neither USGS nor World Mining Data is at hand",
    "BGR": "BGR as quoted: no other publisher is at hand",
}


def production_reconciled(production: pd.DataFrame, world_history: pd.DataFrame, us_statistics: pd.DataFrame) -> pd.DataFrame:
    """Mining by year and country, tonnes REO: low, central and high over publishers (columns of ProductionReconciled).

    Of each publisher the newest edition that has the year and country counts; it revises older ones. The central
    figure is that of the first publisher in PREFERENCE that has one; low and high are over all. Rows that
    production_editions.csv excludes, doubtful ones and those of restricted sources are not read, nor a publisher's unnamed
    rest, which is another with every publisher. USGS's long series of world and US output (Data Series 140) is one of its
    editions. A year whose countries sum above the world's figure warns and is not changed.
    Raises ReoError for a publisher not in PREFERENCE.
    """
    mined = mine_figures(production, world_history, us_statistics)
    newest = newest_of_each(mined[mined["country"] != "ROW"])
    rank = newest["publisher"].map({publisher: place for place, publisher in enumerate(PREFERENCE)})
    if rank.isna().any():
        unranked = newest["publisher"][rank.isna()].iloc[0]
        remedy = "give it a place in PREFERENCE (pipeline/measures/production_reconciled.py)"
        raise ReoError(f"publisher {unranked!r} has no rank among those reconciled", remedy)
    key = ["year", "country"]
    ordered = newest.assign(rank=rank).sort_values([*key, "rank"], kind="stable")
    groups = ordered.groupby(key)
    table = groups.agg(
        low=("amount", "min"),
        central=("amount", "first"),
        high=("amount", "max"),
        sources=("publisher", "size"),
        preferred=("publisher", "first"),
        preferred_source_id=("source_id", "first"),
        preferred_edition=("edition", "first"),
    ).reset_index()
    table["spread"] = relative_difference(table["low"], table["high"])
    table["rule"] = table["preferred"].map(REASONS)
    table["warning"] = _above_world(table)
    return t.frame(ProductionReconciled, table)


def _above_world(table: pd.DataFrame) -> "pd.Series[str]":
    """For all rows of a year whose countries sum above the world total: in words by how much. Null elsewhere."""
    named = table["country"] != "WLD"
    summed = table[named].groupby("year")["central"].sum()
    world = table[~named].set_index("year")["central"]
    above = summed.index[summed > world.reindex(summed.index) * (1 + ABOVE_WORLD)]
    words = {
        year: f"countries sum to {summed[year]:,.0f} t, above the world total of {world[year]:,.0f} t: not of one basis"
        for year in above
    }
    return table["year"].map(words).astype("str")


LINEAGE: dict[tuple[str, str], Rule] = {
    ("production_reconciled", name): selected(name, select, ["year", "country"]) for name, select in MINE_PRODUCTION.items()
}
