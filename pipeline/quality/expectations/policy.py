"""The policy register: dates in order, every act documented, and the two coders' agreement."""

import pandas as pd

from pipeline.dates import first_day, last_day
from pipeline.quality.expectation import Load, describe, expectation, labelled

# A text may be older than its act (a draft, a plan); one much older is probably about another act.
TEXT_BEFORE_ACT_DAYS = 365
# From 0.81 Landis and Koch (1977, doi:10.2307/2529310) call agreement almost perfect.
LEAST_KAPPA = 0.8


@expectation(
    table="policy_status",
    severity="warning",
    expected="No document on an act's status is older than the act's announcement.",
    meaning="One of the two dates is wrong, and so is what the register says was known as of a day in between.",
    unit="days",
    low=0,
)
def status_documented_after_announcement(load: Load) -> pd.Series:
    """Days from the first day an act may have been announced to the last day a document on its status may date from."""
    lines = load("policy_status").merge(load("policy_events")[["event_id", "announced_on"]], on="event_id", how="inner")
    lines = lines.sort_values(["event_id", "valid_from", "documented_on", "recorded_on"])
    days = (last_day(lines["documented_on"]) - first_day(lines["announced_on"])).dt.days
    labels = describe("{event_id}, announced {announced_on}: {status} from {valid_from} by a document of {documented_on}", lines)
    return labelled(labels, days)


@expectation(
    table="policy_sources",
    severity="error",
    expected="Every act in policy_events has at least one text.",
    meaning="An act without a text cannot be verified: it must not be in the register.",
    unit="texts",
    low=1,
)
def acts_have_a_text(load: Load) -> pd.Series:
    """Texts of each act, 0 where there are none."""
    acts = load("policy_events")[["event_id"]].sort_values("event_id")
    rows = acts.assign(texts=acts["event_id"].map(load("policy_sources").groupby("event_id").size()).fillna(0))
    return labelled(describe("{event_id}: {texts:.0f} texts", rows), rows["texts"])


@expectation(
    table="policy_sources",
    severity="warning",
    expected="No text of an act is more than a year older than the act.",
    meaning="The text is probably about another act, or one of the two dates is wrong.",
    unit="days",
    high=TEXT_BEFORE_ACT_DAYS,
)
def texts_not_long_before_act(load: Load) -> pd.Series:
    """Days from the last day a text may date from to the first day its act may have been announced; negative if later."""
    dated = load("policy_sources").dropna(subset="published_on")
    rows = dated.merge(load("policy_events")[["event_id", "announced_on"]], on="event_id")
    rows = rows.sort_values(["event_id", "rank"])
    days = (first_day(rows["announced_on"]) - last_day(rows["published_on"])).dt.days
    return labelled(describe("{event_id}, announced {announced_on}: text {rank} of {published_on}, {title}", rows), days)


@expectation(
    table="policy_codes",
    severity="warning",
    expected="Both coders coded every act.",
    meaning="The act's codes are one person's reading, and the agreement statistics do not cover it.",
    unit="coders",
    low=2,
)
def acts_are_coded_twice(load: Load) -> pd.Series:
    """How many of the two coders coded each act."""
    codes = load("policy_codes").query("coder != 'final' and field != 'note'")
    acts = load("policy_events")[["event_id"]].sort_values("event_id")
    rows = acts.assign(coders=acts["event_id"].map(codes.groupby("event_id")["coder"].nunique()).fillna(0))
    return labelled(describe("{event_id}: coded by {coders:.0f} of 2", rows), rows["coders"])


@expectation(
    table="coding_agreement",
    severity="warning",
    expected=f"Cohen's kappa of the two coders is at least {LEAST_KAPPA} in every field.",
    meaning="The rule for that field is not clear enough: counts and indices by it depend on who coded.",
    unit="",
    low=LEAST_KAPPA,
)
def coders_agree(load: Load) -> pd.Series:
    """Cohen's kappa of the two coders by field."""
    rows = load("coding_agreement").dropna(subset="kappa").sort_values("field")
    return labelled(describe("{field}: kappa {kappa:.2f}, {agreement:.1%} of {n} acts", rows), rows["kappa"])
