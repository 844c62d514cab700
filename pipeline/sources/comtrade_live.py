"""UN Comtrade's own endpoint: all reporters' trade in the thirty goods of a year, for trade_reports. Not tried live.

A thin client of ours: the publisher's package prints errors and returns nothing. Shapes and limits are as others recorded them
(docs/live-sources.md); tests replay them from a local server.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import requests

from pipeline import paths
from pipeline.errors import ReoError
from pipeline.intake import fetched, web
from pipeline.intake.web import FetchError

HOST = "https://comtradeapi.un.org"
KEY = "REO_COMTRADE_KEY"
CODES = (
    "250490", "251010", "251110", "252800", "252910", "252922", "260200", "260600", "270112", "280429", "280469", "280470",
    "280480", "282200", "283691", "283692", "711011", "711021", "720292", "720293", "740311", "750210", "810194", "810320",
    "810411", "810820", "811010", "811212", "811231", "811292", "850511",
)  # fmt: skip
CODES_A_CALL = 3
# Rows a call returns at most: an answer of so many is taken to be cut.
CAP = 100_000
# Without these the answer holds totals and their breakdowns together.
TOTALS = {"motCode": "0", "customsCode": "C00", "partner2Code": "0"}
FIELDS = {
    "reporterCode": "reporter",
    "partnerCode": "partner",
    "cmdCode": "cmd",
    "flowCode": "flow",
    "primaryValue": "value",
    "netWgt": "netwgt",
}
FLOWS = ("X", "M")


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The last year of which any country has reported; its list of reports needs no key."""
    return max(str(report["period"]) for report in listed(asked, host, "A"))


def listed(asked: requests.Session, host: str, frequency: str) -> list[dict[str, Any]]:
    """The reports it has, annual (A) or monthly (M), each with reporterCode and period. Raises FetchError where there is none."""
    answer = web.get_json(asked, f"{host}/public/v1/getDa/C/{frequency}/HS")
    if not isinstance(answer, dict) or not answer.get("data"):
        raise FetchError("UN Comtrade lists no reports", "open its site in a browser: it may be under maintenance")
    found: list[dict[str, Any]] = answer["data"]
    return found


@dataclass(frozen=True)
class Asking:
    """What all calls of one fetch share; `period` is a year or a month (202608), `reporter` None for all, `cap` in rows."""

    session: requests.Session
    host: str
    key: str
    period: str
    reporter: str | None = None
    cap: int = CAP
    # What the publisher sent, in the order of the calls.
    answers: list[Any] = field(default_factory=list)


def fetch(edition: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The year's reports in data/raw/un_comtrade_reports/, about eleven calls. The key is read from REO_COMTRADE_KEY alone.

    Raises FetchError for a refusal, an answer that is no data or not whole, and a year without reports; then no file is written.
    """
    if not re.fullmatch("[0-9]{4}", edition):
        raise ReoError(f"{edition} is no year", "write it as 2025")
    key = fetched.key(KEY, "UN Comtrade", HOST[8:])
    rows = reports(Asking(asked or web.session(), host, key, edition), CODES)
    file = paths.raw() / "un_comtrade_reports" / f"comtrade_{edition}.csv.gz"
    fetched.write(file, rows)
    return [file]


def reports(asking: Asking, codes: Sequence[str], flows: Sequence[str] = FLOWS) -> pd.DataFrame:
    """Reports in dollars and kilograms, columns as in the files of un_comtrade_reports, sorted. Raises FetchError."""
    parts = [codes[start : start + CODES_A_CALL] for start in range(0, len(codes), CODES_A_CALL)]
    found = pd.concat([_ask(asking, part, flows) for part in parts], ignore_index=True)
    if found.empty:
        raise FetchError(f"UN Comtrade has no reports of {asking.period} yet", "try again when countries have reported it")
    each = ["reporter", "partner", "cmd", "flow"]
    twice = found[found.duplicated(each)]
    if len(twice):
        raise FetchError(
            f"UN Comtrade gives {len(twice)} flows of {asking.period} more than once, "
            f"such as {' '.join(map(str, twice[each].iloc[0]))}",
            "its answer holds breakdowns beside totals: compare the request with its documentation",
        )
    return found.sort_values(each, ignore_index=True)


def _ask(asking: Asking, codes: Sequence[str], flows: Sequence[str]) -> pd.DataFrame:
    """One call, or two halves of it where the answer is as long as the publisher allows."""
    parameters = {"period": asking.period, "cmdCode": ",".join(codes), "flowCode": ",".join(flows), **TOTALS}
    parameters |= {"reporterCode": asking.reporter} if asking.reporter else {}
    address = f"{asking.host}/data/v1/get/C/{'A' if len(asking.period) == 4 else 'M'}/HS"
    answer = web.get_json(asking.session, address, parameters, {"Ocp-Apim-Subscription-Key": asking.key})
    rows = _rows(answer)
    if len(answer["data"]) < asking.cap:
        asking.answers.append(answer)
        return rows
    if len(codes) > 1:
        middle = len(codes) // 2
        halves = [(codes[:middle], flows), (codes[middle:], flows)]
    elif len(flows) > 1:
        halves = [(codes, flows[:1]), (codes, flows[1:])]
    else:
        raise FetchError(
            f"UN Comtrade has more than {asking.cap:,} rows of {codes[0]} in {asking.period}", "ask for single reporters"
        )
    return pd.concat([_ask(asking, part, of) for part, of in halves], ignore_index=True)


def _rows(answer: Any) -> pd.DataFrame:
    """The rows of an answer, checked: it says how many there are, and each has the fields and is a total."""
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, list) or answer.get("error"):
        shown = answer.get("error") if isinstance(answer, dict) else type(answer).__name__
        raise FetchError(f"UN Comtrade answers without data: {shown}", "compare the request with its documentation")
    if answer.get("count") != len(data):
        raise FetchError(
            f"UN Comtrade announces {answer.get('count')} rows and sends {len(data)}", "try again; the answer was cut short"
        )
    frame = pd.DataFrame(data, columns=None if data else [*FIELDS, *TOTALS])
    missing = [field for field in (*FIELDS, *TOTALS) if field not in frame]
    if missing:
        raise FetchError(
            f"UN Comtrade's rows lack {', '.join(missing)}", "look for the new names, and change FIELDS in comtrade_live.py"
        )
    for name, wanted in TOTALS.items():
        if (frame[name].astype(str) != wanted).any():
            raise FetchError(f"UN Comtrade sends rows whose {name} is not {wanted}", "they are breakdowns: do not add them up")
    rows = frame[list(FIELDS)].rename(columns=FIELDS)
    # A mass of 0 is not a measurement.
    return rows[rows["value"] > 0].assign(netwgt=rows["netwgt"].where(rows["netwgt"] > 0))
