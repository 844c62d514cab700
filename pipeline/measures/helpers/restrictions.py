"""What counts as a restriction of exports: the one definition, for every table and claim that counts them."""

import pandas as pd

# Instruments by which a state limits, conditions, taxes or halts exports. An enforcement campaign enforces rules that stand on
# their own; a licence granted, a statement and a ruling restrict nothing.
RESTRICTING = (
    "export_quota",
    "export_licence",
    "export_ban",
    "export_tax",
    "technology_export_ban",
    "extraterritorial_rule",
    "personnel_rule",
    "informal_halt",
    "list_designation",
)


def restricts_exports(acts: pd.DataFrame) -> "pd.Series[bool]":
    """Rows of policy_events that restrict exports while they are in force.

    Acts of layer export_control, binding, by a restricting instrument, that bring a restriction in, tighten it or renew it
    (direction strengthens or neutral: a routine quota is a cap). Not: abolitions, suspensions and general licences (weakens),
    statements, requests, answers to questions, plans, meetings, campaigns. Whether an act is in force or suspended is for its
    status lines to say.
    """
    binding = (acts["layer"] == "export_control") & (acts["legal_force"] == "binding")
    return binding & acts["instrument"].isin(RESTRICTING) & (acts["direction"] != "weakens")


def no_restriction(acts: pd.DataFrame) -> "pd.Series[bool]":
    """Acts of layer export_control that restrict no exports: no measure of that layer, whatever their status."""
    return (acts["layer"] == "export_control") & ~restricts_exports(acts)


def restricts_other_minerals(acts: pd.DataFrame) -> "pd.Series[bool]":
    """Restrictions of named minerals without rare earths (gallium, germanium, graphite, antimony, tungsten …)."""
    return restricts_exports(acts) & (acts["scope"] == "other") & acts["elements"].fillna("").str.contains(";")
