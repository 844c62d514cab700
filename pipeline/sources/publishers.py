"""The publishers whose own endpoints a client asks: which module, which edition, which key. None was tried live.

Nothing here imports a client before it is asked, so that composing the assets stays light.
"""

import importlib
import os
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import ReoError, did_you_mean

if TYPE_CHECKING:
    import requests


class Client(NamedTuple):
    """A client's module, an edition as it is asked for, and the environment's name of the key, if one is needed."""

    module: str
    example: str
    key: str | None = None


CLIENTS = {
    "bgs_world_mineral_statistics": Client("bgs_live", "2024"),
    "cepii_baci": Client("baci_live", "V202601"),
    "china_customs_quoted": Client("china_customs_live", "2026-10"),
    "magnet_lines_quoted": Client("eurostat_live", "2026-08"),
    "un_comtrade_reports": Client("comtrade_live", "2025", "REO_COMTRADE_KEY"),
    "us_census_monthly": Client("census_live", "2026-09", "REO_CENSUS_KEY"),
    "usgs_mcs": Client("usgs_live", "2026"),
    "worldwide_governance_indicators": Client("world_bank_live", "2025-11-05"),
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


def newest_of_all() -> dict[str, dict[str, str]]:
    """By source: the edition `here`, and what the `publisher` has now, or why that is not known."""
    from pipeline.intake import lock

    sources = lock.read().sources
    here = {source_id: sources[source_id].edition if source_id in sources else "none" for source_id in CLIENTS}
    return {source_id: {"here": here[source_id], "publisher": _newest_or_why(source_id)} for source_id in CLIENTS}


def _newest_or_why(source_id: str) -> str:
    key = CLIENTS[source_id].key
    if key and not os.environ.get(key):
        return f"not asked: {key} is not set"
    try:
        return newest(source_id)
    except ReoError as error:
        return f"not known: {error.problem}"


def _module(source_id: str) -> ModuleType:
    if source_id not in CLIENTS:
        remedy = did_you_mean(source_id, CLIENTS, f"fetched are {', '.join(CLIENTS)}")
        raise ReoError(f"{source_id} is not fetched from its publisher", remedy)
    return importlib.import_module(f"pipeline.sources.{CLIENTS[source_id].module}")
