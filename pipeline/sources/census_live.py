"""The US Census Bureau's monthly trade by six- and ten-digit lines, for us_census_monthly. Not tried live."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import requests

from pipeline.intake import fetched, web
from pipeline.intake.web import FetchError

SOURCE, FILE = "us_census_monthly", "monthly.csv"
HOST = "https://api.census.gov"
KEY = "REO_CENSUS_KEY"
# Line of six or ten digits → the word of traded_goods.csv, and the flows that are asked for. A list of lines gets no answer, so
# each is a call. Ten digits of exports are of another schedule.
GOODS: dict[str, tuple[str, tuple[str, ...]]] = {
    "850511": ("permanent_magnets_metal", ("import", "export")),
    "8505110070": ("sintered_ndfeb_magnets", ("import",)),
    "811292": ("ga_ge_group_811292", ("import",)),
    "250490": ("graphite_natural_other", ("import",)),
    "282200": ("cobalt_oxides", ("import",)),
    "811010": ("antimony_unwrought", ("import",)),
    "810194": ("tungsten_unwrought_bars", ("import",)),
    "283691": ("lithium_carbonate", ("import",)),
}
# Columns of an answer by flow: line, value in dollars of the month.
COLUMNS = {"import": ("I_COMMODITY", "GEN_VAL_MO"), "export": ("E_COMMODITY", "ALL_VAL_MO")}
NOTES = {"import": "general imports", "export": "all exports"}
# Two lines of one country.
PALESTINE = r"(?i)(Gaza Strip|West Bank)\b.*"
KEYS = ["period_start", "period_end"]


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The newest month (2026-09) that has imports of magnets."""
    answer = web.get_json(asked, f"{host}/data/timeseries/intltrade/imports/hs", _asking("import", "850511", _recent()))
    found = _table(answer, "import")
    if found.empty:
        raise FetchError(
            "the Census Bureau lists no month of this year or the last", "look at its site: the endpoint may have moved"
        )
    return str(found["time"].max())


def fetch(edition: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The answers for a month (2026-09) and monthly.csv with its rows. The key is read from REO_CENSUS_KEY alone.

    Raises FetchError.
    """
    asked = asked or web.session()
    contents, parts = {}, []
    for code, (_, flows) in GOODS.items():
        for flow in flows:
            answer = web.get_json(asked, f"{host}/data/timeseries/intltrade/{flow}s/hs", _asking(flow, code, edition))
            contents[f"{flow}s_{code}.json"] = json.dumps(answer, ensure_ascii=False).encode()
            parts.append(rows(_table(answer, flow), flow, code, edition))
    table = pd.concat(parts, ignore_index=True)
    kept = fetched.keep(SOURCE, edition, contents)
    return [*kept, fetched.put_down(SOURCE, edition, FILE, table, KEYS)]


def rows(table: pd.DataFrame, flow: str, code: str, month: str) -> pd.DataFrame:
    """Columns of monthly.csv: a row a country with trade, dollars. Raises FetchError for a country that is unknown."""
    # Regions and the total stand among the countries.
    table = table[(table["SUMMARY_LVL"] == "DET") & (table["CTY_CODE"] != "-")].reset_index(drop=True)
    return lines(table["CTY_NAME"], table[COLUMNS[flow][1]], flow, code, month, fetched.document_id(SOURCE, month))


def lines(
    countries: "pd.Series[str]", dollars: "pd.Series[str]", flow: str, code: str, month: str, document_id: str
) -> pd.DataFrame:
    """Rows of monthly.csv of one line and flow, a row a country; those without trade left out."""
    found = pd.DataFrame(
        {
            "period_start": month,
            "period_end": month,
            "reporter": "USA",
            "partner": fetched.iso3("the Census Bureau", countries.str.replace(PALESTINE, "Palestine", regex=True), "regex"),
            "product": GOODS[code][0],
            "hs_code": code,
            "flow": flow,
            "measure": "usd",
            "value": dollars.astype("int64"),
            "document_id": document_id,
            "note": NOTES[flow],
        }
    )
    each = [column for column in found if column != "value"]
    summed = found.groupby(each, sort=False)["value"].sum().reset_index()[list(found)]
    return summed[summed["value"] != 0].astype({"value": "str"})


def _asking(flow: str, code: str, time: str) -> dict[str, str]:
    commodity, value = COLUMNS[flow]
    wanted = ",".join([commodity, "CTY_CODE", "CTY_NAME", "SUMMARY_LVL", value])
    return {
        "get": wanted,
        commodity: code,
        "COMM_LVL": f"HS{len(code)}",
        "time": time,
        "key": fetched.key(KEY, "the Census Bureau", HOST[8:]),
    }


def _recent() -> str:
    return f"from {pd.Timestamp.now().year - 1}-01"


def _table(answer: Any, flow: str) -> pd.DataFrame:
    """An answer, whose first row names the columns; requested ones that are repeated are left out. No rows where it is empty."""
    wanted = [*COLUMNS[flow], "CTY_CODE", "CTY_NAME", "SUMMARY_LVL", "time"]
    if answer is None:
        return pd.DataFrame(columns=wanted)
    if not isinstance(answer, list) or not answer or not all(isinstance(row, list) for row in answer):
        raise FetchError("the Census Bureau answers without a table", "compare the request with its documentation")
    table = pd.DataFrame(answer[1:], columns=answer[0])
    web.check_columns("the Census Bureau", table.columns, wanted)
    return table.loc[:, ~table.columns.duplicated()]
