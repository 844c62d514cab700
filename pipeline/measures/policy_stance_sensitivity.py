"""Sensitivity of the stance: each headline series recomputed with one assumption changed."""

from typing import NamedTuple

import pandas as pd

from pipeline.dates import first_day
from pipeline.measures import policy_in_force
from pipeline.measures.coding_agreement import CODERS
from pipeline.measures.policy_stance import Weighed, counts_in_stock, stock_by_month, weighed_acts
from pipeline.schemas import table as t
from pipeline.schemas.policy_stance import BASES
from pipeline.schemas.policy_stance_sensitivity import PolicyStanceSensitivity

# Fields the coders code and the stance reads, with the column of policy_events that has them.
CODED = {name: name for name in ("layer", "direction", "foreign_supply", "instrument", "legal_force", "scope")}
CODED |= {"status": "status_coded"}
# Digits kept of results that processors may round differently.
RATIO_DIGITS = 10


class Series(NamedTuple):
    """A headline series: an index of one layer, of China or of all others together."""

    of: str
    layer: str
    of_china: bool


HEADLINES = {
    "china_export_control": Series("own_layer", "export_control", True),
    "china_export_control_foreign_supply": Series("foreign_supply", "export_control", True),
    "china_cooperation": Series("own_layer", "cooperation_incentive", True),
    "china_industrial_policy": Series("own_layer", "industrial_policy", True),
    "others_diversification": Series("own_layer", "diversification_response", False),
}


def policy_stance_sensitivity(
    policy_events: pd.DataFrame, policy_status: pd.DataFrame, instrument_weights: pd.DataFrame, policy_codes: pd.DataFrame
) -> pd.DataFrame:
    """Each headline series compared with its recomputation under one changed assumption (columns of PolicyStanceSensitivity).

    The series are of high confidence, with the rubric's weights, as of the last day of `AS_OF`; the others' series is
    the sum over all actors but China. Each instrument of a series is left out in turn. With a coder's codes, every
    act has that coder's layer, directions, instrument, legal force, scope and status.
    """
    as_of = policy_in_force.AS_OF[-1]
    final = weighed_acts(policy_events, policy_status, instrument_weights, as_of)
    months = final.days["month"]
    others = {
        "first_day": weighed_acts(policy_events, policy_status, instrument_weights, as_of, first_day),
        **{
            f"coder_{coder}": weighed_acts(events, policy_status, instrument_weights, as_of)
            for coder, events in ((coder, _as_coded(policy_events, policy_codes, coder)) for coder in CODERS)
        },
    }
    found = []
    for name, series in HEADLINES.items():
        base = _of_series(final, series, "high_confidence")
        varied = {
            "equal_weights": _by_month(base, "equal"),
            **{f"basis_{basis}": _by_month(_of_series(final, series, basis)) for basis in BASES[1:]},
            **{variant: _by_month(_of_series(weighed, series, "high_confidence")) for variant, weighed in others.items()},
            **{f"without_{used}": _by_month(base[base["instrument"] != used]) for used in sorted(base["instrument"].unique())},
        }
        if len(base):
            found += [
                {
                    "series": name,
                    "variant": variant,
                    "index": series.of,
                    "as_of": as_of,
                    **_compared(_by_month(base), stock, months),
                }
                for variant, stock in varied.items()
            ]
    return t.frame(PolicyStanceSensitivity, found)


def _as_coded(events: pd.DataFrame, codes: pd.DataFrame, coder: str) -> pd.DataFrame:
    """The acts with one coder's codes; an act the coder did not code keeps the final ones."""
    coded = codes[codes["coder"] == coder].pivot(index="event_id", columns="field", values="value").reindex(columns=list(CODED))
    return events.assign(
        **{column: events["event_id"].map(coded[field]).fillna(events[column]) for field, column in CODED.items()}
    )


def _of_series(weighed: Weighed, series: Series, basis: str) -> pd.DataFrame:
    live = weighed.live
    chosen = counts_in_stock(live, series.of) & live[basis] & (live["part"] == "in_force") & (live["layer"] == series.layer)
    return live[chosen & ((live["actor"] == "CHN") == series.of_china)]


def _by_month(live: pd.DataFrame, weights: str = "rubric") -> pd.Series:
    return stock_by_month(live)[weights].groupby("month").sum()


def _compared(base: pd.Series, varied: pd.Series, months: pd.Series) -> dict[str, object]:
    base, varied = (stock.reindex(months, fill_value=0.0) for stock in (base, varied))
    from_first = (base + varied).cumsum() > 0
    base, varied = base[from_first], varied[from_first]
    change = varied - base
    furthest, peak, varied_peak = str(change.abs().idxmax()), str(base.idxmax()), str(varied.idxmax())
    alike = base.rank().corr(varied.rank()) if base.nunique() > 1 and varied.nunique() > 1 else None
    scaled = None
    if varied.max() > 0:
        parts = varied / varied.max() - base / base.max()
        scaled = round(float(parts[str(parts.abs().idxmax())]), RATIO_DIGITS)
    return {
        "months": len(base),
        "rank_correlation": None if alike is None else round(float(alike), RATIO_DIGITS),
        "largest_change": float(change[furthest]),
        "largest_change_month": furthest,
        "largest_change_of_peak": scaled,
        "peak": float(base.max()),
        "peak_month": peak,
        "variant_peak": float(varied.max()),
        "variant_peak_month": varied_peak if varied.max() > 0 else None,
    }
