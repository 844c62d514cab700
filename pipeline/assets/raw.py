"""The outside world and the raw floor: each publisher as a node with its terms, each source as locked, verified files."""

import logging
from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipeline.assets.factory import OWNERS, source_key
from pipeline.errors import ReoError
from pipeline.sources import lock
from pipeline.sources.lock import Source, SourceFiles

log = logging.getLogger("reo")


def publisher_key(source_id: str) -> dg.AssetKey:
    return dg.AssetKey(["publisher", source_id])


def publisher(source_id: str, source: Source) -> dg.AssetSpec:
    """What the publisher holds, outside this project: landing page, licence, attribution."""
    return dg.AssetSpec(
        publisher_key(source_id),
        group_name="publishers",
        description=f"**{source.title}**, {source.publisher}.\n\n{source.attribution}",
        kinds={source.obtained},
        metadata={
            "publisher": source.publisher,
            "landing_page": dg.MetadataValue.url(source.landing_page),
            "licence": source.licence,
            "redistribution": source.redistribution,
            "terms": source.terms,
        },
    )


def raw_asset(source_id: str, source: Source) -> dg.AssetsDefinition:
    """The source's files, fetched if need be and held against their hashes."""

    @dg.asset(
        key=source_key(source_id),
        deps=[publisher_key(source_id)],
        group_name="raw",
        description=f"Files of **{source.title}** (edition: {source.edition}), as locked in data/raw/sources.yml.",
        kinds={"sqlite" if source.obtained == "package" else "csv"},
        owners=OWNERS,
        code_version="1",
        check_specs=[dg.AssetCheckSpec("as_locked", asset=source_key(source_id), description="Every byte as locked", blocking=True)],
    )
    def fetch_and_verify() -> Iterator[Any]:
        log.info("raw %s: verifying %d file%s", source_id, len(source.files), "s" * (len(source.files) != 1))
        try:
            files = SourceFiles(source_id).paths()
        except ReoError as error:
            yield dg.AssetCheckResult(check_name="as_locked", passed=False, metadata={"problem": error.problem})
            raise dg.Failure(str(error), allow_retries=False) from error
        yield dg.AssetCheckResult(check_name="as_locked", passed=True)
        yield dg.MaterializeResult(
            data_version=dg.DataVersion(source.version),
            metadata={
                "edition": source.edition,
                "accessed": source.accessed,
                "licence": source.licence,
                "bytes": sum(f.bytes for f in source.files),
                "files": "\n".join(str(f) for f in files),
            },
        )

    return fetch_and_verify


def specs_and_assets() -> list[dg.AssetSpec | dg.AssetsDefinition]:
    """Two nodes a source of the lock."""
    return [make(source_id, source) for source_id, source in lock.read().sources.items() for make in (publisher, raw_asset)]
