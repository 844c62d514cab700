"""UN Comtrade's client against a local server that answers in the publisher's shapes, with its limits and faults."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.errors import ReoError
from pipeline.intake import web
from pipeline.intake.web import FetchError
from pipeline.sources import comtrade_live
from pipeline.sources.comtrade_reports import reported
from tests.measures import toy
from tests.publishers import Answer, publisher

CODES = ["850511", "280530"]


def row(reporter: int, partner: int, code: str, flow: str, value: float, **other: Any) -> dict[str, Any]:
    """A row as the endpoint sends it; most of its 47 fields are not read."""
    read = {"reporterCode": reporter, "partnerCode": partner, "cmdCode": code, "flowCode": flow, "primaryValue": value}
    totals = {"motCode": 0, "customsCode": "C00", "partner2Code": 0, "mosCode": "0"}
    return {"typeCode": "C", "freqCode": "A", "refYear": 2025, "period": "2025", "netWgt": 0.0, **read, **totals, **other}


ROWS = [
    row(156, 842, "850511", "X", 200000.0, netWgt=8000.5),
    row(842, 156, "850511", "M", 240000.0),
    row(842, 0, "850511", "M", 240000.0),
    row(156, 842, "280530", "X", 5000.0),
]


def envelope(rows: list[dict[str, Any]], **other: Any) -> Answer:
    body = {"elapsedTime": "0.12 secs", "count": len(rows), "data": rows, "error": "", **other}
    return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def asked_for(query: dict[str, str]) -> list[dict[str, Any]]:
    codes, flows = query["cmdCode"].split(","), query["flowCode"].split(",")
    return [r for r in ROWS if r["cmdCode"] in codes and r["flowCode"] in flows]


def fetched(answer: Callable[[dict[str, str], int], Answer], cap: int = 100_000) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    with publisher(answer) as (host, queries), web.session(pause=0, tries=2) as asked:
        return comtrade_live.reports(asked, 2025, CODES, "a-key", host, cap), queries


def test_one_row_a_flow_with_the_key_in_the_header_and_totals_alone_asked_for() -> None:
    rows, queries = fetched(lambda query, n: envelope(asked_for(query)))
    assert rows.to_dict("list") == {
        "reporter": [156, 156, 842, 842],
        "partner": [842, 842, 0, 156],
        "cmd": ["280530", "850511", "850511", "850511"],
        "flow": ["X", "X", "M", "M"],
        "value": [5000, 200000, 240000, 240000],
        "netwgt": [pytest.approx(float("nan"), nan_ok=True), 8000.5, *[pytest.approx(float("nan"), nan_ok=True)] * 2],
    }
    assert queries == [
        {
            "period": "2025", "cmdCode": "850511,280530", "flowCode": "X,M", "motCode": "0", "customsCode": "C00",
            "partner2Code": "0", "key": "a-key",
        }
    ]  # fmt: skip


def test_an_answer_at_the_cap_is_asked_for_in_halves() -> None:
    whole, _ = fetched(lambda query, n: envelope(asked_for(query)))
    split, queries = fetched(lambda query, n: envelope(asked_for(query)[:3]), cap=3)
    pd.testing.assert_frame_equal(split, whole)
    assert [(q["cmdCode"], q["flowCode"]) for q in queries] == [
        ("850511,280530", "X,M"), ("850511", "X,M"), ("850511", "X"), ("850511", "M"), ("280530", "X,M")
    ]  # fmt: skip


def test_after_429_it_is_asked_again() -> None:
    limited = (429, {"Retry-After": "0"}, b'{"message": "Rate limit is exceeded. Try again in 2 seconds."}')
    rows, queries = fetched(lambda query, n: limited if n == 1 else envelope(asked_for(query)))
    assert (len(rows), len(queries)) == (4, 2)


def renamed() -> Answer:
    return envelope([{("tradeValue" if name == "primaryValue" else name): v for name, v in r.items()} for r in ROWS])


CUT = envelope(ROWS)[2]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((429, {"Retry-After": "0"}, b"{}"), "allows no more requests"),
        ((403, {}, b"{}"), "refuses the key"),
        ((401, {}, b"{}"), "refuses the key"),
        ((400, {}, b'{"error": "the field motCode is invalid"}'), "the field motCode is invalid"),
        ((200, {"Content-Type": "text/html"}, b"<html><h1>Maintenance</h1></html>"), "no JSON: <html><h1>Maintenance"),
        ((200, {"Content-Length": str(len(CUT) + 10)}, CUT[:-20]), "did not answer in full"),
        ((200, {}, CUT[:-20]), "no JSON"),
        (envelope([]), "no reports of 2025 yet"),
        (envelope([], error="The period is invalid"), "The period is invalid"),
        (envelope(ROWS, count=7), "announces 7 rows and sends 4"),
        (renamed(), "lack primaryValue"),
        (envelope([row(156, 842, "850511", "X", 1.0, motCode=1000)]), "whose motCode is not 0"),
        (envelope([ROWS[0], ROWS[0]]), "more than once, such as 156 842 850511 X"),
    ],
)
def test_an_answer_that_is_no_whole_data_is_one_error(answer: Answer, message: str) -> None:
    with pytest.raises(FetchError, match=message):
        fetched(lambda query, n: answer)


def test_a_silent_host_is_one_error() -> None:
    with publisher(lambda query, n: envelope([])) as (host, _):
        pass
    with web.session(pause=0, tries=0) as asked, pytest.raises(FetchError, match="did not answer"):
        comtrade_live.reports(asked, 2025, CODES, "a-key", host)


def test_without_a_key_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(comtrade_live.KEY, raising=False)
    with pytest.raises(ReoError, match="REO_COMTRADE_KEY is not set"):
        comtrade_live.fetch("2025")


def test_the_file_is_read_like_the_years_at_hand(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(comtrade_live.KEY, "a-key")
    with publisher(lambda query, n: envelope(asked_for(query))) as (host, queries):
        [file] = comtrade_live.fetch("2025", host=host)
    rows = reported(file, toy.tidy("country_codes")).query("hs6 == '850511'")
    assert rows[["year", "exporter", "importer", "reported_by", "value_kusd"]].to_numpy().tolist() == [
        [2025, "CHN", "USA", "exporter", 200], [2025, "CHN", "USA", "importer", 240]
    ]  # fmt: skip
    assert {q["key"] for q in queries} == {"a-key"}
    assert len(queries) == 11
    assert b"a-key" not in gzip.decompress(file.read_bytes())
