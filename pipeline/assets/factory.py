"""From a table's class and function to a Dagster asset: contract, row counts, storage, and what the UI shows."""

import inspect
import logging
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
from pipeline.schemas.export_concentration import feed_left_out
from pipeline.schemas.table import Table
from pipeline.table_files import Draft
from pipeline.wiring import Signature

warnings.filterwarnings("ignore", category=dg.BetaWarning)
OWNERS = ["team:observatory"]
PREVIEW_ROWS = 8
# Rows that a check shows.
SHOWN_ROWS = 20
log = logging.getLogger("reo")


def asset_key(table: type[Table]) -> dg.AssetKey:
    return dg.AssetKey([t.floor(table), t.name(table)])


def source_key(source_id: str) -> dg.AssetKey:
    return dg.AssetKey(["raw", source_id])


def table_asset(table: type[Table], accept_rows: str | None = None) -> dg.AssetsDefinition:
    """The asset that makes, checks and stores one table. `accept_rows`, a reason, takes its row counts as reviewed."""
    made_by = wiring.signature(t.name(table))

    @dg.asset(
        key=asset_key(table),
        deps=[input_key(name, kind) for name, kind in made_by.parameters.items()],
        group_name=t.subject(table),
        tags={"floor": t.floor(table)},
        description=describe(table),
        code_version=code_version.code_version(table),
        kinds={"duckdb", "ibis", "parquet"} if "expression" in made_by.parameters.values() else {"python", "parquet"},
        owners=OWNERS,
        metadata=code_reference(t.name(table), made_by),
        check_specs=check_specs(asset_key(table)),
    )
    def make_and_store() -> Iterator[Any]:
        try:
            yield from checked_and_stored(table, accept_rows)
        except contract.ContractBroken as error:
            yield check_result("contract", passed=False, problem=error.problem)
            raise failure(error) from error
        except ReoError as error:
            raise failure(error) from error

    return make_and_store


def input_key(name: str, kind: wiring.Kind) -> dg.AssetKey:
    return source_key(name) if kind == "source" else asset_key(catalog.table(name))


def check_specs(key: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """The checks of every table; a table that fails a blocking one is not stored."""
    contract_kept = "Columns, types, units, bounds, vocabularies and key"
    return [
        dg.AssetCheckSpec("contract", asset=key, description=contract_kept, blocking=True),
        dg.AssetCheckSpec("no_rows_quarantined", asset=key, description="Rows out of bounds go to quarantine/"),
        dg.AssetCheckSpec("row_counts", asset=key, description="Rows by year as reviewed in expected_rows.csv", blocking=True),
    ]


def checked_and_stored(table: type[Table], accept_rows: str | None) -> Iterator[Any]:
    """Make a table and store it where its contract and its reviewed row counts hold: results of its checks, then what was stored.

    Raises ContractBroken, Unexpected, and what the table's function raises; then nothing is stored.
    """
    started = time.monotonic()
    name = t.name(table)
    with catalog.draft(name) as draft:
        made = drafted(table, wiring.parts(name, wiring.inputs_on_disk(name)), draft)
        yield check_result("contract", passed=True)
        yield quarantine_result(table, made.quarantined)
        differences = row_counts.differences(table, made.counted)
        if differences and accept_rows is not None:
            for line in row_counts.record(row_counts.changes(row_counts.of_stored(table), made.counted), accept_rows):
                log.info("%s", line)
            row_counts.accept(made.counted)
            differences = []
        yield check_result("row_counts", passed=not differences, differences="\n".join(differences) or "none")
        if differences:
            raise row_counts.Unexpected(name, differences)
        with alone():
            catalog.put(name, draft, made.quarantined)
    log.info("%s: %s rows, %.1f s", name, f"{draft.rows:,}", time.monotonic() - started)
    yield materialized(table, draft.rows, made)


@dataclass(frozen=True)
class Made:
    """What is known of a table whose rows are drafted: counts of all rows, the quarantined ones, and its last part."""

    counted: pd.DataFrame
    quarantined: pd.DataFrame
    last: pd.DataFrame


def drafted(table: type[Table], parts: Iterable[pd.DataFrame], draft: Draft) -> Made:
    """Check the parts of a table one after another and add their rows to its draft. Raises ContractBroken."""
    counted, quarantined, last = [], [], t.empty(table)
    for checked in contract.check_parts(table, parts):
        draft.add(checked.rows)
        counted += [row_counts.count(table, rows) for rows in (checked.rows, checked.quarantined)]
        quarantined.append(checked.quarantined)
        last = checked.rows
        if len(quarantined) > 1:
            log.info("%s: %s rows checked", t.name(table), f"{draft.rows:,}")
    return Made(row_counts.total(counted), pd.concat(quarantined, ignore_index=True), last)


def check_result(check_name: str, passed: bool, **metadata: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=check_name, passed=passed, severity=dg.AssetCheckSeverity.ERROR, metadata=dict[str, Any](metadata)
    )


def quarantine_result(table: type[Table], quarantined: pd.DataFrame) -> dg.AssetCheckResult:
    """A warning where rows were quarantined."""
    return dg.AssetCheckResult(
        check_name="no_rows_quarantined",
        passed=quarantined.empty,
        severity=dg.AssetCheckSeverity.WARN,
        description=warned(f"{len(quarantined)} rows quarantined") if len(quarantined) else None,
        metadata={
            "rows_quarantined": len(quarantined),
            "file": str(catalog.quarantine_path(t.name(table))),
            **({"rows": as_table(quarantined.head(SHOWN_ROWS))} if len(quarantined) else {}),
        },
    )


def warned(observed: str) -> str:
    """What the UI says of a check that warns, besides its colour."""
    return f"WARN: {observed}"


def materialized(table: type[Table], rows: int, made: Made) -> dg.MaterializeResult[Any]:
    """What the UI shows of a table just stored, and the version of its files."""
    return dg.MaterializeResult(
        data_version=dg.DataVersion(catalog.stored_hash(t.name(table)) or ""),
        metadata={
            "dagster/row_count": rows,
            "dagster/table_name": f"observatory.{t.name(table)}",
            "dagster/column_schema": column_schema(table),
            "rows_quarantined": len(made.quarantined),
            "file": dg.MetadataValue.path(str(catalog.parquet_path(t.name(table)))),
            "preview": preview(made.last),
            **latest_figures(made.last),
            **(headline(table, made.last) if t.floor(table) == "derived" else {}),
        },
    )


def failure(error: ReoError) -> dg.Failure:
    """An asset's failure as the UI and the command line show it: what is wrong and what to do."""
    return dg.Failure(error.problem, metadata={"problem": error.problem, "remedy": error.remedy}, allow_retries=False)


def describe(table: type[Table]) -> str:
    """The title, docstring and key of a table class for the UI, which shows the first line unformatted."""
    return f"{t.title(table)}: {inspect.getdoc(table)}\n\nOne row for each: `{'`, `'.join(t.key(table))}`."


def column_schema(table: type[Table]) -> dg.TableSchema:
    """The column schema shown in the UI: descriptions, units as tags, the key as a table constraint."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name,
                type=t.kind(column),
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
    return as_table(rows.tail(PREVIEW_ROWS))


def as_table(rows: pd.DataFrame) -> dg.TableMetadataValue:
    """Rows as the UI shows a table in place; numbers to six digits, long texts cut."""

    def cell(value: Any) -> Any:
        if isinstance(value, int | bool):
            return value
        return brief(value) if isinstance(value, float) else str(value)[:120]

    cells = rows.astype(object).where(rows.notna(), "").map(cell)
    records = [dg.TableRecord({str(k): v for k, v in row.items()}) for row in cells.to_dict("records")]
    # Dagster reads the columns off the first record, and an empty table has none.
    schema = None if records else dg.TableSchema(columns=[dg.TableColumn(str(name)) for name in rows])
    return dg.MetadataValue.table(records, schema)


def brief(number: float) -> float:
    """A number to the six digits that people compare."""
    return float(f"{number:.6g}")


def latest_figures(rows: pd.DataFrame) -> dict[str, float]:
    """Plain numbers, which the UI plots over builds: China's newest share of a stage by USGS, or of a good's exports by value.

    Of goods that hold feed the share is that without it, as on the pages.
    """
    if {"china_share", "basis", "hs6"} <= set(rows) and "importer" not in rows:
        goods = rows[rows["hs6"].isin(("280530", "284610", "284690", "850511"))]
        subject, newest = "hs6", feed_left_out(goods)
    elif {"china_share", "stage", "source_id"} <= set(rows):
        subject, newest = "stage", rows[rows["source_id"] == "usgs_mcs"].sort_values("edition", kind="stable")
    else:
        return {}
    latest = newest.sort_values("year", kind="stable").groupby(subject)["china_share"].last()
    return {f"china_share_{name}": brief(share) for name, share in latest.items()}


def headline(table: type[Table], rows: pd.DataFrame) -> dict[str, float]:
    """One plain number of a derived table, which the UI plots over builds: a change of it is a change of what the table says.

    Of verdicts how many are supported; of a table with numbers the median of its first in the newest year or month; of any
    other how many values the first column of its key has.
    """
    if rows.empty:
        return {}
    if "verdict" in rows and "supported" in t.allowed(t.columns(table)["verdict"]):
        return {"supported": float((rows["verdict"] == "supported").sum())}
    period = next((name for name in ("year", "month") if name in rows), None)
    newest = rows[rows[period] == rows[period].max()] if period else rows
    measures = [name for name, kind in t.kinds(table).items() if kind == "float64" and newest[name].notna().any()]
    if not measures:
        return {f"distinct_{t.key(table)[0]}": float(rows[t.key(table)[0]].nunique())}
    return {f"median_{measures[0]}": brief(newest[measures[0]].median())}
