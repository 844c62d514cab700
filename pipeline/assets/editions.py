"""New editions: a sensor asks the publishers daily, and a job makes a candidate of each new one and says what it changes."""

import json
import logging
from typing import Any

import dagster as dg

from pipeline.assets.factory import OWNERS, SHOWN_ROWS, as_table, failure, warned
from pipeline.assets.raw import publisher_key
from pipeline.errors import ReoError
from pipeline.intake import lock
from pipeline.sources import publishers

log = logging.getLogger("reo")
JOB, GROUP, CHECK = "candidate", "candidates", "earlier_years"
# A candidate's name: source:edition.
EDITIONS = dg.DynamicPartitionsDefinition(name="editions")
TABLES, CHANGES = (dg.AssetKey([GROUP, name]) for name in ("tables", "changes"))
# The instance's dagster.yaml limits the runs with this tag.
ONE_AT_A_TIME = "reo/candidate"
DAY = 24 * 60 * 60


def _named(context: dg.AssetExecutionContext) -> tuple[str, str]:
    source_id, _, edition = context.partition_key.partition(":")
    return source_id, edition


@dg.asset(
    key=TABLES,
    partitions_def=EDITIONS,
    group_name=GROUP,
    description="All tables with a publisher's new edition among the inputs, in a folder of their own. data/raw stays as it is.",
    kinds={"parquet"},
    owners=OWNERS,
)
def tables(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """Fetch the edition into a copy of the inputs, and build."""
    from pipeline import candidate

    source_id, edition = _named(context)
    log.info("candidate: %s, edition %s", source_id, edition)
    try:
        made = candidate.make(source_id, edition)
    except ReoError as error:
        raise failure(error) from error
    return dg.MaterializeResult(metadata={"folder": dg.MetadataValue.path(str(made))})


@dg.asset(
    key=CHANGES,
    deps=[TABLES],
    partitions_def=EDITIONS,
    group_name=GROUP,
    description="`reo diff` from the last release to the candidate: to be read by a person, who takes it over or not.",
    check_specs=[dg.AssetCheckSpec(CHECK, asset=CHANGES, description="Figures of earlier years are as in the last release")],
    owners=OWNERS,
)
def changes(context: dg.AssetExecutionContext) -> Any:
    """Compare, and warn where figures that were there before are others now."""
    from pipeline import candidate
    from pipeline.release import changes as shown

    try:
        found = candidate.compare(candidate.folder(*_named(context)), SHOWN_ROWS)
    except ReoError as error:
        raise failure(error) from error
    counted = candidate.revised_rows(found)
    said = ", ".join(f"{table} {rows:,}" for table, rows in counted.items())
    yield dg.AssetCheckResult(
        check_name=CHECK,
        passed=not counted,
        severity=dg.AssetCheckSeverity.WARN,
        description=warned(f"{sum(counted.values()):,} rows of earlier years differ: {said}") if counted else None,
        metadata={"rows": as_table(candidate.revised(found))} if counted else {},
    )
    text = shown.markdown(found)
    yield dg.MaterializeResult(metadata={"compared_with": found.before, "changes": dg.MetadataValue.md(text)})


def job() -> Any:
    """Both, of one edition."""
    return dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.groups(GROUP),
        executor_def=dg.in_process_executor,
        run_tags={ONE_AT_A_TIME: "yes"},
        description="A new edition: fetched into a candidate, built, compared with the last release. Nothing is published.",
    )


@dg.sensor(
    name="new_editions",
    job_name=JOB,
    minimum_interval_seconds=DAY,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Asks each publisher that has a client which edition it has now, and starts a candidate of each new one.",
)
def new_editions(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """The cursor is the newest edition seen, by source."""
    sources = lock.read().sources
    seen: dict[str, str] = json.loads(context.cursor or "{}")
    answers = {source_id: answer for source_id, answer in publishers.newest_of_all(patient=False).items() if source_id in sources}
    here = {source_id: sources[source_id].edition for source_id in answers}
    found = {source_id: answer.edition for source_id, answer in answers.items() if answer.edition}
    new = [source_id for source_id in found if is_new(found[source_id], seen.get(source_id), here[source_id])]
    names = [f"{source_id}:{found[source_id]}" for source_id in new]
    unknown = "; ".join(f"{source_id}: {answer.why}" for source_id, answer in answers.items() if answer.why)
    if unknown:
        context.log.warning(unknown)
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=name, partition_key=name) for name in names],
        skip_reason=None if names else f"no new edition of {len(found)} publishers" + (f"; {unknown}" if unknown else ""),
        cursor=json.dumps(seen | {source_id: max(found[source_id], seen.get(source_id, "")) for source_id in found}),
        dynamic_partitions_requests=[EDITIONS.build_add_request(names)] if names else [],
        asset_events=[_observed(source_id, edition) for source_id, edition in found.items()],
    )


def is_new(edition: str, seen: str | None, here: str) -> bool:
    """Whether an edition is later than the one seen; where none was, whether the lock's words (`here`) do not name it."""
    return edition > seen if seen else edition not in here


def _observed(source_id: str, edition: str) -> dg.AssetObservation:
    return dg.AssetObservation(publisher_key(source_id), tags={"dagster/data_version": edition})
