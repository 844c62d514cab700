"""Make a release: refuse what must not be published, write everything to a temporary folder, then move it into place."""

import json
import logging
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.csv
import pyarrow.parquet

from pipeline import catalog, paths
from pipeline.errors import ReoError
from pipeline.intake import lock
from pipeline.quality import run
from pipeline.quality.expectation import Outcome
from pipeline.release import archive, commit, descriptor, texts
from pipeline.release.texts import LeftOut
from pipeline.schemas import table as t

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
log = logging.getLogger("reo")


class Refused(ReoError):
    """A release that must not be made; nothing was written."""


def check(version: str, target: Path) -> commit.Commit:
    """The commit a release would be made from. Raises Refused for an unusable version or uncommitted changes."""
    if not VERSION.fullmatch(version):
        raise Refused(f"{version!r} is not a semantic version", "name three numbers without leading zeros, such as 0.1.0")
    if (target / version).exists():
        problem = f"version {version} is already released ({target / version})"
        raise Refused(problem, "a release never changes: choose the next version")
    return commit.checked_out(paths.REPOSITORY)


def build(version: str, target: Path) -> Path:
    """Write target/VERSION/ with the folder reo-VERSION and its archive reo-VERSION.tar.gz; returns the archive's path.

    The same commit gives the same bytes. Raises Refused, or a ReoError where something to be released is missing.
    """
    made_from = check(version, target)
    outcomes = run.read(paths.quality())
    _refuse_failed(outcomes)
    _refuse_missing()
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target, prefix=f".{version}.") as temporary:
            folder = Path(temporary) / version / f"reo-{version}"
            folder.mkdir(parents=True)
            _fill(folder, version, made_from, outcomes)
            log.info("release: packing %d files", len(archive.files(folder)))
            archive.write_archive(folder, folder.with_name(f"{folder.name}.tar.gz"), made_from.time)
            folder.parent.replace(target / version)
    except OSError as error:
        problem = f"cannot write the release into {target} ({error.strerror})"
        raise ReoError(problem, "make the folder writable, free disk space, then try again") from error
    packed = target / version / f"reo-{version}.tar.gz"
    log.info("release: sha256 of %s is %s", packed.name, lock.sha256(packed))
    return packed


def _refuse_failed(outcomes: Sequence[Outcome]) -> None:
    failed = [o for o in outcomes if not o.passed and o.severity == "error"]
    if failed:
        listed = "\n".join(f"  - {o.name} ({o.table}): {o.observed}. {o.meaning}" for o in failed)
        raise Refused(
            f"checks that block a release failed:\n{listed}",
            "correct the tables or the expectations in pipeline/quality/, run `reo build`, then release again",
        )


def _refuse_missing() -> None:
    needed = [file(name) for name in catalog.tables() for file in (catalog.parquet_path, catalog.csv_path)]
    needed += [paths.report() / "index.html", paths.executed()]
    missing = [file.name for file in needed if not file.exists()]
    if missing:
        raise Refused(f"not built yet: {', '.join(missing)} (in {paths.processed()})", "run `reo build`, then release again")


def _fill(folder: Path, version: str, made_from: commit.Commit, outcomes: Sequence[Outcome]) -> None:
    locked = lock.read()
    stated = texts.citation(paths.REPOSITORY / "CITATION.cff", version, made_from)
    log.info("release: copying %d tables", len(catalog.tables()))
    (folder / "tables").mkdir()
    restricted = frozenset(i for i, s in locked.sources.items() if s.redistribution == "restricted")
    left_out = _copy_tables(folder / "tables", restricted)
    log.info("release: copying notebooks and report")
    for part in ("notebooks", "report"):
        shutil.copytree(paths.processed() / part, folder / part, copy_function=shutil.copyfile)
    _unlink_data_docs(folder / "report" / "index.html")
    run.write(outcomes, folder / "quality.json")
    for text in ("LICENSE", "LICENSE-data.md"):
        shutil.copyfile(paths.REPOSITORY / text, folder / text)
    for list_file in ("corrections.yml", "left_out.csv"):
        if (paths.raw() / list_file).is_file():
            shutil.copyfile(paths.raw() / list_file, folder / list_file)
    log.info("release: writing the descriptor and texts")
    rows = {name: pyarrow.parquet.read_metadata(folder / "tables" / f"{name}.parquet").num_rows for name in catalog.tables()}
    (folder / "CITATION.cff").write_text(texts.citation_file(stated), "utf-8")
    (folder / "ATTRIBUTION.md").write_text(texts.attribution(locked), "utf-8")
    (folder / "README.md").write_text(texts.readme(stated, rows, outcomes, left_out, locked), "utf-8")
    described = descriptor.descriptor(folder, stated, made_from, locked.sources)
    (folder / "datapackage.json").write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", "utf-8")
    archive.write_checksums(folder)


def _unlink_data_docs(page: Path) -> None:
    """Data Docs contain run times and are not part of a release: the link to them would be dead."""
    text = re.sub(r'<a [^>]*href="\.\./data_docs/index\.html"[^>]*>(.*?)</a>', r"\1", page.read_text("utf-8"), flags=re.DOTALL)
    page.write_text(text, "utf-8")


def _copy_tables(folder: Path, restricted: frozenset[str]) -> list[LeftOut]:
    left_out = []
    documents = catalog.load_table("documents").set_index("document_id")["source_id"]
    for name in catalog.tables():
        found = restricted_rows(name, restricted, documents)
        if found.notna().any():
            left_out += [LeftOut(name, str(i), int(n)) for i, n in found.value_counts().sort_index().items()]
            rows = catalog.load_table(name)[found.isna().to_numpy()]
            catalog.write(catalog.table(name), rows, folder / f"{name}.csv", folder / f"{name}.parquet")
        else:
            for file in (catalog.csv_path(name), catalog.parquet_path(name)):
                shutil.copyfile(file, folder / file.name)
    return left_out


def restricted_rows(table_name: str, restricted: frozenset[str], documents: "pd.Series[str]") -> "pd.Series[str]":
    """For each row of a table the restricted source it comes from, null for rows that may be passed on.

    A row's source is the one in its column source_id (or one ending in it); if empty, that of its document: `documents`
    maps document_id to source_id. The table `documents` holds only titles and addresses of our own making and stays whole:
    it says where to find what is left out.
    """
    named = [c for c in t.columns(catalog.table(table_name)) if c.endswith(("source_id", "document_id"))]
    found = pd.Series(None, index=range(catalog.row_count(table_name)), dtype="str")
    if not restricted or not named or table_name == "documents":
        return found
    rows = pyarrow.parquet.read_table(catalog.parquet_path(table_name), columns=named).to_pandas()
    for column in sorted(named, key=lambda c: c.endswith("document_id")):
        found = found.fillna(rows[column].map(documents) if column.endswith("document_id") else rows[column])
    return found.where(found.isin(list(restricted)))
