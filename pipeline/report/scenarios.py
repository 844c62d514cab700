"""The scenarios of withheld exports as a page shows them: words for each choice, and the rows of the newest year."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from pipeline.report import headlines
from pipeline.report.charts import percent
from pipeline.report.figures.what_if import SCENARIO
from pipeline.report.tables import Tables

GOODS = {"compounds": "compounds", "rare_earth_magnets": "rare-earth magnets"}
TARGETS = {"all": "everyone", "EU27": "the European Union", "G7": "the G7"}


def for_page(tables: Tables) -> dict[str, Any]:
    """What the template needs: the choices and losses for the picker, and a table of all scenarios that needs no script."""
    names, scenarios, rows = tables.countries(), tables["disruption_scenarios"], newest(tables)
    known = scenarios[scenarios["scenario"].isin(rows["scenario"])]
    choices = [choice(row, names) for row in known.to_dict("records")]
    listed = [entry for one in choices for goods in GOODS for entry in overview(one, goods, tables, rows, names)]
    year = int(rows["year"].max()) if len(rows) else 0
    chosen = {"scenario": SCENARIO, "goods": "compounds"}
    data = {"choices": choices, "goods": GOODS, "losses": losses(tables, rows, names), "chosen": chosen, "year": year}
    # `<` could end the element the data are in.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return {"scenario_data": Markup(text), "scenarios": listed, "year": year}


def newest(tables: Tables) -> pd.DataFrame:
    """Losses in the newest year of each group, without the origin's own row."""
    rows = tables["disruption"]
    rows = rows[(rows["importer"] != rows["origin"]) & rows["lost_before_share"].notna()]
    return rows[rows["year"] == rows.groupby("group")["year"].transform("max")]


def choice(scenario: Mapping[Any, Any], names: dict[str, str]) -> dict[str, str]:
    """A scenario in words: who withholds, from whom, how much, what the others add."""
    targets = " and ".join(TARGETS.get(t, names.get(t, t)) for t in str(scenario["targets"]).split("+"))
    spare_t, spare = float(scenario["spare_t"]), float(scenario["spare_share"])
    added = (
        f"{spare_t:,.0f} t of plants under construction"
        if spare_t
        else f"up to {percent(spare)} of their output"
        if spare
        else "nothing"
    )
    return {
        "scenario": str(scenario["scenario"]),
        "who": names.get(str(scenario["origin"]), str(scenario["origin"])),
        "from": targets,
        "cut": percent(float(scenario["cut"])),
        "added": added,
    }


def losses(tables: Tables, rows: pd.DataFrame, names: dict[str, str]) -> dict[str, list[list[Any]]]:
    """Losses of the largest users by `scenario goods`: country, directly, in all, after others add, in tenths of a percent."""
    found = {}
    for (scenario, group), own in rows.groupby(["scenario", "group"]):
        largest = headlines.largest_users(tables, own).sort_values("lost_before_share", ascending=False)
        found[f"{scenario} {group}"] = [
            [names.get(str(r.importer), str(r.importer)), *(round(1000 * float(v)) for v in values)]
            for r, values in zip(
                largest.itertuples(),
                largest[["lost_direct_share", "lost_before_share", "lost_after_share"]].to_numpy(),
                strict=True,
            )
        ]
    return found


def overview(one: dict[str, str], goods: str, tables: Tables, rows: pd.DataFrame, names: dict[str, str]) -> list[dict[str, str]]:
    """A line of the table of all scenarios: the three of the ten largest users that lose most."""
    own = rows[(rows["scenario"] == one["scenario"]) & (rows["group"] == goods)]
    if own.empty:
        return []
    largest = headlines.largest_users(tables, own).sort_values("lost_before_share", ascending=False).head(3)
    most = ", ".join(f"{names.get(who, who)} {percent(lost)}" for who, lost in zip(*shares(largest), strict=True))
    return [{**one, "goods": GOODS[goods], "most": most}]


def shares(rows: pd.DataFrame) -> tuple[list[str], list[float]]:
    """Importers and what they lose before others add."""
    return rows["importer"].astype("str").tolist(), rows["lost_before_share"].astype("float64").tolist()
