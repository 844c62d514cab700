"""How high a version must be for what changed since its predecessor: the rule in docs/releases.md."""

import re
from pathlib import Path

from pipeline.errors import ReoError
from pipeline.release import changes, diff
from pipeline.release.diff import Difference, Level
from pipeline.release.sides import Side, side
from pipeline.released import ARCHIVE, EXPECTED, VERSION

CHANGELOG = "CHANGELOG.md"
UNRELEASED = "## Unreleased\n"
# A released version in CHANGELOG.md, and below it, where it is stated, what its archive hashes to.
HEADING = re.compile(rf"^## (?P<version>{VERSION.pattern.replace('(', '(?:')})(?=\s|$)", re.MULTILINE)
DIGEST = re.compile(r"\bsha256:? ?`?([0-9a-f]{64})\b")
# Reasons named in a refusal.
SHOWN = 10
Number = tuple[int, int, int]
FIRST = "First release: it has no predecessor to be compared with.\n"


class Refused(ReoError):
    """A release that must not be made; nothing was written."""


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
    return dict.fromkeys(in_folder(releases)) | stated(changelog)


def in_folder(releases: Path) -> list[str]:
    """The versions that the folder of releases has."""
    return [p.name for p in releases.iterdir() if VERSION.fullmatch(p.name)] if releases.is_dir() else []


def stated(changelog: Path) -> dict[str, str | None]:
    """The versions that the changelog names, each with the sha256 it states for the archive, None where it states none."""
    found: dict[str, str | None] = {}
    if changelog.is_file():
        for part in re.split(r"^(?=## )", changelog.read_text("utf-8"), flags=re.MULTILINE):
            if heading := HEADING.match(part):
                digest = DIGEST.search(part)
                found[heading["version"]] = digest[1] if digest else None
    return found


def record(changelog: Path, version: str, digest: str) -> None:
    """Put a new release at the top of the changelog with its archive's sha256: what was unreleased is what it contains."""
    before, _, after = (changelog.read_text("utf-8") if changelog.is_file() else "# Changelog\n\n").partition(UNRELEASED)
    changelog.write_text(f"{before}{UNRELEASED}\n## {version}\n\nsha256 {digest}\n{after}", "utf-8")


def predecessor(version: str, changelog: Path, releases: Path) -> str | None:
    """The version released last, None before the first. Raises Refused unless `version` is above it."""
    last = max(known(changelog, releases), key=number, default=None)
    if last is not None and number(version) <= number(last):
        raise Refused(f"version {version} is not above {last}, which is already released", "choose a higher one")
    return last


def changes_since(last: str | None, new: Side, version: str, changelog: Path, releases: Path, against: str | None) -> str:
    """What changed since the last release, as Markdown, for the new one whose tables are `new`.

    `against` says where the last release is, by default in `releases`. Raises Refused where that is missing or damaged, and
    where the version is too low for what changed.
    """
    if last is None:
        return FIRST
    try:
        with side(_place(last, changelog, releases, against)) as old:
            if old.name != last:
                raise Refused(f"{against} is release {old.name}, but the last one is {last}", f"name release {last}")
            found = diff.compare(old, new)
    except Refused:
        raise
    except ReoError as error:
        problem = f"what changed since the last release, {last}, cannot be said: {error.problem}"
        remedy = f"say where release {last} is, its folder, archive or address: `reo release {version} --against WHERE`"
        raise Refused(problem, remedy) from error
    step = level(found)
    lowest = least(last, step)
    if number(version) < number(lowest):
        reasons = [f"{table.table}: {one.what}" for table in found.tables for one in table.schema if one.level == step]
        reasons += [f"table {name} removed" for name in found.tables_removed if step == "major"]
        reasons += [f"table {name} added" for name in found.tables_added if step == "minor"]
        listed = "".join(f"\n  - {reason}" for reason in reasons[:SHOWN]) or "\n  - rows or sources came or went"
        problem = f"version {version} is too low: since {last} there is a {step} change{listed}"
        raise Refused(problem, f"release it as {lowest} or higher (docs/releases.md), or see `reo diff {last}`")
    return changes.markdown(found)


def _place(last: str, changelog: Path, releases: Path, against: str | None) -> str:
    """Where the last release is; its archive must hash to what the changelog states, where it states it."""
    stated = known(changelog, releases)[last]
    where = against or str(releases / last / f"reo-{last}")
    if stated and not against:
        where += ARCHIVE
    return f"{where}{EXPECTED}{stated}" if stated and where.endswith(ARCHIVE) else where
