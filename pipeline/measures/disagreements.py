"""Figures of one thing that differ between publishers, editions or documents."""

import pandas as pd

from pipeline.measures.helpers import published_shares
from pipeline.measures.helpers.figures import FIGURE, MINE_PRODUCTION, keys, mine_figures, newest_of_each, relative_difference
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Select, Tables, selected
from pipeline.measures.helpers.published_shares import dated_shares
from pipeline.schemas import table as t
from pipeline.schemas.disagreements import Disagreements

# Part of the larger figure by which two figures must differ to be listed.
DISAGREE = 0.10
# With restricted sources, which carry the long series: there a step of a few per cent counts.
DISAGREE_WITH_RESTRICTED = 0.05
# Who disagrees where figures of restricted sources are compared too; such rows are left out of releases.
WITH_RESTRICTED = "all, restricted sources among them"
# The prices that may be republished; the other collections are restricted.
OPEN_PRICES = "prices_quoted"


def disagreements(
    production: pd.DataFrame,
    world_history: pd.DataFrame,
    us_statistics: pd.DataFrame,
    china_output: pd.DataFrame,
    quotas: pd.DataFrame,
    reserves: pd.DataFrame,
    stage_shares: pd.DataFrame,
    processing: pd.DataFrame,
    prices: pd.DataFrame,
    illegal_estimates: pd.DataFrame,
) -> pd.DataFrame:
    """Figures of one thing that differ by more than DISAGREE of the larger (columns of Disagreements).

    Mine production between publishers (the newest figure of each) and between editions of one; the United States' statistics
    between editions; reserves between USGS's whole editions; quotas and prices between the texts that publish one cell;
    China's output, its shares of stages and estimates of what goes past the quotas between publishers. A share whose text
    states no year has the text's; an estimate's bound counts where it gives no more. Doubtful rows, lower bounds of shares,
    projections are not read. Restricted sources are read for mine production alone, in rows of their own (WITH_RESTRICTED,
    listed above DISAGREE_WITH_RESTRICTED), which name one of them in restricted_source_id and are left out of releases.
    """
    shares = pd.concat([_stage_shares(stage_shares), _processing(processing)])
    mined = mine_figures(production, world_history, us_statistics)
    parts = [
        _with_restricted(production, mined),
        newest_of_each(mined).assign(between="publishers", group="all"),
        mined.assign(between="editions", group=mined["publisher"]),
        _statistics(us_statistics).assign(between="editions", group="USGS"),
        _reserves(reserves).assign(between="editions", group="USGS"),
        _quotas(quotas).assign(between="documents", group="all"),
        _china(china_output).assign(between="publishers", group="all"),
        newest_of_each(shares).assign(between="publishers", group="all"),
        _prices(prices).assign(between="documents", group="all"),
        _illegal(illegal_estimates).assign(between="publishers", group="all"),
    ]
    return t.frame(Disagreements, _differing(pd.concat([part for part in parts if len(part)], ignore_index=True)))


def _with_restricted(production: pd.DataFrame, mined: pd.DataFrame) -> pd.DataFrame:
    """The newest figure of mine production of every publisher for each key where a restricted source has the least or the most.

    Where the open publishers have both, their own row says all: the difference is theirs.
    """
    rows = _restricted(production)
    restricted = rows.assign(table="production", key=keys("production", rows), restricted_source_id=rows["source_id"])
    figures = pd.concat([mined, restricted[[*FIGURE, "restricted_source_id"]]], ignore_index=True)
    newest = newest_of_each(figures[figures["key"].isin(restricted["key"])])

    def ends(figures_of: pd.DataFrame) -> pd.DataFrame:
        return figures_of.groupby("key")["amount"].agg(["min", "max"]).reindex(newest["key"])

    own = newest["restricted_source_id"].notna()
    inner, outer = ends(newest[own]), ends(newest[~own])
    within = (inner["min"] >= outer["min"]) & (inner["max"] <= outer["max"])
    newest = newest[~within.to_numpy()]
    return newest.assign(between="publishers", group=WITH_RESTRICTED)


def _restricted(production: pd.DataFrame) -> pd.DataFrame:
    """The rows of the whole tables that production_editions.csv excludes from production_reconciled, doubtful ones excepted."""
    rows = production[(production["stage"] == "mining") & (production["material"] == "rare_earths")]
    rows = rows[(rows["coverage"] == "whole") & rows["preferred"] & ~rows["reconciled"] & rows["amount"].notna()]
    # A zero that may mean not listed cannot be compared.
    return rows[rows["country"].ne("ROW") & ~rows["flag"].fillna("").str.contains(r"doubtful|0\?")]


def _statistics(us_statistics: pd.DataFrame) -> pd.DataFrame:
    rows = us_statistics.dropna(subset=["measure", "value", "year"])
    rows = rows[~rows["flag"].fillna("").str.contains("doubtful|corrected")]
    key = keys("us_statistics", rows)
    frame = rows.assign(
        table="us_statistics", key=key, country="USA", publisher="USGS", dated=rows["edition"], amount=rows["value"]
    )
    return frame[FIGURE]


def _reserves(reserves: pd.DataFrame) -> pd.DataFrame:
    rows = reserves[(reserves["source_id"] == "usgs_mcs") & (reserves["coverage"] == "whole") & reserves["amount"].notna()]
    rows = rows[rows["country"].ne("ROW") & ~rows["flag"].fillna("").str.contains("doubtful")]
    frame = rows.assign(table="reserves", key=keys("reserves", rows), year=None, dated=rows["edition"])
    return frame.astype({"year": "Int64"})[FIGURE]


def _quotas(quotas: pd.DataFrame) -> pd.DataFrame:
    rows = quotas[quotas["amount"].notna() & (quotas["flag"].fillna("") != "doubtful")]
    key = keys("quotas", rows)
    frame = rows.assign(
        table="quotas",
        key=key,
        country="CHN",
        publisher=rows["document_id"],
        dated=rows["announced_on"],
        edition=rows["document_id"],
    )
    return frame.astype({"year": "Int64"})[FIGURE]


def _china(china_output: pd.DataFrame) -> pd.DataFrame:
    key = keys("china_output", china_output)
    frame = china_output.assign(
        table="china_output",
        key=key,
        country="CHN",
        dated=None,
        edition=china_output["document_id"],
        amount=china_output["value"],
    )
    world = frame["measure"].str.startswith(("world_", "demand_outside"))
    return frame.assign(country=frame["country"].mask(world, "WLD"))[FIGURE]


def _stage_shares(stage_shares: pd.DataFrame) -> pd.DataFrame:
    return _of_china(stage_shares.rename(columns={"share": "value"}))


def _processing(processing: pd.DataFrame) -> pd.DataFrame:
    shares = dated_shares(processing)
    publisher = shares["edition"].fillna(shares["document_id"])
    return _of_china(shares.assign(publisher=publisher, edition=shares["document_id"]))


def _of_china(shares: pd.DataFrame) -> pd.DataFrame:
    """China's shares of stages and years."""
    counted = (shares["country"] == "CHN") & (shares["kind"] != "projection") & ~published_shares.at_least(shares["note"])
    rows = shares[counted]
    frame = rows.assign(table="stage_shares", key=keys("stage_shares", rows), dated=None, amount=rows["value"], unit="1")
    return frame.astype({"year": "Int64", "country": "str"})[FIGURE]


def _prices(prices: pd.DataFrame) -> pd.DataFrame:
    rows = prices[(prices["source_id"] == OPEN_PRICES) & prices["value"].notna() & (prices["market"] != "not_printed")]
    of = rows["document_id"]
    year = rows["date"].str[:4].astype("Int64")
    frame = rows.assign(table="prices", key=keys("prices", rows), year=year, country=None, publisher=of, dated=None, edition=of)
    return frame.assign(amount=rows["value"]).astype({"country": "str"})[FIGURE]


def _illegal(illegal_estimates: pd.DataFrame) -> pd.DataFrame:
    amount = illegal_estimates["value"].fillna(illegal_estimates["low"]).fillna(illegal_estimates["high"])
    rows = illegal_estimates.assign(amount=amount)[amount.notna()]
    frame = rows.assign(
        table="illegal_estimates",
        key=keys("illegal_estimates", rows),
        country="CHN",
        publisher=rows["estimator"],
        dated=None,
        edition=rows["document_id"],
    )
    return frame[FIGURE]


def _differing(figures: pd.DataFrame) -> pd.DataFrame:
    """Groups of (table, key, between, group) whose figures differ by more than DISAGREE, or DISAGREE_WITH_RESTRICTED."""
    figures = figures.assign(restricted_source_id=figures.get("restricted_source_id")).astype({"restricted_source_id": "str"})
    keys = ["table", "key", "between", "group"]
    ordered = figures.sort_values([*keys, "dated", "edition", "source_id"], na_position="first", kind="stable")
    groups = ordered.groupby(keys)
    table = groups.agg(
        year=("year", "first"),
        country=("country", "first"),
        low=("amount", "min"),
        high=("amount", "max"),
        unit=("unit", "first"),
        restricted_source_id=("restricted_source_id", "max"),
    )
    table["figures"] = _published(ordered).groupby([ordered[k] for k in keys]).agg("; ".join)
    table["difference"] = relative_difference(table["low"], table["high"])
    with_restricted = table.index.get_level_values("group") == WITH_RESTRICTED
    least = pd.Series(DISAGREE, index=table.index).mask(with_restricted, DISAGREE_WITH_RESTRICTED)
    table = table[table["difference"] > least].reset_index().rename(columns={"group": "publisher"})
    table["year"] = table["year"].astype("Int64")
    return table


def _published(figures: pd.DataFrame) -> "pd.Series[str]":
    """Who publishes a figure, and the figure: an edition with its source, a text by its document."""
    by_text = figures["table"].isin(["quotas", "china_output", "stage_shares", "prices", "illegal_estimates"])
    who = figures["edition"].where(by_text, figures["source_id"] + " " + figures["edition"])
    who = who.where(figures["between"] != "publishers", figures["publisher"] + ", " + who)
    return who + ": " + figures["amount"].map("{:,.10g}".format)


# The figures of each input; those of mine production are of several tables.
FIGURES: dict[str, Select] = {
    **MINE_PRODUCTION, "us_statistics": _statistics, "reserves": _reserves, "quotas": _quotas, "china_output": _china,
    "stage_shares": _stage_shares, "processing": _processing, "prices": _prices, "illegal_estimates": _illegal,
}  # fmt: skip


def _figures_that_differ(input_name: str) -> Rule:
    """The figures of the input that a disagreement is about."""

    def rule(row: Key, tables: Tables) -> InputRows:
        if row["table"] == "production" and input_name in MINE_PRODUCTION:
            select = MINE_PRODUCTION[input_name]
            if input_name == "production" and row["publisher"] == WITH_RESTRICTED:
                return selected(input_name, lambda rows: _keyed(_with_reconciled(rows)), [], key="key")(row, tables)
            return selected(input_name, lambda rows: _keyed(select(rows)), [], key="key")(row, tables)
        listed = "stage_shares" if input_name == "processing" else input_name
        if row["table"] == "production" or row["table"] != listed:
            return f"none: the figures are of {row['table']}", pd.DataFrame()
        return selected(input_name, FIGURES[input_name], ["key"])(row, tables)

    return rule


def _with_reconciled(production: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([MINE_PRODUCTION["production"](production), _restricted(production)])


def _keyed(figures: pd.DataFrame) -> pd.DataFrame:
    return figures.assign(key=keys("production", figures))


LINEAGE: dict[tuple[str, str], Rule] = {("disagreements", name): _figures_that_differ(name) for name in FIGURES}
