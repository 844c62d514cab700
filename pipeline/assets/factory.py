"""From a table's class and function to a Dagster asset: contract, row counts, storage, and what the UI shows."""

import inspect
import logging
import os
import time
import warnings
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from pipeline import catalog, wiring
from pipeline.assets import code_version
from pipeline.errors import ReoError
from pipeline.one_build import alone
from pipeline.quality import row_counts
from pipeline.schemas import contract
from pipeline.schemas import table as t
from pipeline.schemas.table import Table
from pipeline.wiring import Signature

warnings.filterwarnings("ignore", category=dg.BetaWarning)
OWNERS = ["team:observatory"]
PREVIEW_ROWS = 8
log = logging.getLogger("reo")


def asset_key(table_name: str) -> dg.AssetKey:
    return dg.AssetKey([t.floor(catalog.table(table_name)), table_name])


def source_key(source_id: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", source_id])


def table_asset(table_name: str) -> dg.AssetsDefinition:
    """The asset that makes, checks and stores one table."""
    table = catalog.table(table_name)
    key = asset_key(table_name)
    made_by = wiring.signature(table_name)

    @dg.asset(
        key=key,
        deps=[source_key(n) if kind == "source" else asset_key(n) for n, kind in wiring.inputs(table_name).items()],
        group_name=t.floor(table),
        description=describe(table),
        code_version=code_version.code_version(table_name),
        kinds={"duckdb", "ibis", "parquet"} if "expression" in made_by.parameters.values() else {"python", "parquet"},
        owners=OWNERS,
        metadata={"dagster/column_schema": column_schema(table), **code_reference(table_name, made_by)},
        check_specs=[
            dg.AssetCheckSpec(
                "contract", asset=key, description="Columns, types, units, bounds, vocabularies and key", blocking=True
            ),
            dg.AssetCheckSpec("no_rows_set_aside", asset=key, description="Rows with an amount out of bounds go to quarantine/"),
            dg.AssetCheckSpec(
                "row_counts", asset=key, description="Rows by year as reviewed in expected_rows.csv", blocking=True
            ),
        ],
    )
    def make_and_store() -> Iterator[Any]:
        started = time.monotonic()
        try:
            frame = wiring.make(table_name)
            kept = contract.check(table, frame)
            yield dg.AssetCheckResult(check_name="contract", passed=True, severity=dg.AssetCheckSeverity.ERROR)
            yield dg.AssetCheckResult(
                check_name="no_rows_set_aside",
                passed=kept.set_aside.empty,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"rows_set_aside": len(kept.set_aside), "file": str(catalog.quarantine_path(table_name))},
            )
            if os.environ.get("REO_ACCEPT_ROWS"):
                row_counts.accept([row_counts.count(table, frame)])
            differences = row_counts.differences(table, frame)
            yield dg.AssetCheckResult(
                check_name="row_counts",
                passed=not differences,
                severity=dg.AssetCheckSeverity.ERROR,
                metadata={"differences": "\n".join(differences) or "none"},
            )
            if differences:
                raise row_counts.Unexpected(table_name, differences)
            with alone():
                catalog.store(table_name, kept)
        except contract.ContractBroken as error:
            yield dg.AssetCheckResult(
                check_name="contract", passed=False, severity=dg.AssetCheckSeverity.ERROR, metadata={"problem": error.problem}
            )
            raise failure(error) from error
        except ReoError as error:
            raise failure(error) from error
        log.info("%s: %s rows, %.1f s", table_name, f"{len(kept.rows):,}", time.monotonic() - started)
        yield dg.MaterializeResult(
            data_version=dg.DataVersion(catalog.stored_hash(table_name) or ""),
            metadata={
                "dagster/row_count": len(kept.rows),
                "dagster/table_name": f"observatory.{table_name}",
                "rows_set_aside": len(kept.set_aside),
                "file": dg.MetadataValue.path(str(catalog.parquet_path(table_name))),
                "preview": preview(kept.rows),
                **latest_figures(kept.rows),
            },
        )

    return make_and_store


def failure(error: ReoError) -> dg.Failure:
    """An asset's failure as the UI and the command line tell it: what is wrong and what to do."""
    return dg.Failure(error.problem, metadata={"problem": error.problem, "remedy": error.remedy}, allow_retries=False)


def describe(table: type[Table]) -> str:
    """The table class's words as Markdown for the UI."""
    return f"**{t.title(table)}.** {inspect.getdoc(table)}\n\nOne row for each: `{'`, `'.join(t.key(table))}`."


def column_schema(table: type[Table]) -> dg.TableSchema:
    """The column schema shown in the UI: descriptions, units as tags, the key as a table constraint."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name,
                type=str(column.dtype).removesuffix("[pyarrow]"),
                description=column.description,
                constraints=dg.TableColumnConstraints(
                    nullable=bool(column.nullable), other=[str(check.error or check.name) for check in column.checks]
                ),
                tags={"unit": _tag(t.unit(column))} if t.unit(column) else {},
            )
            for name, column in t.columns(table).items()
        ],
        constraints=dg.TableConstraints(other=[f"key: {', '.join(t.key(table))}"]),
    )


def _tag(unit: str) -> str:
    """Dagster tags allow no slash or blank."""
    return unit.replace("/", "_per_").replace(" ", "_")


def code_reference(table_name: str, made_by: Signature) -> dict[str, Any]:
    """Where the function that makes the table stands, so that the UI can open it."""
    reference = dg.LocalFileCodeReference(
        file_path=str(made_by.file), line_number=made_by.line, label=f"{made_by.module}.{table_name}"
    )
    return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=[reference])}


def preview(rows: pd.DataFrame) -> dg.TableMetadataValue:
    """The last rows by key, where the newest figures are."""
    shown = rows.tail(PREVIEW_ROWS)
    cells = shown.astype(object).where(shown.notna(), "").map(lambda v: v if isinstance(v, int | float | bool) else str(v)[:120])
    records = [dg.TableRecord({str(k): v for k, v in row.items()}) for row in cells.to_dict("records")]
    # Dagster reads the columns off the first record, and an empty table has none.
    schema = None if records else dg.TableSchema(columns=[dg.TableColumn(str(name)) for name in rows])
    return dg.MetadataValue.table(records, schema)


def latest_figures(rows: pd.DataFrame) -> dict[str, float]:
    """Plain numbers, which the UI plots over builds: China's newest share of a stage by USGS, or of a good's exports by value."""
    if {"china_share", "basis", "hs6"} <= set(rows) and "importer" not in rows:
        subject, newest = "hs6", rows[(rows["basis"] == "value") & rows["hs6"].isin(("280530", "284610", "284690", "850511"))]
    elif {"china_share", "stage", "source_id"} <= set(rows):
        subject, newest = "stage", rows[rows["source_id"] == "usgs_mcs"].sort_values("edition", kind="stable")
    else:
        return {}
    latest = newest.sort_values("year", kind="stable").groupby(subject)["china_share"].last()
    return {f"china_share_{name}": float(share) for name, share in latest.items()}
