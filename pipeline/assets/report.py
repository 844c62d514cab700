"""What people read: expectations over the finished tables, the executed notebooks, the report made of them."""

import hashlib
import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from pipeline import catalog, goods, paths, wiring
from pipeline.assets import code_version
from pipeline.assets.factory import OWNERS, as_table, asset_key, failure, warned
from pipeline.errors import ReoError
from pipeline.intake import lock
from pipeline.one_build import alone
from pipeline.quality import data_docs
from pipeline.quality.expectation import Outcome

log = logging.getLogger("reo")
EXPECTATIONS = dg.AssetKey(["quality", "expectations"])
SITE = dg.AssetKey(["report", "site"])
STYLE = paths.REPOSITORY / "pipeline" / "quality" / "data_docs.css"


def notebooks() -> list[Path]:
    return sorted(paths.notebooks().glob("[0-9]*.ipynb"))


def executed(notebook: Path) -> Path:
    return paths.executed() / notebook.name


def notebook_key(notebook: Path) -> dg.AssetKey:
    return dg.AssetKey(["report", notebook.stem])


def on_disk(key: dg.AssetKey) -> str | None:
    """The data version of a report asset's files as they are now, None where they are missing."""
    if key == EXPECTATIONS:
        return _hash(paths.quality()) if data_docs.is_whole(paths.data_docs()) else None
    if key == SITE:
        return _hash(paths.report())
    return _hash(paths.executed() / f"{key.path[-1]}.ipynb")


def _hash(*places: Path) -> str | None:
    """A fingerprint of files and of all files in folders, None where there is none."""
    found = [(p.parent, file) for p in places for file in ([p] if p.is_file() else sorted(p.rglob("*"))) if file.is_file()]
    if not found:
        return None
    digest = hashlib.sha256()
    for beside, file in found:
        digest.update(str(file.relative_to(beside)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _timed(what: str, key: dg.AssetKey, work: Callable[[], dict[str, Any]]) -> dg.MaterializeResult[Any]:
    started = time.monotonic()
    try:
        with alone():
            metadata = work()
    except ReoError as error:
        raise failure(error) from error
    log.info("%s: %.1f s", what, time.monotonic() - started)
    return dg.MaterializeResult(asset_key=key, data_version=dg.DataVersion(on_disk(key) or ""), metadata=metadata)


@dg.asset(
    key=EXPECTATIONS,
    deps=[asset_key(table) for table in catalog.tables().values()],
    group_name="publication",
    description="Great Expectations over the finished tables: what a sound-looking table can still get wrong.",
    code_version=code_version.source_version("pipeline.quality.run", STYLE.read_text("utf-8")),
    kinds={"greatexpectations"},
    owners=OWNERS,
)
def expectations() -> dg.MaterializeResult[Any]:
    """Run every expectation once, keep the outcomes, make the Data Docs."""

    def judge() -> dict[str, Any]:
        from pipeline.quality import run

        log.info("quality: running the expectations")
        outcomes = run.run(goods.load, paths.data_docs())
        run.write(outcomes, paths.quality())
        return {
            "passed": sum(o.passed for o in outcomes),
            "warned": sum(not o.passed and o.severity == "warning" for o in outcomes),
            "failed": sum(not o.passed and o.severity == "error" for o in outcomes),
            "data_docs": dg.MetadataValue.path(str(paths.data_docs() / "index.html")),
        }

    return _timed("quality", EXPECTATIONS, judge)


def expectation_checks() -> dg.AssetChecksDefinition:
    """Each outcome shown as a check of the table it judges."""
    from pipeline.quality.expectations import EXPECTATIONS as declared

    @dg.multi_asset_check(
        specs=[
            dg.AssetCheckSpec(
                e.name, asset=asset_key(catalog.table(e.table)), description=e.meaning, additional_deps=[EXPECTATIONS]
            )
            for e in declared
        ],
        can_subset=True,
    )
    def outcomes(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        from pipeline.quality import run

        # A first build that was interrupted has judged nothing yet.
        known = {o.name: o for o in run.read(paths.quality())} if paths.quality().is_file() else {}
        for e in declared:
            key = dg.AssetCheckKey(asset_key(catalog.table(e.table)), e.name)
            if key in context.selected_asset_check_keys and e.name in known:
                outcome = known[e.name]
                yield dg.AssetCheckResult(
                    asset_key=key.asset_key,
                    check_name=e.name,
                    passed=outcome.passed,
                    severity=dg.AssetCheckSeverity.WARN if e.severity == "warning" else dg.AssetCheckSeverity.ERROR,
                    description=warned(outcome.observed) if not outcome.passed and e.severity == "warning" else None,
                    metadata={"observed": outcome.observed, "meaning": outcome.meaning, **_rows_off(outcome)},
                )

    return outcomes


def _rows_off(outcome: Outcome) -> dict[str, dg.TableMetadataValue]:
    """The rows that an expectation names, worst first, as a table: which row, and what it reads."""
    if not outcome.rows_off:
        return {}
    parts = [row.rpartition(": ") for row in outcome.rows_off]
    return {"rows_off": as_table(pd.DataFrame({"row": [p[0] for p in parts], "reading": [p[2] for p in parts]}))}


def tables_read(notebook: Path) -> list[str]:
    """The tables a notebook loads, found in its text."""
    return sorted(set(re.findall(r'load_table\(\\?["\'](\w+)', notebook.read_text("utf-8"))))


def read_by_calls(notebook: Path) -> list[dg.AssetKey]:
    """The assets that a notebook reads by other calls than load_table, found in its text."""
    every = list(catalog.tables())
    reads = {
        "list_tables": every,
        "search": ["policy_events", "documents"],
        "policy_register": ["policy_events", "policy_status"],
        "disrupt": [name for name, kind in wiring.inputs("disruption").items() if kind == "table"],
    }
    text = notebook.read_text("utf-8")
    called = {name for call, names in reads.items() if re.search(rf"\b{call}\(", text) for name in names}
    checks = [EXPECTATIONS] if re.search(r"\bdescribe\(", text) else []
    return [*(asset_key(catalog.table(name)) for name in every if name in called), *checks]


def modules_imported(notebook: Path) -> list[str]:
    """The project's modules that a notebook imports; with the catalog, the library it forwards to."""
    found = set(re.findall(r"from (pipeline[\w.]*) import", notebook.read_text("utf-8")))
    return sorted(found | ({"pipeline.library"} if "pipeline.catalog" in found else set()))


def notebook_asset(notebook: Path) -> dg.AssetsDefinition:
    """The notebook, executed on the tables it reads; again only when they or its text change."""
    key = notebook_key(notebook)
    reads = [*(asset_key(catalog.table(name)) for name in tables_read(notebook)), *read_by_calls(notebook)]

    @dg.asset(
        key=key,
        deps=list(dict.fromkeys(reads)),
        group_name="publication",
        description=f"Notebook {notebook.stem}, executed.",
        code_version=code_version.source_version(
            "pipeline.report.notebooks",
            notebook.read_text("utf-8")
            + lock.path().read_text("utf-8")
            + "".join(code_version.source_version(module) for module in modules_imported(notebook)),
        ),
        kinds={"jupyter"},
        owners=OWNERS,
    )
    def execute_and_store() -> dg.MaterializeResult[Any]:
        def execute() -> dict[str, Any]:
            from pipeline.report import notebooks

            notebooks.execute(notebook, executed(notebook))
            return {"notebook": dg.MetadataValue.notebook(str(executed(notebook)))}

        return _timed(f"notebook {notebook.stem}", key, execute)

    return execute_and_store


def site_asset() -> dg.AssetsDefinition:
    """The report: pages made of the tables by figure functions, with the executed notebooks, methods and data dictionary."""

    @dg.asset(
        key=SITE,
        deps=[
            EXPECTATIONS,
            *(asset_key(table) for table in catalog.tables().values()),
            *(notebook_key(notebook) for notebook in notebooks()),
        ],
        group_name="publication",
        description="The published analysis as a site that works offline.",
        code_version=code_version.source_version("pipeline.report.site", _site_text()),
        kinds={"html"},
        owners=OWNERS,
    )
    def site() -> dg.MaterializeResult[Any]:
        def make() -> dict[str, Any]:
            from pipeline.report import site

            log.info("report: making the site")
            site.build_site(paths.report())
            return {"report": dg.MetadataValue.path(str(paths.report() / "index.html"))}

        return _timed("report", SITE, make)

    return site


def _site_text() -> str:
    """What the site says besides its code: templates, style, methods, table classes, notebooks, sources."""
    report, docs = paths.REPOSITORY / "pipeline" / "report", paths.REPOSITORY / "docs"
    files = [
        *(report / "templates").iterdir(),
        *(report / "static").iterdir(),
        *docs.rglob("*.md"),
        *(paths.REPOSITORY / "pipeline" / "schemas").glob("*.py"),
        *(paths.REPOSITORY / name for name in ("CHANGELOG.md", "CITATION.cff")),
        *notebooks(),
    ]
    return "".join(p.read_text("utf-8") for p in [*sorted(files), lock.path()])


def assets() -> list[dg.AssetsDefinition]:
    """Everything on the last floor."""
    return [expectations, *(notebook_asset(n) for n in notebooks()), site_asset()]
