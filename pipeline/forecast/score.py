"""How far off a frozen forecast was, once the figures of its year are there."""

from collections.abc import Iterable
from textwrap import shorten
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table as Grid

from pipeline.forecast.frozen import Content
from pipeline.forecast.methods import BASELINES
from pipeline.forecast.series import Series

OUT, NOT_YET = "out", "not out yet"
COLUMNS = (
    *("frozen_on", "series", "year", "unit", "method", "chosen", "baseline", "low", "central", "high", "status", "actual"),
    *("edition", "error", "relative_error", "inside", "error_over_last_value"),
)


def score(frozen: Content, series: list[Series]) -> pd.DataFrame:
    """One row a series and method: what came minus the central forecast, and whether it is within the interval.

    `error` is in the unit of the series, `relative_error` divided by what came, and `error_over_last_value` the size of the
    error over that of the forecast that nothing changes (below 1: better). Null where the figure is not out yet.
    """
    now = {one.name: one for one in series}
    rows: list[dict[str, Any]] = []
    for one in frozen["forecasts"]:
        current = now.get(one["series"])
        actual = _actual(current, one["year"])
        unchanged = one["methods"]["last_value"]["central"]
        for method, made in one["methods"].items():
            row = {
                "frozen_on": frozen["frozen_on"],
                **{name: one[name] for name in ("series", "year", "unit")},
                "method": method,
                "chosen": method == one["chosen"],
                "baseline": method in BASELINES,
                **{name: made[name] for name in ("low", "central", "high")},
                "status": NOT_YET,
            }
            if current and actual is not None:
                error = actual - made["central"]
                row |= {
                    "status": OUT,
                    "actual": actual,
                    "edition": current.edition,
                    "error": error,
                    "relative_error": error / actual if actual else None,
                    "inside": made["low"] <= actual <= made["high"],
                    "error_over_last_value": abs(error) / abs(actual - unchanged) if actual != unchanged else None,
                }
            rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def score_all(contents: Iterable[Content], series: list[Series]) -> pd.DataFrame:
    """The scores of several frozen forecasts, one below the other. `contents` has at least one."""
    return pd.concat([score(content, series) for content in contents], ignore_index=True)


def _actual(series: Series | None, year: int) -> float | None:
    """The figure of a year, None where it is not out yet."""
    value = series.values.get(year) if series else None
    return None if value is None or pd.isna(value) else float(value)


def show_frozen(frozen: Content, out: Console) -> None:
    """Each series with the forecast chosen and the baselines beside it."""
    out.print(f"Frozen on {frozen['frozen_on']}, sha256 {frozen['sha256']}", highlight=False, soft_wrap=True)
    for one in frozen["forecasts"]:
        data = one["data"]
        grid = _grid(
            f"{one['title']}, {one['year']}{_in_unit(one['unit'])}", "method", "low", "central", "high", "n", "mean error"
        )
        for name, made in one["methods"].items():
            grid.add_row(
                _named(name, name == one["chosen"]), *(_figure(made[bound], one["unit"]) for bound in ("low", "central", "high")),
                str(made["errors"]), _error(made["mean_error"], one["unit"]),
            )  # fmt: skip
        out.print(grid)
        best = "A baseline had the least error" if one["a_baseline_was_best"] else "It had less error than both baselines"
        covers = one["methods"][one["chosen"]]["coverage"]
        last = f"{data['last_year']}: {_figure(data['last_value'], one['unit'])} {_short(data['edition'])}"
        out.print(f"* chosen. {best} in the past. Interval for {covers:.0%}. {last}\n", highlight=False)
    for one in frozen["not_forecast"]:
        out.print(f"{one['series']}: no forecast; {one['reason']}", highlight=False)


def show(scores: pd.DataFrame, out: Console) -> None:
    """Each frozen series with its errors, or that its figure is not out yet."""
    for (frozen_on, series, year), rows in scores.groupby(["frozen_on", "series", "year"], sort=False):
        first = rows.iloc[0]
        if first["status"] == NOT_YET:
            out.print(f"{series} {year}, frozen on {frozen_on}: not out yet", highlight=False)
            continue
        actual = f"{_figure(first['actual'], first['unit'])}{_in_unit(first['unit'])} {_short(first['edition'])}"
        title = f"{series} {year}, frozen on {frozen_on}: {actual}"
        grid = _grid(title, "method", "low", "central", "high", "error", "", "inside", "to last value's")
        for row in rows.to_dict("records"):
            grid.add_row(
                _named(row["method"], row["chosen"]), *(_figure(row[bound], row["unit"]) for bound in ("low", "central", "high")),
                _error(row["error"], row["unit"], signed=True), f"{row['relative_error']:+.1%}" if row["actual"] else "",
                "yes" if row["inside"] else "no",
                "" if pd.isna(row["error_over_last_value"]) else f"{row['error_over_last_value']:.2f}",
            )  # fmt: skip
        out.print(grid)


def _grid(title: str, first: str, *numbers: str) -> Grid:
    grid = Grid(first, title=title, title_justify="left", box=None, pad_edge=False)
    for heading in numbers:
        grid.add_column(heading, justify="right")
    return grid


def _named(method: str, chosen: bool) -> str:
    words = f"{method}, baseline" if method in BASELINES else method
    return f"{words} *" if chosen else words


def _in_unit(unit: str) -> str:
    return "" if unit == "1" else f", {unit}"


def _short(edition: str) -> str:
    return f"({shorten(edition, 40, placeholder='…')})"


def _figure(value: float, unit: str) -> str:
    return f"{value:.1%}" if unit == "1" else f"{value:,.0f}"


def _error(value: float, unit: str, signed: bool = False) -> str:
    sign = "+" if signed else ""
    if unit == "1":
        return f"{100 * value:{sign}.1f} points"
    return f"{value:{sign},.0f}" if signed else f"{value:.1%}"
