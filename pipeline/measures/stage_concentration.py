"""How concentrated the stages of the chain are."""

import pandas as pd

from pipeline.errors import ReoError
from pipeline.measures.helpers import published_shares, vanished
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Select, Tables, equal, selected
from pipeline.schemas import table as t
from pipeline.schemas.stage_concentration import StageConcentration

# Least part of the published world total that countries and the unnamed rest must reach for a table to be whole.
WHOLE_TABLE = 0.9
KEY = ["year", "stage", "material", "source_id", "edition", "kind"]
COLUMNS = [*KEY, "publisher", "basis", "country", "amount", "flag"]


def stage_concentration(production: pd.DataFrame, reserves: pd.DataFrame, stage_shares: pd.DataFrame) -> pd.DataFrame:
    """HHI and shares of countries by year, stage, material, source, edition and kind (columns of StageConcentration).

    Reserves and mining from tables of tonnes (`_of_tonnes`), the other stages from published shares
    (`published_shares.concentration`). Raises ReoError where a reserves edition does not begin with its year, or published
    shares of one table sum above 1. Hirschman (1945), Herfindahl (1950).
    """
    parts = [_of_tonnes(production, reserves), published_shares.concentration(stage_shares)]
    return t.frame(StageConcentration, pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True))


def _of_tonnes(production: pd.DataFrame, reserves: pd.DataFrame) -> pd.DataFrame:
    """The rows of whole tables of tonnes.

    Shares are of the sum over countries and the publisher's unnamed rest (ROW), never of its published total (WLD), which is
    rounded and may leave countries out; it is given beside the sum. Null amounts are not counted. The unnamed rest is no
    country: hhi_low takes it as infinitely many suppliers, hhi_high as one, hhi is their midpoint; it is in no cr1, cr3 or
    top_country. Tables whose sum falls below 90 % of the published total are excerpts and have no row, nor has a
    year without a total where the edition has totals of other years. An edition without any is taken as its countries' sum.
    So are tables of which a row is flagged doubtful, as data/raw/corrections.yml does: one wrong cell spoils every share.
    Where a country of the edition before has vanished (`vanished`), hhi and shares are of the table as published, and their
    low and high cover both it and the table with the country's last figure; unnamed_share is then at most.
    """
    rows = _undoubted(pd.concat([mined(production), held(reserves)], ignore_index=True))
    published = rows[rows["country"] == "WLD"].set_index(KEY)["amount"]
    rest = rows[rows["country"] == "ROW"].set_index(KEY)["amount"]
    named = rows[~rows["country"].isin(["WLD", "ROW"]) & (rows["amount"] > 0)]
    named = named.sort_values([*KEY, "amount", "country"], ascending=[True] * len(KEY) + [False, True], kind="stable")

    groups = named.groupby(KEY)
    table = groups.agg(
        named=("amount", "sum"),
        countries=("country", "size"),
        largest=("amount", "max"),
        top_country=("country", "first"),
        publisher=("publisher", "first"),
        basis=("basis", "first"),
    )
    table["printed_total"] = published.reindex(table.index)
    table["rest"] = rest.reindex(table.index).fillna(0.0)
    table["three"] = groups.head(3).groupby(KEY)["amount"].sum()
    table["squares"] = (named["amount"] ** 2).groupby([named[k] for k in KEY]).sum()
    table["china"] = named[named["country"] == "CHN"].set_index(KEY)["amount"].reindex(table.index).fillna(0.0)
    table["total"] = table["named"] + table["rest"]
    edition = [column for column in KEY if column != "year"]
    has_totals = pd.MultiIndex.from_frame(table.index.to_frame()[edition]).isin(published.reset_index().set_index(edition).index)
    table = table[~has_totals | (table["total"] >= WHOLE_TABLE * table["printed_total"])].reset_index()

    for share, amount in (("cr1", "largest"), ("cr3", "three"), ("china_share", "china")):
        table[share] = table[amount] / table["total"]
    table["hhi_low"] = table["squares"] / table["total"] ** 2
    table["hhi_high"] = (table["squares"] + table["rest"] ** 2) / table["total"] ** 2
    table["hhi"] = (table["hhi_low"] + table["hhi_high"]) / 2
    table["effective_suppliers"] = 1 / table["hhi"]
    return t.frame(StageConcentration, _with_vanished(table, rows).assign(at_least=False))


def _undoubted(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of tables without a doubtful cell."""
    return rows[~rows["flag"].fillna("").str.contains("doubtful").groupby([rows[k] for k in KEY]).transform("any")]


def _with_vanished(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The table with its lows and highs widened by the last figures of countries that have vanished, and unnamed_share."""
    table = table.join(vanished.by_table(rows, KEY), on=KEY)
    amounts = ["gone", "gone_china", "gone_squares"]
    table[amounts] = table[amounts].fillna(0.0)
    whole = table["total"] + table["gone"]
    squares = table["squares"] + table["gone_squares"]
    return table.assign(
        # Low without China's own last figure but with the others', high the other way round.
        china_share_low=table["china"] / (whole - table["gone_china"]),
        china_share_high=(table["china"] + table["gone_china"]) / (table["total"] + table["gone_china"]),
        unnamed_share=(table["rest"] + table["gone"]) / whole,
        hhi_low=table["hhi_low"].clip(upper=squares / whole**2),
        hhi_high=table["hhi_high"].clip(lower=(squares + table["rest"] ** 2) / whole**2),
    )


def mined(production: pd.DataFrame) -> pd.DataFrame:
    """The rows of whole tables of mining, in COLUMNS."""
    return production[production["coverage"] == "whole"].assign(kind="actual")[COLUMNS]


def held(reserves: pd.DataFrame) -> pd.DataFrame:
    """The rows of whole tables of reserves, dated the year before their edition, in COLUMNS."""
    whole = reserves[reserves["coverage"] == "whole"]
    year = _edition_year(whole) - 1
    return whole.assign(year=year, stage="reserves", material="rare_earths", kind="actual")[COLUMNS]


def _edition_year(reserves: pd.DataFrame) -> "pd.Series[int]":
    year = reserves["edition"].str.extract(r"^(\d{4})\b", expand=False)
    if year.isna().any():
        row = reserves[year.isna()].iloc[0]
        raise ReoError(
            f"reserves: edition {row['edition']!r} of {row['source_id']} ({row['country']}) does not begin with a year",
            "name editions by their year, such as 2026, in the parser of that source",
        )
    return year.astype("int64")


def _of_table(input_name: str, select: Select) -> Rule:
    """The rows of the row's table, the largest first, and the last figures of countries that have vanished from it."""
    of_table = selected(input_name, select, KEY, largest="amount")

    def rule(row: Key, tables: Tables) -> InputRows:
        words, found = of_table(row, tables)
        rows = tables.load_table(input_name)
        gone = equal(vanished.vanished(_undoubted(select(rows))), {column: row[column] for column in KEY})
        if len(gone):
            words += ", and the last figures of " + ", ".join(gone["country"])
        return words, pd.concat([found, rows.loc[gone.index]]) if len(gone) else found

    return rule


LINEAGE: dict[tuple[str, str], Rule] = {
    ("stage_concentration", "production"): _of_table("production", mined),
    ("stage_concentration", "reserves"): _of_table("reserves", held),
    ("stage_concentration", "stage_shares"): selected(
        "stage_shares", published_shares.read, ["year", "stage", "material", "source_id", "edition"], largest="share"
    ),
}
