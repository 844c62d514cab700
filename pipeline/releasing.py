"""Write a release of what is built now: the command line and Dagster's job `release` do it in one way."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg

from pipeline import build as building
from pipeline import files, paths
from pipeline.assets.factory import failure
from pipeline.errors import ReoError
from pipeline.one_build import alone


def release(version: str, definitions: dg.Definitions, against: str | None = None) -> Path:
    """The archive of a new release; `against` says where the last one is, if not in data/releases.

    Its sha256 is put into CHANGELOG.md, to be committed. No build can run meanwhile. Raises Refused where something waits to be
    made again.
    """
    from pipeline.release import package, versions

    with alone(), building.open_instance() as instance:

        def stale() -> list[str]:
            return [f"{key.to_user_string()} ({why})" for key, why in building.stale_assets(definitions, instance).items()]

        archive = package.build(version, paths.releases(), stale, against)
        versions.record(paths.REPOSITORY / versions.CHANGELOG, version, files.sha256(archive))
        return archive


class Version(dg.Config):
    """The version to release, such as 0.1.0, and where the last release is, if not in data/releases."""

    version: str
    against: str | None = None


def release_job(definitions: Callable[[], dg.Definitions]) -> dg.JobDefinition:
    """The job for whoever works in the UI; `definitions` are those it belongs to, known once they are composed."""

    @dg.op
    def write_release(config: Version) -> None:
        """Write data/releases/VERSION from the tables as they are."""
        try:
            release(config.version, definitions(), config.against)
        except ReoError as error:
            raise failure(error) from error

    @dg.job(name="release", executor_def=dg.in_process_executor)
    def write() -> None:
        """Tables, descriptor, licences, checksums, executed notebooks and report in one archive."""
        write_release()

    return write
