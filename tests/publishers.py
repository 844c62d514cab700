"""A server on this machine that answers as a publisher does: its shapes, limits and faults."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

# Status, headers and body of an answer, from the query (with `path`, `method`, read headers and the `body` of a POST) and the
# number of the request.
Answer = tuple[int, dict[str, str], bytes]
Answers = Callable[[dict[str, str], int], Answer]
HEADERS = {
    "key": "Ocp-Apim-Subscription-Key",
    "range": "Range",
    "if_range": "If-Range",
    "known": "If-None-Match",
    "since": "If-Modified-Since",
}
STALLED = 200, {"x-stalled": "yes", "Content-Length": "9"}, b""


@contextmanager
def publisher(answer: Answers) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The server's address, and the queries it was asked. The answer STALLED is a head without its body until the end."""
    queries: list[dict[str, str]] = []
    over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            said = {name: self.headers.get(header) for name, header in HEADERS.items()}
            query |= {name: value for name, value in said.items() if value is not None}
            query |= {"body": self.asked} if self.command == "POST" else {}
            queries.append(query)
            status, headers, body = answer(query | {"path": address.path, "method": self.command}, len(queries))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if "x-stalled" in headers:
                over.wait(10)
            elif self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET

        def do_POST(self) -> None:
            self.asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.do_GET()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", queries
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
