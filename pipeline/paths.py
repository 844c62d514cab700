"""Where things lie on disk. Everything a build reads or writes is under one data folder.

`REO_DATA` names another data folder than the repository's own: tests and `reo demo` use it.
"""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def data() -> Path:
    return Path(os.environ.get("REO_DATA", REPOSITORY / "data"))


def raw() -> Path:
    """Locked inputs: sources.yml, transcribed and reviewed tables, downloads/."""
    return data() / "raw"


def downloads() -> Path:
    return raw() / "downloads"


def processed() -> Path:
    """What a build makes: tables, notebooks, report, Data Docs."""
    return data() / "processed"


def instance() -> Path:
    """The Dagster instance that builds and the UI share."""
    return data() / "dagster"


def notebooks() -> Path:
    """The notebooks of this data folder: the repository's, or a folder's own such as the toy world's."""
    own = data() / "notebooks"
    return own if own.is_dir() else REPOSITORY / "notebooks"
