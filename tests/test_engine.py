"""Which engine scans a table, and what a person reads where it cannot."""

import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import catalog, engine
from pipeline.errors import ReoError

SESSIONS = "pyspark.sql.connect.session"
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
    monkeypatch.setitem(sys.modules, SESSIONS, None)
    with pytest.raises(ReoError, match="make test-spark"):
        scan(REO_ENGINE="spark", REO_SPARK=SERVER)


def test_a_server_that_does_not_answer_is_named_at_once(scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, SESSIONS, SimpleNamespace(SparkSession=None))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ReoError, match=f"no Spark Connect server answers at sc://127.0.0.1:{port}"):
        scan(REO_ENGINE="spark", REO_SPARK=f"sc://127.0.0.1:{port}")


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
