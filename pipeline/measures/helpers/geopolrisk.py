"""What both tables of geopolitical supply risk are made of: weighted imports, production and its concentration."""

from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import (
    InputRows,
    Key,
    Rule,
    Tables,
    equal,
    importers_of,
    in_words,
    selected,
    where_equal,
)
from pipeline.measures.helpers.trade import EXACT

# The indicator's authors give their bounds as 90 % intervals.
NORMAL_90 = 1.6448536269514722
# Governance weights are summed as whole parts of this, so that the order of rows cannot change a digit.
WEIGHT_SCALE = 10**15
# Whole literals beside floats are 0 and 1: Sail takes 0.0 for a decimal, and the other branch for one of fifteen places.
KEY = ["year", "importer", "material"]
# Sums of weighted kilograms, and the weights they are of.
WEIGHTED = {"weighted": "weight", "weighted_low": "weight_low", "weighted_high": "weight_high"}


def at_most_1(share: Any) -> Any:
    """Rounding may lift a whole a last digit above itself."""
    return share.clip(upper=1)


def mined_in(mine_production: pd.DataFrame, material_codes: pd.DataFrame) -> pd.DataFrame:
    """Production by country of the materials that have codes; published totals are left out."""
    return mine_production[(mine_production["country"] != "WLD") & mine_production["material"].isin(material_codes["material"])]


def production_hhi(mined: pd.DataFrame, amount: "pd.Series[float]") -> pd.DataFrame:
    """HHI by year and material, of those that are produced."""
    sums = pd.DataFrame({"sum": amount, "squares": amount**2}).groupby([mined["year"], mined["material"]]).sum()
    return (sums["squares"] / sums["sum"] ** 2).rename("production_hhi")[sums["sum"] > 0].reset_index()


def own_production(mined: pd.DataFrame, amount: str, members: list[str]) -> pd.DataFrame:
    """Own production by year, importer and material, EUU's the sum of its members', null where one is."""
    rows = mined[["year", "country", "material", amount]].rename(columns={"country": "importer"})
    union = rows[rows["importer"].isin(members)].assign(importer="EUU")
    # What is not in tonnes is not zero.
    return pd.concat([rows, union]).groupby(KEY)[amount].sum(skipna=False).reset_index()


def score_grid(hhi: pd.DataFrame, own: pd.DataFrame, country_codes: pd.DataFrame, name: str) -> ir.Table:
    """Every year and material with every country that trade then has a code for and EUU; own production, 0 where none is named.

    `is_producer` says whether the publisher names the country; its production may be null, for it may not be in tonnes.
    """
    own = own.set_axis([*KEY, name], axis=1).assign(is_producer=True)
    codes = country_codes[country_codes["scheme"] == "baci"]
    years = hhi[["year"]].drop_duplicates().merge(codes, how="cross")
    held = years[(years["valid_from"] <= years["year"]) & (years["year"] <= years["valid_to"])]
    union = hhi[["year"]].drop_duplicates().assign(iso3="EUU")
    importers = pd.concat([held[["year", "iso3"]], union]).rename(columns={"iso3": "importer"})
    rows = trade.memtable(hhi).join(trade.memtable(importers), "year").left_join(trade.memtable(own), KEY)
    named = rows.is_producer.fill_null(False)
    return rows.select(*KEY, "production_hhi", is_producer=named, **{name: ibis.ifelse(named, rows[name], 0)})


def governance_weights(governance: pd.DataFrame) -> ir.Table:
    """g = (2.5 − WGI)/5 within 0–1 by year and country, with the ends of the 90 % interval, as whole parts of WEIGHT_SCALE."""

    def weight(estimate: "pd.Series[float]") -> "pd.Series[int]":
        return ((2.5 - estimate) / 5).clip(0, 1).mul(WEIGHT_SCALE).round().astype("int64")

    error = NORMAL_90 * governance["standard_error"]
    return trade.memtable(
        pd.DataFrame(
            {
                "year": governance["year"],
                "exporter": governance["country"],
                "weight": weight(governance["wgi_pv"]),
                "weight_low": weight(governance["wgi_pv"] + error),
                "weight_high": weight(governance["wgi_pv"] - error),
            }
        )
    )


def weighted_imports(
    trade_flows: ir.Table, mined: pd.DataFrame, material_codes: pd.DataFrame, weights: ir.Table, members: list[str], among: bool
) -> ir.Table:
    """Whole dollars, kilograms and weighted kilograms by year, importer and material, EUU beside its members.

    EUU buys from outside its members alone; or `among` them too, and what it does counts but weighs nothing.
    """
    codes = material_codes[["material", "hs6"]]
    first, last = mined["year"].min(), mined["year"].max()
    wanted = trade_flows.filter(_.hs6.isin(codes["hs6"].unique().tolist()), _.year.between(first, last))
    # What a member buys it buys itself, and the union does. A flow of a code that stands for two materials counts in both.
    buyers = trade.memtable(pd.DataFrame({"importer": members * 2, "buyer": members + ["EUU"] * len(members)}))
    flows = trade.whole_years(wanted).mutate(from_member=_.exporter.isin(members)).left_join(buyers, "importer")
    flows = flows.mutate(importer=ibis.coalesce(_.buyer, _.importer)).mutate(outside=(_.importer != "EUU") | ~_.from_member)
    flows = flows if among else flows.filter(_.outside)
    flows = flows.left_join(weights, ["year", "exporter"]).join(trade.memtable(codes), "hs6")

    def whole(amount: Any, where: Any = None) -> Any:
        """A sum whose rows have no order, as a float in the end."""
        return amount.sum(where=where).cast(EXACT).cast("float64")

    return flows.group_by(KEY).agg(
        flows=_.count(),
        flows_without_kg=_.count(where=_.kg.isnull()),
        usd=whole(_.usd),
        usd_with_kg=whole(_.usd, _.kg.notnull()),
        kg=whole(_.kg),
        kg_covered=whole(_.kg, _.weight.notnull()),
        kg_unknown=whole(_.kg, _.outside & _.weight.isnull()),
        **{
            name: whole(_.kg.cast(EXACT) * _[of].cast(EXACT), _.outside if among else None)
            for name, of in WEIGHTED.items()
            if of in weights.columns
        },
    )


def with_imports(grid: ir.Table, bought: ir.Table) -> ir.Table:
    """The grid with what each importer buys, 0 where nothing."""
    sums = [name for name in bought.columns if name not in KEY]
    rows = grid.left_join(bought, KEY)
    return rows.select(*grid.columns, **{name: rows[name].fill_null(0) for name in sums})


def _buys(row: Key, tables: Tables) -> ir.Table:
    """The flows of a row, by code."""
    codes = tables.load_table("material_codes").query("material == @row['material']")["hs6"].tolist()
    flows = where_equal(tables.scan_table("trade_flows"), {"year": row["year"]}).filter(_.hs6.isin(codes), _.coverage == "whole")
    importers = importers_of(row["importer"], tables)
    flows = flows.filter(_.importer.isin(importers))
    return flows.filter(_.exporter.notin(importers)) if row["importer"] == "EUU" else flows


def _flows(row: Key, tables: Tables) -> InputRows:
    words = (
        in_words({"year": row["year"], "importer": row["importer"]}) + f" of the codes of {row['material']}, the largest first"
    )
    return words, _buys(row, tables).order_by(_.quantity_t.desc(), _.value_kusd.desc(), _.exporter, _.hs6).to_pandas()


def _estimates(row: Key, tables: Tables) -> InputRows:
    origins = _buys(row, tables).exporter.to_pandas().unique()
    rows = equal(tables.load_table("governance"), {"year": row["year"]})
    return f"rows of year {row['year']} and the origins of the imports", rows[rows["country"].isin(origins)].sort_values(
        "country"
    )


def _miners(row: Key, tables: Tables) -> InputRows:
    codes = tables.load_table("material_codes")
    return selected("mine_production", lambda rows: mined_in(rows, codes), ["year", "material"], largest="amount")(row, tables)


def lineage(table_name: str) -> dict[tuple[str, str], Rule]:
    """Which input rows a score is made of."""
    rules: dict[str, Rule] = {"trade_flows": _flows, "governance": _estimates, "mine_production": _miners}
    return {(table_name, name): rule for name, rule in rules.items()}
