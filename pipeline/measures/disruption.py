"""What importers lose when an origin withholds, directly and through third countries, before and after others step in.

A scenario of one's own on the built tables: `reo disrupt`, or pipeline.disrupt in a notebook.
"""

from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.input_rows import InputRows, Key, Tables
from pipeline.measures.helpers.supply_network import NOTHING_T, SHARE_DECIMALS, Network, Vector, lineage, networks
from pipeline.schemas import table as t
from pipeline.schemas.disruption import Disruption


def disruption(
    trade_flows: ir.Table,
    flow_outliers: pd.DataFrame,
    products: pd.DataFrame,
    conversion_factors: pd.DataFrame,
    quotas: pd.DataFrame,
    china_output: pd.DataFrame,
    processing: pd.DataFrame,
    feed_flows: pd.DataFrame,
    rare_earth_magnets: pd.DataFrame,
    disruption_scenarios: pd.DataFrame,
    countries: pd.DataFrame,
) -> pd.DataFrame:
    """Losses of every importer in every scenario, year and group (columns of Disruption), REO or gross tonnes.

    Played on the networks of indirect_dependence (`supply_network.recorded`), compounds at central REO content. A scenario whose
    origin sends the targets nothing in a year has no rows there.
    """
    found = networks(
        trade_flows, flow_outliers, products, conversion_factors, quotas, china_output, processing, feed_flows, rare_earth_magnets
    )
    return play(found, disruption_scenarios, countries)


def play(found: list[Network], disruption_scenarios: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """Losses in the scenarios (rows of DisruptionScenarios) on networks that are there already (columns of Disruption)."""
    members = frozenset(trade.union_members(countries))
    tables = [t.frame(Disruption, [])]
    for network in found:
        passed: dict[str, Vector] = {}
        for scenario in disruption_scenarios.itertuples():
            origin = str(scenario.origin)
            if not _concerns(scenario, network) or origin not in network.countries:
                continue
            wanted = targets(str(scenario.targets), countries, network.countries)
            withheld = np.array([country in wanted for country in network.countries]) * float(str(scenario.cut))
            withheld *= network.flows[[network.countries.index(origin)]].toarray().ravel()
            if withheld.sum() > NOTHING_T:
                if origin not in passed:
                    passed[origin] = passed_on(network, origin)
                tables.append(losses(network, scenario, withheld, passed[origin], members))
    return t.frame(Disruption, pd.concat(tables[1:] or tables, ignore_index=True))


def losses(network: Network, scenario: Any, withheld: Vector, passed: Vector, members: frozenset[str]) -> pd.DataFrame:
    """One scenario on one network: `withheld` by importer in tonnes, `passed` the `passed_on` of its origin.

    Each country passes a shortfall on pro rata to its use and its exports: (1 - φ_j)·S_j = withheld_j + Σ_{i≠c} X_ij·(1 - φ_i),
    and loses (1 - φ_j)·U_j. Its own cut alone gives the direct loss, the rest comes through third countries. The origin itself
    loses what comes back less to it, so that losses sum to what was withheld. Then the others add at most
    spare_share·(their output) + spare_t, shared by loss and capped at it; the origin is not helped.
    """
    origin = network.countries.index(scenario.origin)
    others = np.arange(len(network.countries)) != origin
    union = np.array([country in members for country in network.countries])
    shortfall = passed @ withheld
    lost = shortfall * network.use
    lost[origin] = network.flows[:, [origin]].toarray().ravel() @ shortfall
    direct = np.diag(passed) * withheld * network.use
    spare = scenario.spare_share * network.output[others].sum() + scenario.spare_t
    wanted = lost[others].sum()
    added = np.where(others, lost * (min(1.0, spare / wanted) if wanted > 0 else 0.0), 0.0)
    # All members' cuts together are the union's own: what one member passes to another stays within it.
    direct_of_union = (passed[np.ix_(union, union)] @ withheld[union]) @ network.use[union]
    sums = [np.append(amount, amount[union].sum()) for amount in (withheld, network.use, lost, added)]
    withheld_t, use_t, lost_t, added_t = sums
    direct_t = np.minimum(np.append(direct, direct_of_union), lost_t)
    tonnes = (withheld_t, use_t, direct_t, lost_t - direct_t, lost_t, added_t, np.maximum(lost_t - added_t, 0.0))
    columns = dict(zip(_TONNES, tonnes, strict=True))
    # The origin keeps what it withholds: what comes back less is no part of its use lost.
    used = np.where((use_t > 0) & np.append(others, True), use_t, np.nan)
    for name in _SHARES:
        columns[name] = np.clip(np.round(columns[name.removesuffix("share") + "t"] / used, SHARE_DECIMALS), 0.0, 1.0)
    columns |= {name: np.round(columns[name], 6) for name in _TONNES}
    made = network.output[others].sum()
    there = (columns["use_t"] > 0) | (columns["lost_before_t"] > 0) | (columns["withheld_t"] > 0)
    there[-1] &= union.any()
    table = pd.DataFrame({name: amount[there] for name, amount in columns.items()})
    about = {
        "year": network.year,
        "group": network.group,
        "scenario": scenario.scenario,
        "origin": scenario.origin,
        "basis": network.basis,
        "spare_used_share": (1.0 if wanted >= spare else round(wanted / spare, SHARE_DECIMALS)) if spare > 0 else None,
        "others_unexplained_share": round(network.unexplained[others].sum() / made, SHARE_DECIMALS) if made > 0 else None,
    }
    return table.assign(importer=np.array([*network.countries, "EUU"])[there], **about)


def passed_on(network: Network, origin: str) -> Vector:
    """Part of its supply that country j (row) loses for a tonne that the origin withholds from country i (column).

    The inverse of S - Xᵀ among the countries that the origin's goods come to by any way; the origin itself keeps its supply.
    """
    c = network.countries.index(origin)
    reached = network.reached(np.arange(len(network.countries)) == c)
    reached[c] = False
    inside = np.ix_(reached, reached)
    passed: Vector = np.zeros((len(network.countries), len(network.countries)))
    # Every column is asked for, so that the inverse is dense whatever solves it.
    passed[inside] = np.linalg.inv(np.diag(network.supply[reached]) - network.flows.toarray()[inside].T)
    return passed


def targets(words: str, countries: pd.DataFrame, among: tuple[str, ...]) -> set[str]:
    """The countries that `all`, or EU27, G7 and ISO3 codes joined by +, stand for."""
    if words == "all":
        return set(among)
    blocs = {"EU27": trade.union_members(countries), "G7": countries.loc[countries["g7"], "iso3"]}
    return {country for word in words.split("+") for country in blocs.get(word, [word])}


def _concerns(scenario: Any, network: Network) -> bool:
    group = scenario.group if isinstance(scenario.group, str) else network.group
    return group == network.group and (network.group != "compounds" or scenario.feed == network.feed)


_TONNES = [
    "withheld_t", "use_t", "lost_direct_t", "lost_through_others_t", "lost_before_t", "added_t", "lost_after_t",
]  # fmt: skip
_SHARES = ["lost_direct_share", "lost_through_others_share", "lost_before_share", "lost_after_share"]


def _scenario(row: Key, tables: Tables) -> InputRows:
    scenarios = tables.load_table("disruption_scenarios")
    return f"row of scenario {row['scenario']}", scenarios[scenarios["scenario"] == row["scenario"]]


LINEAGE = lineage("disruption") | {("disruption", "disruption_scenarios"): _scenario}
