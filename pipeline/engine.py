"""The engine that tables are scanned by: DuckDB within this process, or a Spark server by its Spark Connect address.

`REO_ENGINE` is `duckdb` (the default) or `spark`; `REO_SPARK` is the address, sc://host:port. `REO_STORAGE` is a folder or
fsspec address that this machine writes and the server reads; without it the server must see the data folder under the same
path. docs/run-on-a-cluster.md shows how.
"""

import atexit
import importlib
import os
import re
import socket
import warnings
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline import files
from pipeline.errors import ReoError, did_you_mean

if TYPE_CHECKING:
    import ibis.expr.types as ir

ENGINES = ("duckdb", "spark")
# The port of Spark Connect where an address names none.
PORT = 15002
SECONDS_TO_ANSWER = 10
# The client waits 0.05 · 4ⁿ seconds between its tries: twenty in all before a server is given up.
TRIES = 5
CLIENT, SESSIONS = "pyspark.sql.connect.client", "pyspark.sql.connect.session"
# The ways in which an expression is run.
RUNS = ("execute", "to_pyarrow", "to_pyarrow_batches")
# What the client's errors say of a server that is not there any more, and how they give the reason.
LOST, REASON = "UNAVAILABLE", r'details = "(.+?)"$'


def scan(file: Path) -> "ir.Table":
    """A Parquet file as an Ibis expression on the engine. Raises ReoError for an unknown engine or one that cannot be reached."""
    engine = os.environ.get("REO_ENGINE") or "duckdb"
    if engine not in ENGINES:
        raise ReoError(f"REO_ENGINE is {engine!r}, which is no engine", did_you_mean(engine, ENGINES))
    if engine == "duckdb":
        return _duckdb().read_parquet(file)
    server = spark(os.environ.get("REO_SPARK", ""))
    where = seen_by_server(file)
    try:
        return server.read_parquet(where)
    except Exception as error:
        if LOST in str(error):
            raise _failed(os.environ["REO_SPARK"], error) from error
        raise ReoError(
            f"the Spark server cannot read {where} ({_first_line(error)})",
            "let REO_STORAGE name a folder or address that this machine and the server both reach",
        ) from error


@cache
def _duckdb() -> Any:
    """One embedded database for all scans, so that they can be joined."""
    import ibis

    # A third of a query's compilation, for nothing: DuckDB runs nested selects as fast as merged ones.
    ibis.options.sql.fuse_selects = False
    return ibis.duckdb.connect()


@cache
def spark(address: str) -> Any:
    """One session for all scans by a server's address, given back when the process ends.

    Raises ReoError for no address, a missing client, and a port where nobody answers as a Spark Connect server does. What runs on
    the session ends in a ReoError too where the server fails.
    """
    parts = urlsplit(address)
    if parts.scheme != "sc" or not parts.hostname:
        raise ReoError(f"REO_SPARK is {address!r}, which is no Spark Connect address", "set REO_SPARK=sc://host:port")
    try:
        import ibis

        # Loaded by name, for they are not installed where types are checked.
        grpc, client, sessions = (importlib.import_module(name) for name in ("grpc", CLIENT, SESSIONS))
    except ImportError as error:
        raise ReoError(
            f"REO_ENGINE is spark, and its client is not installed ({error})",
            "run `make test-spark`, then use `.venv-spark/bin/python -m pipeline` in place of `reo`",
        ) from error
    try:
        # The client itself would try for minutes, and for ever where a port is open and nobody speaks.
        socket.create_connection((parts.hostname, parts.port or PORT), SECONDS_TO_ANSWER).close()
        with client.DefaultChannelBuilder(address).toChannel() as channel:
            _wait_until_ready(grpc, channel)
        session = sessions.SparkSession.builder.remote(address).create()
        for policy in session.client.get_retry_policies():
            policy.max_retries = TRIES
        backend = ibis.pyspark.connect(session)
    except Exception as error:
        raise ReoError(
            f"no Spark Connect server answers at {address} ({_first_line(error)})",
            "start the server, or correct REO_SPARK; without REO_ENGINE everything runs on DuckDB here",
        ) from error
    atexit.register(backend.disconnect)
    with_one_error(backend, address)
    # Ibis gives this option to clients of both kinds.
    warnings.filterwarnings("ignore", "'verifySchema' is ignored")
    return backend


def _wait_until_ready(grpc: Any, channel: Any) -> None:
    try:
        grpc.channel_ready_future(channel).result(SECONDS_TO_ANSWER)
    except grpc.FutureTimeoutError as error:
        raise TimeoutError(f"its port is open, and says nothing for {SECONDS_TO_ANSWER} seconds") from error


def with_one_error(backend: Any, address: str) -> None:
    """Make what runs on a server end in one ReoError where the server fails or is lost; it is not asked again at the end."""

    def guarded(run: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(run)
        def guard(*given: Any, **named: Any) -> Any:
            try:
                return run(*given, **named)
            except ReoError:
                raise
            except Exception as error:
                atexit.unregister(backend.disconnect)
                raise _failed(address, error) from error

        return guard

    for name in RUNS:
        setattr(backend, name, guarded(getattr(backend, name)))


def _failed(address: str, error: Exception) -> ReoError:
    remedy = "look at the server's log; once it runs again, run the same command: tables that are made stay"
    return ReoError(
        f"the Spark server at {address} failed ({_first_line(error)})",
        f"{remedy}. Without REO_ENGINE everything runs on DuckDB here",
    )


def seen_by_server(file: Path) -> str:
    """The address under which the server reads a file; REO_STORAGE gets a copy, named by its hash, if it has none."""
    storage = os.environ.get("REO_STORAGE")
    if not storage:
        return file.as_uri()
    import fsspec

    address = f"{storage.rstrip('/')}/{file.stem}-{files.sha256(file)[:16]}{file.suffix}"
    try:
        system, path = fsspec.url_to_fs(address)
        if not system.exists(path):
            system.makedirs(path.rpartition("/")[0], exist_ok=True)
            system.put_file(str(file), f"{path}.part")
            system.mv(f"{path}.part", path)
    except (ImportError, OSError, ValueError) as error:
        raise ReoError(
            f"{file.name} cannot be copied to {address} ({_first_line(error)})",
            "correct REO_STORAGE, or give this machine the right to write there and the fsspec package of that storage",
        ) from error
    return address


def _first_line(error: Exception) -> str:
    if reason := re.search(REASON, str(error), re.MULTILINE):
        return reason[1]
    return (str(error).strip() or type(error).__name__).splitlines()[0]
