"""Geopolitical supply risk (GeoPolRisk) of every importer and material."""

from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from pipeline.measures.helpers import trade
from pipeline.measures.helpers.geopolrisk import (
    KEY,
    WEIGHT_SCALE,
    at_most_1,
    governance_weights,
    lineage,
    mined_in,
    own_production,
    production_hhi,
    score_grid,
    weighted_imports,
    with_imports,
)

# Imports below a million dollars a year are single consignments, whose scores and prices say nothing of an importer's supply.
FLOOR_KUSD = 1000.0


def supply_risk(
    trade_flows: ir.Table,
    mine_production: pd.DataFrame,
    material_codes: pd.DataFrame,
    governance: pd.DataFrame,
    countries: pd.DataFrame,
    country_codes: pd.DataFrame,
) -> ir.Table:
    """Scores by year, importer and material that it buys or mines (columns of SupplyRisk); all shares 0–1, tonnes, USD/kg.

    Score = HHI of mine production × Σ g·f / (p + F), f imports by origin, F all imports, p own production, g = (2.5 − WGI)/5
    within 0–1. Flows without quantity are left out and counted. Where origins have no estimate the mean g of the others stands
    for all, and low and high take 0 and 1 for them; else low and high are the 90 % intervals of every estimate at once.
    EUU buys from outside its members only. Raises NotWhole (see trade.whole_years).
    Imports below FLOOR_KUSD are flagged, for rankings to leave out.
    Gemechu et al. (2016), Cimprich et al. (2019), Koyamparambath et al. (2024).
    """
    members = trade.union_members(countries)
    mined = mined_in(mine_production, material_codes)
    own = own_production(mined, "quantity_t", members)
    sure = governance[governance["flag"].isna()]
    grid = score_grid(production_hhi(mined, mined["amount"]), own, country_codes, "production_t")
    bought = weighted_imports(trade_flows, mined, material_codes, governance_weights(sure), members, among=False)
    rows = with_imports(grid, bought).filter((_.flows > 0) | (_.is_producer & (_.production_t.isnull() | (_.production_t > 0))))

    tonnes, covered = _.kg / 1000, _.kg_covered.nullif(0) / 1000
    supply = (tonnes + _.production_t).nullif(0)

    def weighted(name: str) -> Any:
        return _[name] / (1000.0 * WEIGHT_SCALE)

    known = (_.kg_covered > 0).ifelse(1, ibis.null("float64"))
    risks = rows.mutate(
        import_risk=weighted("weighted") / covered * (tonnes / supply),
        risk_low=known * weighted("weighted_low") / supply,
        risk_high=known * (weighted("weighted_high") + tonnes - covered) / supply,
        price_usd_per_kg=_.usd_with_kg / _.kg.nullif(0),
    )
    risks = risks.mutate(
        **{name: (_.flows == 0).ifelse(0, at_most_1(_[name])) for name in ("import_risk", "risk_low", "risk_high")}
    )
    scored = risks.mutate(geopolrisk_score=_.production_hhi * _.import_risk)
    return scored.select(
        *KEY, "production_hhi", "import_risk", "geopolrisk_score",
        geopolrisk_score_low=_.production_hhi * _.risk_low,
        geopolrisk_score_high=_.production_hhi * _.risk_high,
        price_usd_per_kg=_.price_usd_per_kg,
        characterization_factor=_.geopolrisk_score * _.price_usd_per_kg,
        governance_coverage=_.kg_covered / _.kg.nullif(0),
        quantity_coverage=_.usd_with_kg / _.usd.nullif(0),
        flows_without_quantity=_.flows_without_kg.cast("int64"),
        imports_t=tonnes,
        imports_kusd=_.usd / 1000,
        below_floor=_.usd < 1000 * FLOOR_KUSD,
        production_t=_.production_t,
    )  # fmt: skip


LINEAGE = lineage("supply_risk")
