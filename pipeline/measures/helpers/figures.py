"""Figures of several publishers in common columns, so that they can be compared."""

import pandas as pd

from pipeline.measures.helpers.input_rows import Select

KEYS = {
    "production": ["year", "country"],
    "reserves": ["country", "basis"],
    "us_statistics": ["material", "measure", "period", "partner", "unit"],
    "quotas": ["year", "batch", "issuer", "stage", "kind", "group", "basis"],
    "china_output": ["measure", "period", "unit", "basis"],
    "stage_shares": ["year", "stage", "material", "country"],
    "processing": ["year", "stage", "material", "country"],
    "prices": ["date", "oxide", "market", "unit"],
    "illegal_estimates": ["measure", "period", "unit"],
}
FIGURE = ["table", "key", "year", "country", "publisher", "dated", "edition", "source_id", "amount", "unit"]


def mine_figures(production: pd.DataFrame, world_history: pd.DataFrame, us_statistics: pd.DataFrame) -> pd.DataFrame:
    """Every figure of mine production that counts, in FIGURE's columns."""
    inputs = {"production": production, "world_history": world_history, "us_statistics": us_statistics}
    frame = pd.concat([MINE_PRODUCTION[name](rows) for name, rows in inputs.items()], ignore_index=True)
    return frame.assign(table="production", key=keys("production", frame))[FIGURE]


def _of_production(production: pd.DataFrame) -> pd.DataFrame:
    mining = (production["stage"] == "mining") & (production["material"] == "rare_earths")
    return _mining(production[production["reconciled"] & mining])


def _of_world(world_history: pd.DataFrame) -> pd.DataFrame:
    world = world_history[world_history["measure"] == "world_mine_production"]
    return _mining(world.assign(edition=world["dated"], amount=world["value"]))


def _of_usa(us_statistics: pd.DataFrame) -> pd.DataFrame:
    own = us_statistics[(us_statistics["measure"] == "production") & (us_statistics["unit"] == "t")]
    return _mining(own.assign(country="USA", publisher="USGS", dated=own["edition"], amount=own["value"]))


def _mining(figures: pd.DataFrame) -> pd.DataFrame:
    figures = figures[figures["amount"].notna()]
    return figures[[column for column in FIGURE if column not in ("table", "key")]].astype({"year": "int64"})


# The figures of mine production in each table that has some.
MINE_PRODUCTION: dict[str, Select] = {"production": _of_production, "world_history": _of_world, "us_statistics": _of_usa}


def newest_of_each(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest figure of each publisher for each key; an edition without a date is older than all that have one."""
    ordered = figures.sort_values(["key", "publisher", "dated", "edition", "source_id"], na_position="first", kind="stable")
    return ordered.drop_duplicates(["key", "publisher"], keep="last")


def keys(table: str, rows: pd.DataFrame) -> "pd.Series[str]":
    """What each row of a table of KEYS is a figure of, as in `disagreements.key`: the columns' words, a space between."""
    first, *others = (rows[column].astype("str").fillna("") for column in KEYS[table])
    return first.str.cat(pd.concat(others, axis=1), sep=" ").str.strip() if len(rows) else first


def relative_difference(low: "pd.Series[float]", high: "pd.Series[float]") -> "pd.Series[float]":
    """Part of the larger figure by which the smaller falls short of it; 0 where both are 0."""
    return ((high - low) / high.where(high > 0)).fillna(0.0)
