"""The publishers whose own endpoints a client asks: which module, which edition, which key. None was tried live.

Nothing here imports a client before it is asked, so that composing the assets stays light.
"""

import importlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import ReoError, did_you_mean

if TYPE_CHECKING:
    import requests


class Client(NamedTuple):
    """A client's module, an edition as it is asked for, and the environment's name of the key, if one is needed.

    `whole`: an edition takes the place of all files of the one before, instead of adding to them. `feeds`: the source whose file
    its rows join, where that is another publisher's of the same figures.
    """

    module: str
    example: str
    key: str | None = None
    whole: bool = False
    feeds: str | None = None


class Answer(NamedTuple):
    """The edition that a publisher has now, None where that is not known, and why it is not."""

    edition: str | None
    why: str = ""


# Seconds without a byte after which a publisher is given up where nobody waits: a sensor has a minute.
BRIEF = 10.0
# What every client is until somebody has fetched an edition with it.
STATUS = "not tried live"
CLIENTS = {
    "bgs_world_mineral_statistics": Client("bgs_live", "2024"),
    "cepii_baci": Client("baci_live", "V202601", whole=True),
    "china_customs_quoted": Client("china_customs_live", "2026-10"),
    "magnet_lines_quoted": Client("eurostat_live", "2026-08"),
    "un_comtrade_monthly": Client("comtrade_monthly_live", "2026-08", "REO_COMTRADE_KEY"),
    "un_comtrade_reports": Client("comtrade_live", "2025", "REO_COMTRADE_KEY"),
    "us_census_monthly": Client("census_live", "2026-09", "REO_CENSUS_KEY"),
    "usgs_mcs": Client("usgs_live", "2026"),
    "usitc_dataweb": Client("usitc_live", "2026-09", "REO_DATAWEB_KEY", feeds="us_census_monthly"),
    "worldwide_governance_indicators": Client("world_bank_live", "2025-11-05", whole=True),
}


def fetch(source_id: str, edition: str, asked: "requests.Session | None" = None, host: str | None = None) -> list[Path]:
    """The files of an edition, put down as the client says. Raises ReoError for a source without client, else as it does."""
    module = _module(source_id)
    files: list[Path] = module.fetch(edition, asked, host or module.HOST)
    return files


def newest(source_id: str, asked: "requests.Session | None" = None, host: str | None = None) -> str:
    """The edition that the publisher has now, as `fetch` takes it. Raises ReoError as `fetch`."""
    from pipeline.intake import web

    module = _module(source_id)
    edition: str = module.newest(asked or web.session(), host or module.HOST)
    return edition


def newest_of_all(patient: bool = True) -> dict[str, Answer]:
    """What each publisher answers, all asked at once; with `patient=False` each within a minute. Raises nothing."""
    with ThreadPoolExecutor(len(CLIENTS)) as threads:
        return dict(zip(CLIENTS, threads.map(lambda source_id: _newest_or_why(source_id, patient), CLIENTS), strict=True))


def _newest_or_why(source_id: str, patient: bool) -> Answer:
    from pipeline.intake import web

    key = CLIENTS[source_id].key
    if key and not os.environ.get(key):
        return Answer(None, f"not asked: {key} is not set")
    try:
        return Answer(newest(source_id, web.session() if patient else web.session(tries=1, silence=BRIEF)))
    except ReoError as error:
        return Answer(None, f"not known: {error.problem}")


def client(source_id: str) -> Client:
    """The client of a source. Raises ReoError where it has none."""
    if source_id not in CLIENTS:
        remedy = did_you_mean(source_id, CLIENTS, f"fetched are {', '.join(CLIENTS)}")
        raise ReoError(f"{source_id} is not fetched from its publisher", remedy)
    return CLIENTS[source_id]


def fed(source_id: str) -> str:
    """The source whose file a client's rows join, mostly its own."""
    return client(source_id).feeds or source_id


def _module(source_id: str) -> ModuleType:
    return importlib.import_module(f"pipeline.sources.{client(source_id).module}")
