"""Countries that make, import and export a group of goods in a year: the network of indirect dependence and disruption."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
from ibis import _

from pipeline.measures.helpers import oxide, trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables, equal, importers_of, selected, where_equal
from pipeline.measures.helpers.stage_output import stage_output
from pipeline.measures.helpers.trade import EXACT
from pipeline.schemas.vocabularies import NETWORK_GROUPS

Vector = npt.NDArray[np.float64]
CHINA = "CHN"
# A gram: a smaller difference of sums is rounding, not goods.
NOTHING_T = 1e-6
# Decimals of stored shares: a solver's last ones differ between processors.
SHARE_DECIMALS = 12


@dataclass(frozen=True)
class Network:
    """A group's flows of a year, in tonnes of `basis`, and who made what.

    `flows[i, j]` is what country i sends to country j. `recorded_output` is what is published, `unexplained` net exports
    beyond it: supply = recorded_output + unexplained + imports, never less than exports.
    """

    year: int
    group: str
    feed: str
    countries: tuple[str, ...]
    flows: Any
    recorded_output: Vector
    china_basis: str = ""
    china_document_id: str = ""
    coverage: dict[str, float] = field(default_factory=dict)

    @property
    def basis(self) -> str:
        return "REO" if self.group == "compounds" else "gross"

    @cached_property
    def imports(self) -> Vector:
        return np.asarray(self.flows.sum(axis=0), dtype=float).ravel()

    @cached_property
    def exports(self) -> Vector:
        return np.asarray(self.flows.sum(axis=1), dtype=float).ravel()

    @cached_property
    def unexplained(self) -> Vector:
        net = self.exports - self.imports - self.recorded_output
        return np.where(net > NOTHING_T, net, 0.0)

    @cached_property
    def output(self) -> Vector:
        return self.recorded_output + self.unexplained

    @cached_property
    def supply(self) -> Vector:
        return self.output + self.imports

    @cached_property
    def use(self) -> Vector:
        left = self.supply - self.exports
        return np.where(left > NOTHING_T, left, 0.0)

    def index(self, country: str) -> int | None:
        return self.countries.index(country) if country in self.countries else None

    def reached(self, sources: npt.NDArray[np.bool_], without: int | None = None) -> npt.NDArray[np.bool_]:
        """Countries that goods of the sources come to by any way that does not pass `without`, the sources among them."""
        links = self.flows > 0
        reached, before = sources.copy(), -1
        while reached.sum() != before:
            before = reached.sum()
            passing = reached.copy()
            if without is not None:
                passing[without] = False
            reached |= np.asarray(links.T @ passing).ravel() > 0
        return reached


def network(year: int, group: str, feed: str, flows: pd.DataFrame, recorded_output: dict[str, float], **about: Any) -> Network:
    """A network from flows (exporter, importer, t) and output on record by country; what a country sends itself is left out."""
    from scipy.sparse import csr_array

    flows = flows[(flows["exporter"] != flows["importer"]) & (flows["t"] > 0)]
    countries = tuple(sorted({*flows["exporter"], *flows["importer"], *recorded_output}))
    place = {country: n for n, country in enumerate(countries)}
    ordered = flows.sort_values(["exporter", "importer"], kind="stable")
    cells = (ordered["exporter"].map(place).to_numpy(dtype=int), ordered["importer"].map(place).to_numpy(dtype=int))
    matrix = csr_array((ordered["t"].to_numpy(dtype=float), cells), shape=(len(countries), len(countries)))
    made = np.array([recorded_output.get(country, 0.0) for country in countries])
    return Network(year, group, feed, countries, matrix, made, **about)


@dataclass(frozen=True)
class Recorded:
    """A group's flows of a year in tonnes of the network's basis, and output on record.

    `flows` has exporter, importer, usd and tonnes at three contents: `low`, `central`, `high`.
    """

    year: int
    group: str
    feed: str
    flows: pd.DataFrame
    made: pd.DataFrame

    def at(self, content: str = "central") -> Network:
        """The network with this content of the flows: `low`, `central` or `high`."""
        tonnes = self.flows.assign(t=self.flows[content])
        return network(
            self.year, self.group, self.feed,
            tonnes.groupby(["exporter", "importer"])["t"].sum().reset_index(),
            {str(country): float(t) for country, t in self.made["amount"].items()},
            china_basis=str(self.made.loc[CHINA, "basis"]),
            china_document_id=str(self.made.loc[CHINA, "document_id"]),
            coverage=_coverage(tonnes),
        )  # fmt: skip


def networks(*inputs: Any) -> list[Network]:
    """The networks of `recorded`, at central content."""
    return [one.at() for one in recorded(*inputs)]


def recorded(
    trade_flows: ir.Table,
    flow_outliers: pd.DataFrame,
    products: pd.DataFrame,
    conversion_factors: pd.DataFrame,
    quotas: pd.DataFrame,
    china_output: pd.DataFrame,
    processing: pd.DataFrame,
    feed_flows: pd.DataFrame,
    rare_earth_magnets: pd.DataFrame,
) -> list[Recorded]:
    """All that the record allows, by group, year and feed: whole years of trade with China's output or its cap on record.

    Compounds: flows count without flow_outliers, those that report no mass are left out (`coverage` says by importer how much
    of the value is in), and content is the oxide content of their code; without a factor for a code there is nothing.
    Rare-earth magnets, gross and without feed: the flows of rare_earth_magnets, content is how much of HS 850511 they are
    (`magnet_flows`). Without China's output there is nothing.
    """
    output = stage_output(quotas, china_output, processing)
    found = []
    for group in NETWORK_GROUPS:
        made = output[output["group"] == group].set_index("country")
        years = [int(year) for year in sorted(made.loc[[CHINA], "year"].unique())] if CHINA in made.index else []
        if not years:
            continue
        if group == "compounds":
            flows = _in_oxide(trade_flows, flow_outliers, products, conversion_factors, years)
            ways = {"excluded": flows[~_is_feed(flows, feed_flows)], "included": flows}
        else:
            ways = {"included": magnet_flows(rare_earth_magnets, years)}
        for year in years:
            for feed, rows in ways.items():
                of_year = rows[rows["year"] == year]
                if of_year["central"].sum() > 0:
                    found.append(Recorded(year, group, feed, of_year, made[made["year"] == year]))
    return found


def _in_oxide(
    trade_flows: ir.Table, flow_outliers: pd.DataFrame, products: pd.DataFrame, conversion_factors: pd.DataFrame, years: list[int]
) -> pd.DataFrame:
    """Flows of compounds in tonnes REO at the low, central and high content of their code; none where a code has no factor."""
    flows = trade.with_clean_kg(trade.whole_groups(trade_flows, products), flow_outliers)
    rows = _flows(flows, "compounds", years)
    factors = oxide.factors(conversion_factors).reindex(trade.codes_of(products, "compounds"))
    if factors.isna().any(axis=None):
        return rows.head(0).assign(low=0.0, central=0.0, high=0.0)
    return rows.assign(
        **{name: rows["kg"] / 1000 * rows["hs6"].map(factors[name]).astype("float64") for name in ("low", "central", "high")}
    )


def magnet_flows(rare_earth_magnets: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Flows of rare-earth magnets in tonnes: year, exporter, importer, usd, low, central, high.

    China's are published by destination or estimated; of other exporters nothing is known but that it is between none and all
    of HS 850511: half of it is taken as central, and both ends stand beside. Years in which the others' flows are not held have
    no network; published totals are no flows.
    """
    rows = _of_networks(rare_earth_magnets)
    rows = rows[rows["year"].isin(years)]
    low, high = rows["quantity_t_low"].fillna(0.0), rows["quantity_t_high"].fillna(0.0)
    central = rows["quantity_t"].fillna((low + high) / 2)
    usd = rows["hs850511_value_kusd"].fillna(rows["value_kusd"]).fillna(0.0) * 1000
    return rows[["year", "exporter", "importer"]].assign(usd=usd, low=low, central=central, high=high)


def _of_networks(rare_earth_magnets: pd.DataFrame) -> pd.DataFrame:
    whole = rare_earth_magnets.loc[rare_earth_magnets["basis"] == "hs850511_interval", "year"]
    return rare_earth_magnets[(rare_earth_magnets["importer"] != "WLD") & rare_earth_magnets["year"].isin(whole)]


def _flows(flows: ir.Table, group: str, years: list[int]) -> pd.DataFrame:
    """year, exporter, importer, hs6, kg (0 where none is reported or the flow is an outlier), usd of a group's whole years."""
    flow = ["year", "exporter", "importer", "hs6"]
    sums = flows.filter(_.group == group, _.year.isin(years)).group_by(flow)
    sums = sums.agg(usd=_.usd.sum().cast(EXACT).cast("float64"), kg=_.clean_kg.sum().cast(EXACT).cast("float64"))
    return sums.to_pyarrow().to_pandas().fillna({"kg": 0.0}).sort_values(flow, kind="stable").reset_index(drop=True)


def _is_feed(flows: pd.DataFrame, feed_flows: pd.DataFrame) -> "pd.Series[bool]":
    flow = ["exporter", "importer", "hs6"]
    near = flows[[*flow, "year"]].reset_index().merge(feed_flows[[*flow, "year_from", "year_to"]], on=flow)
    feed = near.loc[near["year"].between(near["year_from"], near["year_to"]), "index"]
    return flows.index.to_series().isin(feed)


def _coverage(flows: pd.DataFrame) -> dict[str, float]:
    counted = flows.assign(counted=flows["usd"].where(flows["t"] > 0, 0.0)).groupby("importer")[["counted", "usd"]].sum()
    counted = counted[counted["usd"] > 0]
    return dict(zip(counted.index, counted["counted"] / counted["usd"], strict=True))


def _own_flows(row: Key, tables: Tables) -> InputRows:
    """The importer's own; the whole year's network is read, for goods come by any way."""
    if row["group"] != "compounds":
        return "none: read from rare_earth_magnets", pd.DataFrame()
    codes, importers = _codes(row, tables), importers_of(row["importer"], tables)
    rows = where_equal(tables.scan_table("trade_flows"), {"year": row["year"]})
    rows = rows.filter(_.hs6.isin(codes), _.importer.isin(importers))
    rows = rows.order_by(_.quantity_t.desc(nulls_first=False), _.exporter)
    words = f"every row of year {row['year']} and hs6 {', '.join(codes)} is read; shown are those of importer {row['importer']}"
    return words, rows.to_pandas()


def _excluded(row: Key, tables: Tables) -> InputRows:
    found = equal(tables.load_table("flow_outliers"), {"year": row["year"]})
    if row["group"] != "compounds":
        return "none: an implausible price is no magnet of rare earths", found.head(0)
    return f"rows of year {row['year']} of the group's codes, excluded", found[found["hs6"].isin(_codes(row, tables))]


def _contents(row: Key, tables: Tables) -> InputRows:
    if row["group"] != "compounds":
        return "none: magnets stay gross", pd.DataFrame()
    found = oxide.contents(tables.load_table("conversion_factors"))
    words = "REO content of the codes; central is the row of all imports, low and high the least and most"
    return words, found[found["hs6"].isin(_codes(row, tables))].drop(columns="hs6")


def _output_of(input_name: str) -> Rule:
    def rule(row: Key, tables: Tables) -> InputRows:
        # Only the table asked for goes in, so that what comes out names its documents.
        inputs = {name: tables.load_table(name) for name in ("quotas", "china_output", "processing")}
        given = {name: frame if name == input_name else frame.head(0) for name, frame in inputs.items()}
        taken = equal(stage_output(**inputs), {"year": row["year"], "group": row["group"]})
        own = stage_output(**given).merge(taken, on=list(taken.columns))
        words = f"output on record in {row['year']}, by country; the first document of those added"
        return words if len(own) else "none taken for the year", own

    return rule


def _feed(row: Key, tables: Tables) -> InputRows:
    if row["group"] != "compounds" or row.get("feed") == "included":
        return "none: feed is included", pd.DataFrame()
    found = tables.load_table("feed_flows")
    found = found[(found["year_from"] <= row["year"]) & (row["year"] <= found["year_to"])]
    return f"flows that are feed in {row['year']}", found[found["hs6"].isin(_codes(row, tables))]


def _own_magnets(row: Key, tables: Tables) -> InputRows:
    found = tables.load_table("rare_earth_magnets")
    if row["group"] == "compounds":
        return "none: compounds", found.head(0)
    of_year = equal(_of_networks(found), {"year": row["year"]})
    rows = of_year[of_year["importer"].isin(importers_of(row["importer"], tables))]
    words = f"every flow of year {row['year']} is read; shown are those of importer {row['importer']}"
    return words, rows.sort_values(["quantity_t_high", "exporter"], ascending=[False, True])


def _members(row: Key, tables: Tables) -> InputRows:
    found = tables.load_table("countries")
    which = found[found["iso3"].isin(importers_of(row["importer"], tables))]
    return f"the countries that {row['importer']} stands for", which


def _codes(row: Key, tables: Tables) -> list[str]:
    return trade.codes_of(tables.load_table("products"), row["group"])


def lineage(table_name: str) -> dict[tuple[str, str], Rule]:
    """Which input rows a row of a table made of networks is made of."""
    rules: dict[str, Rule] = {
        "trade_flows": _own_flows,
        "flow_outliers": _excluded,
        "products": selected("products", lambda products: products, ["group"]),
        "conversion_factors": _contents,
        "quotas": _output_of("quotas"),
        "china_output": _output_of("china_output"),
        "processing": _output_of("processing"),
        "feed_flows": _feed,
        "rare_earth_magnets": _own_magnets,
        "countries": _members,
    }
    return {(table_name, name): rule for name, rule in rules.items()}
