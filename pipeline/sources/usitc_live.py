"""The U.S. International Trade Commission's DataWeb: the Census Bureau's lines by month, for us_census_monthly. Not tried live.

Request and answer are as others' code has them, several agreeing; the Commission's own description was not seen.
"""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import requests

from pipeline.intake import fetched, web
from pipeline.intake.web import FetchError
from pipeline.sources import census_live
from pipeline.sources.census_live import GOODS, KEYS

SOURCE, FEEDS, FILE = "usitc_dataweb", census_live.SOURCE, census_live.FILE
HOST = "https://datawebws.usitc.gov"
REPORT = "/dataweb/api/v2/report2/runReport"
KEY = "REO_DATAWEB_KEY"
NAME = "DataWeb"
# General imports and total exports, as the Census Bureau's: kind of trade, its value in dollars.
TRADE = {"import": ("GenImp", "GEN_CUSTOMS_VALUE"), "export": ("TotExp", "FAS_VALUE")}
COLUMNS = ["HTS Number", "Country"]
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
# Rows an answer has at most, as is asked for.
CAP = 20_000


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The newest month (2026-09) that has imports of magnets."""
    this_year = pd.Timestamp.now().year
    for year in (this_year, this_year - 1):
        table = _table(_ask(asked, host, "import", ["850511"], year))
        months = [number for number, month in enumerate(MONTHS, 1) if month in table and (_dollars(table[month]) != "0").any()]
        if months:
            return f"{year}-{max(months):02d}"
    raise FetchError("DataWeb lists no month of this year or the last", "look at its site: the endpoint may have moved")


def fetch(edition: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The answers with a month (2026-09) and monthly.csv of us_census_monthly with its rows. The key is REO_DATAWEB_KEY's alone.

    Raises FetchError.
    """
    if not re.fullmatch(MONTH, edition):
        raise FetchError(f"{edition} is no month", "write it as 2026-09")
    asked = asked or web.session()
    year, month = int(edition[:4]), MONTHS[int(edition[5:]) - 1]
    contents: dict[str, bytes] = {}
    parts: dict[tuple[str, str], pd.DataFrame] = {}
    for flow in TRADE:
        for digits in (6, 10):
            codes = [code for code, (_, flows) in GOODS.items() if flow in flows and len(code) == digits]
            if codes:
                answer = _ask(asked, host, flow, codes, year)
                contents[f"{flow}s_{digits}_digits.json"] = json.dumps(answer, ensure_ascii=False).encode()
                table = _table(answer)
                parts |= {(code, flow): rows(table, flow, code, month, edition) for code in codes}
    ordered = [parts[code, flow] for code, (_, flows) in GOODS.items() for flow in flows]
    kept = fetched.keep(SOURCE, edition, contents)
    return [*kept, fetched.put_down(SOURCE, edition, FILE, pd.concat(ordered, ignore_index=True), KEYS, feeds=FEEDS)]


def rows(table: pd.DataFrame, flow: str, code: str, month: str, edition: str) -> pd.DataFrame:
    """Columns of monthly.csv: a row a country with trade in a month, dollars. No rows where the month is not there yet."""
    if month not in table:
        table = table.iloc[:0].assign(**{month: ""})
    # Totals stand among the lines; they have no code.
    of_code = table[table["HTS Number"].str.replace(".", "") == code].reset_index(drop=True)
    document_id = fetched.document_id(SOURCE, edition)
    return census_live.lines(of_code["Country"], _dollars(of_code[month]), flow, code, edition, document_id)


def _dollars(values: "pd.Series[str]") -> "pd.Series[str]":
    plain = values.str.replace(",", "").replace("", "0")
    odd = plain[~plain.str.fullmatch("[0-9]+")]
    if len(odd):
        raise FetchError(f"DataWeb gives {odd.iloc[0]!r} as dollars", "compare the report with usitc_live.py")
    return plain


def _ask(asked: requests.Session, host: str, flow: str, codes: list[str], year: int) -> Any:
    headers = {"Authorization": f"Bearer {fetched.key(KEY, NAME, 'dataweb.usitc.gov')}"}
    return web.post_json(asked, f"{host}{REPORT}", _report(flow, codes, year), headers)


def _report(flow: str, codes: list[str], year: int) -> dict[str, Any]:
    """A year's report by line, country and month, as the site itself asks for it; parts that choose nothing are required too."""
    trade, value = TRADE[flow]
    line = f"HTS{len(codes[0])} & DESCRIPTION"
    everything: dict[str, Any] = {"systemGroups": [], "userGroups": []}
    return {
        "savedQueryType": "",
        "isOwner": True,
        "unitConversion": "0",
        "manualConversions": [],
        "reportOptions": {"tradeType": trade, "classificationSystem": "HTS"},
        "searchOptions": {
            "componentSettings": {
                "dataToReport": [value],
                "scale": "1",
                "timeframeSelectType": "fullYears",
                "years": [str(year)],
                "startDate": None,
                "endDate": None,
                "startMonth": None,
                "endMonth": None,
                "yearsTimeline": "Monthly",
            },
            "commodities": {
                "aggregation": "Break Out Commodities",
                "codeDisplayFormat": "NO",
                "commodities": codes,
                "commoditiesExpanded": [{"name": code, "value": code, "hasChildren": None} for code in codes],
                "commoditiesManual": ",".join(codes),
                "commodityGroups": everything,
                "commoditySelectType": "list",
                "granularity": str(len(codes[0])),
                "groupGranularity": None,
                "searchGranularity": None,
                "showHTSValidDetails": "",
            },
            "countries": {
                "aggregation": "Break Out Countries",
                "countries": [],
                "countriesExpanded": [{"name": "All Countries", "value": "all"}],
                "countriesSelectType": "all",
                "countryGroups": everything,
            },
            "MiscGroup": {
                "districts": {
                    "aggregation": "Aggregate District",
                    "districtGroups": {},
                    "districts": [],
                    "districtsExpanded": [{"name": "All Districts", "value": "all"}],
                    "districtsSelectType": "all",
                },
                "importPrograms": {"aggregation": None, "importPrograms": [], "programsSelectType": "all"},
                "extImportPrograms": {
                    "aggregation": "Aggregate CSC",
                    "extImportPrograms": [],
                    "extImportProgramsExpanded": [],
                    "programsSelectType": "all",
                },
                "provisionCodes": {
                    "aggregation": "Aggregate RPCODE",
                    "provisionCodesSelectType": "all",
                    "rateProvisionCodes": [],
                    "rateProvisionCodesExpanded": [],
                    "rateProvisionGroups": {"systemGroups": []},
                },
            },
        },
        "sortingAndDataFormat": {
            "DataSort": {"columnOrder": [line, "YEAR", "COUNTRY"], "fullColumnOrder": [], "sortOrder": []},
            "reportCustomizations": {"exportCombineTables": False, "totalRecords": str(CAP), "exportRawData": False},
        },
        "deletedCountryUserGroups": [],
        "deletedCommodityUserGroups": [],
        "deletedDistrictUserGroups": [],
    }


def _table(answer: Any) -> pd.DataFrame:
    """The one table of an answer, a column a label, all text; without rows where it has none. Raises FetchError for a refusal."""
    report = answer.get("dto") if isinstance(answer, dict) else None
    if not isinstance(report, dict) or report.get("errors"):
        said = report.get("errors") if isinstance(report, dict) else type(answer).__name__
        raise FetchError(f"DataWeb answers without a report: {said}", "compare the request with one that its site sends")
    tables = report.get("tables") or []
    if not tables:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    labels = [column["label"] for group in tables[0]["column_groups"] for column in group["columns"]]
    web.check_columns(NAME, labels, COLUMNS)
    found = [row["rowEntries"] for group in tables[0]["row_groups"] for row in group.get("rowsNew") or []]
    if any(len(entries) != len(labels) for entries in found) or len(found) >= CAP:
        raise FetchError(f"DataWeb's report has {len(found):,} rows, cut short or other than its columns", "ask for fewer lines")
    cells = [[str(entry.get("value") or "") for entry in entries] for entries in found]
    return pd.DataFrame(cells, columns=labels, dtype="str")
