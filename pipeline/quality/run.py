"""Judge the finished tables once with Great Expectations and report the outcomes in sentences.

A Checkpoint judges one frame, so every expectation puts its readings into a column of its own of one frame,
beside a column with its label. One suite, one checkpoint, one run.
"""

import json
import logging
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import files
from pipeline.errors import ReoError
from pipeline.quality import data_docs
from pipeline.quality.expectation import Expectation, Load, Outcome
from pipeline.quality.expectations import EXPECTATIONS

SHOWN = 5
READING = "reading"
NOTHING = "nothing to judge"


def run(load: Load, docs_folder: Path, declared: Sequence[Expectation] = EXPECTATIONS) -> list[Outcome]:
    """Judge every expectation once, sorted by name; Data Docs replace `docs_folder` whole, first page index.html.

    Each table is loaded once. An expectation with nothing to judge has not passed.
    Raises ReoError where the folder cannot be written or an expectation cannot be judged.
    """
    declared = sorted(declared, key=lambda e: e.name)
    once = cache(load)
    readings = {e.name: e.readings(once) for e in declared}
    part = docs_folder.with_name(f".{docs_folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        found = _great_expectations(declared, _frame(declared, readings), part)
        outcomes = [_outcome(e, readings[e.name], found[e.name]) for e in declared]
        data_docs.finish(part, declared, outcomes)
        files.replace_folder(part, docs_folder)
    except OSError as error:
        remedy = "make the folder writable, free disk space, then run `reo build` again"
        raise ReoError(f"cannot write {docs_folder} ({error.strerror})", remedy) from error
    return outcomes


def _frame(declared: Sequence[Expectation], readings: dict[str, pd.Series]) -> pd.DataFrame:
    """All readings stacked, one column an expectation; a missing reading becomes a value that cannot pass."""
    columns = []
    for e in declared:
        values = readings[e.name]
        # Great Expectations ignores nulls and passes an empty column; neither is evidence that the expectation is met.
        impossible = float("inf") if e.high is not None else float("-inf")
        if values.empty:
            values = pd.Series([NOTHING] * 2 if e.unique else [impossible], index=[NOTHING] * (2 if e.unique else 1))
        elif not e.unique:
            values = values.fillna(impossible)
        # Great Expectations does not escape text in its pages; text from a table must not become markup.
        labels = [escape(str(label), quote=False) for label in values.index]
        judged = [escape(v, quote=False) for v in values] if e.unique else values.to_numpy()
        columns.append(pd.DataFrame({READING: labels, e.name: judged}))
    return pd.concat(columns, ignore_index=True)


def _great_expectations(declared: Sequence[Expectation], frame: pd.DataFrame, folder: Path) -> dict[str, list[tuple[str, Any]]]:
    """Run the suite and make the Data Docs. By expectation, the readings that failed: label and value."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    # Its log repeats the outcomes at INFO.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
    from great_expectations.expectations.core.expect_column_values_to_be_unique import ExpectColumnValuesToBeUnique

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    context.add_data_docs_site("observatory", {"class_name": "SiteBuilder", "store_backend": store, "site_index_builder": index})
    asset = context.data_sources.add_pandas("observatory").add_dataframe_asset("readings")
    batch = asset.add_batch_definition_whole_dataframe("all")
    suite = context.suites.add(gx.ExpectationSuite(name="observatory"))
    for e in declared:
        declaration: dict[str, Any] = {
            "column": e.name,
            "severity": "critical" if e.severity == "error" else "warning",
            "description": f"{e.expected} If not: {e.meaning}",
            "meta": {"table": e.table},
        }
        if e.unique:
            suite.add_expectation(ExpectColumnValuesToBeUnique(**declaration))
        else:
            suite.add_expectation(ExpectColumnValuesToBeBetween(min_value=e.low, max_value=e.high, **declaration))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name="observatory", data=batch, suite=suite))
    result_format = {"result_format": "COMPLETE", "unexpected_index_column_names": [READING]}
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name="observatory", validation_definitions=[definition], actions=[], result_format=result_format)
    )
    (validation,) = checkpoint.run(batch_parameters={"dataframe": frame}).run_results.values()
    found = {}
    for result in validation.results:
        name = str(result.expectation_config.kwargs["column"])  # type: ignore[union-attr]
        if result.exception_info.get("raised_exception"):
            raise ReoError(
                f"expectation {name} could not be judged: {result.exception_info['exception_message']}",
                "correct its function in pipeline/quality/expectations/",
            )
        found[name] = [(unescape(str(row[READING])), row[name]) for row in result.result.get("unexpected_index_list") or []]
    context.build_data_docs(site_names=["observatory"])
    return found


def _outcome(e: Expectation, readings: pd.Series, off: list[tuple[str, Any]]) -> Outcome:
    if readings.empty:
        return Outcome(e.name, e.table, False, e.severity, NOTHING, e.meaning)
    worst = sorted(off, key=lambda row: (-_distance(e, row[1]), row[0]))
    rows_off = tuple(dict.fromkeys(label for label, _ in worst))[:SHOWN]
    return Outcome(e.name, e.table, not off, e.severity, _observed(e, readings, len(off)), e.meaning, rows_off)


def _distance(e: Expectation, value: Any) -> float:
    if e.unique:
        return 0.0
    return max((e.low - value) if e.low is not None else 0.0, (value - e.high) if e.high is not None else 0.0)


def _observed(e: Expectation, readings: pd.Series, off: int) -> str:
    failing = "not unique" if e.unique else "outside the expected range"
    judged = f"{off:,} of {len(readings):,} {failing}" if off else f"all {len(readings):,} as expected"
    if e.unique:
        return judged
    low, high = (f"{value:.6g}" for value in (readings.min(), readings.max()))
    span = low if low == high else f"{low} to {high}"
    return f"{judged}; readings {span} {e.unit}".rstrip()


def write(outcomes: Sequence[Outcome], path: Path) -> None:
    """Store outcomes as JSON, sorted by name; the same outcomes give the same bytes."""
    listed = [asdict(o) for o in sorted(outcomes, key=lambda o: o.name)]
    text = json.dumps(listed, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    files.replace(path, lambda part: part.write_text(text, "utf-8"))


def read(path: Path) -> list[Outcome]:
    """Outcomes as written. Raises ReoError where there are none, or the file is not what `write` writes."""
    try:
        return [Outcome(**{**kept, "rows_off": tuple(kept["rows_off"])}) for kept in json.loads(path.read_text("utf-8"))]
    except FileNotFoundError as error:
        raise ReoError(f"{path} is missing: the finished tables have not been judged yet", "run `reo build` first") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ReoError(f"{path} cannot be read ({error})", "delete it and run `reo build` again") from error
