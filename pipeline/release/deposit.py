"""Deposit a release at Zenodo or another InvenioRDM repository: a draft with files, metadata and a reserved DOI, then published.

Tested against a local server with the API's shapes, never against Zenodo itself.
https://inveniordm.docs.cern.ch/reference/rest_api_drafts_records/
"""

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from pipeline import files
from pipeline.errors import ReoError
from pipeline.release import databases

ZENODO, SANDBOX = "https://zenodo.org", "https://sandbox.zenodo.org"
TOKEN = "ZENODO_TOKEN"
# The draft that was begun for a release, so that a deposit cut off goes on with it.
BEGUN = "deposit.json"
TIMEOUT = (30, 600)
log = logging.getLogger("reo")


class DepositFailed(ReoError):
    """The repository did not do, or does not have, what it was asked; run again to go on."""


@dataclass(frozen=True)
class Deposited:
    """A draft or, once published, a record: its address and DOI."""

    address: str
    doi: str
    published: bool


def to_deposit(release: Path) -> list[Path]:
    """The files of a release's folder VERSION/ that are deposited. Raises ReoError where one is missing."""
    name = f"reo-{release.name}"
    found = [release / f"{name}.tar.gz", release / databases.DUCKDB, release / databases.SQLITE, release / name / "README.md"]
    if missing := [file.name for file in found if not file.is_file()]:
        raise ReoError(f"{release} has no {', '.join(missing)}", "name the folder data/releases/VERSION as `reo release` made it")
    return found


def metadata(release: Path) -> dict[str, Any]:
    """The record's metadata, from the release's datacite.json."""
    stated = json.loads((release / f"reo-{release.name}" / "datacite.json").read_text("utf-8"))
    return {
        "title": stated["titles"][0]["title"],
        "resource_type": {"id": "dataset"},
        "publication_date": stated["dates"][0]["date"],
        "version": stated["version"],
        "publisher": stated["publisher"]["name"],
        "description": stated["descriptions"][0]["description"],
        "creators": [{"person_or_org": {"type": "organizational", "name": one["name"]}} for one in stated["creators"]],
        "rights": [{"id": one["rightsIdentifier"].lower()} for one in stated["rightsList"]],
        "subjects": [{"subject": one["subject"]} for one in stated["subjects"]],
        "languages": [{"id": "eng"}],
    }


def deposit(release: Path, repository: str = ZENODO, publish: bool = False) -> Deposited:
    """Make or continue the draft of a release; with `publish`, publish it once all its files have arrived as they are here.

    The token is read from ZENODO_TOKEN alone. Raises DepositFailed, and ReoError where the token or a file is missing.
    """
    sent = to_deposit(release)
    api = _Api(repository)
    draft = _draft(api, release, repository)
    identifier = draft["id"]
    doi = draft.get("pids", {}).get("doi") or api.call("POST", f"records/{identifier}/draft/pids/doi")["pids"]["doi"]
    for file in sent:
        _upload(api, identifier, file)
    arrived = api.files(identifier)
    wrong = [file.name for file in sent if not _arrived(arrived.get(file.name), file)]
    extra = sorted(arrived.keys() - {file.name for file in sent})
    if wrong or extra:
        named = "; ".join(f"{what}: {', '.join(names)}" for what, names in (("incomplete", wrong), ("not ours", extra)) if names)
        raise DepositFailed(
            f"draft {identifier} has not the files of this release ({named})", "run it again, or delete the draft"
        )
    address = draft["links"]["self_html"]
    if publish:
        address = api.call("POST", f"records/{identifier}/draft/actions/publish")["links"]["self_html"]
        _remember(release, {"repository": repository, "id": identifier, "published": address})
    return Deposited(address, doi["identifier"], publish)


def _draft(api: "_Api", release: Path, repository: str) -> dict[str, Any]:
    """The draft begun for this release at this repository, else a new one."""
    begun = json.loads((release / BEGUN).read_text("utf-8")) if (release / BEGUN).is_file() else {}
    content = {"access": {"record": "public", "files": "public"}, "files": {"enabled": True}, "metadata": metadata(release)}
    if begun.get("repository") == repository:
        if "published" in begun:
            raise ReoError(f"release {release.name} is already published ({begun['published']})", "release the next version")
        log.info("deposit: going on with draft %s", begun["id"])
        return api.call("PUT", f"records/{begun['id']}/draft", json=content)
    draft = api.call("POST", "records", json=content)
    _remember(release, {"repository": repository, "id": draft["id"]})
    return draft


def _remember(release: Path, state: Mapping[str, str]) -> None:
    files.replace(release / BEGUN, lambda part: part.write_text(json.dumps(state, indent=2) + "\n", "utf-8"))


def _upload(api: "_Api", identifier: str, file: Path) -> None:
    """Send a file unless it is there already; one that arrived only in part is sent again."""
    known = api.files(identifier).get(file.name)
    if _arrived(known, file):
        log.info("deposit: %s is there already", file.name)
        return
    place = f"records/{identifier}/draft/files"
    if known is not None:
        api.call("DELETE", f"{place}/{quote(file.name)}")
    log.info("deposit: sending %s (%d bytes)", file.name, file.stat().st_size)
    api.call("POST", place, json=[{"key": file.name}])
    with file.open("rb") as content:
        api.call("PUT", f"{place}/{quote(file.name)}/content", data=content, headers={"Content-Type": "application/octet-stream"})
    api.call("POST", f"{place}/{quote(file.name)}/commit")


def _arrived(entry: Mapping[str, Any] | None, file: Path) -> bool:
    """Whether the repository has a file's bytes: it states their number and MD5."""
    if entry is None or entry.get("status") != "completed" or entry.get("size") != file.stat().st_size:
        return False
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    return bool(entry.get("checksum") == f"md5:{digest}")


class _Api:
    """The repository's REST interface with the token; it sends it nowhere but over https, or to this machine."""

    def __init__(self, repository: str):
        token = os.environ.get(TOKEN)
        if not token:
            raise ReoError(
                f"{TOKEN} is not set", "make a token with deposit:write and deposit:actions, and set it in the environment"
            )
        place = urlsplit(repository)
        if place.scheme != "https" and place.hostname not in ("127.0.0.1", "localhost"):
            raise ReoError(f"{repository} is not an https address: the token would be sent in the open", "name an https address")
        self.base = f"{repository.rstrip('/')}/api"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """One request and its JSON answer. Raises DepositFailed with what the repository says."""
        again = "check the token and the network, then run it again: it goes on where it was cut off"
        try:
            answer = self.session.request(method, f"{self.base}/{path}", timeout=TIMEOUT, allow_redirects=False, **more)
            if answer.status_code >= 300:
                raise DepositFailed(f"{method} {path} was answered with {answer.status_code}: {answer.text[:300]}", again)
            found: dict[str, Any] = answer.json() if answer.content else {}
        except requests.RequestException as error:
            raise DepositFailed(f"{method} {path} failed ({error})", again) from error
        return found

    def files(self, identifier: str) -> dict[str, dict[str, Any]]:
        """What the draft has of each file, by name."""
        return {entry["key"]: entry for entry in self.call("GET", f"records/{identifier}/draft/files")["entries"]}
