"""UN Comtrade's own endpoint by month, for un_comtrade_monthly: the same calls as of years. Not tried live.

The file holds China's exports of eight goods, and of magnets the reports of all countries.
"""

import json
import re
from pathlib import Path

import pandas as pd
import requests

from pipeline.intake import fetched, web
from pipeline.intake.web import FetchError
from pipeline.sources import comtrade_live
from pipeline.sources.comtrade_live import HOST, KEY, Asking

SOURCE, FILE = "un_comtrade_monthly", "monthly.csv.gz"
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
MAGNETS, CHINA = "850511", "156"
# Six digits → the word of traded_goods.csv.
GOODS = {
    "250410": "graphite_natural_powder_flake",
    "250490": "graphite_natural_other",
    "282200": "cobalt_oxides",
    "283691": "lithium_carbonate",
    "380110": "graphite_artificial",
    "810194": "tungsten_unwrought_bars",
    "811292": "ga_ge_group_811292",
    MAGNETS: "permanent_magnets_metal",
}
FLOWS = {"X": "export", "M": "import"}
MEASURES = {"kg": "netwgt", "usd": "value"}
# Codes that are not ISO's numbers.
OTHER_CODES = {"251": "250", "490": "158", "579": "578", "699": "356", "757": "756", "842": "840"}
# The world, groups, bunkers, free zones and places not stated.
NO_COUNTRY = (
    *("0", "97", "471", "472", "473", "492", "527", "536", "568", "577", "636", "637"),
    *("697", "837", "838", "839", "849", "879", "899"),
)
KEYS = ["period_start", "period_end"]


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The last month (2026-08) of which China has reported."""
    months = [str(report["period"]) for report in comtrade_live.listed(asked, host, "M") if str(report["reporterCode"]) == CHINA]
    if not months:
        raise FetchError("UN Comtrade lists no month of China", "look at its list of reports in a browser")
    return f"{max(months)[:4]}-{max(months)[4:]}"


def fetch(edition: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The answers for a month (2026-08) and monthly.csv.gz with its rows. The key is read from REO_COMTRADE_KEY alone.

    Raises FetchError.
    """
    if not re.fullmatch(MONTH, edition):
        raise FetchError(f"{edition} is no month", "write it as 2026-08")
    session, key, period = asked or web.session(), fetched.key(KEY, "UN Comtrade", HOST[8:]), edition.replace("-", "")
    china, all_countries = Asking(session, host, key, period, CHINA), Asking(session, host, key, period)
    found = [
        comtrade_live.reports(china, [code for code in GOODS if code != MAGNETS], ["X"]),
        comtrade_live.reports(all_countries, [MAGNETS]),
    ]
    answers = json.dumps([*china.answers, *all_countries.answers], ensure_ascii=False).encode()
    table = rows(pd.concat(found, ignore_index=True), edition)
    kept = fetched.keep(SOURCE, edition, {"answers.json": answers})
    return [*kept, fetched.put_down(SOURCE, edition, FILE, table, KEYS)]


def rows(reports: pd.DataFrame, month: str) -> pd.DataFrame:
    """Columns of monthly.csv.gz: kilograms and dollars of a flow, a row each; a mass that is not reported has none."""
    reports = reports[~reports["partner"].astype("str").isin(NO_COUNTRY)].reset_index(drop=True)
    codes = reports[["reporter", "partner"]].astype("str").replace(OTHER_CODES)
    common = pd.DataFrame(
        {
            "period_start": month,
            "period_end": month,
            "reporter": fetched.iso3("UN Comtrade", codes["reporter"], "ISOnumeric"),
            "partner": fetched.iso3("UN Comtrade", codes["partner"], "ISOnumeric"),
            "product": reports["cmd"].map(GOODS),
            "hs_code": reports["cmd"],
            "flow": reports["flow"].map(FLOWS),
        }
    )
    parts = [common.assign(measure=measure, value=reports[column]) for measure, column in MEASURES.items()]
    table = pd.concat(parts, ignore_index=True).dropna(subset="value")
    text = table["value"].astype("float64").map("{:.3f}".format).astype("str").str.rstrip("0").str.rstrip(".")
    table = table.assign(value=text, document_id=fetched.document_id(SOURCE, month), note="")
    return table[table["value"] != "0"].sort_values(["reporter", "partner", "hs_code", "flow", "measure"], ignore_index=True)
