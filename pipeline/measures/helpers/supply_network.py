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
    """A group's flows of a year as customs weigh them (kg), the REO content of its codes, and output on record."""

    year: int
    group: str
    feed: str
    flows: pd.DataFrame
    factors: pd.DataFrame
    made: pd.DataFrame

    def at(self, content: str = "central") -> Network:
        """The network with this content of the codes: `low`, `central` or `high`."""
        factor = self.flows["hs6"].map(self.factors[content]).astype("float64")
        tonnes = self.flows.assign(t=self.flows["kg"] / 1000 * factor)
        return network(
            self.year, self.group, self.feed,
            tonnes.groupby(["exporter", "importer"])["t"].sum().reset_index(),
            {str(country): float(t) for country, t in self.made["amount"].items()},
            china_basis=str(self.made.loc[CHINA, "basis"]),
            china_document_id=str(self.made.loc[CHINA, "document_id"]),
            coverage=_coverage(self.flows),
        )  # fmt: skip


def networks(*inputs: Any) -> list[Network]:
    """The networks of `recorded`, at central REO content."""
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
) -> list[Recorded]:
    """All that the record allows, by group, year and feed: whole years of trade with China's output or its cap on record.

    Flows count without flow_outliers; those that report no mass are left out, `coverage` says by importer how much of the value
    is in. Compounds are turned into REO by the content of their code; magnets stay gross and have no feed. Without a factor for
    a code, or without China's output, there is nothing.
    """
    output = stage_output(quotas, china_output, processing)
    reo_content = oxide.factors(conversion_factors)
    flows = trade.with_clean_kg(trade.whole_groups(trade_flows, products), flow_outliers)
    found = []
    for group in NETWORK_GROUPS:
        codes = trade.codes_of(products, group)
        gross = pd.DataFrame(1.0, index=pd.Index(codes, dtype="str"), columns=reo_content.columns)
        factors = (reo_content if group == "compounds" else gross).reindex(codes)
        made = output[output["group"] == group].set_index("country")
        years = sorted(made.loc[[CHINA], "year"].unique()) if CHINA in made.index else []
        if factors.isna().any(axis=None) or not years:
            continue
        for year, of_year in _flows(flows, group, [int(year) for year in years]).groupby("year"):
            is_feed = _is_feed(of_year, feed_flows)
            ways = {"excluded": of_year[~is_feed], "included": of_year} if group == "compounds" else {"included": of_year}
            for feed, rows in ways.items():
                if rows["kg"].sum() > 0:
                    found.append(Recorded(int(str(year)), group, feed, rows, factors, made[made["year"] == year]))
    return found


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
    counted = flows.assign(counted=flows["usd"].where(flows["kg"] > 0, 0.0)).groupby("importer")[["counted", "usd"]].sum()
    counted = counted[counted["usd"] > 0]
    return dict(zip(counted.index, counted["counted"] / counted["usd"], strict=True))


def _own_flows(row: Key, tables: Tables) -> InputRows:
    """The importer's own; the whole year's network is read, for goods come by any way."""
    codes, importers = _codes(row, tables), importers_of(row["importer"], tables)
    rows = where_equal(tables.scan_table("trade_flows"), {"year": row["year"]})
    rows = rows.filter(_.hs6.isin(codes), _.importer.isin(importers))
    rows = rows.order_by(_.quantity_t.desc(nulls_first=False), _.exporter)
    words = f"every row of year {row['year']} and hs6 {', '.join(codes)} is read; shown are those of importer {row['importer']}"
    return words, rows.to_pandas()


def _excluded(row: Key, tables: Tables) -> InputRows:
    found = equal(tables.load_table("flow_outliers"), {"year": row["year"]})
    return f"rows of year {row['year']} of the group's codes, excluded", found[found["hs6"].isin(_codes(row, tables))]


def _contents(row: Key, tables: Tables) -> InputRows:
    if row["group"] == "magnets":
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
    if row["group"] == "magnets" or row.get("feed") == "included":
        return "none: feed is included", pd.DataFrame()
    found = tables.load_table("feed_flows")
    found = found[(found["year_from"] <= row["year"]) & (row["year"] <= found["year_to"])]
    return f"flows that are feed in {row['year']}", found[found["hs6"].isin(_codes(row, tables))]


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
        "countries": _members,
    }
    return {(table_name, name): rule for name, rule in rules.items()}
