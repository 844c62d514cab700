"""A Spark Connect server that is not there any more, or is none, is one error soon: with the real client, and Sail killed."""

import socket
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipeline import engine
from pipeline.errors import ReoError

SERVER = """
import time
from pysail.spark import SparkConnectServer
server = SparkConnectServer("127.0.0.1", 0)
server.start(background=True)
print(server.listening_address[1], flush=True)
time.sleep(600)
"""
# Its process ends as one that lost its server does: the client must not ask again at the end.
CLIENT = """
import os, sys
from pipeline import engine
from pipeline.errors import ReoError
engine.TRIES = 1
rows = engine.spark(sys.argv[1]).read_parquet(sys.argv[2])
assert rows.amount.sum().to_pyarrow().as_py() == 6
os.kill(int(sys.argv[3]), 9)
try:
    rows.amount.max().to_pyarrow()
except ReoError as error:
    print(error)
"""


def test_a_server_killed_in_between_is_one_error(tmp_path: Path) -> None:
    pytest.importorskip("pysail.spark", reason="pysail is not installed: `make test-spark` installs it")
    table = tmp_path / "amounts.parquet"
    pd.DataFrame({"amount": [1, 2, 3]}).to_parquet(table)
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = f"sc://127.0.0.1:{server.stdout.readline().strip()}"
        given = [address, table.as_uri(), str(server.pid)]
        done = subprocess.run([sys.executable, "-c", CLIENT, *given], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith(f"the Spark server at {address} failed")
    assert "What to do" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_open_port_where_nobody_speaks_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark.sql.connect", reason="the client is not installed: `make test-spark` installs it")
    monkeypatch.setattr(engine, "SECONDS_TO_ANSWER", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"sc://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ReoError, match=f"no Spark Connect server answers at {address} .its port is open"):
            engine.spark(address)
