"""Frozen forecasts: files in data/forecasts/ that are added and never changed, each under a hash that names the one before."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import files, paths
from pipeline.errors import ReoError
from pipeline.forecast import methods
from pipeline.forecast.series import Series

# Years of their own that are to be forecast and cannot be yet.
NOT_FORECAST = {
    "trade_next_year": "left empty: trade_nowcast covers years already past, and its flows come from restricted reports; no "
    "method for a year to come has been tried on it",
}
TOO_SHORT = "consecutive whole years on record: {n}; {needed} are needed"
SIGNIFICANT = 3
SHARE_DIGITS = 4
Content = dict[str, Any]


class Tampered(ReoError):
    """A frozen forecast that is not as it was frozen."""


def digest(content: Content) -> str:
    """SHA-256 of the content without its own hash: JSON with sorted keys, no spaces, in UTF-8."""
    bare = {name: value for name, value in content.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def all_files() -> list[Path]:
    """Every frozen forecast, oldest first."""
    return sorted(paths.forecasts().glob("[0-9]*.json"))


def read(file: Path, expected: str = "") -> Content:
    """A frozen forecast. Raises Tampered where its hash, or the one expected, is not that of its content."""
    try:
        content = json.loads(file.read_text("utf-8"))
        stated, found = content["sha256"], digest(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = "name a file that `reo forecast freeze` wrote, as git has it"
        raise ReoError(f"{file} cannot be read as a frozen forecast ({error})", remedy) from error
    if found != (expected or stated) or found != stated:
        problem = f"{file} was changed after it was frozen: its content hashes to {found}, not to {expected or stated}"
        raise Tampered(
            problem, "restore the file from git or from a release; a forecast is scored as it was frozen or not at all"
        )
    return dict(content)


def read_all() -> list[tuple[Path, Content]]:
    """Every frozen forecast, oldest first. Raises Tampered where one was changed, removed or put in between."""
    found, previous = [], None
    for file in all_files():
        content = read(file)
        if content["previous"] != previous:
            problem = f"{file} follows the forecast with the hash {content['previous']}, but the one before it has {previous}"
            raise Tampered(problem, f"restore {paths.forecasts()} from git: forecasts are added, never changed or removed")
        found.append((file, content))
        previous = content["sha256"]
    return found


def freeze(series: list[Series], on: date) -> Path:
    """Write the forecasts of the next year of each series as data/forecasts/DAY.json; returns the file.

    Raises ReoError where one of that day or a later one exists, and where no series has other values than when it was frozen
    last: a second forecast from the same data would be a choice between two.
    """
    before = read_all()
    file = paths.forecasts() / f"{on.isoformat()}.json"
    content = _content(series, on, before[-1][1]["sha256"] if before else None)
    if before:
        last_file, last = before[-1]
        if last_file.name >= file.name:
            problem = f"{last_file} is frozen already"
            raise ReoError(problem, "a frozen forecast is never written again; freeze the next one on a later day")
        if _data(content) == _data(last):
            problem = f"no series has other values than when {last_file} was frozen"
            raise ReoError(problem, "score that forecast, or freeze again when a newer edition is built")
    if not content["forecasts"]:
        raise ReoError("there is no series long enough to be forecast", "run `reo build` first")
    text = json.dumps(content | {"sha256": digest(content)}, indent=2, ensure_ascii=False) + "\n"
    files.replace(file, lambda part: part.write_text(text, "utf-8"))
    return file


def _content(series: list[Series], on: date, previous: str | None) -> Content:
    made, empty = [], dict(NOT_FORECAST)
    for one in series:
        values = methods.consecutive(one.values)
        if methods.long_enough(values):
            made.append(_forecast(one, values))
        else:
            empty[one.name] = TOO_SHORT.format(n=len(values), needed=2 * methods.FEWEST)
    return {
        "frozen_on": on.isoformat(),
        "previous": previous,
        "method": "docs/methods/forecasts.md",
        "forecasts": made,
        "not_forecast": [{"series": name, "reason": reason} for name, reason in empty.items()],
    }


def _forecast(one: Series, values: "pd.Series[float]") -> Content:
    by_method = methods.forecast(values, one.kind)
    best = methods.chosen(by_method)
    return {
        "series": one.name,
        "title": one.title,
        "unit": one.unit,
        "year": int(values.index[-1]) + 1,
        "data": {
            "edition": one.edition,
            "first_year": int(values.index[0]),
            "last_year": int(values.index[-1]),
            "last_value": rounded(float(values.iloc[-1]), one.kind),
            # The last bits of a sum depend on the order of its terms.
            "sha256": hashlib.sha256(json.dumps([[*values.index], [f"{v:.9g}" for v in values]]).encode()).hexdigest(),
        },
        "chosen": best,
        "a_baseline_was_best": best in methods.BASELINES,
        "methods": {name: _rounded(found, one.kind) for name, found in by_method.items()},
    }


def _rounded(found: methods.Forecast, kind: methods.Kind) -> Content:
    amounts = {name: rounded(getattr(found, name), kind) for name in ("central", "low", "high")}
    return asdict(found) | amounts | {"mean_error": round(found.mean_error, 4), "coverage": round(found.coverage, 2)}


def rounded(value: float, kind: methods.Kind) -> float:
    """An amount to three significant digits, as publishers give it; a share to a hundredth of a percent."""
    return float(f"{value:.{SIGNIFICANT}g}") if kind == "amount" else round(value, SHARE_DIGITS)


def _data(content: Content) -> dict[str, str]:
    return {one["series"]: one["data"]["sha256"] for one in content["forecasts"]}
