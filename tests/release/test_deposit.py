"""A deposit at a local server with the shapes of InvenioRDM's REST API: it resumes, and publishes only what arrived whole."""

import hashlib
import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import ReoError
from pipeline.release import deposit
from pipeline.release.deposit import DepositFailed


class Repository(http.server.ThreadingHTTPServer):
    """Drafts in memory. `cut_after` ends that many uploads with an error; `lose` keeps only half of a file by that name."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.drafts: dict[str, dict] = {}
        self.files: dict[str, dict] = {}
        self.sent: list[str] = []
        self.cut_after: int | None = None
        self.lose = ""


class Handler(http.server.BaseHTTPRequestHandler):
    server: Repository

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, content: object = None) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Authorization") != "Bearer secret":
            return self.answer(403, {"status": 403, "message": "Permission denied."})
        here, path = self.server, self.path.removeprefix("/api/records")
        if (self.command, path) == ("POST", ""):
            here.drafts["r1"] = {"id": "r1", "links": {"self_html": f"{here.address}/uploads/r1"}, "pids": {}, **json.loads(body)}
            return self.answer(201, here.drafts["r1"])
        draft = here.drafts["r1"]
        if path == "/r1/draft/pids/doi":
            draft["pids"] = {"doi": {"identifier": "10.5072/zenodo.r1", "provider": "datacite"}}
            return self.answer(201, draft)
        if path == "/r1/draft":
            draft.update(json.loads(body))
            return self.answer(200, draft)
        if path == "/r1/draft/actions/publish":
            draft["is_published"] = True
            return self.answer(202, {**draft, "links": {"self_html": f"{here.address}/records/r1"}})
        if path == "/r1/draft/files":
            for one in json.loads(body) if self.command == "POST" else ():
                here.files[one["key"]] = {"key": one["key"], "status": "pending"}
            return self.answer(201 if self.command == "POST" else 200, {"entries": list(here.files.values())})
        found = re.fullmatch(r"/r1/draft/files/([^/]+)(?:/(content|commit))?", path)
        assert found
        name, action = found.groups()
        if self.command == "DELETE":
            del here.files[name]
            return self.answer(204)
        if action == "content":
            if here.cut_after is not None and len(here.sent) >= here.cut_after:
                return self.answer(504, {"message": "Gateway timeout"})
            here.sent.append(name)
            kept = body[: len(body) // 2] if name == here.lose else body
            here.files[name] |= {"size": len(kept), "checksum": f"md5:{hashlib.md5(kept).hexdigest()}"}
        else:
            here.files[name]["status"] = "completed"
        return self.answer(200, here.files[name])

    do_GET = do_POST = do_PUT = do_DELETE = handle_any


@pytest.fixture
def repository_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    monkeypatch.setenv("ZENODO_TOKEN", "secret")
    with Repository() as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """What a deposit reads of a release's folder."""
    made = tmp_path / "0.1.0"
    (made / "reo-0.1.0").mkdir(parents=True)
    stated = {
        "titles": [{"title": "Toy"}],
        "dates": [{"date": "2026-03-04"}],
        "version": "0.1.0",
        "publisher": {"name": "Toy office"},
        "descriptions": [{"description": "Made up."}],
        "creators": [{"name": "Toy office"}],
        "rightsList": [{"rightsIdentifier": "CC-BY-4.0"}],
        "subjects": [{"subject": "toys"}],
    }
    (made / "reo-0.1.0" / "datacite.json").write_text(json.dumps(stated))
    for name in ("reo-0.1.0.tar.gz", "observatory.duckdb", "observatory.sqlite", "reo-0.1.0/README.md"):
        (made / name).write_bytes(name.encode() * 1000)
    return made


NAMES = {"reo-0.1.0.tar.gz", "observatory.duckdb", "observatory.sqlite", "README.md"}


def test_a_draft_with_files_metadata_and_doi_that_is_not_published(release: Path, repository_server: Repository) -> None:
    made = deposit.deposit(release, repository_server.address)
    assert (made.doi, made.published) == ("10.5072/zenodo.r1", False)
    assert set(repository_server.files) == NAMES
    draft = repository_server.drafts["r1"]
    assert draft["metadata"]["rights"] == [{"id": "cc-by-4.0"}]
    assert "is_published" not in draft


def test_it_goes_on_where_it_was_cut_off(release: Path, repository_server: Repository) -> None:
    repository_server.cut_after = 2
    with pytest.raises(DepositFailed, match="504"):
        deposit.deposit(release, repository_server.address)
    repository_server.cut_after = None
    assert deposit.deposit(release, repository_server.address, publish=True).published
    assert sorted(repository_server.sent) == sorted(NAMES)
    with pytest.raises(ReoError, match="already published"):
        deposit.deposit(release, repository_server.address)


def test_a_file_that_arrived_in_part_is_never_published(release: Path, repository_server: Repository) -> None:
    repository_server.lose = "observatory.duckdb"
    with pytest.raises(DepositFailed, match=r"incomplete: observatory\.duckdb"):
        deposit.deposit(release, repository_server.address, publish=True)
    assert "is_published" not in repository_server.drafts["r1"]
    repository_server.lose = ""
    assert deposit.deposit(release, repository_server.address, publish=True).published
    assert repository_server.sent.count("observatory.duckdb") == 2


def test_a_file_that_is_not_of_the_release_stops_it(release: Path, repository_server: Repository) -> None:
    deposit.deposit(release, repository_server.address)
    repository_server.files["more.txt"] = {"key": "more.txt", "status": "completed", "size": 1, "checksum": "md5:0"}
    with pytest.raises(DepositFailed, match=r"not ours: more\.txt"):
        deposit.deposit(release, repository_server.address, publish=True)


def test_the_token_comes_from_the_environment_and_is_sent_nowhere_in_the_open(
    release: Path, repository_server: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ReoError, match="not an https address"):
        deposit.deposit(release, "http://example.org")
    monkeypatch.setenv("ZENODO_TOKEN", "other")
    with pytest.raises(DepositFailed, match="403") as failure:
        deposit.deposit(release, repository_server.address)
    assert "other" not in str(failure.value)
    monkeypatch.delenv("ZENODO_TOKEN")
    with pytest.raises(ReoError, match="ZENODO_TOKEN is not set"):
        deposit.deposit(release, repository_server.address)
    assert not (release / deposit.BEGUN).exists()


def test_an_incomplete_release_is_not_deposited(release: Path, repository_server: Repository) -> None:
    (release / "observatory.sqlite").unlink()
    with pytest.raises(ReoError, match=r"has no observatory\.sqlite"):
        deposit.deposit(release, repository_server.address)
    assert repository_server.drafts == {}
