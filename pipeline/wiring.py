"""Which function makes which table. A function's parameters are its inputs: sources by id, tables by name.

A table's function has the table's name. To add a table: its class in pipeline/schemas/, its function in pipeline/sources/ or
pipeline/measures/, its name here (docs/adding-a-table.md has every step). Nothing here knows Dagster, and a module is imported
only when one of its tables is made: what the inputs are is read from the source text, so that a build that makes nothing
does not load the statistics libraries.
"""

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from pipeline import catalog
from pipeline.errors import ReoError
from pipeline.intake import transcribed
from pipeline.intake.source_files import SourceFiles
from pipeline.schemas import table as t

Kind = Literal["source", "frame", "expression"]
KINDS: dict[str, Kind] = {"SourceFiles": "source", "pd.DataFrame": "frame", "ir.Table": "expression"}
MADE_IN: dict[str, tuple[str, ...]] = {
    "pipeline.sources.baci": ("trade_flows",),
    "pipeline.sources.china": ("quotas", "quota_holders", "china_output", "illegal_estimates"),
    "pipeline.sources.comtrade": ("mirror_flows",),
    "pipeline.sources.comtrade_reports": ("trade_reports",),
    "pipeline.sources.conversion_factors": ("conversion_factors",),
    "pipeline.sources.exchange_rates": ("exchange_rates",),
    "pipeline.sources.facilities": ("facilities", "overseas_presence"),
    "pipeline.sources.monthly_trade": ("trade_monthly",),
    "pipeline.sources.policy_counts": ("policy_counts",),
    "pipeline.sources.policy_evidence": ("policy_sources", "policy_codes", "policy_hs", "control_lists", "instrument_weights"),
    "pipeline.sources.policy_register": ("policy_events", "policy_status"),
    "pipeline.sources.prices": ("prices",),
    "pipeline.sources.prices_tidy": ("prices_tidy",),
    "pipeline.sources.processing": ("processing", "stage_shares"),
    "pipeline.sources.production": ("production", "reserves", "world_history"),
    "pipeline.sources.quoted_figures": ("feed_imports", "company_figures", "patents", "demand"),
    "pipeline.sources.reviewed.blocs": ("blocs",),
    "pipeline.sources.reviewed.claim_tests": ("claim_tests",),
    "pipeline.sources.reviewed.claim_tests_superseded": ("claim_tests_superseded",),
    "pipeline.sources.reviewed.countries": ("countries", "country_codes"),
    "pipeline.sources.reviewed.disruption_scenarios": ("disruption_scenarios",),
    "pipeline.sources.reviewed.documents": ("documents",),
    "pipeline.sources.reviewed.effect_designs": ("effect_designs",),
    "pipeline.sources.reviewed.feed_flows": ("feed_flows",),
    "pipeline.sources.reviewed.misclassified_flows": ("misclassified_flows",),
    "pipeline.sources.reviewed.products": ("products",),
    "pipeline.sources.usgs": ("us_statistics",),
    "pipeline.sources.world_bank": ("governance",),
    "pipeline.sources.world_mining_data": ("mine_production", "material_codes"),
    "pipeline.measures.china_dependence": ("china_dependence",),
    "pipeline.measures.claim_evidence": ("claim_evidence",),
    "pipeline.measures.claims": ("claims",),
    "pipeline.measures.coding_agreement": ("coding_agreement",),
    "pipeline.measures.disagreements": ("disagreements",),
    "pipeline.measures.disruption": ("disruption",),
    "pipeline.measures.controlled_elements": ("controlled_elements",),
    "pipeline.measures.diversification": ("diversification",),
    "pipeline.measures.export_concentration": ("export_concentration",),
    "pipeline.measures.export_volumes": ("export_volumes",),
    "pipeline.measures.flow_outliers": ("flow_outliers",),
    "pipeline.measures.import_dependence": ("import_dependence",),
    "pipeline.measures.indirect_dependence": ("indirect_dependence",),
    "pipeline.measures.origin_gap": ("origin_gap",),
    "pipeline.measures.policy_effects": ("policy_effects",),
    "pipeline.measures.policy_in_force": ("policy_in_force",),
    "pipeline.measures.policy_stance": ("policy_stance",),
    "pipeline.measures.policy_stance_sensitivity": ("policy_stance_sensitivity",),
    "pipeline.measures.policy_windows": ("policy_windows",),
    "pipeline.measures.price_gap": ("price_gap",),
    "pipeline.measures.production_reconciled": ("production_reconciled",),
    "pipeline.measures.quality_shift": ("quality_shift",),
    "pipeline.measures.quota_use": ("quota_use",),
    "pipeline.measures.rare_earth_magnets": ("rare_earth_magnets",),
    "pipeline.measures.stage_concentration": ("stage_concentration",),
    "pipeline.measures.structural_breaks": ("structural_breaks",),
    "pipeline.measures.supply_risk": ("supply_risk",),
    "pipeline.measures.supply_risk_published": ("supply_risk_published",),
    "pipeline.measures.trade_by_month": ("trade_by_month",),
    "pipeline.measures.trade_nowcast": ("trade_nowcast",),
    "pipeline.measures.trade_nowcast_shares": ("trade_nowcast_shares",),
    "pipeline.measures.unit_values": ("unit_values",),
    "pipeline.measures.value_chain_gap": ("value_chain_gap",),
}
# Every row is of one year and comes from flows of that year alone: on a large table they run some years at a time.
# What reads the codes of a list alone needs little memory and runs faster at once.
BY_YEAR = ("export_concentration", "flow_outliers", "unit_values")
MAKERS = {table_name: module for module, table_names in MADE_IN.items() for table_name in table_names}


@dataclass(frozen=True)
class Signature:
    """Where a table's function stands, and what each of its parameters is, in their order."""

    module: str
    file: Path
    line: int
    parameters: dict[str, Kind]


@cache
def signature(table_name: str) -> Signature:
    """Read from the source text, nothing imported. Raises ReoError where there is no function or an input of no known kind."""
    catalog.table(table_name)
    if table_name not in MAKERS:
        raise ReoError(
            f"no function makes the table {table_name}",
            f"write a function {table_name} in pipeline/sources/ or pipeline/measures/ and list its name in pipeline/wiring.py",
        )
    module = MAKERS[table_name]
    file = Path(__file__).parents[1] / (module.replace(".", "/") + ".py")
    text = file.read_text("utf-8") if file.is_file() else ""
    found = re.search(rf"^def {table_name}\(.*?\)(?: ->[^\n]*)?:$", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise ReoError(
            f"{file} has no function {table_name}, which pipeline/wiring.py names as the maker of that table",
            "write the function, or list the table under the module that has it",
        )
    declared = ast.parse(found.group() + " ...").body[0]
    assert isinstance(declared, ast.FunctionDef)
    parameters = {a.arg: _kind(table_name, a) for a in [*declared.args.args, *declared.args.kwonlyargs]}
    return Signature(module, file, text.count("\n", 0, found.start()) + 1, parameters)


def _kind(table_name: str, parameter: ast.arg) -> Kind:
    annotation = ast.unparse(parameter.annotation).strip("'") if parameter.annotation else "nothing"
    if annotation not in KINDS:
        raise ReoError(
            f"the parameter {parameter.arg} of {table_name} is annotated with {annotation}",
            f"annotate it with {', '.join(KINDS)}: a source's files, a table as a frame, a table as an Ibis expression",
        )
    return KINDS[annotation]


def maker(table_name: str) -> Callable[..., Any]:
    """The function that makes a table; imports its module."""
    function: Callable[..., Any] = getattr(importlib.import_module(signature(table_name).module), table_name)
    return function


def inputs(table_name: str) -> dict[str, str]:
    """What a table is made from, as {name: "source" or "table"}, in the order of the function's parameters."""
    return {name: "source" if kind == "source" else "table" for name, kind in signature(table_name).parameters.items()}


def make(table_name: str) -> pd.DataFrame:
    """The table made afresh from its inputs as they are on disk; nothing is stored."""
    return made(table_name, inputs_on_disk(table_name))


def made(table_name: str, given: dict[str, Any]) -> pd.DataFrame:
    """The table from inputs given by name. Raises SourceError with all faults that its checks of the inputs found."""
    found = list(parts(table_name, given))
    return found[0] if len(found) == 1 else pd.concat(found, ignore_index=True)


def parts(table_name: str, given: dict[str, Any]) -> Iterator[pd.DataFrame]:
    """The same in parts as the table's function yields them, in the order of the key's first column; most give the whole."""
    with transcribed.all_faults():
        result = _by_year(table_name, given) if table_name in BY_YEAR else maker(table_name)(**given)
        if not isinstance(result, Iterator):
            result = iter([result if isinstance(result, pd.DataFrame) else result.to_pyarrow().to_pandas()])
    empty = True
    while (part := _next(result)) is not None:
        yield part
        empty = False
    if empty:
        yield t.empty(catalog.table(table_name))


def _next(result: Iterator[pd.DataFrame]) -> pd.DataFrame | None:
    # Its faults are collected while a part is made: what the caller does between two parts is no check of the inputs.
    with transcribed.all_faults():
        return next(result, None)


def inputs_on_disk(table_name: str) -> dict[str, Any]:
    """The inputs of a table's function by name: files of sources, and finished tables."""
    return {name: _load(name, kind) for name, kind in signature(table_name).parameters.items()}


def _by_year(table_name: str, given: dict[str, Any]) -> pd.DataFrame:
    # Imported here: it brings the query engine.
    from pipeline.measures.helpers.by_year import by_year

    frame: pd.DataFrame = by_year(maker(table_name), **given).to_pandas()
    return frame


def _load(name: str, kind: Kind) -> Any:
    if kind == "source":
        return SourceFiles(name)
    return catalog.load_table(name) if kind == "frame" else catalog.scan_table(name)
