"""The toy world's production, quotas, statistics and factors, written back into the files they are transcribed in."""

from collections.abc import Callable
from pathlib import Path

from pipeline.sources import bgs, china, conversion_factors, printed_production, production, usgs, world_mining_data

Rows = list[dict[str, str]]
UNITS = {"t": "metric tons REO", "USD/kg": "dollars per kilogram", "percent": "percent"}
NO_NOTES = ["note_id", "note"]
REVIEW = {
    "source_id": "statistical_review",
    "edition_as_printed": "Toy review 2024",
    "publisher_as_printed": "BP and Energy Institute",
}
EDITIONS: Rows = [
    *(
        {"source_id": "usgs_mcs", "edition_as_printed": year, "edition": year, "publisher": "USGS", "dated": year}
        | {"coverage": "whole", "reconciled": "yes"}
        for year in ("2024", "2025")
    ),
    *(
        {"source_id": "bgs_world_mineral_statistics", "edition_as_printed": edition, "edition": edition, "publisher": "BGS"}
        | {"coverage": "whole", "reconciled": "no"}
        for edition in bgs.TABLES.values()
    ),
    *(
        {"source_id": "production_history", "edition_as_printed": edition, "publisher_as_printed": publisher, "edition": edition}
        | {"publisher": publisher, "coverage": "excerpt", "reconciled": reconciled}
        for edition, publisher, reconciled in (("Toy survey", "BGS", "yes"), ("Toy study", "Toy consultants", "no"))
    ),
    REVIEW
    | {"edition": "2024", "publisher": "BP and Energy Institute", "dated": "2024", "coverage": "whole", "reconciled": "no"},
]


def write(raw: Path, tidy: Callable[[str], Rows], csv: Callable[[Path, list[str], Rows], None]) -> dict[str, list[str]]:
    """Write the files; returns their names by source, for the lock."""
    files = {
        "usgs_mcs/us_salient.csv": (usgs.SALIENT, _salient(tidy("us_statistics"))),
        "usgs_mcs/import_sources.csv": (usgs.IMPORT_SOURCES, _import_sources(tidy("us_statistics"))),
        "usgs_mcs/notes.csv": (NO_NOTES, []),
        "usgs_ds140/rare_earths.csv": (
            ["year", "item", "value", "flag", "unit", "document_id", "note"],
            _history(tidy("us_statistics") + tidy("world_history")),
        ),
        "usgs_minerals_yearbook/world.csv": (usgs.COLUMNS, []),
        "world_mining_data_releases/rare_earths.csv": (world_mining_data.RELEASES, []),
        "world_mining_data_releases/notes.csv": (NO_NOTES, []),
        "statistical_review/rare_earths.csv": (printed_production.REVIEW, _review(tidy("production"))),
        "statistical_review/notes.csv": (NO_NOTES, []),
        "bgs_world_mineral_statistics/rare_earths.csv": (bgs.COLUMNS, _survey(tidy("production"))),
        "production_history/quoted_cells.csv": (printed_production.CELLS, _quoted(tidy("production"), tidy("world_history"))),
        "conversion_factors/factors.csv": (conversion_factors.COLUMNS, tidy("conversion_factors")),
        "conversion_factors/notes.csv": (NO_NOTES, []),
        "china_production_quotas/quotas.csv": (china.PRODUCTION, _production_quotas(tidy("quotas"))),
        "china_export_quotas/quotas.csv": (china.EXPORT, _export_quotas(tidy("quotas"))),
        "china_rare_earth_groups/groups.csv": (
            china.HOLDERS,
            [r | {"date": r["happened_on"], "groups_with_quota": r["holders"]} for r in tidy("quota_holders")],
        ),
        "china_output_history/output.csv": (
            china.OUTPUT,
            [r | {"year": r["period"], "unit": "t_reo"} for r in tidy("china_output")],
        ),
        "illegal_production_estimates/estimates.csv": (china.ILLEGAL, tidy("illegal_estimates")),
    }
    for name, (columns, rows) in files.items():
        csv(raw / name, columns, rows)
    csv(raw / "reviewed" / "production_editions.csv", production.EDITIONS, EDITIONS)
    (raw / "corrections.yml").write_text("[]\n", encoding="utf-8")
    by_source: dict[str, list[str]] = {"corrections": ["corrections.yml"]}
    for name in files:
        by_source.setdefault(name.split("/")[0], []).append(name)
    return by_source


def _of(rows: Rows, source_id: str) -> Rows:
    return [row for row in rows if row["source_id"] == source_id]


def _salient(statistics: Rows) -> Rows:
    return [
        row | {"chapter": "RARE EARTHS", "item_key": row["measure"], "year": row["period"], "unit": UNITS[row["unit"]]}
        for row in _of(statistics, "usgs_mcs")
        if row["measure"] != "import_source_share"
    ]


def _import_sources(statistics: Rows) -> Rows:
    names = {"CHN": "China", "ROW": "Other countries"}
    return [
        row | {"chapter": "RARE EARTHS", "item": row["item"].removeprefix("Import sources: "), "country": names[row["partner"]]}
        for row in _of(statistics, "usgs_mcs")
        if row["measure"] == "import_source_share"
    ]


def _history(rows: Rows) -> Rows:
    return [
        row | {"year": row["period"], "item": row.get("item", "World production"), "unit": UNITS[row["unit"]]}
        for row in _of(rows, "usgs_ds140")
    ]


def _quoted(mined: Rows, history: Rows) -> Rows:
    cells = [
        row | {"value": row["amount"], "unit": "t_reo", "edition": row["edition"].split(", in ")[0]}
        for row in _of(mined, "production_history")
    ]
    shares = [row | {"unit": "percent_of_world", "edition": "Toy survey"} for row in _of(history, "production_history")]
    return [row | {"measure": "mine_production", "country_as_printed": "China"} for row in cells + shares]


def _survey(mined: Rows) -> Rows:
    """Malaysia's monazite is weighed gross and estimated; table 119 repeats what the later table has of 1992."""
    names = {"CHN": "China", "USA": "United States", "MYS": "Malaysia"}
    tables = {edition: table for table, edition in bgs.TABLES.items()}
    gross = {"form": "Monazite", "amount": "10000", "figure_notes": "Estimates."}
    forms = {bgs.ORES: "not stated", bgs.OXIDES: "oxides"}
    rows = [
        row
        | {"table": tables[row["edition"]], "form": forms[tables[row["edition"]]], "country_as_printed": names[row["country"]]}
        | {"status": "normal value", "figure_notes": row["note"]}
        | (gross if row["country"] == "MYS" else {})
        for row in _of(mined, "bgs_world_mineral_statistics")
    ]
    return rows + [row | {"table": bgs.ORES, "form": "not stated"} for row in rows if row["year"] == "1992"]


def _review(mined: Rows) -> Rows:
    names = {"CHN": "China", "WLD": "Total World"}
    return [
        row
        | {"value": row["amount"], "unit": "t_reo", "edition": "Toy review 2024", "measure": "mine_production"}
        | {"country_as_printed": names[row["country"]]}
        for row in _of(mined, "statistical_review")
    ]


def _production_quotas(quotas: Rows) -> Rows:
    printed = {"mining": "mining", "separation": "smelting_separation"}
    return [
        row | {"issuer": row["issuer_as_printed"], "value": row["amount"], "unit": "t REO", "stage": printed[row["stage"]]}
        for row in _of(quotas, "china_production_quotas")
    ]


def _export_quotas(quotas: Rows) -> Rows:
    return [
        row | {"holder": row["group"], "type": row["kind"], "value": row["amount"]} for row in _of(quotas, "china_export_quotas")
    ]
