"""Dagster's UI answers this machine's own requests and no other site's."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pipeline import ui

OWN = {"host": "127.0.0.1:3000"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "query", "headers"),
    [
        ("GET", "/asset-groups", "", OWN),
        ("GET", "/", "", {"host": "localhost:3000"}),
        ("GET", "/", "", {"host": "[::1]:3000"}),
        ("GET", "/graphql", "", OWN),
        ("POST", "/graphql", "", OWN | JSON),
        ("POST", "/graphql", "op=Runs", OWN | JSON | {"origin": "http://127.0.0.1:3000", "sec-fetch-site": "same-origin"}),
        # A link to the UI, followed from another page.
        ("GET", "/", "", OWN | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}),
    ],
)
def test_own_requests_pass(method: str, path: str, query: str, headers: dict[str, str]) -> None:
    assert ui.refusal(method, path, query, headers) is None


@pytest.mark.parametrize(
    ("method", "path", "query", "headers"),
    [
        # A name of the attacker's that resolves to this machine.
        ("GET", "/", "", {"host": "attacker.example:3000"}),
        ("GET", "/", "", {"host": "127.0.0.1.attacker.example"}),
        ("GET", "/", "", {"host": "attacker@evil.example"}),
        ("GET", "/", "", {}),
        ("POST", "/graphql", "", OWN | JSON | {"origin": "https://attacker.example"}),
        ("POST", "/graphql", "", OWN | JSON | {"origin": "http://127.0.0.1:8000"}),
        ("POST", "/graphql", "", OWN | JSON | {"origin": "null"}),
        # A mutation by an address, as in a picture or a link.
        ("GET", "/graphql", "query=mutation%7BlaunchRun%7D", OWN),
        ("HEAD", "/graphql/", "query=%7B__typename%7D", OWN),
        # A form or a beacon needs no leave of the browser's.
        ("POST", "/graphql", "", OWN | {"content-type": "text/plain"}),
        ("POST", "/graphql", "", OWN | {"content-type": "application/x-www-form-urlencoded"}),
        ("GET", "/logs", "", OWN | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}),
        ("GET", "/", "", OWN | {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}),
    ],
)
def test_foreign_requests_are_refused(method: str, path: str, query: str, headers: dict[str, str]) -> None:
    assert ui.refusal(method, path, query, headers)


async def _ask(scope: dict[str, Any]) -> list[Any]:
    """What the guard sends, or the word `reached` where it lets the request through."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        sent.append("reached")

    async def receive() -> dict[str, Any]:
        return {}

    async def send(message: Any) -> None:
        sent.append(message.get("status") or message.get("code") or message.get("body"))

    await ui.guarded(app)(scope, receive, send)
    return sent


def answered(scope: dict[str, Any]) -> list[Any]:
    """In a thread of its own: the browser of other tests leaves a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _ask(scope)).result()


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_the_guard_stands_before_the_application(kind: str) -> None:
    scope = {"type": kind, "path": "/graphql", "query_string": b"", "headers": [(b"host", b"127.0.0.1:3000")]}
    if kind == "http":
        scope["method"] = "GET"
    assert answered(scope) == ["reached"]
    foreign = scope | {"headers": [*scope["headers"], (b"Origin", b"https://attacker.example")]}
    assert answered(foreign)[0] == {"http": 403, "websocket": 1008}[kind]


def test_starting_and_stopping_pass_the_guard() -> None:
    assert answered({"type": "lifespan"}) == ["reached"]
