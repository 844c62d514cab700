"""The sensor of new editions, against a server that answers as the publishers do."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline import build as building
from pipeline.assets import editions
from pipeline.definitions import compose
from pipeline.sources import publishers
from tests.made_sources import Write
from tests.publishers import Answer, publisher
from tests.sources.publishers_answers import CASES, answered

Tick = Callable[[str | None], dg.SensorResult]
KEYS = {client.key for client in publishers.CLIENTS.values() if client.key}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Bodies by address, of all publishers with one host; a test changes them."""
    found: dict[str, Any] = {path: body for case in CASES.values() for path, body in case.answers.items()}
    found["/DATA_DOWNLOAD/baci"] = (200, {"ETag": '"one"'}, b"")
    for key in KEYS:
        monkeypatch.setenv(key, "a-key")
    with publisher(lambda query, n: answered(found, query)) as (host, _):
        for source_id in publishers.CLIENTS:
            monkeypatch.setattr(publishers._module(source_id), "HOST", host)
        yield found


@pytest.fixture
def tick(source: Write) -> Tick:
    """Evaluate the sensor once with a cursor, on a lock that has every source with a client, and no edition in its words."""
    for source_id in publishers.CLIENTS:
        source(source_id, **{"figures.csv": "a\n1\n"})

    def evaluate(cursor: str | None) -> dg.SensorResult:
        with dg.instance_for_test() as instance, dg.build_sensor_context(instance, cursor=cursor) as context:
            found = editions.new_editions(context)
        assert isinstance(found, dg.SensorResult)
        return found

    return evaluate


def requested(found: dg.SensorResult) -> list[str | None]:
    return [request.run_key for request in found.run_requests or []]


def observed(found: dg.SensorResult) -> dict[str, str]:
    return {event.asset_key.path[-1]: event.tags["dagster/data_version"] for event in found.asset_events}  # type: ignore[union-attr]


def newest() -> dict[str, str]:
    here = {source_id: case.edition for source_id, case in CASES.items()}
    return here | {"cepii_baci": f"V{date.today().year}01"}


def test_the_first_tick_asks_for_what_the_lock_does_not_name(tick: Tick, answers: dict[str, Any]) -> None:
    found = tick(None)
    assert observed(found) == newest()
    assert sorted(map(str, requested(found))) == sorted(f"{source_id}:{edition}" for source_id, edition in newest().items())
    assert json.loads(found.cursor or "") == newest()


def test_an_edition_that_the_lock_names_is_not_new(tick: Tick, answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    read = editions.lock.read()
    named = {s: entry.model_copy(update={"edition": f"1990 to {newest()[s]}"}) for s, entry in read.sources.items()}
    monkeypatch.setattr(editions.lock, "read", lambda: read.model_copy(update={"sources": named}))
    assert requested(tick(None)) == []


def test_a_tick_without_news_starts_nothing_and_says_so(tick: Tick, answers: dict[str, Any]) -> None:
    before = json.dumps(newest())
    found = tick(before)
    assert requested(found) == []
    assert f"no new edition of {len(publishers.CLIENTS)} publishers" in str(found.skip_reason)
    assert json.loads(found.cursor or "") == json.loads(before)
    assert observed(found) == newest()


def test_a_new_edition_starts_one_candidate_of_its_name(tick: Tick, answers: dict[str, Any]) -> None:
    found = tick(json.dumps(newest() | {"usgs_mcs": "2025"}))
    [request] = found.run_requests or []
    assert (request.run_key, request.partition_key) == ("usgs_mcs:2026", "usgs_mcs:2026")
    assert [r.partition_keys for r in found.dynamic_partitions_requests or []] == [["usgs_mcs:2026"]]
    assert json.loads(found.cursor or "")["usgs_mcs"] == "2026"


def test_a_publisher_that_fails_hides_no_other_and_is_named(tick: Tick, answers: dict[str, Any]) -> None:
    page: Answer = (200, {"Content-Type": "text/html"}, b"<html>Maintenance</html>")
    answers["/collections/world-mineral-statistics/items"] = page
    found = tick(json.dumps(newest() | {"usgs_mcs": "2025"}))
    assert requested(found) == ["usgs_mcs:2026"]
    assert "bgs_world_mineral_statistics" not in observed(found)
    quiet = tick(json.dumps(newest()))
    assert "bgs_world_mineral_statistics: not known" in str(quiet.skip_reason)
    assert json.loads(quiet.cursor or "") == newest()


def test_without_its_key_a_publisher_is_not_asked(tick: Tick, answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    before = newest()
    for key in KEYS:
        monkeypatch.delenv(key)
    found = tick(json.dumps(before))
    with_key = {"us_census_monthly", "un_comtrade_monthly", "un_comtrade_reports", "usitc_dataweb"}
    assert set(before) - set(observed(found)) == with_key
    assert "us_census_monthly: not asked: REO_CENSUS_KEY is not set" in str(found.skip_reason)


def test_candidates_are_made_one_at_a_time(toy_data: Path) -> None:
    """The tag that the instance limits is the one the job's runs have."""
    with building.open_instance() as instance:
        [limit] = instance.get_concurrency_config().run_queue_config.tag_concurrency_limits
    assert limit["limit"] == 1
    assert limit["key"] in compose().resolve_job_def(editions.JOB).run_tags


def test_an_earlier_edition_than_the_one_seen_is_not_new() -> None:
    assert not editions.is_new("2026-09", "2026-10", "")
    assert editions.is_new("2026-11", "2026-10", "")
    assert editions.is_new("V202701", "V202601", "")
