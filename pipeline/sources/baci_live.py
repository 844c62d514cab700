"""CEPII's archive of a BACI release, fetched and put down as baci_csv reads it. Not tried live."""

import gzip
import re
import shutil
import zipfile
from datetime import date
from functools import partial
from pathlib import Path

import requests

from pipeline import files, paths
from pipeline.errors import ReoError
from pipeline.intake import web
from pipeline.intake.web import FetchError
from pipeline.sources.baci_csv import NAME

HOST = "https://www.cepii.fr"
NOMENCLATURE = "HS92"
CODES = r"country_codes_V[0-9]{6}[a-z]?\.csv"


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The release of this year, or of the last: CEPII publishes one each January. Raises FetchError where neither is there."""
    year = date.today().year
    for release in (f"V{year}01", f"V{year - 1}01"):
        if web.stamp(asked, f"{host}/DATA_DOWNLOAD/baci/data/BACI_{NOMENCLATURE}_{release}.zip") is not None:
            return release
    raise FetchError("CEPII has no archive named as before", "look for its address on the site, and change it in baci_live.py")


def fetch(release: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The files of a release (V202601) in data/raw/cepii_baci/, a year each, packed.

    Raises FetchError for what web.download refuses and for an archive that is damaged or holds no year.
    """
    if not re.fullmatch(r"V[0-9]{6}[a-z]?", release):
        raise ReoError(f"{release} is no release of BACI", "write it as CEPII does, V and year and month: V202601")
    archive = paths.downloads() / f"BACI_{NOMENCLATURE}_{release}.zip"
    if not archive.is_file():
        web.download(asked or web.session(), f"{host}/DATA_DOWNLOAD/baci/data/{archive.name}", archive)
    try:
        return _unpacked(archive, paths.raw() / "cepii_baci")
    except (zipfile.BadZipFile, EOFError) as error:
        archive.unlink()
        raise FetchError(f"{archive.name} is damaged ({error})", "run it again: it is fetched anew") from error


def _unpacked(archive: Path, folder: Path) -> list[Path]:
    """One member after another, so that the archive is never unpacked whole."""
    found = []
    with zipfile.ZipFile(archive) as members:
        wanted = sorted(name for name in members.namelist() if re.fullmatch(f"{NAME}|{CODES}", name))
        if not any(re.fullmatch(NAME, name) for name in wanted):
            raise FetchError(f"{archive.name} holds no year as CEPII names them", "compare its members with NAME in baci_csv.py")
        for name in wanted:
            target = folder / (f"{name}.gz" if re.fullmatch(NAME, name) else name)
            files.replace(target, partial(_copy, members, name, target.suffix == ".gz"))
            found.append(target)
    return found


def _copy(members: zipfile.ZipFile, name: str, packed: bool, part: Path) -> None:
    with members.open(name) as source, part.open("wb") as stream:
        if not packed:
            shutil.copyfileobj(source, stream)
            return
        # Without name and time stamp, so that equal content is equal bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as target:
            shutil.copyfileobj(source, target)
