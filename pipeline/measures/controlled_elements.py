"""Which rare earths China's control lists name, and whether the control is in force."""

import pandas as pd

from pipeline.measures.helpers.input_rows import InputRows, Key, Rule, Tables
from pipeline.measures.helpers.register_as_of import register_as_of, spells
from pipeline.measures.policy_in_force import AS_OF
from pipeline.schemas import table as t
from pipeline.schemas.controlled_elements import RARE_EARTHS, ControlledElements


def controlled_elements(control_lists: pd.DataFrame, policy_events: pd.DataFrame, policy_status: pd.DataFrame) -> pd.DataFrame:
    """Rare earths by announcement and as-of day, with the status of the announcement (columns of ControlledElements).

    An item names one controlled element, the first of its cell; further ones are companions in the alloy. An announcement has no
    rows as of a day before it was published.
    """
    items = control_lists.assign(element=control_lists["element"].str.split(";").str[0])
    items = items[items["element"].isin(RARE_EARTHS)]
    named = items.groupby(["element", "announcement", "event_id"], as_index=False).agg(items=("item_no", "nunique"))
    return t.frame(ControlledElements, pd.concat([_as_of(named, policy_events, policy_status, day) for day in AS_OF]))


def _as_of(named: pd.DataFrame, events: pd.DataFrame, status: pd.DataFrame, as_of: str) -> pd.DataFrame:
    known = register_as_of(events, status, as_of).set_index("event_id")["status_as_of"]
    began = spells(status, as_of).query("status == 'in_force' and begin <= @as_of").groupby("event_id")["begin"].min()
    rows = named[named["event_id"].isin(known.index)]
    since = rows["event_id"].map(began.dt.strftime("%Y-%m-%d"))
    return rows.assign(as_of=as_of, status=rows["event_id"].map(known), controlled_since=since)


def _items(row: Key, tables: Tables) -> InputRows:
    lists = tables.load_table("control_lists")
    named = (lists["announcement"] == row["announcement"]) & (lists["element"].str.split(";").str[0] == row["element"])
    return f"items of {row['announcement']} that control {row['element']}", lists[named]


LINEAGE: dict[tuple[str, str], Rule] = {("controlled_elements", "control_lists"): _items}
