"""The US Geological Survey's data release of a Mineral Commodity Summaries at ScienceBase, for usgs_mcs. Not tried live."""

import io
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pooch
import requests

from pipeline.intake import fetched, web
from pipeline.intake.web import FetchError

SOURCE, FILE = "usgs_mcs", "world.csv"
HOST = "https://www.sciencebase.gov"
# The item that holds a child for each year's data release.
RELEASES = "5c8c03e4e4b0938824529f7d"
NAME = r"MCS(?P<edition>[0-9]{4})_Commodities_Data\.csv"
TITLE = r"Mineral Commodity Summaries (?P<edition>[0-9]{4})\b"
CHAPTER, SECTION = "RARE EARTHS", "World Mine Production and Reserves"
COLUMNS = ["MCS chapter", "Section", "Country", "Statistics", "Unit", "Year", "Value", "Notes"]
MEASURES = {"Production": "mine_production", "Reserves": "reserves"}
# A note that stands at every figure of reserves and says nothing of one.
GENERAL = "See Appendix C for resource and reserve definitions and information concerning data sources."


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The year of the newest release. Raises FetchError where ScienceBase lists none."""
    return max(_releases(asked, host))


def fetch(edition: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The release's table of an edition (2027) and world.csv with its rows. Raises FetchError.

    The layout is that of 2026, one long table; the Survey changed it every year before: another is refused.
    """
    asked = asked or web.session()
    listed = _releases(asked, host)
    if edition not in listed:
        remedy = f"ask for one of {', '.join(sorted(listed))}, or wait until it is published"
        raise FetchError(f"ScienceBase lists no data release of Mineral Commodity Summaries {edition}", remedy)
    item = web.get_json(asked, f"{host}/catalog/item/{listed[edition]}", {"format": "json"})
    files = {file["name"]: file for file in item.get("files", []) if re.fullmatch(NAME, file.get("name", ""))}
    if not files:
        raise FetchError(f"the data release of {edition} has no file named as that of 2026", "look at the item, and change NAME")
    name, file = next(iter(files.items()))
    content = web.get_csv(asked, f"{host}/catalog/file/get/{listed[edition]}", {"name": name}, COLUMNS)
    table = rows(content, edition)
    kept = fetched.keep(SOURCE, edition, {name: content})
    _compare(kept[0], file.get("checksum"))
    return [*kept, fetched.put_down(SOURCE, edition, FILE, table, ["edition"])]


def rows(content: bytes, edition: str) -> pd.DataFrame:
    """Columns of world.csv: a dash is 0 with its flag, NA no figure; a lower bound has its sign as flag. Raises FetchError."""
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, encoding="cp1252")
    table = table[(table["MCS chapter"] == CHAPTER) & (table["Section"] == SECTION)].reset_index(drop=True)
    measure = table["Statistics"].map(MEASURES)
    if measure.isna().any() or (table["Unit"] != "metric tons").any():
        remedy = "compare its sections with MEASURES in usgs_live.py"
        raise FetchError(f"Mineral Commodity Summaries {edition} has another measure or unit", remedy)
    value = table["Value"].str.strip()
    dash, none = value.isin(["—", "–"]), value == "NA"
    flag = table["Notes"].str.contains(r"\bEstimated\b").map({True: "e", False: ""})
    note = table["Notes"].str.replace(GENERAL, "", regex=False)
    return pd.DataFrame(
        {
            "edition": edition,
            "country": table["Country"].str.strip(),
            "measure": measure,
            "year": table["Year"].where(measure == "mine_production", ""),
            "value": value.str.lstrip(">").str.replace(",", "").mask(dash, "0").mask(none, ""),
            "flag": flag.mask(dash, "-").mask(none, "NA").mask(value.str.startswith(">"), ">"),
            "unit": "metric tons REO",
            "document_id": fetched.document_id(SOURCE, edition),
            "note": note.str.strip(" -"),
        }
    )


def _releases(asked: requests.Session, host: str) -> dict[str, str]:
    """Item by edition."""
    asking = {"parentId": RELEASES, "format": "json", "fields": "title", "max": "100"}
    answer = web.get_json(asked, f"{host}/catalog/items", asking)
    items: list[Any] = answer.get("items", []) if isinstance(answer, dict) else []
    found = {named["edition"]: item["id"] for item in items if (named := re.search(TITLE, item.get("title", "")))}
    if not found:
        raise FetchError("ScienceBase lists no data release of Mineral Commodity Summaries", "look whether RELEASES moved")
    return found


def _compare(file: Path, checksum: dict[str, str] | None) -> None:
    """With the check sum of the catalogue, which ScienceBase computes with MD5."""
    if checksum and checksum.get("type", "").upper() == "MD5" and pooch.file_hash(file, alg="md5") != checksum["value"].lower():
        file.unlink()
        raise FetchError(f"{file.name} is not the file that ScienceBase lists", "run it again: it was altered on its way")
