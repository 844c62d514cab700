"""Publishers' own endpoints over HTTP: patient with limits and faults that pass, and one error with a remedy for all others."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from pipeline.errors import ReoError

# Seconds to connect, and without a byte while reading.
TIMEOUT = (10.0, 120.0)
PASSING = (429, 500, 502, 503, 504)
SHOWN = 120
CHUNK = 1 << 20
PARTIAL, BEYOND = 206, 416


class FetchError(ReoError):
    """An answer of a publisher that is no data."""


def session(pause: float = 1.0, tries: int = 5) -> requests.Session:
    """A session that tries again after PASSING faults, as long as the publisher's Retry-After says, else pause · 2ⁿ seconds."""
    retry = Retry(total=tries, backoff_factor=pause, status_forcelist=PASSING, raise_on_status=False, allowed_methods={"GET"})
    made = requests.Session()
    for scheme in ("https://", "http://"):
        made.mount(scheme, HTTPAdapter(max_retries=retry))
    made.headers["User-Agent"] = "rare-earth-observatory (research; one request at a time)"
    return made


def get_json(asked: requests.Session, url: str, parameters: Mapping[str, str], headers: Mapping[str, str]) -> Any:
    """The JSON of an answer. Raises FetchError for a refusal, a page that is no JSON, a body cut short, a host that is silent."""
    host = url.split("/")[2]
    try:
        answer = asked.get(url, params=dict(parameters), headers=dict(headers), timeout=TIMEOUT)
    except requests.RequestException as error:
        why = type(error).__name__
        raise FetchError(f"{host} did not answer in full ({why})", "try again later; nothing was changed") from error
    shown = " ".join(answer.text.split())[:SHOWN]
    if answer.status_code in (401, 403):
        remedy = "check the key in the environment, and that it is active"
        raise FetchError(f"{host} refuses the key ({answer.status_code})", remedy)
    if answer.status_code == 429:
        raise FetchError(f"{host} allows no more requests now (429)", "wait until its limit is over, a day at most")
    if not answer.ok:
        remedy = "compare the request with the publisher's documentation"
        raise FetchError(f"{host} answers {answer.status_code}: {shown}", remedy)
    try:
        return answer.json()
    except ValueError as error:
        remedy = "open its site in a browser: it may be under maintenance or have moved; nothing was changed"
        raise FetchError(f"{host} answers with something that is no JSON: {shown}", remedy) from error


def download(asked: requests.Session, url: str, file: Path) -> None:
    """A large file, streamed; where an earlier try was cut short, from there on. It has its name only once it is whole.

    Raises FetchError for a refusal, a page instead of the file, a file that changed in between, and a body cut short.
    """
    host, part = url.split("/")[2], file.with_name(f".{file.name}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    have = part.stat().st_size if part.is_file() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    try:
        with asked.get(url, headers=headers, timeout=TIMEOUT, stream=True) as answer:
            if answer.status_code == BEYOND:
                part.unlink()
                raise FetchError(f"{host} has another {file.name} than the one begun", "run it again: it starts anew")
            if not answer.ok or answer.headers.get("Content-Type", "").startswith("text/html"):
                raise FetchError(f"{host} has no file there ({answer.status_code}): {url}", "look for its address on the site")
            with part.open("ab" if answer.status_code == PARTIAL else "wb") as stream:
                for chunk in answer.iter_content(CHUNK):
                    stream.write(chunk)
    except requests.RequestException as error:
        why = type(error).__name__
        raise FetchError(f"{host} sent {file.name} in part ({why})", "run it again: it goes on from there") from error
    os.replace(part, file)
