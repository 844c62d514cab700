"""The Dagster code location: nothing but composition."""

# ruff: noqa: E402
import gc

# Loading the libraries makes some hundred thousand objects that all stay, and Python would search them for garbage dozens of
# times: collecting less often takes a tenth off every start.
gc.set_threshold(50_000, 20, 100)

import dagster as dg

from pipeline import catalog
from pipeline.assets import raw, report
from pipeline.assets.factory import table_asset
from pipeline.build import JOB
from pipeline.releasing import release_job


def compose(accept_rows: str | None = None) -> dg.Definitions:
    """All assets, checks, jobs and the schedule. `accept_rows`, a reason, takes the row counts of every table as reviewed."""
    tables = [table_asset(table, accept_rows) for table in catalog.tables().values()]
    everything = dg.define_asset_job(JOB, selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor)
    composed = dg.Definitions(
        assets=[*raw.specs_and_assets(), *tables, *report.assets()],
        asset_checks=[report.expectation_checks()],
        jobs=[everything, release_job(lambda: composed)],
        schedules=[dg.ScheduleDefinition(name="monthly", job=everything, cron_schedule="0 6 2 * *")],
        executor=dg.in_process_executor,
    )
    return composed


@dg.definitions
def definitions() -> dg.Definitions:
    """Found by `dg` and the UI."""
    return compose()
