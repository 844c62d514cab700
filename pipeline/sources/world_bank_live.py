"""The World Bank's API: political stability (WGI), for worldwide_governance_indicators. Not tried live.

A thin client: the publisher's package has its host fixed, so that no test can replay the answers.
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import requests

from pipeline.intake import fetched, web
from pipeline.intake.web import FetchError

SOURCE, FILE = "worldwide_governance_indicators", "estimates.csv"
HOST = "https://api.worldbank.org"
# The database of the indicators; in it the short codes of old (PV.EST) are unknown.
DATABASE = "3"
INDICATORS = {"wgi_pv": "GOV_WGI_PV.EST", "standard_error": "GOV_WGI_PV.STD.ERR", "sources": "GOV_WGI_PV.NO.SRC"}
FIELDS = ["countryiso3code", "date", "value"]
ROWS_A_PAGE = "20000"


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The day the database was last changed, YYYY-MM-DD: what the World Bank gives as an edition."""
    answer = web.get_json(asked, f"{host}/v2/sources/{DATABASE}", {"format": "json"})
    return str(_second(answer)[0]["lastupdated"])


def fetch(edition: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The three answers of an edition (its day) and estimates.csv. Raises FetchError, also where the Bank has another edition."""
    asked = asked or web.session()
    contents, found = {}, {}
    for name, indicator in INDICATORS.items():
        pages, content = _pages(asked, host, indicator)
        contents[f"{indicator}.json"] = content
        days = {page[0].get("lastupdated") for page in pages}
        if days != {edition}:
            remedy = "the Bank keeps no earlier edition: ask for the day it names"
            raise FetchError(f"the World Bank's {indicator} is of {', '.join(map(str, days))}, not {edition}", remedy)
        found[name] = [row for page in pages for row in page[1]]
    kept = fetched.keep(SOURCE, edition, contents)
    return [*kept, fetched.put_down(SOURCE, edition, FILE, rows(found, edition), ["edition"])]


def rows(found: dict[str, list[dict[str, Any]]], edition: str) -> pd.DataFrame:
    """Columns of estimates.csv, a row a country and year that has an estimate; sources as whole numbers."""
    series = []
    for name, answered in found.items():
        frame = pd.DataFrame(answered)
        web.check_columns("the World Bank", frame.columns, FIELDS)
        frame = frame[frame["value"].notna() & (frame["countryiso3code"] != "")]
        series.append(frame.set_index(["countryiso3code", "date"])["value"].rename(name))
    table = pd.concat(series, axis=1).dropna(subset="wgi_pv").rename_axis(["country", "year"]).reset_index()
    number = table["sources"].astype("Int64").astype("str").replace("<NA>", "")
    text = {column: table[column].map(lambda v: "" if pd.isna(v) else repr(float(v))) for column in ("wgi_pv", "standard_error")}
    return table.assign(**text, sources=number, edition=edition).sort_values(["country", "year"], ignore_index=True)


def _pages(asked: requests.Session, host: str, indicator: str) -> tuple[list[Any], bytes]:
    """Every page of an indicator, and all of them as one JSON list."""
    pages: list[Any] = []
    while not pages or len(pages) < int(pages[0][0]["pages"]):
        asking = {"source": DATABASE, "format": "json", "per_page": ROWS_A_PAGE, "page": str(len(pages) + 1)}
        answer = web.get_json(asked, f"{host}/v2/country/all/indicator/{indicator}", asking)
        _second(answer)
        pages.append(answer)
    if sum(len(page[1]) for page in pages) != int(pages[0][0]["total"]):
        raise FetchError(f"the World Bank announces {pages[0][0]['total']} rows of {indicator} and sends others", "try again")
    return pages, json.dumps(pages, ensure_ascii=False).encode()


def _second(answer: Any) -> list[Any]:
    """The rows of an answer [about, rows]; what it says instead is an error."""
    if isinstance(answer, dict):
        answer = [answer, answer.get("source")]
    if isinstance(answer, list) and len(answer) == 2 and isinstance(answer[1], list) and answer[1]:
        return answer[1]
    said = answer[0] if isinstance(answer, list) and answer else answer
    raise FetchError(
        f"the World Bank answers without rows: {json.dumps(said)[:120]}", "compare INDICATORS with its list of codes"
    )
