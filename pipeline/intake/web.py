"""Publishers' own endpoints over HTTP: patient with limits and faults that pass, and one error with a remedy for all others."""

import csv
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from pipeline.errors import ReoError

# Seconds to connect, and without a byte while reading.
CONNECT, SILENCE = 10.0, 120.0
PASSING = (429, 500, 502, 503, 504)
SHOWN = 120
KEY = "where it asks for a key, check the one in the environment, and that it is active"
CHUNK = 1 << 20
PARTIAL, UNCHANGED, NOWHERE, BEYOND = 206, 304, 404, 416


class FetchError(ReoError):
    """An answer of a publisher that is no data."""


class Session(requests.Session):
    """A session whose every request ends after `silence` seconds without a byte; one whose body is cut is asked once more."""

    silence = SILENCE

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", (CONNECT, self.silence))
        try:
            return super().request(*args, **kwargs)
        except requests.exceptions.ChunkedEncodingError:
            return super().request(*args, **kwargs)


def session(pause: float = 1.0, tries: int = 5, silence: float = SILENCE) -> Session:
    """A session that tries again after PASSING faults, as long as the publisher's Retry-After says, else pause · 2ⁿ seconds."""
    # The library's own way of trying again heeds Retry-After. POST asks a question here: it changes nothing.
    methods = {"GET", "HEAD", "POST"}
    retry = Retry(total=tries, backoff_factor=pause, status_forcelist=PASSING, raise_on_status=False, allowed_methods=methods)
    made = Session()
    made.silence = silence
    for scheme in ("https://", "http://"):
        made.mount(scheme, HTTPAdapter(max_retries=retry))
    made.headers["User-Agent"] = "rare-earth-observatory (research; one request at a time)"
    return made


def get(
    asked: requests.Session, url: str, parameters: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """The body of an answer, b"" where the publisher has no rows. Raises FetchError for a refusal, a cut body, a silent host."""
    return _get(asked, url, parameters, headers).content


def _get(
    asked: requests.Session, url: str, parameters: Mapping[str, str] | None, headers: Mapping[str, str] | None
) -> requests.Response:
    return _answer(asked, "GET", url, {"params": dict(parameters or {}), "headers": dict(headers or {})})


def _answer(asked: requests.Session, method: str, url: str, asking: Mapping[str, Any]) -> requests.Response:
    try:
        answer = asked.request(method, url, **asking)
    except requests.RequestException as error:
        why = type(error).__name__
        raise FetchError(f"{_host(url)} did not answer in full ({why})", "try again later; nothing was changed") from error
    _refuse(answer, url)
    return answer


def _refuse(answer: requests.Response, url: str) -> None:
    """Raises FetchError for an answer that says it is none."""
    host, status = _host(url), answer.status_code
    if status in (401, 403):
        raise FetchError(f"{host} refuses the request ({status})", f"{KEY}; else look at its site in a browser")
    if status == 429:
        raise FetchError(f"{host} allows no more requests now (429)", "wait until its limit is over, a day at most")
    if not answer.ok:
        remedy = "compare the request with the publisher's documentation"
        raise FetchError(f"{host} answers {status}: {_shown(answer.content)}", remedy)


def get_json(
    asked: requests.Session, url: str, parameters: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Any:
    """The JSON of an answer, None where it is empty. Raises FetchError as `get` does, and for a page that is no JSON."""
    return _parsed(url, _get(asked, url, parameters, headers))


def post_json(asked: requests.Session, url: str, question: Any, headers: Mapping[str, str]) -> Any:
    """The JSON of the answer to a question in JSON. Raises FetchError as `get_json`."""
    return _parsed(url, _answer(asked, "POST", url, {"json": question, "headers": dict(headers)}))


def _parsed(url: str, answer: requests.Response) -> Any:
    try:
        return json.loads(answer.content) if answer.content else None
    except ValueError as error:
        if answer.history:
            page = urlsplit(answer.url).path
            raise FetchError(f"{_host(url)} leads to {page} instead of an answer", f"{KEY}; else look at that page") from error
        raise no_data(url, answer.content, "JSON") from error


def get_csv(asked: requests.Session, url: str, parameters: Mapping[str, str] | None, columns: Sequence[str]) -> bytes:
    """A CSV file whose head names `columns`. Raises FetchError as `get` does, and for anything else than such a file."""
    content = get(asked, url, parameters)
    head = content.partition(b"\n")[0].decode("utf-8-sig", "replace")
    if content.lstrip().startswith(b"<") or "," not in head:
        raise no_data(url, content, "CSV")
    check_columns(_host(url), next(csv.reader([head.rstrip("\r")])), columns)
    return content


def check_columns(publisher: str, found: Iterable[str], wanted: Iterable[str]) -> None:
    """Raises FetchError for columns that an answer lacks."""
    found = list(found)
    if missing := [column for column in wanted if column not in found]:
        remedy = "look for the new names on the publisher's site, and change them in its client in pipeline/sources/"
        raise FetchError(f"{publisher}'s rows lack {', '.join(missing)}; they have {', '.join(found)}", remedy)


def no_data(url: str, content: bytes, form: str) -> FetchError:
    remedy = "open its site in a browser: it may be under maintenance or have moved; nothing was changed"
    return FetchError(f"{_host(url)} answers with something that is no {form}: {_shown(content)}", remedy)


def stamp(asked: requests.Session, url: str, known: str = "") -> str | None:
    """What the head of a file says of its state (ETag, day of change or size); `known` where it is as then; None where it is not.

    Raises FetchError for a refusal and a silent host.
    """
    conditional = {"If-None-Match" if '"' in known else "If-Modified-Since": known} if _compared_by_server(known) else {}
    try:
        answer = asked.head(url, headers=conditional, allow_redirects=True)
    except requests.RequestException as error:
        raise FetchError(f"{_host(url)} did not answer ({type(error).__name__})", "try again later") from error
    if answer.status_code == UNCHANGED:
        return known
    if answer.status_code == NOWHERE:
        return None
    _refuse(answer, url)
    return _state(answer)


def _state(answer: requests.Response) -> str:
    return answer.headers.get("ETag") or answer.headers.get("Last-Modified") or answer.headers.get("Content-Length", "")


def _compared_by_server(state: str) -> bool:
    """Not a size, which is compared here."""
    return bool(state) and not state.isdigit()


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _shown(content: bytes) -> str:
    return " ".join(content[: 4 * SHOWN].decode("utf-8", "replace").split())[:SHOWN]


def download(asked: requests.Session, url: str, file: Path) -> None:
    """A large file, streamed; where an earlier try was cut short, from there on. It has its name only once it is whole.

    A file at hand is fetched again only where the publisher's has another state than was noted beside it. Raises FetchError for a
    refusal, a page instead of the file, a file that changed in between, and a body cut short.
    """
    host, part, noted = _host(url), file.with_name(f".{file.name}.part"), file.with_name(f".{file.name}.state")
    file.parent.mkdir(parents=True, exist_ok=True)
    known = noted.read_text() if noted.is_file() else ""
    if file.is_file() and stamp(asked, url, known) in (known, None):
        return
    have = part.stat().st_size if part.is_file() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    # Where the file changed in between, the publisher sends it whole.
    headers |= {"If-Range": known} if have and _compared_by_server(known) else {}
    try:
        with asked.get(url, headers=headers, stream=True) as answer:
            if answer.status_code == BEYOND:
                part.unlink()
                raise FetchError(f"{host} has another {file.name} than the one begun", "run it again: it starts anew")
            if answer.status_code != NOWHERE:
                _refuse(answer, url)
            if answer.status_code == NOWHERE or answer.headers.get("Content-Type", "").startswith("text/html"):
                raise FetchError(f"{host} has no file there ({answer.status_code}): {url}", "look for its address on the site")
            if answer.status_code != PARTIAL:
                noted.write_text(_state(answer))
            with part.open("ab" if answer.status_code == PARTIAL else "wb") as stream:
                for chunk in answer.iter_content(CHUNK):
                    stream.write(chunk)
    except requests.RequestException as error:
        why = type(error).__name__
        raise FetchError(f"{host} sent {file.name} in part ({why})", "run it again: it goes on from there") from error
    os.replace(part, file)
