"""Every measure that takes an expression gives on Spark Connect, bit for bit, the table that DuckDB gave.

The server is Sail, in this process; REO_SPARK names another one. `make test-spark` installs and runs it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipeline import catalog, engine, wiring
from tests.measures import toy

# Of the client: with pandas 3, and with an option that Ibis gives to clients of both kinds.
pytestmark = [pytest.mark.filterwarnings("ignore:The copy keyword", "ignore:'verifySchema'")]
MEASURES = [name for name in wiring.MAKERS if "expression" in wiring.signature(name).parameters.values()]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the server."""
    if address := os.environ.get("REO_SPARK"):
        yield address
        return
    sail = pytest.importorskip("pysail.spark", reason="pysail is not installed: `make test-spark` installs it")
    server = sail.SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    address = f"sc://{host}:{port}"
    yield address
    # The client asks at its end once more, and waits for minutes where nobody answers.
    engine.spark(address).disconnect()
    server.stop()


@pytest.fixture
def on_spark(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REO_ENGINE", "spark")
    monkeypatch.setenv("REO_SPARK", server)


def assert_as_stored(table_name: str) -> None:
    """Made afresh, the table is the stored one in every bit."""
    assert os.environ["REO_ENGINE"] == "spark"
    made = toy.made(table_name, wiring.make(table_name))
    pd.testing.assert_frame_equal(made, catalog.load_table(table_name), check_exact=True)


@pytest.mark.usefixtures("on_spark")
@pytest.mark.parametrize("measure", MEASURES)
def test_on_the_toy_world(measure: str, finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    assert_as_stored(measure)


@pytest.mark.usefixtures("on_spark")
@pytest.mark.parametrize("measure", MEASURES)
def test_on_the_built_tables(measure: str) -> None:
    if not catalog.parquet_path("trade_flows").is_file():
        pytest.skip("needs table trade_flows: run `reo build` first")
    assert_as_stored(measure)


@pytest.mark.usefixtures("on_spark")
def test_the_server_reads_what_is_in_the_storage(
    finished_toy_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    monkeypatch.setenv("REO_STORAGE", tmp_path.as_uri())
    rows = catalog.scan_table("products")
    assert len(list(tmp_path.glob("products-*.parquet"))) == 1
    assert rows.count().execute() == len(catalog.load_table("products"))
