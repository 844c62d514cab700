"""One figure of mining a year and country out of many, and where the many lie apart (docs/methods/production-reconciled.md)."""

from typing import Any

import pandas as pd

from pipeline.errors import ReoError
from pipeline.measures.helpers import printed_shares
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, in_words, where_equal

# Whose figure is the central one where several publishers have one: the first here that has.
PREFERENCE = ("USGS", "World Mining Data", "BGS", "BGR")
REASONS = {
    "USGS": "USGS, newest edition: the only publisher with a trail of editions for every country",
    "World Mining Data": "World Mining Data, newest release: USGS prints no figure",
    "BGS": "BGS as quoted: neither USGS nor World Mining Data is at hand",
    "BGR": "BGR as quoted: no other publisher is at hand",
}
# By what part the countries' figures may sum above the printed world total, which is rounded, before the year warns.
ABOVE_WORLD = 0.02
# Part of the larger figure by which two figures must differ to be listed.
DISAGREE = 0.10
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
# The prices that may be republished; the other collections are restricted.
OPEN_PRICES = "prices_quoted"
FIGURE = ["table", "key", "year", "country", "publisher", "dated", "edition", "source_id", "amount", "unit"]


def production_reconciled(production: pd.DataFrame, world_history: pd.DataFrame, us_statistics: pd.DataFrame) -> pd.DataFrame:
    """Mining by year and country, tonnes REO: low, central and high over publishers (columns of ProductionReconciled).

    Of each publisher the newest edition that has the year and country counts, older ones are revised by it. The central
    figure is that of the first publisher in PREFERENCE that has one; low and high are over all. Rows that
    production_editions.csv keeps out, doubtful ones and those of restricted sources are not read, nor a publisher's unnamed
    rest, which is another with every publisher. USGS's long series of world and US output (Data Series 140) is one of its
    editions. A year whose countries sum above the world's figure warns and is left as it is.
    Raises KeyError for a publisher not in PREFERENCE.
    """
    mined = _mined(production, world_history, us_statistics)
    newest = _newest(mined[mined["country"] != "ROW"])
    rank = newest["publisher"].map({publisher: place for place, publisher in enumerate(PREFERENCE)})
    if rank.isna().any():
        unranked = newest["publisher"][rank.isna()].iloc[0]
        remedy = "give it a place in PREFERENCE (pipeline/measures/reconciliation.py)"
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
    table["spread"] = _difference(table["low"], table["high"])
    table["rule"] = table["preferred"].map(REASONS)
    table["warning"] = _above_world(table)
    return table[
        [
            "year", "country", "low", "central", "high", "spread", "sources", "preferred", "preferred_source_id",
            "preferred_edition", "rule", "warning",
        ]
    ]  # fmt: skip


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

    Mining between publishers (the newest figure of each) and between editions of one; the United States' statistics between
    editions; reserves between USGS's whole editions; quotas and prices between the texts that print one cell; China's output
    and its shares of stages, and estimates of what goes past the quotas, between those who tell them. A share whose text
    states no year is of the text's; an estimate's bound counts where it is all there is. Doubtful rows, lower
    bounds of shares, forecasts and restricted sources are not read.
    """
    mined = _mined(production, world_history, us_statistics)
    parts = [
        _newest(mined).assign(between="publishers", group="all"),
        mined.assign(between="editions", group=mined["publisher"]),
        _statistics(us_statistics).assign(between="editions", group="USGS"),
        _reserves(reserves).assign(between="editions", group="USGS"),
        _quotas(quotas).assign(between="documents", group="all"),
        _china(china_output).assign(between="publishers", group="all"),
        _newest(_shares(stage_shares, processing)).assign(between="publishers", group="all"),
        _prices(prices).assign(between="documents", group="all"),
        _illegal(illegal_estimates).assign(between="publishers", group="all"),
    ]
    return _apart(pd.concat([part for part in parts if len(part)], ignore_index=True))


def _mined(production: pd.DataFrame, world_history: pd.DataFrame, us_statistics: pd.DataFrame) -> pd.DataFrame:
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


def _newest(figures: pd.DataFrame) -> pd.DataFrame:
    """The newest figure of each publisher for each key; an edition without a date is older than all that have one."""
    ordered = figures.sort_values(["key", "publisher", "dated", "edition", "source_id"], na_position="first", kind="stable")
    return ordered.drop_duplicates(["key", "publisher"], keep="last")


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


def _shares(stage_shares: pd.DataFrame, processing: pd.DataFrame) -> pd.DataFrame:
    """China's shares of stages and years."""
    printed, told = stage_shares.rename(columns={"share": "value"}), dated_shares(processing)
    told = told.assign(publisher=told["edition"].fillna(told["document_id"]), edition=told["document_id"])
    rows = pd.concat([printed, told])
    rows = rows[(rows["country"] == "CHN") & (rows["kind"] != "projection") & ~printed_shares.at_least(rows["note"])]
    frame = rows.assign(table="stage_shares", key=keys("stage_shares", rows), dated=None, amount=rows["value"], unit="1")
    return frame.astype({"year": "Int64", "country": "str"})[FIGURE]


def dated_shares(processing: pd.DataFrame) -> pd.DataFrame:
    """The shares of whole countries in `processing`, those without a year dated by their text."""
    rows = processing[(processing["unit"] == "share") & (processing["company"] == "all") & (processing["site"] == "all")]
    return rows.assign(year=rows["year"].fillna(rows["period_start"].str[:4].astype("Int64")))


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


def keys(table: str, rows: pd.DataFrame) -> "pd.Series[str]":
    """What each row of a table of KEYS is a figure of, as `disagreements.key` says it: the columns' words, a space between."""
    first, *others = (rows[column].astype("str").fillna("") for column in KEYS[table])
    return first.str.cat(pd.concat(others, axis=1), sep=" ").str.strip() if len(rows) else first


def _apart(figures: pd.DataFrame) -> pd.DataFrame:
    """Groups of (table, key, between, group) whose figures lie further apart than DISAGREE."""
    keys = ["table", "key", "between", "group"]
    ordered = figures.sort_values([*keys, "dated", "edition", "source_id"], na_position="first", kind="stable")
    groups = ordered.groupby(keys)
    table = groups.agg(
        year=("year", "first"),
        country=("country", "first"),
        low=("amount", "min"),
        high=("amount", "max"),
        unit=("unit", "first"),
    )
    table["figures"] = _said(ordered).groupby([ordered[k] for k in keys]).agg("; ".join)
    table["difference"] = _difference(table["low"], table["high"])
    table = table[table["difference"] > DISAGREE].reset_index().rename(columns={"group": "publisher"})
    table["year"] = table["year"].astype("Int64")
    return table[["table", "key", "between", "publisher", "year", "country", "low", "high", "difference", "unit", "figures"]]


def _said(figures: pd.DataFrame) -> "pd.Series[str]":
    """Who prints a figure, and the figure: an edition with its source, a text by its document."""
    by_text = figures["table"].isin(["quotas", "china_output", "stage_shares", "prices", "illegal_estimates"])
    who = figures["edition"].where(by_text, figures["source_id"] + " " + figures["edition"])
    who = who.where(figures["between"] != "publishers", figures["publisher"] + ", " + who)
    return who + ": " + figures["amount"].map("{:,.10g}".format)


def _difference(low: "pd.Series[float]", high: "pd.Series[float]") -> "pd.Series[float]":
    """Part of the larger figure by which the smaller falls short of it; 0 where both are 0."""
    return ((high - low) / high.where(high > 0)).fillna(0.0)


def _figures_of_mining(input_name: str) -> Rule:
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


def _figures_apart(input_name: str) -> Rule:
    """The rows of the input that a disagreement is about."""
    listed = "stage_shares" if input_name == "processing" else input_name

    def rule(row: Key, tables: Tables) -> InputRows:
        if row["table"] == "production" and input_name in ("production", "world_history", "us_statistics"):
            return _figures_of_mining(input_name)(row, tables)
        if row["table"] != listed:
            return f"none: the figures are of {row['table']}", pd.DataFrame()
        rows = tables.load_table(input_name)
        rows = dated_shares(rows) if input_name == "processing" else rows
        return f"rows of {row['key']}", rows[keys(input_name, rows) == row["key"]]

    return rule


LINEAGE: dict[tuple[str, str], Rule] = {
    ("production_reconciled", "production"): _figures_of_mining("production"),
    ("production_reconciled", "world_history"): _figures_of_mining("world_history"),
    ("production_reconciled", "us_statistics"): _figures_of_mining("us_statistics"),
    ("disagreements", "production"): _figures_apart("production"),
    ("disagreements", "world_history"): _figures_apart("world_history"),
    ("disagreements", "us_statistics"): _figures_apart("us_statistics"),
    ("disagreements", "china_output"): _figures_apart("china_output"),
    ("disagreements", "reserves"): _figures_apart("reserves"),
    ("disagreements", "quotas"): _figures_apart("quotas"),
    ("disagreements", "stage_shares"): _figures_apart("stage_shares"),
    ("disagreements", "processing"): _figures_apart("processing"),
    ("disagreements", "prices"): _figures_apart("prices"),
    ("disagreements", "illegal_estimates"): _figures_apart("illegal_estimates"),
}
