"""Where files are on disk. Everything a build reads or writes is under one data folder.

`REO_DATA` names another data folder than the repository's own: tests and `reo demo` use it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def data() -> Path:
    return Path(os.environ.get("REO_DATA", REPOSITORY / "data")).absolute()


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Another data folder within, for the whole process: its threads have it too."""
    before = os.environ.get("REO_DATA")
    os.environ["REO_DATA"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["REO_DATA"]
        else:
            os.environ["REO_DATA"] = before


def raw() -> Path:
    """Locked inputs: sources.yml, transcribed and reviewed tables, downloads/. A release has none: the repository's."""
    return (REPOSITORY / "data" if release() else data()) / "raw"


def downloads() -> Path:
    return raw() / "downloads"


def release() -> Path | None:
    """The folder of an unpacked release, where REO_DATA names one: its tables are then read, and nothing is built."""
    return data() if (data() / "datapackage.json").is_file() else None


def processed() -> Path:
    """What a build makes: tables, notebooks, report, Data Docs. Of a release, its tables."""
    return data() / ("tables" if release() else "processed")


def quarantine() -> Path:
    """Rows out of bounds with their reasons, a CSV file a table that has such rows."""
    return processed() / "quarantine"


def database() -> Path:
    """DuckDB views of all tables."""
    return processed() / "observatory.duckdb"


def quality() -> Path:
    """What every expectation found, for programs."""
    return (release() or processed()) / "quality.json"


def data_docs() -> Path:
    """The same for people, as pages."""
    return processed() / "data_docs"


def executed() -> Path:
    """The notebooks with their outputs."""
    return processed() / "notebooks"


def report() -> Path:
    """The report's pages."""
    return processed() / "report"


def reviewed() -> Path:
    """Our own tables: each change of them waits for a reviewer."""
    return raw() / "reviewed"


def demo() -> Path:
    """The toy world as `reo demo` builds it."""
    return REPOSITORY / "data" / "demo"


def releases() -> Path:
    return data() / "releases"


def candidates() -> Path:
    """Data folders with a publisher's new edition, made to be reviewed and not published."""
    return data() / "candidates"


def forecasts() -> Path:
    """Frozen forecasts: files are added and committed, never changed."""
    return data() / "forecasts"


def instance() -> Path:
    """The Dagster instance that builds and the UI share."""
    return data() / "dagster"


def notebooks() -> Path:
    """The notebooks of this data folder: the repository's, or a folder's own such as the toy world's."""
    own = data() / "notebooks"
    return own if own.is_dir() else REPOSITORY / "notebooks"
