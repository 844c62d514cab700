"""Four simple methods for the next year of an annual series, and how far each of them was off in years gone by.

Pure functions: a series indexed by consecutive years in, numbers out. docs/methods/forecasts.md has the formulas.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

Series: TypeAlias = "pd.Series[float]"
Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
# Amounts are positive and are forecast in logarithms; shares are between 0 and 1 and are forecast as they are.
Kind = Literal["amount", "share"]
WINDOW = 10
# Years that the first evaluated forecast is made from: half of the series, within these bounds.
FEWEST, ENOUGH = 4, 10
NOMINAL = 0.8
WEIGHTS = np.arange(1, 10) / 10


def last_value(values: Series) -> float:
    return float(values.iloc[-1])


def trend(values: Series) -> float:
    """The straight line of least squares over the last WINDOW years, one year on."""
    window = values.iloc[-WINDOW:].to_numpy()
    slope, intercept = np.polyfit(np.arange(len(window)), window, 1)
    return float(intercept + slope * len(window))


def drift(values: Series) -> float:
    """The last value and the mean change a year over the last WINDOW years: a random walk with drift."""
    window = values.iloc[-WINDOW:]
    return float(window.iloc[-1] + (window.iloc[-1] - window.iloc[0]) / (len(window) - 1))


def smoothed(values: Series) -> float:
    """Exponential smoothing: the level of a local level model, with the weight that was best for the years given."""
    levels = {weight: values.ewm(alpha=weight, adjust=False).mean() for weight in WEIGHTS}
    best = min(levels, key=lambda weight: float(((values - levels[weight].shift()) ** 2).sum()))
    return float(levels[best].iloc[-1])


BASELINES: dict[str, Callable[[Series], float]] = {"last_value": last_value, "trend": trend}
METHODS: dict[str, Callable[[Series], float]] = {**BASELINES, "drift": drift, "smoothed": smoothed}


@dataclass(frozen=True)
class Forecast:
    """One method's figure for the next year: central, low and high, in the unit of the series.

    `errors` past forecasts were compared with what came; `mean_error` is the mean of their absolute errors, relative for
    amounts (0.1 is 10 %) and in parts of the whole for shares. `coverage` is the part of future errors within the interval, if
    they are like the past ones.
    """

    central: float
    low: float
    high: float
    errors: int
    mean_error: float
    coverage: float


def consecutive(values: Series) -> Series:
    """The years without a gap up to the last one."""
    known = values.dropna().sort_index()
    gaps = np.flatnonzero(np.diff(known.index.to_numpy()) != 1)
    return known.iloc[gaps[-1] + 1 :] if len(gaps) else known


def long_enough(values: Series) -> bool:
    """Whether there are years to learn from, and as many to try it on."""
    return len(values) >= 2 * FEWEST


def forecast(values: Series, kind: Kind) -> dict[str, Forecast]:
    """Each method's forecast of the year after the last.

    Each past year from the first evaluated one on is forecast from the years before it alone (rolling origin). The interval
    reaches as far to both sides as the smallest past error that NOMINAL of all errors do not exceed, counting the error to
    come; with few past errors that is the largest.
    """
    scaled: Series = values.map(np.log) if kind == "amount" else values
    first = int(np.clip(len(scaled) // 2, FEWEST, ENOUGH))
    made = {}
    for name, method in METHODS.items():
        past = np.array([method(scaled.iloc[:n]) for n in range(first, len(scaled))], dtype="float64")
        came = np.asarray(scaled.iloc[first:], dtype="float64")
        rank = min(int(np.ceil(NOMINAL * (len(came) + 1) - 1e-9)), len(came))
        reach = float(np.sort(np.abs(came - _within(past, kind)))[rank - 1])
        ahead = float(_within(np.array([method(scaled)]), kind)[0])
        central, low, high = _unscaled(np.array([ahead, ahead - reach, ahead + reach]), kind).tolist()
        off = np.abs(_unscaled(came, kind) - _unscaled(past, kind))
        mean_error = float(np.mean(off / _unscaled(came, kind) if kind == "amount" else off))
        made[name] = Forecast(central, low, high, len(came), mean_error, rank / (len(came) + 1))
    return made


def chosen(made: dict[str, Forecast]) -> str:
    """The method with the least mean error in the past; of equals the simplest, which the baselines are."""
    return min(made, key=lambda name: round(made[name].mean_error, 9))


def _within(scaled: Array, kind: Kind) -> Array:
    return np.clip(scaled, 0, 1) if kind == "share" else scaled


def _unscaled(scaled: Array, kind: Kind) -> Array:
    return np.asarray(np.exp(scaled) if kind == "amount" else np.clip(scaled, 0, 1), dtype="float64")
