"""How concentrated the stages of the chain are."""

import pandas as pd

from pipeline.errors import ReoError
from pipeline.measures.helpers import published_shares
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words, where_equal

# Least part of the printed world total that countries and the unnamed rest must reach for a table to be whole.
WHOLE_TABLE = 0.9


def stage_concentration(production: pd.DataFrame, reserves: pd.DataFrame, stage_shares: pd.DataFrame) -> pd.DataFrame:
    """HHI and shares of countries by year, stage, material, source, edition and kind (columns of StageConcentration).

    Reserves and mining from tables of tonnes (`_of_tonnes`), the other stages from printed shares
    (`published_shares.concentration`). Raises ReoError where a reserves edition does not begin with its year, or printed
    shares of one table sum above 1. Hirschman (1945), Herfindahl (1950).
    """
    parts = [_of_tonnes(production, reserves), published_shares.concentration(stage_shares)]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _of_tonnes(production: pd.DataFrame, reserves: pd.DataFrame) -> pd.DataFrame:
    """The rows of whole tables of tonnes.

    Shares are of the sum over countries and the publisher's unnamed rest (ROW), never of its printed total (WLD), which is
    rounded and may leave countries out; it is given beside the sum. Null amounts are not counted. The unnamed rest is no
    country: hhi_low takes it as infinitely many suppliers, hhi_high as one, hhi is their midpoint; it is in no cr1, cr3 or
    top_country. Tables without a printed total, or whose sum falls below 90 % of it, are excerpts and have no row.
    So are tables of which a row is flagged doubtful, as data/raw/corrections.yml does: one wrong cell spoils every share.
    """
    key = ["year", "stage", "material", "source_id", "edition", "kind"]
    whole = reserves[reserves["coverage"] == "whole"]
    of_reserves = whole.assign(year=_edition_year(whole) - 1, stage="reserves", material="rare_earths")
    mined = production[production["coverage"] == "whole"]
    columns = [*key, "publisher", "basis", "country", "amount", "flag"]
    rows = pd.concat([mined, of_reserves], ignore_index=True).assign(kind="actual")[columns]
    doubtful = rows["flag"].fillna("").str.contains("doubtful").groupby([rows[k] for k in key]).transform("any")
    rows = rows[~doubtful]
    printed = rows[rows["country"] == "WLD"].set_index(key)["amount"]
    rest = rows[rows["country"] == "ROW"].set_index(key)["amount"]
    named = rows[~rows["country"].isin(["WLD", "ROW"]) & (rows["amount"] > 0)]
    named = named.sort_values([*key, "amount", "country"], ascending=[True] * len(key) + [False, True], kind="stable")

    groups = named.groupby(key)
    table = groups.agg(
        named=("amount", "sum"),
        countries=("country", "size"),
        largest=("amount", "max"),
        top_country=("country", "first"),
        publisher=("publisher", "first"),
        basis=("basis", "first"),
    )
    table["printed_total"] = printed.reindex(table.index)
    table["rest"] = rest.reindex(table.index).fillna(0.0)
    table["three"] = groups.head(3).groupby(key)["amount"].sum()
    table["squares"] = (named["amount"] ** 2).groupby([named[k] for k in key]).sum()
    table["china"] = named[named["country"] == "CHN"].set_index(key)["amount"].reindex(table.index).fillna(0.0)
    table["total"] = table["named"] + table["rest"]
    table = table[table["total"] >= WHOLE_TABLE * table["printed_total"]].reset_index()

    for share, amount in (("cr1", "largest"), ("cr3", "three"), ("china_share", "china"), ("unnamed_share", "rest")):
        table[share] = table[amount] / table["total"]
    table["hhi_low"] = table["squares"] / table["total"] ** 2
    table["hhi_high"] = (table["squares"] + table["rest"] ** 2) / table["total"] ** 2
    table["hhi"] = (table["hhi_low"] + table["hhi_high"]) / 2
    table["effective_suppliers"] = 1 / table["hhi"]
    return table.assign(at_least=False)[published_shares.COLUMNS]


def _edition_year(reserves: pd.DataFrame) -> "pd.Series[int]":
    year = reserves["edition"].str.extract(r"^(\d{4})\b", expand=False)
    if year.isna().any():
        row = reserves[year.isna()].iloc[0]
        raise ReoError(
            f"reserves: edition {row['edition']!r} of {row['source_id']} ({row['country']}) does not begin with a year",
            "name editions by their year, such as 2026, in the parser of that source",
        )
    return year.astype("int64")


def _stage_amounts(input_name: str, of_reserves: bool) -> Rule:
    """Reserves are made from `reserves`, every other stage from `production`."""

    def rule(row: Key, tables: Tables) -> InputRows:
        if (row["stage"] == "reserves") != of_reserves:
            return f"none: stage {row['stage']} is made from the other table", pd.DataFrame()
        names = ["edition", "source_id"] if of_reserves else ["year", "stage", "material", "source_id", "edition"]
        values = {name: row[name] for name in names}
        rows = where_equal(tables.scan_table(input_name), values).to_pandas()
        return in_words(values) + ", the largest first", rows.sort_values(["amount", "country"], ascending=[False, True])

    return rule


def _printed(row: Key, tables: Tables) -> InputRows:
    """The printed shares of a row made from them."""
    values = {name: row[name] for name in ("year", "stage", "material")}
    rows = where_equal(tables.scan_table("stage_shares"), values).to_pandas()
    rows = rows[(published_shares.edition(rows) == row["edition"]) & (rows["source_id"] == row["source_id"])]
    return in_words({**values, "edition": row["edition"]}), rows.sort_values(["share", "country"], ascending=[False, True])


LINEAGE: dict[tuple[str, str], Rule] = {
    ("stage_concentration", "production"): _stage_amounts("production", of_reserves=False),
    ("stage_concentration", "reserves"): _stage_amounts("reserves", of_reserves=True),
    ("stage_concentration", "stage_shares"): _printed,
}
