"""Which function makes which table. A function's parameters are its inputs: sources by id, tables by name.

To add a table: its class in pipeline/schemas/, its function in pipeline/sources/ or pipeline/measures/, its line here.
Nothing here knows Dagster, so that `reo explain` can ask without it.
"""

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

import pandas as pd

from pipeline import catalog
from pipeline.intake.source_files import SourceFiles
from pipeline.measures import (
    claims,
    coding_agreement,
    disagreements,
    disruption,
    diversification,
    export_concentration,
    flow_outliers,
    import_dependence,
    indirect_dependence,
    origin_gap,
    policy_effects,
    policy_in_force,
    policy_stance,
    policy_windows,
    production_reconciled,
    quality_shift,
    quota_use,
    stage_concentration,
    structural_breaks,
    supply_risk,
    supply_risk_published,
    trade_by_month,
    unit_values,
    value_chain_gap,
)
from pipeline.sources import (
    baci,
    china,
    comtrade,
    conversion_factors,
    facilities,
    monthly_trade,
    policy_evidence,
    policy_register,
    prices,
    processing,
    production,
    usgs,
    world_bank,
    world_mining_data,
)
from pipeline.sources.reviewed import (
    blocs,
    claim_tests,
    countries,
    disruption_scenarios,
    documents,
    effect_designs,
    feed_flows,
    products,
)

MAKERS: dict[str, Callable[..., Any]] = {
    "documents": documents.documents,
    "countries": countries.countries,
    "country_codes": countries.country_codes,
    "products": products.products,
    "trade_flows": baci.trade_flows,
    "trade_monthly": monthly_trade.trade_monthly,
    "mirror_flows": comtrade.mirror_flows,
    "production": production.production,
    "reserves": production.reserves,
    "mine_production": world_mining_data.mine_production,
    "material_codes": world_mining_data.material_codes,
    "governance": world_bank.governance,
    "processing": processing.processing,
    "stage_shares": processing.stage_shares,
    "facilities": facilities.facilities,
    "overseas_presence": facilities.overseas_presence,
    "prices": prices.prices,
    "world_history": production.world_history,
    "us_statistics": usgs.us_statistics,
    "conversion_factors": conversion_factors.conversion_factors,
    "quotas": china.quotas,
    "quota_holders": china.quota_holders,
    "china_output": china.china_output,
    "illegal_estimates": china.illegal_estimates,
    "policy_events": policy_register.policy_events,
    "policy_status": policy_register.policy_status,
    "policy_sources": policy_evidence.policy_sources,
    "policy_codes": policy_evidence.policy_codes,
    "policy_hs": policy_evidence.policy_hs,
    "control_lists": policy_evidence.control_lists,
    "instrument_weights": policy_evidence.instrument_weights,
    "feed_flows": feed_flows.feed_flows,
    "disruption_scenarios": disruption_scenarios.disruption_scenarios,
    "effect_designs": effect_designs.effect_designs,
    "blocs": blocs.blocs,
    "claim_tests": claim_tests.claim_tests,
    "stage_concentration": stage_concentration.stage_concentration,
    "export_concentration": export_concentration.export_concentration,
    "import_dependence": import_dependence.import_dependence,
    "flow_outliers": flow_outliers.flow_outliers,
    "unit_values": unit_values.unit_values,
    "origin_gap": origin_gap.origin_gap,
    "value_chain_gap": value_chain_gap.value_chain_gap,
    "indirect_dependence": indirect_dependence.indirect_dependence,
    "disruption": disruption.disruption,
    "production_reconciled": production_reconciled.production_reconciled,
    "disagreements": disagreements.disagreements,
    "quota_use": quota_use.quota_use,
    "quality_shift": quality_shift.quality_shift,
    "supply_risk": supply_risk.supply_risk,
    "supply_risk_published": supply_risk_published.supply_risk_published,
    "policy_in_force": policy_in_force.policy_in_force,
    "coding_agreement": coding_agreement.coding_agreement,
    "policy_stance": policy_stance.policy_stance,
    "policy_stance_sensitivity": policy_stance.policy_stance_sensitivity,
    "trade_by_month": trade_by_month.trade_by_month,
    "policy_windows": policy_windows.policy_windows,
    "policy_effects": policy_effects.policy_effects,
    "structural_breaks": structural_breaks.structural_breaks,
    "diversification": diversification.diversification,
    "claim_evidence": claims.claim_evidence,
    "claims": claims.claims,
}


def maker(table_name: str) -> Callable[..., Any]:
    catalog.table(table_name)
    return MAKERS[table_name]


def inputs(table_name: str) -> dict[str, str]:
    """What a table is made from, as {name: "source" or "table"}, in the order of the function's parameters."""
    return {name: "source" if hint is SourceFiles else "table" for name, hint in _hints(maker(table_name)).items()}


def make(table_name: str) -> pd.DataFrame:
    """The table made afresh from its inputs as they are on disk; nothing is stored."""
    function = maker(table_name)
    made = function(**{name: _load(name, hint) for name, hint in _hints(function).items()})
    return made if isinstance(made, pd.DataFrame) else made.to_pyarrow().to_pandas()


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    hints = get_type_hints(function)
    return {name: hints[name] for name in inspect.signature(function).parameters}


def _load(name: str, hint: Any) -> Any:
    if hint is SourceFiles:
        return SourceFiles(name)
    return catalog.load_table(name) if hint is pd.DataFrame else catalog.scan_table(name)
