"""Figures of several publishers in common columns, so that they can be compared."""

from typing import Any

import pandas as pd

from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words, where_equal

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
    """Every figure of mining that may be reckoned with, in FIGURE's columns."""
    listed = production[production["reconciled"] & (production["stage"] == "mining") & (production["material"] == "rare_earths")]
    world = world_history[world_history["measure"] == "world_mine_production"]
    world = world.assign(edition=world["dated"], amount=world["value"])
    own = us_statistics[(us_statistics["measure"] == "production") & (us_statistics["unit"] == "t")]
    own = own.assign(country="USA", publisher="USGS", dated=own["edition"], amount=own["value"])
    columns = ["year", "country", "publisher", "dated", "edition", "source_id", "amount", "unit"]
    frame = pd.concat([part[columns].astype({"year": "int64"}) for part in (listed, world, own)], ignore_index=True)
    frame = frame[frame["amount"].notna()]
    return frame.assign(table="production", key=keys("production", frame))[FIGURE]


def newest_of_each(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest figure of each publisher for each key; an edition without a date is older than all that have one."""
    ordered = figures.sort_values(["key", "publisher", "dated", "edition", "source_id"], na_position="first", kind="stable")
    return ordered.drop_duplicates(["key", "publisher"], keep="last")


def keys(table: str, rows: pd.DataFrame) -> "pd.Series[str]":
    """What each row of a table of KEYS is a figure of, as `disagreements.key` says it: the columns' words, a space between."""
    first, *others = (rows[column].astype("str").fillna("") for column in KEYS[table])
    return first.str.cat(pd.concat(others, axis=1), sep=" ").str.strip() if len(rows) else first


def relative_difference(low: "pd.Series[float]", high: "pd.Series[float]") -> "pd.Series[float]":
    """Part of the larger figure by which the smaller falls short of it; 0 where both are 0."""
    return ((high - low) / high.where(high > 0)).fillna(0.0)


def figures_of_mining(input_name: str) -> Rule:
    """Rows that `_mined` of the reconciliation reads of an input for a year and country."""
    of_inputs: dict[str, dict[str, Any]] = {
        "production": {"reconciled": True, "stage": "mining", "material": "rare_earths"},
        "world_history": {"measure": "world_mine_production"},
        "us_statistics": {"measure": "production", "unit": "t"},
    }
    narrowed = of_inputs[input_name]

    def rule(row: Key, tables: Tables) -> InputRows:
        if input_name == "us_statistics" and row["country"] != "USA":
            return "none: it has the United States' output alone", pd.DataFrame()
        values = {"year": row["year"], **narrowed}
        if input_name != "us_statistics":
            values["country"] = row["country"]
        rows = where_equal(tables.scan_table(input_name), values).to_pandas()
        return in_words(values), rows

    return rule
