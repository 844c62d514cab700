"""UN Comtrade's client against a local server that answers in the publisher's shapes, with its limits and faults."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.errors import ReoError
from pipeline.intake import lock, web
from pipeline.intake.web import FetchError
from pipeline.sources import comtrade_live, comtrade_monthly_live
from pipeline.sources.comtrade_live import Asking, reports
from pipeline.sources.comtrade_reports import reported
from tests.measures import toy
from tests.publishers import Answer, publisher
from tests.sources.publishers_answers import CASES, answered, envelope, report

CODES = ["850511", "280530"]


ROWS = [
    report(156, 842, "850511", "X", 200000.0, netWgt=8000.5),
    report(842, 156, "850511", "M", 240000.0),
    report(842, 0, "850511", "M", 240000.0),
    report(156, 842, "280530", "X", 5000.0),
]


def asked_for(query: dict[str, str]) -> list[dict[str, Any]]:
    codes, flows = query["cmdCode"].split(","), query["flowCode"].split(",")
    return [r for r in ROWS if r["cmdCode"] in codes and r["flowCode"] in flows]


def fetched(answer: Callable[[dict[str, str], int], Answer], cap: int = 100_000) -> tuple[pd.DataFrame, list[dict[str, str]]]:
    with publisher(answer) as (host, queries), web.session(pause=0, tries=2) as asked:
        return reports(Asking(asked, host, "a-key", "2025", cap=cap), CODES), queries


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


CUT = envelope(ROWS)[2]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, {}, b"{}"), "refuses the request .401"),
        ((400, {}, b'{"error": "the field motCode is invalid"}'), "the field motCode is invalid"),
        ((200, {"Content-Type": "text/html"}, b"<html><h1>Maintenance</h1></html>"), "no JSON: <html><h1>Maintenance"),
        ((200, {}, CUT[:-20]), "no JSON"),
        (envelope([]), "no reports of 2025 yet"),
        (envelope([], error="The period is invalid"), "The period is invalid"),
        (envelope(ROWS, count=7), "announces 7 rows and sends 4"),
        (envelope([report(156, 842, "850511", "X", 1.0, motCode=1000)]), "whose motCode is not 0"),
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
        reports(Asking(asked, host, "a-key", "2025"), CODES)


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


def test_a_month_is_chinas_exports_and_magnets_of_all_countries(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(comtrade_live.KEY, "a-key")
    lock.path().write_text("packages: {}\nsources: {}\n")
    answers = CASES["un_comtrade_monthly"].answers
    with publisher(lambda query, n: answered(answers, query)) as (host, queries):
        comtrade_monthly_live.fetch("2026-08", host=host)
    assert {q["period"] for q in queries} == {"202608"}
    assert [(q["cmdCode"], q["flowCode"], q.get("reporterCode")) for q in queries] == [
        ("250410,250490,282200", "X", "156"),
        ("283691,380110,810194", "X", "156"),
        ("811292", "X", "156"),
        ("850511", "X,M", None),
    ]
    assert all((q["motCode"], q["customsCode"], q["partner2Code"]) == ("0", "C00", "0") for q in queries)


def test_an_answer_as_long_as_the_cap_is_asked_for_in_halves_though_some_of_its_rows_have_no_value() -> None:
    nothing = report(156, 233, "850511", "X", 0.0)
    _, queries = fetched(lambda query, n: envelope([*ROWS[:2], nothing] if n == 1 else asked_for(query)[:1]), cap=3)
    assert [q["cmdCode"] for q in queries] == ["850511,280530", "850511", "280530"]
