"""A release is read from a folder, an archive or an address, and never anything but what was released."""

import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pandas as pd
import pytest

from pipeline import catalog, files
from pipeline.errors import ReoError
from pipeline.packed import NotAsReleased
from rare_earth_observatory import describe, load_table, policy_register, search

REPOSITORY = Path(__file__).parents[2]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(archive: Path) -> Iterator[str]:
    """The address of the folder that has the release's folder and archive."""
    handler = functools.partial(Quiet, directory=str(archive.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_the_same_table_from_everywhere(archive: Path, folder: Path, server: str, cache: Path) -> None:
    expected = catalog.load_table("production")
    in_memory = fsspec.filesystem("memory")
    in_memory.put(str(archive), "/kept/reo-0.1.0.tar.gz")
    places = ["0.1.0", folder, folder.parent, archive, f"{server}/reo-0.1.0", f"{server}/reo-0.1.0.tar.gz"]
    places.append(f"memory://kept/reo-0.1.0.tar.gz#sha256={files.sha256(archive)}")
    for place in places:
        pd.testing.assert_frame_equal(load_table("production", release=place), expected)
        pd.testing.assert_frame_equal(catalog.load_table("production", release=place), expected)
    # Of a folder at an address, only what was asked for is fetched.
    assert {p.name for p in (cache / "fetched").rglob("*.parquet")} == {"production.parquet"}


def test_a_flipped_bit_is_never_read(archive: Path, folder: Path, server: str) -> None:
    address = f"{server}/reo-0.1.0"
    stated = files.sha256(archive)
    load_table("reserves", release=address)
    flip(folder / "tables" / "production.parquet")
    for place in (folder, address):
        with pytest.raises(NotAsReleased, match=r"tables/production\.parquet of .* has other bytes than released"):
            load_table("production", release=place)
    flip(archive)
    for place in (str(archive), f"{server}/reo-0.1.0.tar.gz"):
        with pytest.raises(NotAsReleased):
            load_table("production", release=f"{place}#sha256={stated}")


def test_what_is_cached_is_compared_again(archive: Path, cache: Path) -> None:
    load_table("production", release=archive)
    (unpacked,) = cache.rglob("production.parquet")
    flip(unpacked)
    with pytest.raises(NotAsReleased, match="has other bytes"):
        load_table("production", release=archive)


def test_filters_and_words_of_a_release(folder: Path) -> None:
    flows = load_table("trade_flows", release=folder)
    some = load_table("trade_flows", release=folder, exporter=["CHN"], quantity_t=None)
    assert len(some) == ((flows["exporter"] == "CHN") & flows["quantity_t"].isna()).sum()
    described = describe("trade_flows", release=folder)
    assert described.set_index("column").loc["value_kusd", "unit"] == "kUSD"
    assert described.attrs["key"] == ["year", "exporter", "importer", "hs6", "source_id"]
    assert "trade_flows" in set(search("flows", release=folder)["name"])
    pd.testing.assert_frame_equal(policy_register("2026-06-30", release=folder), catalog.policy_register("2026-06-30"))


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("9.9.9", "release 9.9.9 is not in"),
        ("/nowhere", "no release at"),
        ("http://127.0.0.1:9/reo-0.1.0", "cannot fetch"),
        ("nosuch://bucket/reo-0.1.0.tar.gz", "cannot fetch"),
    ],
)
def test_a_release_that_is_not_there(place: str, message: str) -> None:
    with pytest.raises(ReoError, match=message):
        load_table("production", release=place)


def test_unknown_names_are_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(ReoError, match="did you mean production"):
        load_table("productoin", release=folder)
    with pytest.raises(ReoError, match="did you mean year"):
        load_table("production", release=folder, yeer=2024)
    with pytest.raises(ReoError, match="never 'x'"):
        load_table("production", release=folder, year="x")


def test_reading_needs_none_of_the_pipelines_libraries(folder: Path) -> None:
    """The wheel of the reading part has four dependencies; nothing else may be loaded."""
    needed = ["dagster", "pandera", "great_expectations", "pydantic", "yaml", "typer", "rich", "duckdb", "ibis", "frictionless"]
    script = (
        f"import sys; from rare_earth_observatory import *; load_table('production', release={str(folder)!r});"
        f"policy_register('2026-06-30', release={str(folder)!r}); print(*sorted({set(needed)!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
