"""The Dagster UI over the instance that a build wrote, opened as a user would."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
from playwright.sync_api import Browser
from pyarrow import parquet
from requests.adapters import HTTPAdapter
from urllib3.util import Retry


@pytest.fixture(scope="module")
def ui(built_toy_world: Path) -> Iterator[str]:
    """The address of `reo ui` on a free loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "ui", "--port", str(port)]
    environment = {**os.environ, "REO_DATA": str(built_toy_world), "PYTHONUNBUFFERED": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, env=environment, start_new_session=True, **pipes) as process:  # type: ignore[call-overload]
        said = []
        for line in process.stdout:
            said.append(line)
            if "Serving dagster-webserver" in line:
                break
        else:
            pytest.fail("the UI did not start:\n" + "".join(said))
        address = f"http://127.0.0.1:{port}"
        with requests.Session() as session:
            # It says so shortly before it listens.
            session.mount(address, HTTPAdapter(max_retries=Retry(connect=20, backoff_factor=0.1)))
            session.get(address)
        started = [process, *psutil.Process(process.pid).children(recursive=True)]
        yield address
        process.send_signal(signal.SIGINT)
        _gone, left = psutil.wait_procs(started[1:], timeout=30)
        for stubborn in [*left, process]:
            stubborn.kill()


def test_the_build_just_made_is_there_with_its_metadata_and_no_welcome_box(
    ui: str, browser: Browser, built_toy_world: Path
) -> None:
    rows = parquet.read_metadata(built_toy_world / "processed" / "export_concentration.parquet").num_rows
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    outside: list[str] = []
    page.on("request", lambda request: request.url.startswith((ui, "ws:", "data:", "blob:")) or outside.append(request.url))
    page.goto(f"{ui}/assets/derived/export_concentration?view=overview")
    page.get_by_text("Row count").wait_for()
    page.get_by_text("key: year, hs6, basis").wait_for()
    page.get_by_text("Herfindahl-Hirschman index, 0 to 1").wait_for()
    page.get_by_text(f"{rows}", exact=True).first.wait_for()
    assert page.get_by_role("dialog").count() == 0
    page.goto(f"{ui}/runs")
    page.get_by_text("build", exact=True).first.wait_for()
    page.get_by_text("Success").first.wait_for()
    assert outside == []


def test_another_sites_requests_are_refused(ui: str) -> None:
    query = {"query": "{version}"}
    assert requests.post(f"{ui}/graphql", json=query, timeout=30).json()["data"]["version"]
    assert (
        requests.post(f"{ui}/graphql", json=query, headers={"Origin": "https://attacker.example"}, timeout=30).status_code == 403
    )
    assert requests.get(f"{ui}/graphql", params=query, timeout=30).status_code == 403
    assert requests.get(ui, headers={"Host": "attacker.example"}, timeout=30).status_code == 403
