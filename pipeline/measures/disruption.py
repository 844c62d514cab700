"""What importers lose when an origin withholds, directly and through third countries, before and after others step in.

A scenario of one's own, on networks of the built tables:

    from pipeline.disrupt import disrupt
    disrupt(scenarios=frame, year=2024)
"""

from typing import Any

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.measures.behind import Chosen, Key, Tables
from pipeline.measures.supply_network import NOTHING_T, Network, Vector, behind, networks

DIGITS = 9


def disruption(
    trade_flows: ir.Table,
    flow_outliers: pd.DataFrame,
    products: pd.DataFrame,
    conversion_factors: pd.DataFrame,
    quotas: pd.DataFrame,
    china_output: pd.DataFrame,
    processing: pd.DataFrame,
    feed_flows: pd.DataFrame,
    disruption_scenarios: pd.DataFrame,
    countries: pd.DataFrame,
) -> pd.DataFrame:
    """Losses of every importer in every scenario, year and group (columns of Disruption), REO or gross tonnes.

    Played on the networks of indirect_dependence (`supply_network.networks`), compounds at central REO content. A scenario whose
    origin sends the targets nothing in a year has no rows there.
    """
    found = networks(trade_flows, flow_outliers, products, conversion_factors, quotas, china_output, processing, feed_flows)
    return play(found, disruption_scenarios, countries)


def play(found: list[Network], disruption_scenarios: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """Losses in the scenarios (rows of DisruptionScenarios) on networks that are there already (columns of Disruption)."""
    tables = [pd.DataFrame(columns=COLUMNS).astype(_TYPES)]
    for network in found:
        passed: dict[str, Vector] = {}
        for scenario in disruption_scenarios.itertuples():
            if not _concerns(scenario, network) or network.index(str(scenario.origin)) is None:
                continue
            if scenario.origin not in passed:
                passed[str(scenario.origin)] = passed_on(network, str(scenario.origin))
            tables.append(losses(network, scenario, passed[str(scenario.origin)], countries))
    return pd.concat(tables, ignore_index=True)


def losses(network: Network, scenario: Any, passed: Vector, countries: pd.DataFrame) -> pd.DataFrame:
    """One scenario on one network; `passed` is `passed_on` of its origin.

    Each country passes a shortfall on pro rata to its use and its exports: (1 - φ_j)·S_j = withheld_j + Σ_{i≠c} X_ij·(1 - φ_i),
    and loses (1 - φ_j)·U_j. Its own cut alone gives the direct loss, the rest comes through third countries. The origin itself
    loses what comes back less to it, so that losses sum to what was withheld. Then the others add at most
    spare_share·(their output) + spare_t, shared by loss and capped at it; the origin is not helped.
    """
    origin = network.countries.index(scenario.origin)
    flows = network.flows.toarray()
    members = set(countries.loc[countries["eu27"], "iso3"])
    targeted = np.array([country in targets(scenario.targets, countries, network.countries) for country in network.countries])
    withheld = np.where(targeted, scenario.cut * flows[origin], 0.0)
    if not withheld.sum() > NOTHING_T:
        return pd.DataFrame(columns=COLUMNS).astype(_TYPES)
    shortfall = passed @ withheld
    lost = shortfall * network.use
    lost[origin] = flows[:, origin] @ shortfall
    direct = np.diag(passed) * withheld * network.use
    others = np.arange(len(flows)) != origin
    spare = scenario.spare_share * network.output[others].sum() + scenario.spare_t
    wanted = lost[others].sum()
    added = np.where(others, lost * (min(1.0, spare / wanted) if wanted > 0 else 0.0), 0.0)
    union = np.array([country in members for country in network.countries])
    # All members' cuts together are the union's own: goods that pass from one member to another stay within it.
    direct_of_union = float((passed[np.ix_(union, union)] @ withheld[union]) @ network.use[union])
    table = pd.DataFrame(
        {
            "importer": network.countries,
            "withheld_t": withheld,
            "use_t": network.use,
            "lost_direct_t": direct,
            "lost_before_t": lost,
            "added_t": added,
        }
    )
    if union.any():
        together = table.loc[union].drop(columns="importer").sum()
        table.loc[len(table)] = {**together, "importer": "EUU", "lost_direct_t": direct_of_union}
    table["lost_through_others_t"] = (table["lost_before_t"] - table["lost_direct_t"]).clip(lower=0.0)
    table["lost_after_t"] = (table["lost_before_t"] - table["added_t"]).clip(lower=0.0)
    table[_TONNES] = table[_TONNES].round(6)
    used = table["use_t"].where(table["use_t"] > 0)
    for name in ("lost_direct", "lost_through_others", "lost_before", "lost_after"):
        table[f"{name}_share"] = (table[f"{name}_t"] / used).round(DIGITS).clip(0.0, 1.0)
    made = network.output[others].sum()
    about = {
        "year": network.year,
        "group": network.group,
        "scenario": scenario.scenario,
        "origin": scenario.origin,
        "basis": network.basis,
        "spare_used_share": round(min(1.0, wanted / spare), DIGITS) if spare > 0 else None,
        "others_unexplained_share": round(network.unexplained[others].sum() / made, DIGITS) if made > 0 else None,
    }
    there = (table["use_t"] > 0) | (table["lost_before_t"] > 0) | (table["withheld_t"] > 0)
    return table[there].assign(**about)[COLUMNS].astype(_TYPES)


def passed_on(network: Network, origin: str) -> Vector:
    """Part of its supply that country j (row) loses for a tonne that the origin withholds from country i (column).

    The inverse of S - Xᵀ among the countries that the origin's goods come to by any way; the origin itself keeps its supply.
    """
    from scipy.sparse import csc_array, diags_array
    from scipy.sparse.linalg import splu

    c = network.countries.index(origin)
    reached = network.reached(_only(c, len(network.countries)))
    reached[c] = False
    inside = np.flatnonzero(reached)
    passed = np.zeros((len(network.countries), len(network.countries)))
    if len(inside):
        flows = network.flows.toarray()[np.ix_(inside, inside)]
        system = csc_array(diags_array(network.supply[inside]) - csc_array(flows.T))
        passed[np.ix_(inside, inside)] = splu(system).solve(np.eye(len(inside)))
    return passed


def targets(words: str, countries: pd.DataFrame, among: tuple[str, ...]) -> set[str]:
    """The countries that `all`, or EU27, G7 and ISO3 codes joined by +, stand for."""
    if words == "all":
        return set(among)
    blocs = {"EU27": countries.loc[countries["eu27"], "iso3"], "G7": countries.loc[countries["g7"], "iso3"]}
    return {country for word in words.split("+") for country in blocs.get(word, [word])}


def _only(index: int, length: int) -> npt.NDArray[np.bool_]:
    only = np.zeros(length, dtype=bool)
    only[index] = True
    return only


def _concerns(scenario: Any, network: Network) -> bool:
    group = scenario.group if isinstance(scenario.group, str) else network.group
    return group == network.group and (network.group == "magnets" or scenario.feed == network.feed)


_TONNES = [
    "withheld_t", "use_t", "lost_direct_t", "lost_through_others_t", "lost_before_t", "added_t", "lost_after_t",
]  # fmt: skip
_SHARES = ["lost_direct_share", "lost_through_others_share", "lost_before_share", "lost_after_share"]
COLUMNS = [
    "year", "group", "scenario", "importer", "origin", *_TONNES, *_SHARES, "basis", "spare_used_share",
    "others_unexplained_share",
]  # fmt: skip
_TEXTS = ["group", "scenario", "importer", "origin", "basis"]
_TYPES: dict[str, Any] = {name: "str" if name in _TEXTS else "int64" if name == "year" else "float64" for name in COLUMNS}


def _scenario(row: Key, tables: Tables) -> Chosen:
    scenarios = tables.load_table("disruption_scenarios")
    return f"row of scenario {row['scenario']}", scenarios[scenarios["scenario"] == row["scenario"]]


BEHIND = behind("disruption") | {("disruption", "disruption_scenarios"): _scenario}
