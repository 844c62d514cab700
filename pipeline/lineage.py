"""What a row is made of: the sources behind its table, and the rows of each input that feed it.

Input rows are found by the key's columns that both tables have. Where names differ or more than equality is asked for,
RULES has a rule for (table, input).
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline import catalog
from pipeline.assets import wiring
from pipeline.measures import reconciliation, trade
from pipeline.measures.behind import Chosen, Key, Rule, in_words, where_equal
from pipeline.measures.trade import EXACT
from pipeline.schemas import table as t


def sources_of(table_name: str) -> set[str]:
    """The sources a table is made from, directly or through other tables."""
    found = set[str]()
    for name, kind in wiring.inputs(table_name).items():
        found |= {name} if kind == "source" else sources_of(name)
    return found


def behind(table_name: str, input_name: str, row: Key) -> Chosen:
    """The rows of an input table that feed a row, and in words which they are."""
    measure = sys.modules[wiring.maker(table_name).__module__]
    beside: dict[tuple[str, str], Rule] = getattr(measure, "BEHIND", {})
    if own := beside.get((table_name, input_name)):
        return own(row, catalog)
    rule = RULES.get((table_name, input_name))
    return rule(row) if rule else _shared(table_name, input_name, row)


def _shared(table_name: str, input_name: str, row: Key) -> Chosen:
    """Without a rule of its own: the input rows that have the key's values in the columns they share with it."""
    shared = {name: row[name] for name in t.key(catalog.table(table_name)) if name in t.columns(catalog.table(input_name))}
    if not shared:
        return f"all {catalog.row_count(input_name):,} rows are read", pd.DataFrame()
    rows = where_equal(catalog.scan_table(input_name), shared).order_by(t.key(catalog.table(input_name))).to_pandas()
    return in_words(shared), rows


def _by_exporter(flows: ir.Table, outliers: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Flows summed by exporter, the largest first, with their share in the row's basis (HHI is the sum of its squares)."""
    by_exporter = trade.whole_years(flows).group_by("exporter")
    sums = by_exporter.agg(usd=_.usd.sum().cast(EXACT), kg=_.kg.sum().cast(EXACT), flows=_.count())
    summed = sums.cast({"usd": "float64", "kg": "float64"}).to_pandas()
    table = pd.DataFrame(
        {
            "exporter": summed["exporter"],
            "value_kusd": summed["usd"] / 1000,
            "quantity_t": summed["kg"] / 1000,
            "set_aside_t": summed["exporter"].map(outliers.groupby("exporter")["quantity_t"].sum()).fillna(0.0),
            "flows": summed["flows"],
            # trade.whole_years lets no year of a code come from two sources.
            "source_id": flows.filter(_.coverage == "whole").source_id.min().to_pyarrow().as_py(),
        }
    )
    amounts = {
        "value": table["value_kusd"],
        "quantity": table["quantity_t"].fillna(0.0),
        "quantity_clean": table["quantity_t"].fillna(0.0) - table["set_aside_t"],
    }
    table["share"] = amounts[basis] / amounts[basis].sum()
    return table.sort_values(["share", "exporter"], ascending=[False, True]).reset_index(drop=True)


def _outliers(row: Key, importers: Sequence[str] | None = None) -> pd.DataFrame:
    outliers = catalog.load_table("flow_outliers")
    chosen: pd.Series[bool] = (outliers["year"] == row["year"]) & (outliers["hs6"] == row["hs6"])
    if importers is not None:
        chosen &= outliers["importer"].isin(list(importers))
    return outliers[chosen]


def _flows(row: Key) -> ir.Table:
    return where_equal(catalog.scan_table("trade_flows"), {"year": row["year"], "hs6": row["hs6"]})


def _exporters(row: Key) -> Chosen:
    words = in_words({"year": row["year"], "hs6": row["hs6"]}) + ", summed by exporter, the largest first"
    return words, _by_exporter(_flows(row), _outliers(row), row["basis"])


def _importers(row: Key) -> tuple[list[str], list[str]]:
    """The countries an importer stands for, and the exporters its imports from do not count."""
    if row["importer"] != "EUU":
        return [row["importer"]], []
    countries = catalog.load_table("countries")
    members = countries.loc[countries["eu27"], "iso3"].tolist()
    return members, members


def _suppliers(row: Key) -> Chosen:
    importers, within = _importers(row)
    flows = _flows(row).filter(_.importer.isin(importers))
    if within:
        flows = flows.filter(_.exporter.notin(within))
    words = in_words({name: row[name] for name in ("year", "importer", "hs6")}) + ", summed by exporter, the largest first"
    outliers = _outliers(row, importers)
    return words, _by_exporter(flows, outliers[~outliers["exporter"].isin(within)], row["basis"])


def _suppliers_outliers(row: Key) -> Chosen:
    importers, within = _importers(row)
    outliers = _outliers(row, importers)
    return in_words({name: row[name] for name in ("year", "importer", "hs6")}), outliers[~outliers["exporter"].isin(within)]


def _group_outliers(row: Key) -> Chosen:
    outliers, group = _outliers(row), row["exporter_group"]
    if group != "world":
        outliers = outliers[(outliers["exporter"] == "CHN") == (group == "CHN")]
    return in_words({"year": row["year"], "hs6": row["hs6"]}) + f" of exporters {group}", outliers


def _group_of_exporters(row: Key) -> Chosen:
    flows, group = _flows(row), row["exporter_group"]
    if group != "world":
        flows = flows.filter((_.exporter == "CHN") == (group == "CHN"))
    _which, outliers = _group_outliers(row)
    words = in_words({"year": row["year"], "hs6": row["hs6"]}) + f" of exporters {group}, summed by exporter, the largest first"
    return words, _by_exporter(flows, outliers, row["basis"])


def _stage_amounts(input_name: str, of_reserves: bool) -> Callable[[Key], Chosen]:
    """Reserves are made from `reserves`, every other stage from `production`."""

    def rule(row: Key) -> Chosen:
        if (row["stage"] == "reserves") != of_reserves:
            return f"none: stage {row['stage']} is made from the other table", pd.DataFrame()
        names = ["edition", "source_id"] if of_reserves else ["year", "stage", "material", "source_id", "edition"]
        values = {name: row[name] for name in names}
        rows = where_equal(catalog.scan_table(input_name), values).to_pandas()
        return in_words(values) + ", the largest first", rows.sort_values(["amount", "country"], ascending=[False, True])

    return rule


def _mining(row: Key) -> Key:
    return {"year": row["year"], "stage": "mining", "material": "rare_earths", "source_id": row["production_source_id"]}


def _mining_concentration(row: Key) -> Chosen:
    rows = where_equal(catalog.scan_table("stage_concentration"), _mining(row)).to_pandas()
    return in_words(_mining(row)) + "; the newest edition counts", rows.sort_values("edition", ascending=False)


def _mined(row: Key) -> Chosen:
    _which, editions = _mining_concentration(row)
    values = {**_mining(row), "edition": editions["edition"].max()}
    rows = where_equal(catalog.scan_table("production"), values).to_pandas()
    return in_words(values) + ", the largest first", rows.sort_values(["amount", "country"], ascending=[False, True])


def _group_exports(row: Key) -> Chosen:
    products = catalog.load_table("products")
    codes = sorted(products.loc[products["group"] == row["group"], "hs6"].unique())
    flows = where_equal(catalog.scan_table("trade_flows"), {"year": row["year"]}).filter(_.hs6.isin(codes))
    words = f"rows of year {row['year']}, hs6 {', '.join(codes)}, summed by exporter, the largest first"
    none = catalog.load_table("flow_outliers").head(0)
    return words, _by_exporter(flows, none, "value").drop(columns="set_aside_t")


def _coded_apart(row: Key) -> Chosen:
    """Of a field's codes those on which the coders differ, one row an act."""
    codes = catalog.load_table("policy_codes")
    both = codes[codes["field"] == row["field"]].pivot(index="event_id", columns="coder", values="value")
    both = both.reindex(columns=["1", "2", "final"])
    apart = both[both["1"].notna() & both["2"].notna() & (both["1"] != both["2"])].sort_index().reset_index()
    return f"acts to which the coders gave different codes of {row['field']}, and the settled one", apart


def _figures_of_mining(input_name: str) -> Callable[[Key], Chosen]:
    """Rows that `_mined` of the reconciliation reads of an input for a year and country."""
    of_inputs: dict[str, dict[str, Any]] = {
        "production": {"reconciled": True, "stage": "mining", "material": "rare_earths"},
        "world_history": {"measure": "world_mine_production"},
        "us_statistics": {"measure": "production", "unit": "t"},
    }
    narrowed = of_inputs[input_name]

    def rule(row: Key) -> Chosen:
        if input_name == "us_statistics" and row["country"] != "USA":
            return "none: it has the United States' output alone", pd.DataFrame()
        values = {"year": row["year"], **narrowed}
        if input_name != "us_statistics":
            values["country"] = row["country"]
        rows = where_equal(catalog.scan_table(input_name), values).order_by(t.key(catalog.table(input_name))).to_pandas()
        return in_words(values), rows

    return rule


def _figures_apart(input_name: str) -> Callable[[Key], Chosen]:
    """The rows of the table that a disagreement is about."""

    def rule(row: Key) -> Chosen:
        if row["table"] == "production" and input_name in ("production", "world_history", "us_statistics"):
            return _figures_of_mining(input_name)(row)
        if row["table"] != input_name:
            return f"none: the figures are of {row['table']}", pd.DataFrame()
        rows = catalog.load_table(input_name)
        return f"rows of {row['key']}", rows[reconciliation.keys(input_name, rows) == row["key"]]

    return rule


# Which input rows feed a row, where the names of the key do not say it by themselves.
RULES: dict[tuple[str, str], Callable[[Key], Chosen]] = {
    ("export_concentration", "trade_flows"): _exporters,
    ("import_dependence", "trade_flows"): _suppliers,
    ("import_dependence", "flow_outliers"): _suppliers_outliers,
    ("unit_values", "trade_flows"): _group_of_exporters,
    ("unit_values", "flow_outliers"): _group_outliers,
    ("stage_concentration", "production"): _stage_amounts("production", of_reserves=False),
    ("stage_concentration", "reserves"): _stage_amounts("reserves", of_reserves=True),
    ("origin_gap", "trade_flows"): _group_exports,
    ("origin_gap", "stage_concentration"): _mining_concentration,
    ("origin_gap", "production"): _mined,
    ("production_reconciled", "production"): _figures_of_mining("production"),
    ("production_reconciled", "world_history"): _figures_of_mining("world_history"),
    ("production_reconciled", "us_statistics"): _figures_of_mining("us_statistics"),
    ("disagreements", "production"): _figures_apart("production"),
    ("disagreements", "world_history"): _figures_apart("world_history"),
    ("disagreements", "us_statistics"): _figures_apart("us_statistics"),
    ("disagreements", "china_output"): _figures_apart("china_output"),
    ("disagreements", "reserves"): _figures_apart("reserves"),
    ("disagreements", "quotas"): _figures_apart("quotas"),
    ("coding_agreement", "policy_codes"): _coded_apart,
}
