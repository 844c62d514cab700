"""The top exporter's share of exports less its share of mining and of separation."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import published_shares, trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, by_exporter, equal, selected, where_equal
from pipeline.measures.helpers.trade import EXACT
from pipeline.schemas import table as t
from pipeline.schemas.origin_gap import OriginGap

# One source of mining figures for each publisher of a yearly world table that still appears.
MINING_SOURCES = ("usgs_mcs", "world_mining_data")
# The group whose codes also hold feed: unseparated goods on their way to separation.
WITH_FEED = "compounds"


def origin_gap(
    trade_flows: ir.Table,
    products: pd.DataFrame,
    stage_concentration: pd.DataFrame,
    production: pd.DataFrame,
    stage_shares: pd.DataFrame,
    feed_flows: pd.DataFrame,
) -> pd.DataFrame:
    """Export share minus share of mining, and of separation, by year, group, feed and source of mining figures (OriginGap).

    Exports by value, all codes of the group together, of compounds with and without feed_flows; mining of rare earths in REO,
    from the source's newest edition for the year whose table is whole (a row of stage_concentration), for the sources of
    MINING_SOURCES. A country that edition does not name has mining share 0. Shares of separation are those published for the
    year, the surest table first (`_surest_separation`); null where nobody publishes any, or the publisher does not name the
    country.
    Criticalmaterialsatlas.org's origin gap, with the rest of the world's largest exporter and China side by side.
    """
    exports = _exports(trade_flows, products, feed_flows)
    mined = _mined(stage_concentration, production)
    whole = mined.groupby(["year", "source_id"])["amount"].sum()
    key = ["year", "group", "feed"]
    total = exports.groupby(key)["usd"].sum()
    china = exports[exports["exporter"] == "CHN"].set_index(key)["usd"]
    top = exports.sort_values([*key, "usd", "exporter"], ascending=[True, True, True, False, True]).drop_duplicates(key)
    table = top.merge(mined[["year", "source_id"]].drop_duplicates(), on="year")

    def mining_share(country: "pd.Series[str]") -> "pd.Series[float]":
        asked = pd.MultiIndex.from_arrays([table["year"], table["source_id"], country])
        amount = mined.set_index(["year", "source_id", "country"])["amount"].reindex(asked).fillna(0.0).to_numpy()
        return amount / whole.reindex(asked.droplevel(2)).to_numpy()

    rows = pd.MultiIndex.from_frame(table[key])
    table = table.assign(
        production_source_id=table["source_id"],
        top_exporter=table["exporter"],
        export_share=table["usd"].to_numpy() / total.reindex(rows).to_numpy(),
        mining_share=mining_share(table["exporter"]),
        china_export_share=china.reindex(rows).fillna(0.0).to_numpy() / total.reindex(rows).to_numpy(),
        china_mining_share=mining_share(pd.Series("CHN", index=table.index)),
    )
    table["mining_gap"] = table["export_share"] - table["mining_share"]
    table["china_mining_gap"] = table["china_export_share"] - table["china_mining_share"]
    return t.frame(OriginGap, _with_separation(table, _separated(stage_concentration, stage_shares)))


def _with_separation(table: pd.DataFrame, separated: pd.DataFrame) -> pd.DataFrame:
    share = separated.set_index(["year", "country"])["share"]

    def of(country: "pd.Series[str]") -> "pd.Series[float]":
        return share.reindex(pd.MultiIndex.from_arrays([table["year"], country])).set_axis(table.index)

    own, china = of(table["exporter"]), of(pd.Series("CHN", index=table.index))
    return table.assign(
        separation_edition=table["year"].map(separated.drop_duplicates("year").set_index("year")["edition"]).astype("str"),
        separation_share=own,
        separation_gap=table["export_share"] - own,
        china_separation_share=china,
        china_separation_gap=table["china_export_share"] - china,
    )


def _separated(stage_concentration: pd.DataFrame, stage_shares: pd.DataFrame) -> pd.DataFrame:
    """Shares of separation by year and country of one table a year: year, country, edition, share."""
    shares = published_shares.read(stage_shares)
    chosen = _surest_separation(stage_concentration)[["year", "stage", "material", "edition"]]
    return shares.merge(chosen, on=["year", "stage", "material", "edition"])[["year", "country", "edition", "share"]]


def _surest_separation(stage_concentration: pd.DataFrame) -> pd.DataFrame:
    """The row of one table of separation a year, of those that are no projection and have no lower bound.

    An actual one before an estimate, then the one that leaves least unnamed, then the first by edition.
    """
    tables = stage_concentration[(stage_concentration["stage"] == "separation") & (stage_concentration["kind"] != "projection")]
    tables = tables[~tables["at_least"].astype("bool")].sort_values(["year", "kind", "unnamed_share", "edition"], kind="stable")
    return tables.drop_duplicates("year")


def _exports(trade_flows: ir.Table, products: pd.DataFrame, feed_flows: pd.DataFrame) -> pd.DataFrame:
    """Whole dollars by year, group, feed and exporter, of years in which every code of the group is held whole."""
    flows = trade.whole_groups(trade_flows, products)
    ways = {"included": flows, "excluded": trade.without_feed(flows.filter(_.group == WITH_FEED), feed_flows)}
    key = ["year", "group", "exporter"]
    sums = ibis.union(*(f.group_by(key).agg(usd=_.usd.sum().cast(EXACT)).mutate(feed=ibis.literal(w)) for w, f in ways.items()))
    return sums.filter(_.usd > 0).cast({"usd": "float64"}).to_pyarrow().to_pandas()


def _newest_mining(stage_concentration: pd.DataFrame) -> pd.DataFrame:
    """The row of the newest edition with a whole table of mining, by year and source of MINING_SOURCES."""
    whole = stage_concentration.query("stage == 'mining' and material == 'rare_earths' and kind == 'actual'")
    whole = whole[whole["source_id"].isin(MINING_SOURCES)].sort_values("edition", kind="stable")
    return whole.drop_duplicates(["year", "source_id"], keep="last")


def _mined(stage_concentration: pd.DataFrame, production: pd.DataFrame) -> pd.DataFrame:
    """Mining by year, source and country, the newest edition with a whole table only; WLD is left out, ROW is kept."""
    newest = _newest_mining(stage_concentration)[["year", "source_id", "edition"]]
    return _of_countries(production).merge(newest, on=["year", "source_id", "edition"])[
        ["year", "source_id", "country", "amount"]
    ]


def _of_countries(production: pd.DataFrame) -> pd.DataFrame:
    mining = production.query("stage == 'mining' and material == 'rare_earths' and country != 'WLD'")
    return mining.dropna(subset=["amount"])


def _tables_read(row: Key, tables: Tables) -> InputRows:
    """The tables of mining and of separation that the row's shares are from."""
    found = tables.load_table("stage_concentration")
    mining = equal(_newest_mining(found), {"year": row["year"], "source_id": row["production_source_id"]})
    separation = equal(_surest_separation(found), {"year": row["year"], "edition": row["separation_edition"]})
    words = f"tables of mining by {row['production_source_id']} and of separation by {row['separation_edition']}"
    return words, pd.concat([mining, separation])


def _amounts_mined(row: Key, tables: Tables) -> InputRows:
    _which, found = _tables_read(row, tables)
    edition = found.loc[found["stage"] == "mining", "edition"].item()
    rule = selected("production", _of_countries, ["year"], source_id="production_source_id", edition=(edition,), largest="amount")
    return rule(row, tables)


def _group_exports(row: Key, tables: Tables) -> InputRows:
    codes = trade.codes_of(tables.load_table("products"), row["group"])
    flows = where_equal(tables.scan_table("trade_flows"), {"year": row["year"]}).filter(_.hs6.isin(codes))
    words = f"rows of year {row['year']}, hs6 {', '.join(codes)}"
    if row["feed"] == "excluded":
        flows = trade.without_feed(flows, tables.load_table("feed_flows"))
        words += " without feed_flows"
    words += ", summed by exporter, the largest first"
    none = tables.load_table("flow_outliers").head(0)
    return words, by_exporter(flows, none, "value").drop(columns=["excluded_value_kusd", "excluded_t"])


def _feed(row: Key, tables: Tables) -> InputRows:
    if row["feed"] == "included":
        return "none: feed is included", pd.DataFrame()
    codes = trade.codes_of(tables.load_table("products"), row["group"])
    found = tables.load_table("feed_flows")
    found = found[(found["year_from"] <= row["year"]) & (row["year"] <= found["year_to"]) & found["hs6"].isin(codes)]
    return f"flows that are feed in {row['year']}", found


LINEAGE: dict[tuple[str, str], Rule] = {
    ("origin_gap", "trade_flows"): _group_exports,
    ("origin_gap", "feed_flows"): _feed,
    ("origin_gap", "stage_concentration"): _tables_read,
    ("origin_gap", "production"): _amounts_mined,
    ("origin_gap", "stage_shares"): selected(
        "stage_shares", published_shares.read, ["year"], stage=("separation",), edition="separation_edition", largest="share"
    ),
}
