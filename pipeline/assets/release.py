"""The job that writes a dataset release, for whoever works in the UI; `reo release VERSION` does the same."""

import dagster as dg

from pipeline import paths
from pipeline.assets.factory import failure
from pipeline.errors import ReoError


class Version(dg.Config):
    """The version to release, such as 0.1.0."""

    version: str


@dg.op
def write_release(config: Version) -> None:
    """Write data/releases/VERSION from the tables as they are."""
    from pipeline.release import package

    try:
        package.build(config.version, paths.releases())
    except ReoError as error:
        raise failure(error) from error


@dg.job(name="release", executor_def=dg.in_process_executor)
def release_job() -> None:
    """Tables, descriptor, licences, checksums, executed notebooks and report in one archive."""
    write_release()
