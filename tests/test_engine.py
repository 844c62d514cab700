"""Which engine scans a table, and what a person reads where it cannot."""

import contextlib
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import catalog, engine
from pipeline.errors import ReoError

# What the client's own error says of a server that is lost: its reason is in the third line.
UNAVAILABLE = """<_MultiThreadedRendezvous of RPC that terminated with:
	status = StatusCode.UNAVAILABLE
	details = "failed to connect to all addresses"
"""
SERVER = "sc://127.0.0.1:15002"


@pytest.fixture
def scan(finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch):
    """Scans a table of the toy world under given settings."""
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    for name in ("REO_ENGINE", "REO_SPARK", "REO_STORAGE"):
        monkeypatch.delenv(name, raising=False)

    def scan(**settings: str):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        return catalog.scan_table("products")

    return scan


def test_duckdb_scans_where_nothing_is_set(scan) -> None:
    assert scan().get_backend().name == "duckdb"


def test_an_unknown_engine_is_refused_and_the_near_one_named(scan) -> None:
    with pytest.raises(ReoError, match="did you mean spark"):
        scan(REO_ENGINE="sparc")


@pytest.mark.parametrize("address", ["", "localhost:15002", "sc://"])
def test_spark_without_its_address_is_refused(scan, address: str) -> None:
    with pytest.raises(ReoError, match="set REO_SPARK=sc://host:port"):
        scan(REO_ENGINE="spark", REO_SPARK=address)


def test_a_missing_client_is_named_with_how_to_get_it(scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, engine.SESSIONS, None)
    with pytest.raises(ReoError, match="make test-spark"):
        scan(REO_ENGINE="spark", REO_SPARK=SERVER)


class FutureTimeoutError(Exception):
    """Stands for the client's."""


class Ready:
    """Stands for a channel of the client, on which nobody speaks."""

    def result(self, seconds: float) -> None:
        raise FutureTimeoutError


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for the client that `make test-spark` installs; tests/spark has the real one."""
    channel = SimpleNamespace(toChannel=contextlib.nullcontext)
    stubs = {
        "grpc": SimpleNamespace(FutureTimeoutError=FutureTimeoutError, channel_ready_future=lambda channel: Ready()),
        engine.CLIENT: SimpleNamespace(DefaultChannelBuilder=lambda address: channel),
        engine.SESSIONS: SimpleNamespace(SparkSession=None),
    }
    for name, stub in stubs.items():
        monkeypatch.setitem(sys.modules, name, stub)


@pytest.mark.usefixtures("client")
def test_a_server_that_does_not_answer_is_named_at_once(scan) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ReoError, match=f"no Spark Connect server answers at sc://127.0.0.1:{port}"):
        scan(REO_ENGINE="spark", REO_SPARK=f"sc://127.0.0.1:{port}")


@pytest.mark.usefixtures("client")
def test_a_port_that_is_open_and_says_nothing_is_named(scan) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(ReoError, match=f"answers at sc://127.0.0.1:{port} .its port is open, and says nothing"):
            scan(REO_ENGINE="spark", REO_SPARK=f"sc://127.0.0.1:{port}")


def lost(*given: object, **named: object) -> None:
    raise RuntimeError(UNAVAILABLE)


def test_a_server_that_is_lost_in_between_is_one_error_with_what_to_do() -> None:
    backend = SimpleNamespace(disconnect=lost, **dict.fromkeys(engine.RUNS, lost))
    engine.with_one_error(backend, SERVER)
    for run in engine.RUNS:
        with pytest.raises(ReoError, match=f"the Spark server at {SERVER} failed .failed to connect to all addresses") as error:
            getattr(backend, run)("an expression")
        assert "run the same command" in error.value.remedy


def test_a_server_that_is_lost_before_a_table_is_scanned_is_not_a_matter_of_storage(
    scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "spark", lambda address: SimpleNamespace(read_parquet=lost))
    with pytest.raises(ReoError, match=r"the Spark server at .* failed"):
        scan(REO_ENGINE="spark", REO_SPARK=SERVER)


def test_the_storage_gets_each_state_of_a_table_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REO_STORAGE", (tmp_path / "bucket").as_uri() + "/")
    table = tmp_path / "products.parquet"
    addresses = []
    for content in (b"first", b"first", b"second"):
        table.write_bytes(content)
        addresses.append(engine.seen_by_server(table))
    first, again, second = addresses
    assert first == again != second
    assert sorted(file.read_bytes() for file in (tmp_path / "bucket").iterdir()) == [b"first", b"second"]


def test_a_storage_of_no_known_kind_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REO_STORAGE", "nosuch://bucket")
    (tmp_path / "products.parquet").write_bytes(b"rows")
    with pytest.raises(ReoError, match="cannot be copied to nosuch://bucket"):
        engine.seen_by_server(tmp_path / "products.parquet")
