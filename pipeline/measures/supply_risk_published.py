"""Geopolitical supply risk as the published library, geopolrisk-py, computes it."""

import ibis.expr.types as ir
import numpy as np
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

# What the published library does, found by reproducing it (docs/methods/supply_risk_published.md).
NEUTRAL = 0.5
COPPER = 0.409412948
# It looks for an estimate by country number; its governance table has none for Taiwan.
WITHOUT_NUMBER = ["TWN"]
# Its cell for French Polynesia in 2018 is the text "nan", which makes the score of whoever buys there no number.
NO_NUMBER = (2018, "PYF")
# Countries that its tables of governance and production give the number of another: of French Guiana and Guyana it takes the
# first, and Kosovo's figures are those of trade's "Europe EFTA, not elsewhere specified".
NUMBER_OF = {"GUF": "GUY", "XKX": "X_697"}


def supply_risk_published(
    trade_flows: ir.Table,
    mine_production: pd.DataFrame,
    material_codes: pd.DataFrame,
    governance: pd.DataFrame,
    countries: pd.DataFrame,
    country_codes: pd.DataFrame,
) -> ir.Table:
    """What geopolrisk-py 2.0.1 gives for every year, importer and material (columns of SupplyRiskPublished).

    Its particulars: HHI of tonnages cut to whole numbers; a missing quantity is 0, its value counts in the price; an origin
    without an estimate has weight 0.5; the EU's imports from members weigh 0 but count in F; kilograms are made tonnes, no other
    unit is. Raises NotWhole (see trade.whole_years).
    """
    members = trade.union_members(countries)
    mined = mined_in(mine_production, material_codes)
    as_other = mined[mined["country"].isin(list(NUMBER_OF))].replace({"country": NUMBER_OF})
    firsts = pd.concat([as_other, mined]).drop_duplicates(["year", "country", "material"])
    firsts = firsts.assign(own=firsts["quantity_t"].fillna(firsts["amount"]))
    own = own_production(pd.concat([firsts, _without_a_number(trade_flows, material_codes)]), "own", members)
    found = governance[~governance["country"].isin([*WITHOUT_NUMBER, *NUMBER_OF.values()])]
    found = found.replace({"country": NUMBER_OF})
    weights = governance_weights(found).drop("weight_low", "weight_high")
    bought = weighted_imports(trade_flows, mined, material_codes, weights, members, among=True)
    cut_to_whole = production_hhi(mined, np.trunc(mined["amount"]))
    rows = with_imports(score_grid(cut_to_whole, own, country_codes, "own"), bought)

    supply = _.kg / 1000 + _.own
    number = _.weighted / (1000.0 * WEIGHT_SCALE) + NEUTRAL * _.kg_unknown / 1000
    risks = rows.mutate(
        import_risk=(supply == 0).ifelse(0, at_most_1(number / supply.nullif(0))),
        price_usd_per_kg=(_.usd / _.kg.nullif(0)).fill_null(0),
    )
    scored = risks.mutate(geopolrisk_score=_.production_hhi * _.import_risk)
    return scored.select(
        *KEY, "production_hhi", "import_risk", "geopolrisk_score", "price_usd_per_kg",
        characterization_factor=_.geopolrisk_score * _.price_usd_per_kg / COPPER,
        governance_coverage=_.kg_covered / _.kg.nullif(0),
    )  # fmt: skip


def _without_a_number(trade_flows: ir.Table, material_codes: pd.DataFrame) -> pd.DataFrame:
    """Own production of no number for whoever the library gives no number, so that their scores are null."""
    year, exporter = NO_NUMBER
    flows = trade_flows.filter(_.year == year, _.exporter == exporter, _.coverage == "whole").select("importer", "hs6")
    rows = flows.to_pyarrow().to_pandas().merge(material_codes[["material", "hs6"]], on="hs6")
    return rows.rename(columns={"importer": "country"}).assign(year=year, own=float("nan"))


LINEAGE = lineage("supply_risk_published")
