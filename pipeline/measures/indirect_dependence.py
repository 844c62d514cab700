"""Where imports were last separated or made, when goods pass through third countries."""

from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.supply_network import CHINA, SHARE_DECIMALS, Network, Vector, lineage, recorded
from pipeline.schemas import table as t
from pipeline.schemas.indirect_dependence import IndirectDependence

# What a country exports of its own output and what of its imports is not published; the first is central.
ASSUMPTIONS = ("proportional", "own_first", "re_export_first")
UNEXPLAINED = "unexplained"
MOST_INTERMEDIARIES = 3
# An intermediary that brings less than this part of imports is not named.
LEAST_NAMED = 0.0005


def indirect_dependence(
    trade_flows: ir.Table,
    flow_outliers: pd.DataFrame,
    products: pd.DataFrame,
    conversion_factors: pd.DataFrame,
    quotas: pd.DataFrame,
    china_output: pd.DataFrame,
    processing: pd.DataFrame,
    feed_flows: pd.DataFrame,
    rare_earth_magnets: pd.DataFrame,
    countries: pd.DataFrame,
) -> pd.DataFrame:
    """China's direct and total share of every importer's supply (columns of IndirectDependence), REO or gross tonnes.

    Each country mixes what it imports with what it makes and passes both on; origins are solved for all countries at once
    (`origins`), after the input-output analysis of Leontief (1936) as used for trade that passes through third countries.
    `supply_network.recorded` says which years and what counts as output.
    """
    found = recorded(
        trade_flows, flow_outliers, products, conversion_factors, quotas, china_output, processing, feed_flows, rare_earth_magnets
    )
    members = frozenset(trade.union_members(countries))
    tables = [dependence(one.at(), one.at("low"), one.at("high"), members) for one in found]
    return pd.concat([t.frame(IndirectDependence, []), *tables], ignore_index=True)


def dependence(central: Network, low: Network, high: Network, members: frozenset[str]) -> pd.DataFrame:
    """The rows of one network (columns of IndirectDependence); `low` and `high` have the least and the most content.

    Others' output of magnets is not on record: low then takes all they export as their own make, which leaves China's direct
    share.
    """
    brought, importers = _brought(central, members)
    imports = brought.sum(axis=0)
    parts = brought / imports
    china_in = {assumption: _exported(central, assumption) for assumption in ASSUMPTIONS}
    totals = np.array([parts.T @ china_in[assumption][CHINA] for assumption in ASSUMPTIONS])
    through = parts * china_in["proportional"][CHINA][:, None]
    from_china = np.array([country == CHINA for country in central.countries])
    direct = through[from_china].sum(axis=0)
    own, beyond = _own(central, importers, members, imports)
    supply = imports + own + beyond
    table = pd.DataFrame(
        {
            "year": central.year,
            "importer": importers,
            "group": central.group,
            "feed": central.feed,
            "china_trade_share": parts[from_china].sum(axis=0),
            "direct_china_share": direct,
            "indirect_china_share": totals[0] - direct,
            "total_china_origin_share": totals[0],
            "total_china_origin_share_low": totals.min(axis=0) if central.group == "compounds" else direct,
            "total_china_origin_share_high": totals.max(axis=0),
            **{f"total_at_{name}_reo": _total(network, importers, members) for name, network in (("low", low), ("high", high))},
            "china_share_of_supply": (totals[0] * imports + np.where(np.array(importers) == CHINA, own, 0.0)) / supply,
            "unexplained_share": parts.T @ china_in["proportional"][UNEXPLAINED],
            "main_intermediaries": [_intermediaries(central, column) for column in through.T],
            "imports_t": imports,
            "own_output_t": own,
            "own_unexplained_t": beyond,
            "supply_t": supply,
            "basis": central.basis,
            "quantity_coverage": [central.coverage.get(importer) for importer in importers],
            "china_output_t": central.recorded_output[from_china].sum(),
            "china_output_basis": central.china_basis,
            "china_output_document_id": central.china_document_id,
        }
    )
    # A share that rounding took beyond its ends is at its end.
    table[_SHARES] = table[_SHARES].round(SHARE_DECIMALS).clip(0.0, 1.0)
    table[_TONNES] = table[_TONNES].round(6)
    return t.frame(IndirectDependence, table)


def origins(network: Network, assumption: str = "proportional") -> tuple[list[str], Any, Any]:
    """Who made what each country exports and imports: names of origins, and two matrices of shares, countries by origins.

    Origins are the countries with output on record and `unexplained`. With own output P, imports M, exports E and S = P + M,
    e_i = α_i·own_i + (1 - α_i)·m_i and m_j = Σ_i (X_ij / M_j)·e_i, where α is P/S (proportional), min(E, P)/E (own_first) or
    1 - min(E, M)/E (re_export_first). One sparse system for all. Rows of countries that import sum to 1.
    Goods that only circle among countries none of which makes any are unexplained.
    """
    from scipy.sparse import csr_array, diags_array, eye_array
    from scipy.sparse.linalg import splu

    with np.errstate(divide="ignore", invalid="ignore"):
        proportional = np.where(network.supply > 0, network.output / network.supply, 0.0)
        ways = {
            "proportional": proportional,
            "own_first": np.minimum(network.exports, network.output) / network.exports,
            "re_export_first": 1 - np.minimum(network.exports, network.imports) / network.exports,
        }
        own_part = np.where(network.exports > 0, ways[assumption], proportional)
        recorded_part = np.where(network.output > 0, network.recorded_output / network.output, 0.0)
        parts = np.where(network.imports > 0, 1 / network.imports, 0.0)
    circling = ~network.reached(own_part > 0)
    own_part = np.where(circling, 1.0, own_part)
    makers = [n for n in range(len(network.countries)) if network.recorded_output[n] > 0]
    own = np.zeros((len(network.countries), len(makers) + 1))
    own[makers, range(len(makers))] = recorded_part[makers]
    own[:, -1] = 1 - own[:, :-1].sum(axis=1)
    mixing = csr_array(diags_array(parts) @ network.flows.T)
    system = eye_array(len(network.countries), format="csr") - diags_array(1 - own_part) @ mixing
    exported = splu(system.tocsc()).solve(own_part[:, None] * own)
    return [*(network.countries[n] for n in makers), UNEXPLAINED], exported, mixing @ exported


def _exported(network: Network, assumption: str) -> dict[str, Vector]:
    """China's and the unexplained part of what each country exports."""
    names, exported, _imported = origins(network, assumption)
    none = np.zeros(len(network.countries))
    return {name: exported[:, names.index(name)] if name in names else none for name in (CHINA, UNEXPLAINED)}


def _total(network: Network, importers: list[str], members: frozenset[str]) -> Vector:
    """China's total share by importer, null for one that brings in nothing at this content."""
    brought, there = _brought(network, members)
    total = (brought / brought.sum(axis=0)).T @ _exported(network, "proportional")[CHINA]
    return pd.Series(total, index=there).reindex(importers).to_numpy()


def _brought(network: Network, members: frozenset[str]) -> tuple[Vector, list[str]]:
    """What each country sends to each importer, a column each, the last EUU: what members send each other left out."""
    brought = network.flows.toarray()
    union = [n for n, country in enumerate(network.countries) if country in members]
    from_outside = brought[:, union].sum(axis=1)
    from_outside[union] = 0.0
    columns = np.column_stack([brought, from_outside])
    some = columns.sum(axis=0) > 0
    return columns[:, some], [name for name, there in zip([*network.countries, "EUU"], some, strict=True) if there]


def _own(network: Network, importers: list[str], members: frozenset[str], imports: Vector) -> tuple[Vector, Vector]:
    """Output on record, and net exports beyond it, by importer; the EU's as of one country."""
    own = dict(zip(network.countries, zip(network.recorded_output, network.unexplained, strict=True), strict=True))
    if "EUU" in importers:
        union = np.array([country in members for country in network.countries])
        made = float(network.recorded_output[union].sum())
        sent = float(network.flows.toarray()[np.ix_(union, ~union)].sum())
        own["EUU"] = (made, max(sent - float(imports[importers.index("EUU")]) - made, 0.0))
    columns = np.array([own[importer] for importer in importers])
    return columns[:, 0], columns[:, 1]


def _intermediaries(network: Network, through: Vector) -> str | None:
    """The countries but China that bring most of what China made, with their part of all imports."""
    parts = sorted((-share, country) for country, share in zip(network.countries, through, strict=True) if country != CHINA)
    return "; ".join(f"{country} {-less:.3f}" for less, country in parts[:MOST_INTERMEDIARIES] if -less >= LEAST_NAMED) or None


_SHARES = [
    "china_trade_share", "direct_china_share", "indirect_china_share", "total_china_origin_share", "total_china_origin_share_low",
    "total_china_origin_share_high", "total_at_low_reo", "total_at_high_reo", "china_share_of_supply", "unexplained_share",
]  # fmt: skip
_TONNES = ["imports_t", "own_output_t", "own_unexplained_t", "supply_t", "china_output_t"]

LINEAGE = lineage("indirect_dependence")
