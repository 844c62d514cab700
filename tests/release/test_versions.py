"""The version of a release must be high enough for what changed since the last, which must be at hand."""

import shutil
from pathlib import Path

import pytest

from pipeline import catalog, files
from pipeline.release import package, versions
from pipeline.release.diff import Difference
from pipeline.release.versions import Refused
from tests.release.conftest import git


@pytest.mark.parametrize(
    ("last", "step", "lowest"),
    [
        ("1.4.2", "major", "2.0.0"),
        ("1.4.2", "minor", "1.5.0"),
        ("1.4.2", "patch", "1.4.3"),
        ("0.3.1", "major", "0.4.0"),
        ("0.3.1", "minor", "0.3.2"),
        ("0.3.1", "patch", "0.3.2"),
    ],
)
def test_the_lowest_version_that_a_step_allows(last: str, step: versions.Level, lowest: str) -> None:
    assert versions.least(last, step) == lowest


@pytest.mark.parametrize(
    ("added", "removed", "sources", "step"),
    [
        ((), (), (), "patch"),
        ((), (), (("wmd", "2025", "2026"),), "patch"),
        ((), (), (("wmd", None, "2026"),), "minor"),
        (("new",), (), (), "minor"),
        (("new",), ("old",), (), "major"),
    ],
)
def test_the_step_that_tables_and_sources_ask_for(added: tuple, removed: tuple, sources: tuple, step: str) -> None:
    assert versions.level(Difference("1", "2", added, removed, (), sources, ())) == step


def release(version: str, finished: Path, against: str | None = None) -> Path:
    return package.build(version, finished / "releases", stale=list, against=against).with_name(f"reo-{version}")


def declare(folder: Path, old: str, new: str) -> None:
    """Change what the descriptor of a release says, as if it had been released so."""
    from pipeline.release import archive

    text = (folder / "datapackage.json").read_text("utf-8")
    assert old in text
    (folder / "datapackage.json").write_text(text.replace(old, new), "utf-8")
    archive.write_checksums(folder)


def test_the_first_release_says_that_it_has_no_predecessor(folder: Path) -> None:
    assert (folder / "CHANGES.md").read_text() == versions.FIRST


def test_the_next_release_says_what_changed(finished: Path, folder: Path) -> None:
    production = catalog.load_table("production")
    production.loc[0, "amount"] *= 2
    catalog.save_table("production", production)
    text = (release("0.1.1", finished) / "CHANGES.md").read_text()
    assert text.startswith("# Changes from 0.1.0 to 0.1.1")
    assert "0 added, 0 removed, 1 changed" in text


@pytest.mark.parametrize("version", ["0.0.9", "0.1.0"])
def test_a_version_that_is_not_above_the_last_is_refused(finished: Path, folder: Path, version: str) -> None:
    with pytest.raises(Refused, match="already released"):
        release(version, finished)


@pytest.mark.slow
def test_a_changed_unit_is_no_patch(finished: Path, folder: Path) -> None:
    declare(folder, '"unit": "kUSD"', '"unit": "USD"')
    with pytest.raises(Refused, match=r"too low.*\n  - .*unit of \w+ was USD, is kUSD") as failure:
        release("0.1.1", finished)
    assert "0.2.0 or higher" in failure.value.remedy
    assert release("0.2.0", finished).is_dir()


def test_a_release_is_recorded_above_those_before_it_over_what_was_unreleased(tmp_path: Path) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(f"# Changelog\n\nNewest first.\n\n## Unreleased\n\nA table.\n\n## 0.1.0\n\nsha256 {'1' * 64}\n")
    versions.record(changelog, "0.2.0", "2" * 64)
    assert versions.stated(changelog) == {"0.1.0": "1" * 64, "0.2.0": "2" * 64}
    assert changelog.read_text().split("## ")[1:3] == ["Unreleased\n\n", f"0.2.0\n\nsha256 {'2' * 64}\n\nA table.\n\n"]


def test_refused_where_the_last_release_is_known_but_not_there(finished: Path, folder: Path, repository: Path) -> None:
    """As in a fresh clone: the changelog knows of it."""
    elsewhere = repository.parent / "elsewhere"
    shutil.move(folder.parent, elsewhere)
    digest = files.sha256(elsewhere / "reo-0.1.0.tar.gz")
    (repository / "CHANGELOG.md").write_text(f"# Changelog\n\n## Unreleased\n\n## 0.1.0\n\nsha256 {digest}\n")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "released")
    with pytest.raises(Refused, match=r"0\.1\.0, cannot be said.*\n.*--against"):
        release("0.1.1", finished)
    assert release("0.1.1", finished, str(elsewhere / "reo-0.1.0.tar.gz")).is_dir()


def test_refused_where_the_last_release_is_another_than_the_changelog_names(
    finished: Path, folder: Path, repository: Path
) -> None:
    (repository / "CHANGELOG.md").write_text(f"## 0.1.0\n\nsha256 {'0' * 64}\n")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "released")
    with pytest.raises(Refused, match="has the sha256"):
        release("0.1.1", finished)
