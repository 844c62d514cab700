"""How high a version must be for what changed since its predecessor: the rule in docs/releases.md."""

import re
from pathlib import Path

from pipeline.release.diff import Difference, Level
from pipeline.released import VERSION

# A released version in CHANGELOG.md, and below it, where it is stated, what its archive hashes to.
HEADING = re.compile(rf"^## (?P<version>{VERSION.pattern.replace('(', '(?:')})(?=\s|$)", re.MULTILINE)
DIGEST = re.compile(r"\bsha256:? ?`?([0-9a-f]{64})\b")
Number = tuple[int, int, int]


def number(version: str) -> Number:
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch


def level(found: Difference) -> Level:
    """The least step that the changes ask for."""
    steps = {change.level for table in found.tables for change in table.schema}
    if found.tables_removed or "major" in steps:
        return "major"
    counts = [table.counts for table in found.tables]
    new_sources = any(before is None or after is None for _, before, after in found.sources)
    if found.tables_added or new_sources or "minor" in steps or any(c["added"] or c["removed"] for c in counts):
        return "minor"
    return "patch"


def least(predecessor: str, step: Level) -> str:
    """The lowest version after a predecessor that a step allows. Before 1.0.0 each step counts one number further down."""
    major, minor, patch = number(predecessor)
    if major == 0:
        step = "minor" if step == "major" else "patch"
    after = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}[step]
    return ".".join(map(str, after))


def known(changelog: Path, releases: Path) -> dict[str, str | None]:
    """The versions released so far, from the changelog and the folder of releases, with the sha256 the changelog states."""
    found: dict[str, str | None] = {}
    if releases.is_dir():
        found |= {p.name: None for p in releases.iterdir() if VERSION.fullmatch(p.name)}
    if changelog.is_file():
        for part in re.split(r"^(?=## )", changelog.read_text("utf-8"), flags=re.MULTILINE):
            if heading := HEADING.match(part):
                digest = DIGEST.search(part)
                found[heading["version"]] = digest[1] if digest else None
    return found
