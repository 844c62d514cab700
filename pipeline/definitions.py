"""The Dagster code location: nothing but composition."""

# ruff: noqa: E402
import gc

from pipeline import collect_less_often

collect_less_often()

import dagster as dg

from pipeline import catalog
from pipeline.assets import editions, raw, report
from pipeline.assets.factory import table_asset
from pipeline.build import JOB
from pipeline.releasing import release_job


def compose(accept_rows: str | None = None) -> dg.Definitions:
    """All assets, checks, jobs, schedule and sensor. `accept_rows`, a reason, takes the row counts of every table as reviewed."""
    tables = [table_asset(table, accept_rows) for table in catalog.tables().values()]
    all_but_candidates = dg.AssetSelection.all() - dg.AssetSelection.groups(editions.GROUP)
    everything = dg.define_asset_job(JOB, selection=all_but_candidates, executor_def=dg.in_process_executor)
    composed = dg.Definitions(
        assets=[*raw.specs_and_assets(), *tables, *report.assets(), editions.tables, editions.changes],
        asset_checks=[report.expectation_checks()],
        jobs=[everything, release_job(lambda: composed), editions.job()],
        schedules=[dg.ScheduleDefinition(name="monthly", job=everything, cron_schedule="0 6 2 * *")],
        sensors=[editions.new_editions],
        executor=dg.in_process_executor,
    )
    # All of it stays, and is not searched for garbage once more when the process ends: that takes as long as loading half of it.
    gc.freeze()
    return composed


@dg.definitions
def definitions() -> dg.Definitions:
    """Found by `dg` and the UI."""
    return compose()
