"""CEPII's archive of a BACI release, fetched and put down as baci_csv reads it. Not tried live."""

import gzip
import re
import shutil
import zipfile
import zlib
from datetime import date
from functools import partial
from pathlib import Path

import requests

from pipeline import files, paths
from pipeline.errors import ReoError
from pipeline.intake import web
from pipeline.intake.web import FetchError
from pipeline.sources.baci_csv import NAME
from pipeline.sources.baci_rows import COLUMNS

HOST = "https://www.cepii.fr"
# An edition is a release, in this revision of the Harmonized System, or one with its revision before it: HS17-V202601.
REVISION = "HS92"
EDITION = r"(?:(?P<revision>HS[0-9]{2})-)?(?P<release>V[0-9]{6}[a-z]?)"
CODES = r"country_codes_V[0-9]{6}[a-z]?\.csv"


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The release of this year, or of the last: CEPII publishes one each January. Raises FetchError where neither is there."""
    year = date.today().year
    for release in (f"V{year}01", f"V{year - 1}01"):
        if web.stamp(asked, _address(host, REVISION, release)) is not None:
            return release
    raise FetchError("CEPII has no archive named as before", "look for its address on the site, and change it in baci_live.py")


def fetch(edition: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The files of a release (V202601, HS17-V202601) in data/raw/cepii_baci/, a year each, packed.

    Raises FetchError for what web.download refuses, for an archive that is damaged or holds no year, and for a year without rows
    or of other columns; then no file of it is written.
    """
    if not (named := re.fullmatch(EDITION, edition)):
        remedy = "write it as CEPII does, V and year and month: V202601; or HS17-V202601 for another revision than HS92"
        raise ReoError(f"{edition} is no release of BACI", remedy)
    address = _address(host, named["revision"] or REVISION, named["release"])
    archive = paths.downloads() / address.rpartition("/")[2]
    web.download(asked or web.session(), address, archive)
    try:
        return _unpacked(archive, paths.raw() / "cepii_baci")
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        archive.unlink()
        raise FetchError(f"{archive.name} is damaged ({error})", "run it again: it is fetched anew") from error


def _address(host: str, revision: str, release: str) -> str:
    return f"{host}/DATA_DOWNLOAD/baci/data/BACI_{revision}_{release}.zip"


def _unpacked(archive: Path, folder: Path) -> list[Path]:
    """One member after another, so that the archive is never unpacked whole."""
    found = []
    with zipfile.ZipFile(archive) as members:
        wanted = sorted(name for name in members.namelist() if re.fullmatch(f"{NAME}|{CODES}", name))
        if not any(re.fullmatch(NAME, name) for name in wanted):
            raise FetchError(f"{archive.name} holds no year as CEPII names them", "compare its members with NAME in baci_csv.py")
        for name in wanted:
            if re.fullmatch(NAME, name):
                _check(members, name)
        for name in wanted:
            target = folder / (f"{name}.gz" if re.fullmatch(NAME, name) else name)
            files.replace(target, partial(_copy, members, name, target.suffix == ".gz"))
            found.append(target)
    return found


def _check(members: zipfile.ZipFile, name: str) -> None:
    with members.open(name) as stream:
        head, first = stream.readline().decode("utf-8-sig", "replace"), stream.readline()
    web.check_columns("CEPII", head.strip().split(","), COLUMNS)
    if not first.strip():
        raise FetchError(f"{name} of CEPII's archive has no row", "ask for an earlier release, and look at CEPII's site")


def _copy(members: zipfile.ZipFile, name: str, packed: bool, part: Path) -> None:
    with members.open(name) as source, part.open("wb") as stream:
        if not packed:
            shutil.copyfileobj(source, stream)
            return
        # Without name and time stamp, so that equal content is equal bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as target:
            shutil.copyfileobj(source, target)
