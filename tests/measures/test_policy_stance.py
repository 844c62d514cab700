"""Stance: the toy world by hand, and what counts in the stock and the flow."""

from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReoError
from pipeline.measures.helpers.register_as_of import unknown_spells
from pipeline.measures.policy_in_force import AS_OF, policy_in_force
from pipeline.measures.policy_stance import LINEAGE, policy_stance
from tests.measures import toy

KEY = ["month", "actor", "layer", "index", "basis", "weights", "as_of"]
EVENTS, STATUS, WEIGHTS = (toy.tidy(name) for name in ("policy_events", "policy_status", "instrument_weights"))
LICENCE, SUSPENSION, STAKE = "TOY-CHN-2023-licence", "TOY-CHN-2024-suspension", "TOY-USA-2024-stake"


def made(events: pd.DataFrame = EVENTS, status: pd.DataFrame = STATUS) -> pd.DataFrame:
    if events is EVENTS and status is STATUS:
        return of_the_toy_world().copy()
    return toy.made("policy_stance", policy_stance(events, status, WEIGHTS))


@cache
def of_the_toy_world() -> pd.DataFrame:
    return toy.made("policy_stance", policy_stance(EVENTS, STATUS, WEIGHTS))


def headline(table: pd.DataFrame, layer: str = "export_control", **columns: str) -> pd.DataFrame:
    chosen = {
        "layer": layer,
        "index": "own_layer",
        "basis": "high_confidence",
        "weights": "rubric",
        "as_of": AS_OF[-1],
        **columns,
    }
    return table[(table[list(chosen)] == pd.Series(chosen)).all(axis=1)].set_index("month")


def with_act(like: str, **cells: str | None) -> pd.DataFrame:
    """The toy world's acts and one more, like one of them but for its name and these cells."""
    more = EVENTS[EVENTS["event_id"] == like].assign(event_id="TOY-more", process=None, **cells)
    return pd.concat([EVENTS, more.astype(EVENTS.dtypes)], ignore_index=True)


def with_lines(like: str, **cells: str | None) -> pd.DataFrame:
    lines = STATUS[STATUS["event_id"] == like].assign(event_id="TOY-more", **cells)
    return pd.concat([STATUS, lines.astype(STATUS.dtypes)], ignore_index=True)


def test_toy_world():
    worked = toy.expected("policy_stance")
    found = worked[KEY].merge(made(), on=KEY, how="left", validate="one_to_one")
    pd.testing.assert_frame_equal(found[list(worked)], worked)


def test_months_have_no_holes_from_the_first_act_to_the_day():
    for key, group in made().groupby([name for name in KEY if name != "month"]):
        assert sorted(group["month"]) == list(pd.period_range(group["month"].min(), key[-1][:7], freq="M").astype(str))


def test_neutral_acts_are_no_part_of_foreign_supply():
    foreign = made().query("index == 'foreign_supply'")
    assert set(foreign["layer"]) == {"export_control"}


def test_cumulative_is_the_running_sum_of_the_flow():
    table = made().sort_values("month")
    running = table.groupby([name for name in KEY if name != "month"])["flow"].cumsum()
    assert (table["cumulative"] == running).all()


def test_equal_weights_count_matters_in_force():
    """Where no measure is words, the stock of equal weights is the number of processes in force, and both count the same acts."""
    table = made().query("index == 'own_layer' and basis == 'all' and weights == 'equal'")
    both = table.merge(policy_in_force(EVENTS, STATUS), on=["month", "layer", "actor", "as_of"])
    assert len(both) > 20
    assert (both["stock"] == both["processes"]).all()
    assert (both["acts"] == both["in_force"]).all()
    assert (both["opposed"] == both["in_force_weakening"]).all()


@pytest.mark.parametrize("cells", [{"legal_force": "statement"}, {"legal_force": "company_act"}, {"instrument": "ruling"}])
def test_words_and_steps_of_a_case_change_no_amount(cells):
    before, after = made(), made(with_act(LICENCE, **cells), with_lines(LICENCE))
    amounts = [*KEY, "stock", "opposed_stock", "unknown_stock", "flow", "cumulative", "acts", "announced"]
    pd.testing.assert_frame_equal(before[amounts], after[amounts])
    assert headline(after).loc["2023-10", "weightless"] == 1


def test_a_process_counts_once_by_its_heaviest_act():
    ban = with_act(LICENCE, instrument="export_ban")
    ban.loc[ban["event_id"] == "TOY-more", "process"] = "toy-licence"
    row = headline(made(ban, with_lines(LICENCE))).loc["2023-12"]
    assert [row["stock"], row["acts"]] == [4, 2]
    assert headline(made(ban, with_lines(LICENCE))).loc["2023-10", ["flow", "announced"]].tolist() == [4, 2]


def test_acts_that_stand_alone_add_up():
    assert headline(made(with_act(LICENCE), with_lines(LICENCE))).loc["2023-12", ["stock", "acts"]].tolist() == [4, 2]


def test_of_equals_of_one_process_the_later_announced_is_the_flow():
    events = with_act(SUSPENSION, announced_on="2023-10-25")
    events.loc[events["event_id"] == "TOY-more", "process"] = "toy-licence"
    assert headline(made(events)).loc["2023-10", "flow"] == -2


def test_a_measure_whose_suspension_ran_out_unheard_is_unknown_not_gone():
    status = STATUS[~((STATUS["event_id"] == LICENCE) & (STATUS["valid_from"] == "2025-06-11"))]
    row = headline(made(status=status)).loc["2025-07"]
    assert row[["stock", "unknown_stock", "acts", "unknown"]].tolist() == [0, 2, 0, 1]


def test_a_line_from_the_year_after_leaves_no_gap():
    """In force to the end of 2023, expired "2024": nothing is unknown, though the year is known at its last day only."""
    cells = {"documented_on": "2020", "recorded_on": "2026-11-24", "superseded_by": None, "reason": None}
    lines = pd.DataFrame(
        [
            {"event_id": "act", "valid_from": "2020-01-01", "status": "in_force", "valid_to": "2023-12-31", **cells},
            {"event_id": "act", "valid_from": "2024", "status": "expired", "valid_to": None, **cells},
        ]
    ).astype(dict.fromkeys(["valid_from", "valid_to"], "str"))
    assert unknown_spells(lines, AS_OF[-1]).empty
    later = lines.assign(valid_from=["2020-01-01", "2025"])
    assert unknown_spells(later, AS_OF[-1])[["begin", "stop"]].astype("str").values.tolist() == [["2024-01-01", "2025-12-31"]]


def test_what_is_told_later_changes_nothing_as_of_the_earlier_day():
    events = with_act(LICENCE, announced_on="2026-02-01", effective_on="2026-03-01")
    told_later = STATUS[(STATUS["event_id"] == LICENCE) & (STATUS["valid_from"] == "2025-06-11")].assign(
        valid_from="2025-08-01", status="withdrawn", documented_on="2026-02-01"
    )
    before, after = made(), made(events, pd.concat([STATUS, told_later], ignore_index=True))
    early = [table.query("as_of == @AS_OF[0]").reset_index(drop=True) for table in (before, after)]
    pd.testing.assert_frame_equal(*early)
    assert not before.equals(after)


@settings(max_examples=3, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(random):
    rows = list(range(len(EVENTS)))
    random.shuffle(rows)
    turned = EVENTS.iloc[rows].reset_index(drop=True)
    pd.testing.assert_frame_equal(made(), made(turned, STATUS[::-1].reset_index(drop=True)))


def test_an_instrument_without_a_weight_is_named():
    with pytest.raises(ReoError, match="no weight for equity_stake"):
        policy_stance(EVENTS, STATUS, WEIGHTS[WEIGHTS["instrument"] != "equity_stake"])


def test_no_acts_give_no_rows():
    assert made(EVENTS.iloc[:0], STATUS.iloc[:0]).empty


def test_parts_behind_a_row_add_up_to_it():
    class Finished:
        load_table = staticmethod(toy.tidy)

    parts = {
        "stock": "acts",
        "opposed_stock": "opposed",
        "unknown_stock": "unknown",
        "flow": "announced",
        "weightless": "weightless",
    }
    for row in made().iloc[::97].to_dict("records"):
        _words, acts = LINEAGE["policy_stance", "policy_events"](row, Finished())
        shown = acts["part"].value_counts()
        assert {column: shown.get(part, 0) for part, column in parts.items()} == {
            column: row[column] for column in parts.values()
        }
        once = acts[acts["part"] == "stock"].assign(process=lambda a: a["process"].fillna(a["event_id"]))
        assert once.groupby("process")["weight"].max().sum() == row["stock"]


def test_a_neutral_act_is_in_the_stock_from_the_day_it_runs_and_never_in_the_flow():
    """The quota of 2024 runs from 1 January and is announced on 6 February: in the stock of January, in no month's flow."""
    quota = headline(made(), "industrial_policy")
    assert quota.index.min() == "2024-01"
    assert quota.loc["2024-01", "stock"] == WEIGHTS.set_index("instrument").loc["production_quota", "weight"]
    assert quota["announced"].sum() == 0
    assert quota["flow"].eq(0).all()


def test_the_flow_of_foreign_supply_is_of_what_tightens_or_eases_it():
    """The licence tightens (2 in October 2023), its end eases (-2 in June 2024); a neutral act changes neither."""
    neutral = made(with_act(LICENCE, foreign_supply="neutral"), with_lines(LICENCE))
    for table in (made(), neutral):
        foreign = headline(table, index="foreign_supply")
        assert foreign.loc[foreign["flow"] != 0, "flow"].to_dict() == {"2023-10": 2, "2024-06": -2}
        assert foreign.loc["2023-12", ["stock", "acts"]].tolist() == [2, 1]
    assert headline(neutral).loc["2023-10", "flow"] == 4
