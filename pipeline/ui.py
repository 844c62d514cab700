"""`reo ui`: Dagster's development server with a guard before its web server.

Dagster asks nobody who they are, so any page open in a browser could start runs here. The guard answers only requests that name
this machine in Host and, where a browser states it, in Origin; and it changes nothing by GET.
"""

import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def refusal(method: str, path: str, query: str, headers: dict[str, str]) -> str | None:
    """Why a request is refused, None where it is this machine's own. Header names are in lower case."""
    host = headers.get("host", "")
    if _name(f"//{host}") not in LOOPBACK:
        return f"the Host {host!r} is not this machine"
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return f"the Origin {origin!r} is another site"
    followed_a_link = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) == ("navigate", "document")
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not followed_a_link:
        return "another site asks"
    if path.rstrip("/").endswith("graphql") and method != "POST" and "query" in parse_qs(query, keep_blank_values=True):
        return "GraphQL is answered by POST only"
    if method == "POST" and not headers.get("content-type", "").startswith(("application/json", "multipart/form-data")):
        return "a POST is JSON"
    return None


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def guarded(app: App) -> App:
    """An ASGI application that refuses what `refusal` refuses, with status 403; WebSockets too."""

    async def guard(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        method = scope.get("method", "POST")
        if scope["type"] == "websocket":
            headers["content-type"] = "application/json"
        why = refusal(method, scope["path"], scope["query_string"].decode("latin-1"), headers)
        if why is None:
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": why})
        else:
            await send(
                {"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain; charset=utf-8")]}
            )
            await send({"type": "http.response.body", "body": f"Refused: {why}.\n".encode()})

    return guard


def serve(arguments: list[str]) -> None:
    """Dagster's web server in this process, guarded; arguments are those of `dagster-webserver`."""
    from dagster_webserver import cli as webserver

    # Neither module declares what is replaced in it.
    cli: Any = webserver
    unguarded = cli.uvicorn.run
    cli.uvicorn.run = lambda app, **settings: unguarded(guarded(app), **settings)
    sys.argv = ["dagster-webserver", *arguments]
    cli.main()


def develop(port: int) -> None:
    """`dg dev` on the loopback address over the instance in DAGSTER_HOME, until Ctrl-C, with the guarded web server."""
    from dagster._cli import dev as development
    from dagster_dg_cli import cli

    dev: Any = development
    dg: Any = cli
    start = dev.open_ipc_subprocess

    def open_guarded(command: list[str], **settings: Any) -> Any:
        if command[1:3] == ["-m", "dagster_webserver"]:
            command = [command[0], "-c", "import sys; from pipeline.ui import serve; serve(sys.argv[1:])", *command[3:]]
        return start(command, **settings)

    dev.open_ipc_subprocess = open_guarded
    sys.argv = ["dg", "dev", "--host", "127.0.0.1", "--port", str(port)]
    dg.main()
