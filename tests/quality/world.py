"""A world small enough to judge by eye: every table in the shape of its class, every expectation met."""

import pandas as pd

from pipeline import catalog
from pipeline.quality.expectations.trade import FIRST_YEAR
from pipeline.schemas import table as t

YEARS = (FIRST_YEAR, FIRST_YEAR + 1)


def table(name: str, rows: list[dict]) -> pd.DataFrame:
    """Rows as a frame of the table's class; columns a row does not name are null."""
    return t.frame(catalog.table(name), rows)


def countries() -> pd.DataFrame:
    names = {"CHN": "China", "JPN": "Japan", "WLD": "The world", "USA": "United States"}
    return table("countries", [{"iso3": c, "name": n, "eu27": False, "g7": c in ("JPN", "USA")} for c, n in names.items()])


def products() -> pd.DataFrame:
    listed = [("280530", "metals"), ("284690", "compounds"), ("250410", None)]
    return table(
        "products",
        [
            {
                "hs6": c,
                "nomenclature": "HS92",
                "title": c,
                "material": "rare_earths",
                "stage": "separation",
                "group": g,
                "treatment": "rare_earth",
            }
            for c, g in listed
        ],
    )


def documents() -> pd.DataFrame:
    return table(
        "documents", [{"document_id": "d1", "title": "A text", "url": "u", "accessed_on": "2026-11-24", "source_id": "usgs_mcs"}]
    )


def trade_flows() -> pd.DataFrame:
    flow = {
        "exporter": "CHN",
        "importer": "JPN",
        "source_id": "s",
        "value_kusd": 100.0,
        "quantity_t": 10.0,
        "nomenclature": "HS92",
        "coverage": "whole",
    }
    return table("trade_flows", [{**flow, "year": y, "hs6": c} for y in YEARS for c in ("280530", "284690")])


def export_concentration() -> pd.DataFrame:
    row = {
        "hhi": 0.68,
        "effective_suppliers": 1 / 0.68,
        "cr1": 0.8,
        "cr3": 1.0,
        "top_country": "CHN",
        "china_share": 0.8,
        "exporters": 2,
        "total": 100.0,
        "quantity_coverage": 0.9,
        "coverage": "whole",
    }
    return table(
        "export_concentration",
        [
            {**row, "year": y, "hs6": c, "basis": b}
            for y in YEARS
            for c in ("250410", "280530", "284690")
            for b in ("value", "quantity", "quantity_clean")
        ],
    )


def flow_outliers() -> pd.DataFrame:
    row = {
        "year": YEARS[0],
        "exporter": "CHN",
        "importer": "JPN",
        "hs6": "284690",
        "value_kusd": 1.0,
        "quantity_t": 100.0,
        "usd_per_kg": 0.01,
        "median_usd_per_kg": 8.0,
        "robust_z": -6.0,
        "share_of_quantity": 0.04,
        "reason": "below_floor",
    }
    return table("flow_outliers", [row])


def unit_values() -> pd.DataFrame:
    row = {
        "exporter_group": "world",
        "basis": "quantity_clean",
        "value_kusd": 100.0,
        "quantity_t": 10.0,
        "usd_per_kg": 10.0,
        "flows": 1,
        "flows_without_quantity": 0,
    }
    return table("unit_values", [{**row, "year": y, "hs6": "284690"} for y in YEARS])


def production() -> pd.DataFrame:
    row = {"year": 2022, "stage": "mining", "material": "rare_earths", "unit": "t", "basis": "REO", "coverage": "whole"}
    row |= {"preferred": True, "reconciled": True}
    usgs = {**row, "source_id": "usgs_mcs", "edition": "2024", "document_id": "d1", "publisher": "USGS"}
    wmd = {**row, "source_id": "world_mining_data", "edition": "e", "publisher": "World Mining Data"}
    review = {
        **row,
        "source_id": "statistical_review",
        "edition": "2024",
        "publisher": "BP",
        "reconciled": False,
        "coverage": "excerpt",
    }
    amounts = [("CHN", 210_000.0, 200_000.0), ("USA", 42_000.0, 40_000.0), ("WLD", 250_000.0, 240_000.0)]
    return table(
        "production",
        [{**usgs, "country": c, "amount": u} for c, u, _ in amounts]
        + [{**wmd, "country": c, "amount": w} for c, _, w in amounts]
        + [{**review, "country": "CHN", "amount": 215_000.0}],
    )


def mine_production() -> pd.DataFrame:
    row = {"material": "rare_earths", "unit": "t", "source_id": "s", "edition": "1"}
    amounts = {"CHN": 70.0, "USA": 30.0, "WLD": 100.0}
    return table("mine_production", [{**row, "year": 2020, "country": c, "amount": v} for c, v in amounts.items()])


def supply_risk() -> pd.DataFrame:
    row = {
        "production_hhi": 0.58,
        "governance_coverage": 1.0,
        "flows_without_quantity": 0,
        "imports_t": 10.0,
        "imports_kusd": 5000.0,
        "below_floor": False,
    }
    return table("supply_risk", [{**row, "year": 2020, "importer": "JPN", "material": "rare_earths"}])


def production_reconciled() -> pd.DataFrame:
    row = {"year": 2022, "sources": 1, "preferred": "USGS", "preferred_source_id": "usgs_mcs", "preferred_edition": "2024"}
    amounts = {"CHN": 210_000.0, "USA": 42_000.0, "WLD": 250_000.0}
    return table(
        "production_reconciled",
        [{**row, "country": c, "low": a, "central": a, "high": a, "spread": 0.0, "rule": "r"} for c, a in amounts.items()],
    )


def reserves() -> pd.DataFrame:
    row = {
        "edition": "2024",
        "country": "CHN",
        "source_id": "usgs_mcs",
        "amount": 44e6,
        "unit": "t",
        "basis": "REO",
        "document_id": "d1",
        "publisher": "USGS",
        "coverage": "excerpt",
        "preferred": True,
    }
    return table("reserves", [row])


def stage_shares() -> pd.DataFrame:
    row = {
        "year": 2022,
        "stage": "mining",
        "material": "rare_earths",
        "publisher": "USGS",
        "edition": "2024",
        "basis": "mine production",
        "kind": "estimate",
        "source_id": "stage_shares",
        "document_id": "d1",
    }
    return table("stage_shares", [{**row, "country": c, "share": s} for c, s in (("CHN", 0.83), ("USA", 0.17))])


def stage_concentration() -> pd.DataFrame:
    row = {
        "year": 2022,
        "stage": "mining",
        "material": "rare_earths",
        "source_id": "usgs_mcs",
        "edition": "2024",
        "kind": "actual",
        "publisher": "USGS",
        "basis": "REO",
        "at_least": False,
        "hhi": 0.72,
        "hhi_low": 0.72,
        "hhi_high": 0.72,
        "effective_suppliers": 1 / 0.72,
        "cr1": 0.83,
        "cr3": 1.0,
        "top_country": "CHN",
        "china_share": 0.83,
        "china_share_low": 0.83,
        "china_share_high": 0.83,
        "countries": 2,
        "total": 252_000.0,
        "printed_total": 250_000.0,
        "unnamed_share": 0.0,
    }
    return table("stage_concentration", [row])


def origin_gap() -> pd.DataFrame:
    row = {
        "year": 2022,
        "group": "compounds",
        "feed": "included",
        "production_source_id": "usgs_mcs",
        "top_exporter": "CHN",
        "export_share": 0.8,
        "mining_share": 0.83,
        "mining_gap": -0.03,
        "china_export_share": 0.8,
        "china_mining_share": 0.83,
        "china_mining_gap": -0.03,
    }
    return table("origin_gap", [row])


def policy_events() -> pd.DataFrame:
    row = {"event_id": "CN-2010-halt", "announced_on": "2010-09", "announced_precision": "month", "actor": "CHN"}
    after = {"event_id": "CN-2010-halt-over", "announced_on": "2010-11", "announced_precision": "month", "actor": "CHN"}
    return table("policy_events", [row, after])


def policy_status() -> pd.DataFrame:
    row = {
        "event_id": "CN-2010-halt",
        "valid_from": "2010",
        "documented_on": "2010-09-23",
        "recorded_on": "2026-11-24",
        "status": "in_force",
    }
    return table("policy_status", [row])


def policy_sources() -> pd.DataFrame:
    row = {"rank": 1, "title": "A text", "kind": "other", "published_on": "2010-09", "document_id": "d1", "url": "u"}
    return table("policy_sources", [{**row, "event_id": act} for act in ("CN-2010-halt", "CN-2010-halt-over")])


def policy_codes() -> pd.DataFrame:
    coded = [(act, coder) for act in ("CN-2010-halt", "CN-2010-halt-over") for coder in ("1", "2", "final")]
    return table("policy_codes", [{"event_id": a, "coder": c, "field": "scope", "value": "ree"} for a, c in coded])


def coding_agreement() -> pd.DataFrame:
    row = {"field": "layer", "n": 2, "agreed": 2, "agreement": 1.0, "expected_agreement": 0.5, "kappa": 1.0}
    return table("coding_agreement", [row, {**row, "field": "scope", "expected_agreement": 1.0, "kappa": float("nan")}])


MADE = (
    countries,
    products,
    documents,
    trade_flows,
    export_concentration,
    flow_outliers,
    unit_values,
    production,
    mine_production,
    supply_risk,
    production_reconciled,
    reserves,
    stage_shares,
    stage_concentration,
    origin_gap,
    policy_events,
    policy_status,
    policy_sources,
    policy_codes,
    coding_agreement,
)


def tables() -> dict[str, pd.DataFrame]:
    """Every table of the catalog: those above, the others empty."""
    return {name: t.empty(kind) for name, kind in catalog.tables().items()} | {make.__name__: make() for make in MADE}
