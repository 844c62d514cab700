"""The files of a source as parsers receive them: downloaded if needed, compared with their hashes."""

from pathlib import Path

from pipeline import paths
from pipeline.intake import lock, package
from pipeline.intake.lock import LockError


class SourceFiles:
    """The files of one source, verified, as parsers receive them."""

    def __init__(self, source_id: str):
        self.id = source_id
        self.source = lock.source(source_id)
        # Names of files that a parser read with their corrections applied.
        self.corrected = set[str]()

    @property
    def edition(self) -> str:
        return self.source.edition

    @property
    def accessed(self) -> str:
        """The day the source was last read, after which nothing in it can have happened."""
        return self.source.accessed

    def paths(self) -> list[Path]:
        """Every file, verified; downloads first what is not here yet. Raises LockError."""
        if self.source.obtained == "package":
            return [package.member(self.source.package or "", locked) for locked in self.source.files]
        found = [paths.raw() / locked.name for locked in self.source.files]
        for file, locked in zip(found, self.source.files, strict=True):
            lock.verify(file, locked)
        return found

    def paths_present(self) -> None:
        """Raises LockError unless every file is here and as locked; downloads nothing."""
        base = paths.raw()
        if self.source.obtained == "package":
            wheel = lock.read().packages[self.source.package or ""].wheel
            base = paths.downloads() / wheel.name.removesuffix(".whl")
        for locked in self.source.files:
            lock.verify(base / (Path(locked.name).name if self.source.obtained == "package" else locked.name), locked)

    def path(self, file_name: str) -> Path:
        """The one file of that name (its last part). Raises LockError if the source has none."""
        for file in self.paths():
            if file.name == file_name:
                return file
        raise LockError(f"source {self.id} has no file {file_name}", f"list it under {self.id} in {lock.path()}")


def version_present(name: str) -> str:
    """The version of a source, or of `package_NAME`, whose files are here and as locked. Raises LockError where they are not."""
    packages = lock.read().packages
    if name.removeprefix("package_") in packages:
        wheel = packages[name.removeprefix("package_")].wheel
        lock.verify(paths.downloads() / wheel.name, wheel)
        return wheel.sha256[:16]
    files = SourceFiles(name)
    files.paths_present()
    return files.source.version
