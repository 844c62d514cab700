"""The British Geological Survey's OGC API: production of rare earths, for bgs_world_mineral_statistics. Not tried live."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import requests

from pipeline.intake import fetched, web
from pipeline.intake.web import FetchError

SOURCE, FILE = "bgs_world_mineral_statistics", "rare_earths.csv"
HOST = "https://ogcapi.bgs.ac.uk"
ITEMS = "/collections/world-mineral-statistics/items"
# The publisher's commodity → its table, as bgs.py names them.
COMMODITIES = {"rare earth minerals": "119", "rare earth oxides": "736"}
ROWS_A_PAGE = 1000
FIELDS = ["country_trans", "year", "quantity", "units", "bgs_sub_commodity_trans", "concat_table_notes_text"]
UNIT = "tonnes (metric)"


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The last year that has oxides."""
    return str(rows({"736": _features(asked, host, "rare earth oxides")}, "")["year"].max())


def fetch(edition: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The answers with all years to an edition's (2024), and rare_earths.csv with their rows. Raises FetchError."""
    asked = asked or web.session()
    found = {table: _features(asked, host, commodity) for commodity, table in COMMODITIES.items()}
    table = rows(found, edition)
    if not (table["year"] == edition).any():
        last = table["year"].max() if len(table) else "none"
        raise FetchError(
            f"the British Geological Survey has no figures of {edition}; its last year is {last}", "ask for that year"
        )
    contents = {f"table_{t}.json": json.dumps(f, ensure_ascii=False).encode() for t, f in found.items()}
    kept = fetched.keep(SOURCE, edition, contents)
    return [*kept, fetched.put_down(SOURCE, edition, FILE, table, ["year", "table"])]


def rows(found: dict[str, list[dict[str, Any]]], edition: str) -> pd.DataFrame:
    """Columns of rare_earths.csv; `found` holds the properties of the features by table."""
    parts = []
    for table, features in found.items():
        frame = pd.DataFrame(features)
        if frame.empty:
            continue
        web.check_columns("the British Geological Survey", frame.columns, FIELDS)
        odd = frame[frame["units"].str.lower() != UNIT]
        if len(odd):
            raise FetchError(
                f"the British Geological Survey gives a figure in {odd['units'].iloc[0]}", "convert it in bgs_live.py"
            )
        missing = frame["quantity"].isna()
        amount = frame["quantity"].map(lambda tonnes: f"{tonnes:.10g}").mask(missing, "")
        part = {
            "year": frame["year"].str[:4],
            "country_as_printed": frame["country_trans"],
            "table": table,
            "form": "oxides" if table == "736" else frame["bgs_sub_commodity_trans"].fillna("not stated"),
            "amount": amount,
            "status": missing.map({True: "missing", False: "normal value"}),
            "figure_notes": frame["concat_table_notes_text"].fillna(""),
            "document_id": fetched.document_id(SOURCE, edition),
        }
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["year"])


def _features(asked: requests.Session, host: str, commodity: str) -> list[dict[str, Any]]:
    """The properties of all features of a commodity's production, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        asking = {"bgs_commodity_trans": commodity, "bgs_statistic_type_trans": "Production", "f": "json"}
        asking |= {"limit": str(ROWS_A_PAGE), "offset": str(len(found))}
        answer = web.get_json(asked, f"{host}{ITEMS}", asking)
        if not isinstance(answer, dict) or not isinstance(answer.get("features"), list):
            raise FetchError(
                "the British Geological Survey answers without features", "compare the request with its documentation"
            )
        page = [feature["properties"] for feature in answer["features"]]
        found += page
        if len(found) >= answer.get("numberMatched", len(found)) or not page:
            break
    if len(found) < answer.get("numberMatched", 0):
        raise FetchError(f"the British Geological Survey announces {answer['numberMatched']} rows and sends fewer", "try again")
    return found
