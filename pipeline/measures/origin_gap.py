"""Who trades what others dig: the top exporter's share of exports against its share of mining and of separation."""

import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import published_shares, trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, by_exporter, in_words, where_equal
from pipeline.measures.helpers.trade import EXACT

# One source of mining figures a publisher that prints the world's table every year up to now.
MINING_SOURCES = ("usgs_mcs", "world_mining_data")
COLUMNS = [
    "year", "group", "production_source_id", "top_exporter", "export_share", "mining_share", "mining_gap",
    "china_export_share", "china_mining_share", "china_mining_gap",
    "separation_edition", "separation_share", "separation_gap", "china_separation_share", "china_separation_gap",
]  # fmt: skip


def origin_gap(
    trade_flows: ir.Table,
    products: pd.DataFrame,
    stage_concentration: pd.DataFrame,
    production: pd.DataFrame,
    stage_shares: pd.DataFrame,
) -> pd.DataFrame:
    """Export share minus share of mining, and of separation, by year, group and source of mining figures (OriginGap).

    Exports by value, all codes of the group together; mining of rare earths in REO, from the source's newest edition for the
    year whose table is whole (a row of stage_concentration), for the sources of MINING_SOURCES. A country that edition does
    not name has mining share 0. Shares of separation are those a publisher prints for the year, the surest table first
    (`_separated`); null where nobody prints any, or the publisher does not name the country.
    Criticalmaterialsatlas.org's origin gap, with the rest of the world's largest exporter and China side by side.
    """
    exports = _exports(trade_flows, products)
    mined = _mined(stage_concentration, production)
    whole = mined.groupby(["year", "source_id"])["amount"].sum()
    key = ["year", "group"]
    total = exports.groupby(key)["usd"].sum()
    china = exports[exports["exporter"] == "CHN"].set_index(key)["usd"]
    top = exports.sort_values([*key, "usd", "exporter"], ascending=[True, True, False, True]).drop_duplicates(key)
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
    return _with_separation(table, _separated(stage_concentration, stage_shares))[COLUMNS].reset_index(drop=True)


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
    """Shares of separation by year and country of one table a year: year, country, edition, share.

    Of the tables that foresee nothing and print no lower bound: an actual one before an estimate, then the one that leaves
    least unnamed, then the first by edition.
    """
    tables = stage_concentration[(stage_concentration["stage"] == "separation") & (stage_concentration["kind"] != "projection")]
    tables = tables[~tables["at_least"].astype("bool")].sort_values(["year", "kind", "unnamed_share", "edition"], kind="stable")
    chosen = tables.drop_duplicates("year")[["year", "stage", "material", "edition"]]
    shares = stage_shares.assign(edition=published_shares.edition(stage_shares))
    return shares.merge(chosen, on=["year", "stage", "material", "edition"])[["year", "country", "edition", "share"]]


def _exports(trade_flows: ir.Table, products: pd.DataFrame) -> pd.DataFrame:
    """Whole dollars by year, group and exporter, of years in which every code of the group is held whole."""
    sums = trade.whole_groups(trade_flows, products).group_by("year", "group", "exporter").agg(usd=_.usd.sum().cast(EXACT))
    return sums.filter(_.usd > 0).cast({"usd": "float64"}).to_pyarrow().to_pandas()


def _mined(stage_concentration: pd.DataFrame, production: pd.DataFrame) -> pd.DataFrame:
    """Mining by year, source and country, the newest edition with a whole table only; WLD is left out, ROW is kept."""
    wanted = stage_concentration.query("stage == 'mining' and material == 'rare_earths' and kind == 'actual'")
    wanted = wanted[wanted["source_id"].isin(MINING_SOURCES)]
    newest = wanted.groupby(["year", "source_id"], as_index=False)["edition"].max()
    mined = production.query("stage == 'mining' and material == 'rare_earths' and country != 'WLD'")
    return mined.merge(newest, on=["year", "source_id", "edition"])[["year", "source_id", "country", "amount"]].dropna()


def _mining(row: Key) -> Key:
    return {"year": row["year"], "stage": "mining", "material": "rare_earths", "source_id": row["production_source_id"]}


def _mining_concentration(row: Key, tables: Tables) -> InputRows:
    rows = where_equal(tables.scan_table("stage_concentration"), _mining(row)).to_pandas()
    return in_words(_mining(row)) + "; the newest edition counts", rows.sort_values("edition", ascending=False)


def _amounts_mined(row: Key, tables: Tables) -> InputRows:
    _which, editions = _mining_concentration(row, tables)
    values = {**_mining(row), "edition": editions["edition"].max()}
    rows = where_equal(tables.scan_table("production"), values).to_pandas()
    return in_words(values) + ", the largest first", rows.sort_values(["amount", "country"], ascending=[False, True])


def _group_exports(row: Key, tables: Tables) -> InputRows:
    products = tables.load_table("products")
    codes = trade.codes_of(products, row["group"])
    flows = where_equal(tables.scan_table("trade_flows"), {"year": row["year"]}).filter(_.hs6.isin(codes))
    words = f"rows of year {row['year']}, hs6 {', '.join(codes)}, summed by exporter, the largest first"
    none = tables.load_table("flow_outliers").head(0)
    return words, by_exporter(flows, none, "value").drop(columns="set_aside_t")


def _separation_behind(row: Key, tables: Tables) -> InputRows:
    values = {"year": row["year"], "stage": "separation"}
    rows = where_equal(tables.scan_table("stage_shares"), values).to_pandas()
    rows = rows[published_shares.edition(rows) == row["separation_edition"]]
    return in_words(values) + f" of {row['separation_edition']}", rows


LINEAGE: dict[tuple[str, str], Rule] = {
    ("origin_gap", "trade_flows"): _group_exports,
    ("origin_gap", "stage_concentration"): _mining_concentration,
    ("origin_gap", "production"): _amounts_mined,
    ("origin_gap", "stage_shares"): _separation_behind,
}
