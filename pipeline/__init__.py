"""The Rare Earth Observatory: public source → raw → tidy → derived → report and notebooks → release.

Each folder knows only the ones before it in that line:

- `sources/`   one module a publisher: its files to tidy frames
- `schemas/`   one class a table: its only declaration
- `measures/`  pure functions, tidy tables in, derived tables out
- `assets/`    the Dagster assets that store what sources and measures make
- `quality/`   Great Expectations over the finished tables
- `report/`    figure functions, and the pages that show them
- `release/`   versioned dataset releases
"""

import gc

__version__ = "0.1.0"


def collect_less_often() -> None:
    """For processes that load Dagster: its hundred thousands of objects all stay, and need no search for garbage dozens of times.

    Takes a tenth off every start. Whoever only reads tables keeps Python's own setting.
    """
    gc.set_threshold(50_000, 20, 100)
