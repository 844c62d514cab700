"""Every client against a local server: equal flows are equal rows, and every failure is one error that says what to do."""

import gzip
import io
import json
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline import cli
from pipeline.errors import ReoError
from pipeline.intake import fetched, lock, web
from pipeline.intake.web import FetchError
from pipeline.sources import census_live, publishers
from tests.made_sources import Write
from tests.publishers import STALLED, Answer, publisher
from tests.sources.publishers_answers import CASES, Case, answered, changed

EVERY = pytest.mark.parametrize("source_id", publishers.CLIENTS)
# Those whose next file is the listed one with rows added; the others have a file a year.
ADDING = [source_id for source_id in CASES if source_id not in ("cepii_baci", "un_comtrade_reports")]


@pytest.fixture(autouse=True)
def empty_lock(data_folder: Path) -> None:
    lock.path().write_text("packages: {}\nsources: {}\n")


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for client in publishers.CLIENTS.values():
        if client.key:
            monkeypatch.setenv(client.key, "a-key")


def fetch(source_id: str, answers: Mapping[str, Any]) -> list[Path]:
    with publisher(lambda query, n: answered(answers, query)) as (host, _), web.session(pause=0, tries=1, silence=0.2) as asked:
        return publishers.fetch(source_id, CASES[source_id].edition, asked, host)


def written(files: list[Path], case: Case) -> str:
    content = next(file for file in files if file.name == case.file).read_bytes()
    return (gzip.decompress(content) if case.file.endswith(".gz") else content).decode()


def rows(case: Case, source_id: str) -> str:
    return case.rows.format(document=fetched.document_id(source_id, case.edition))


@EVERY
def test_equal_flows_are_equal_rows(data_folder: Path, source_id: str) -> None:
    case = CASES[source_id]
    files = fetch(source_id, case.answers)
    found = pd.read_csv(io.StringIO(written(files, case)), dtype=str, keep_default_na=False)
    wanted = [line.split(",") for line in rows(case, source_id).splitlines()]
    columns = case.columns.strip().split(",")
    assert found.reindex(columns=columns, fill_value="").to_numpy().tolist() == wanted
    assert not any(b"a-key" in file.read_bytes() for file in files)


@pytest.mark.parametrize("source_id", ADDING)
def test_the_publishers_bytes_are_kept_beside_the_next_file(data_folder: Path, source_id: str) -> None:
    case = CASES[source_id]
    files = fetch(source_id, case.answers)
    read = fetched.for_parsers(files)
    assert {file.parent for file in read} == {fetched.folder(source_id, case.edition)}
    assert case.file in [file.name for file in read]
    assert {file.parent for file in files if file not in read} == {fetched.folder(source_id, case.edition) / "answers"}


def same(answer: Answer) -> Callable[[Case], Mapping[str, Any]]:
    return lambda case: dict.fromkeys(case.answers, answer)


BODY = b'{"items": [{"id": "a26"}]}'
NOT_WHOLE = "did not answer in full|in part"
# What a publisher answers, and what a person then reads.
FAILURES: dict[str, tuple[Callable[[Case], Mapping[str, Any]], str]] = {
    "429 with Retry-After": (same((429, {"Retry-After": "0"}, b"{}")), "allows no more requests now"),
    "403 without a key": (same((403, {}, b"{}")), "refuses the request .403"),
    "200 with an HTML page": (same((200, {"Content-Type": "text/html"}, b"<html><h1>Maintenance</h1></html>")), "[a-z]"),
    "a cut body": (same((200, {"Content-Length": "99"}, BODY)), NOT_WHOLE),
    "a stalled body": (same(STALLED), NOT_WHOLE),
    "an empty year": (lambda case: case.empty, "[a-z]"),
    "a renamed column": (lambda case: case.renamed, "lack|has not one line of rare earths"),
    "500": (same((500, {}, b"Internal error")), "answers 500"),
}


@EVERY
@pytest.mark.parametrize("failure", FAILURES)
def test_every_failure_of_every_publisher_is_one_error_and_leaves_no_file(
    data_folder: Path, source_id: str, failure: str
) -> None:
    answers, message = FAILURES[failure]
    with pytest.raises(FetchError, match=message) as error:
        fetch(source_id, answers(CASES[source_id]))
    assert error.value.remedy
    assert not list(data_folder.rglob(CASES[source_id].file))


@EVERY
def test_revised_figures_take_the_place_of_those_before(data_folder: Path, source_id: str) -> None:
    case = CASES[source_id]
    before = written(fetch(source_id, case.answers), case).splitlines()
    after = written(fetch(source_id, case.revised), case).splitlines()
    assert len(after) == len(before)
    assert 1 <= len(set(after) - set(before)) <= 2


@pytest.mark.parametrize("source_id", ADDING)
def test_revised_figures_take_the_place_of_those_listed(source: Write, source_id: str) -> None:
    case = CASES[source_id]
    listed = case.columns + rows(case, source_id)
    source(publishers.fed(source_id), **{case.file: gzip.compress(listed.encode()) if case.file.endswith(".gz") else listed})
    before, after = rows(case, source_id).splitlines(), written(fetch(source_id, case.revised), case).splitlines()[1:]
    assert len(after) == len(before)
    assert 1 <= len(set(after) - set(before)) <= 2


def test_the_next_month_is_added_to_the_file_that_is_listed_wherever_it_is(source: Write) -> None:
    source("us_census_monthly", **{"monthly.csv": CASES["us_census_monthly"].columns})
    may, june = (changed(CASES["us_census_monthly"].answers, "2026-06", month) for month in ("2026-05", "2026-06"))
    for month, answers in (("2026-05", may), ("2026-06", june)):
        with publisher(lambda query, n, answers=answers: answered(answers, query)) as (host, _):
            [file] = fetched.for_parsers(publishers.fetch("us_census_monthly", month, host=host))
        listed = lock.source("us_census_monthly").files[0].name
        lock.path().write_text(lock.path().read_text().replace(listed, file.relative_to(lock.path().parent).as_posix()))
        lock.relock()
    found = pd.read_csv(file, dtype=str)["period_start"]
    assert sorted(set(found)) == ["2026-05", "2026-06"]


PASSING: dict[str, Answer] = {
    "429 with Retry-After": (429, {"Retry-After": "0"}, b"{}"),
    "500": (500, {}, b"Internal error"),
    "a cut body": (200, {"Content-Length": "99"}, BODY),
}


# What there is of a large file is kept, and the next command goes on (test_baci_live.py).
ELSEWHERE = ("cepii_baci", "a cut body")


@pytest.mark.parametrize(("source_id", "failure"), [c for c in product(publishers.CLIENTS, PASSING) if c != ELSEWHERE])
def test_a_failure_that_passes_is_asked_again(data_folder: Path, source_id: str, failure: str) -> None:
    case = CASES[source_id]
    with (
        publisher(lambda query, n: PASSING[failure] if n == 1 else answered(case.answers, query)) as (host, _),
        web.session(pause=0, tries=1) as asked,
    ):
        files = publishers.fetch(source_id, case.edition, asked, host)
    assert written(files, case)


@EVERY
def test_the_publisher_is_asked_for_its_newest_edition(data_folder: Path, source_id: str) -> None:
    case = CASES[source_id]
    with publisher(lambda query, n: answered(case.answers, query)) as (host, _), web.session(pause=0, tries=1) as asked:
        assert publishers.newest(source_id, asked, host) == case.edition


def test_a_file_other_than_the_catalogue_lists_is_refused(data_folder: Path) -> None:
    with pytest.raises(FetchError, match="is not the file that ScienceBase lists"):
        fetch("usgs_mcs", changed(CASES["usgs_mcs"].answers, '"45,500"', '"45,600"'))


def test_a_census_call_led_to_the_page_of_missing_keys_is_refused(data_folder: Path) -> None:
    page = {"/data/missing_key.html": (200, {}, b"<html>A valid key must be included</html>")}
    with pytest.raises(FetchError, match=r"leads to /data/missing_key\.html"):
        fetch("us_census_monthly", {"/data/timeseries": (302, {"Location": "/data/missing_key.html"}, b""), **page})


def test_two_lines_of_one_country_are_one_row() -> None:
    names = pd.Series(["GAZA STRIP ADMIN. BY ISRAEL", "ISRAEL", "WEST BANK ADMIN. BY ISRAEL", "CHINA"])
    found = census_live.lines(names, pd.Series(["5", "7", "20", "0"]), "export", "850511", "2026-06", "d")
    assert found[["partner", "value"]].to_numpy().tolist() == [["PSE", "25"], ["ISR", "7"]]


def test_dataweb_has_no_rows_of_a_month_that_is_not_published_yet(data_folder: Path) -> None:
    """July is a column of zeros in its report of the year, August is no column."""
    case = CASES["usitc_dataweb"]
    with publisher(lambda query, n: answered(case.answers, query)) as (host, queries), web.session(pause=0, tries=1) as asked:
        for month in ("2026-07", "2026-08"):
            with pytest.raises(FetchError, match=f"no rows of {month}"):
                publishers.fetch("usitc_dataweb", month, asked, host)
    assert len(queries) == 2 * 3


def test_what_dataweb_refuses_is_one_error_with_its_words(data_folder: Path) -> None:
    refused = (200, {}, b'{"dto": {"tables": null, "errors": ["Invalid dataToReport object"]}}')
    with pytest.raises(FetchError, match="Invalid dataToReport object"):
        fetch("usitc_dataweb", dict.fromkeys(CASES["usitc_dataweb"].answers, refused))


def test_without_a_key_nothing_is_asked(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REO_CENSUS_KEY")
    with pytest.raises(ReoError, match="REO_CENSUS_KEY is not set"):
        fetch("us_census_monthly", {})


def test_a_country_that_is_not_known_is_refused(data_folder: Path) -> None:
    for source_id, old, new in (
        ("magnet_lines_quoted", ",BE,", ",QQ7,"),
        ("us_census_monthly", "ARGENTINA", "ATLANTIS"),
        ("un_comtrade_monthly", '"partnerCode": 490', '"partnerCode": 990'),
    ):
        with pytest.raises(FetchError, match="that is not known here"):
            fetch(source_id, changed(CASES[source_id].answers, old, new))


def test_a_source_without_a_client_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(ReoError, match="not fetched from its publisher"):
        publishers.fetch("usgs_mc", "2026")


def test_every_publisher_is_asked_and_one_that_does_not_answer_hides_no_other(
    data_folder: Path, source: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def newest(source_id: str, asked: object) -> str:
        if source_id == "usgs_mcs":
            raise FetchError("sciencebase is silent", "try again later")
        return "2099"

    source("bgs_world_mineral_statistics", **{"rare_earths.csv": "a\n1\n"})
    monkeypatch.delenv("REO_CENSUS_KEY")
    monkeypatch.setattr(publishers, "newest", newest)
    result = CliRunner().invoke(cli.app, ["sources", "--new", "--json"])
    found = json.loads(result.output)
    assert list(found) == list(publishers.CLIENTS)
    assert found["bgs_world_mineral_statistics"]["publisher"] == "2099"
    assert found["bgs_world_mineral_statistics"]["here"] == lock.source("bgs_world_mineral_statistics").edition
    assert found["usgs_mcs"]["publisher"] == "not known: sciencebase is silent"
    assert found["us_census_monthly"]["publisher"] == "not asked: REO_CENSUS_KEY is not set"
    assert "2099" in CliRunner().invoke(cli.app, ["sources", "--new"]).output


def test_the_head_of_a_file_says_whether_it_changed() -> None:
    def answer(query: dict[str, str], n: int) -> Answer:
        if query["path"] != "/file":
            return 404, {}, b""
        return (304, {}, b"") if query.get("known") == '"two"' else (200, {"ETag": '"two"'}, b"")

    with publisher(answer) as (host, queries), web.session(pause=0, tries=0) as asked:
        assert web.stamp(asked, f"{host}/file") == '"two"'
        assert web.stamp(asked, f"{host}/file", '"two"') == '"two"'
        assert web.stamp(asked, f"{host}/file", '"one"') == '"two"'
        assert web.stamp(asked, f"{host}/other") is None
    assert [q.get("known") for q in queries] == [None, '"two"', '"one"', None]
