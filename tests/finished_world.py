"""The toy world as a build leaves it: every table stored, checks judged, a notebook and a report, sources with their terms."""

import json
from pathlib import Path

import pandas as pd
import yaml

from pipeline import catalog, paths, wiring
from pipeline.schemas import table as t

TIDY = Path(__file__).parent / "toy_world" / "tidy"
RESTRICTED = "world_mining_data_releases"
OUTCOME = {
    "table": "production",
    "passed": True,
    "severity": "warning",
    "observed": "all fine",
    "meaning": "Or not.",
    "rows_off": [],
}


def tidy(name: str) -> pd.DataFrame:
    """A tidy table of the toy world; one it has no file for is empty."""
    file = TIDY / f"{name}.csv"
    if not file.is_file():
        return t.empty(catalog.table(name))
    types = t.kinds(catalog.table(name))
    read = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""]).reindex(columns=list(types))
    flags = {c: read[c].str.lower() == "true" for c, dtype in types.items() if dtype == "bool"}
    return read.assign(**flags).astype(types)


def make(data: Path) -> None:
    """Write the finished world into the data folder; REO_DATA must name it."""
    (data / "raw").mkdir(parents=True, exist_ok=True)
    ids = (
        "cepii_baci",
        "cepii_baci_magnets",
        "control_lists",
        "documents",
        "policy_register",
        "reviewed",
        "usgs_ds140",
        "usgs_mcs",
        "world_mining_data",
    )
    sources = {source_id: source(source_id) for source_id in ids}
    sources[RESTRICTED] = source(RESTRICTED, redistribution="restricted")
    (data / "raw" / "sources.yml").write_text(yaml.safe_dump({"packages": {}, "sources": sources}), "utf-8")
    for name, table in catalog.tables().items():
        if t.floor(table) == "tidy":
            catalog.save_table(name, tidy(name))
    make_derived()
    judge([{**OUTCOME, "name": "adds_up"}])
    for file, text in (
        ("notebooks/01_toy.ipynb", "{}"),
        ("report/index.html", "<p>Toy</p>"),
        ("data_docs/index.html", "<p>now</p>"),
    ):
        (paths.processed() / file).parent.mkdir(exist_ok=True)
        (paths.processed() / file).write_text(text, "utf-8")
    catalog.write_database()


def make_derived() -> None:
    """Derived tables made from what is stored, those made from others last."""
    waiting = [name for name, table in catalog.tables().items() if t.floor(table) == "derived"]
    while waiting:
        name = next(n for n in waiting if not set(wiring.inputs(n)) & set(waiting))
        catalog.save_table(name, wiring.make(name))
        waiting.remove(name)


def judge(outcomes: list[dict]) -> None:
    (paths.quality()).write_text(json.dumps(outcomes), "utf-8")


def source(source_id: str, redistribution: str = "open") -> dict:
    return {
        "title": f"Toy {source_id}",
        "publisher": "Toy office",
        "licence": "CC BY 4.0",
        "attribution": f"Source: toy office, {source_id}",
        "landing_page": f"https://example.org/{source_id}",
        "edition": "2025",
        "accessed": "2026-11-24",
        "redistribution": redistribution,
        "terms": "Made up.",
        "obtained": "transcribed",
        "next_edition": "None.",
        "files": [],
    }
