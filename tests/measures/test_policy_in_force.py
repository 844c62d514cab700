"""Measures in force: the toy world by hand, and what counts as a measure."""

import pandas as pd

from pipeline.measures.policy_in_force import AS_OF, policy_in_force
from tests.measures import toy


def test_toy_world():
    made = toy.made("policy_in_force", policy_in_force(toy.tidy("policy_events"), toy.tidy("policy_status")))
    worked = toy.expected("policy_in_force")
    pd.testing.assert_frame_equal(
        made.merge(worked[["month", "layer", "actor", "as_of"]])[list(worked)], made.merge(worked)[list(worked)]
    )
    assert len(made.merge(worked)) == len(worked)


def test_months_run_without_gap_from_the_first_measure_to_the_day():
    made = policy_in_force(toy.tidy("policy_events"), toy.tidy("policy_status"))
    for as_of, group in made.groupby(["as_of", "layer", "actor"])["month"]:
        months = pd.period_range(group.min(), as_of[0][:7], freq="M").astype(str)
        assert sorted(group) == list(months)
    first = made.groupby(["layer", "actor"])["month"].min()
    assert first.to_dict() == {
        ("diversification_response", "USA"): "2024-03",
        ("export_control", "CHN"): "2023-12",
        ("industrial_policy", "CHN"): "2024-01",
    }


def test_in_force_is_what_was_in_force_and_began_less_what_ended():
    made = policy_in_force(toy.tidy("policy_events"), toy.tidy("policy_status")).sort_values("month")
    before = made.groupby(["as_of", "layer", "actor"])["in_force"].shift(fill_value=0)
    assert (made["in_force"] == before + made["begun"] - made["ended"]).all()
    assert (made["processes"] <= made["in_force"]).all()
    assert (made["in_force_official"] + made["in_force_undocumented"] <= made["in_force"]).all()
    assert (made["in_force_official_copy"] <= made["in_force_official"]).all()


def test_official_pages_and_copies_of_them_are_counted_apart():
    """The licence rule rests on its official page, the quota on a copy of its notice, the stake on a newspaper."""
    made = policy_in_force(toy.tidy("policy_events"), toy.tidy("policy_status")).query("month == '2024-03'")
    counts = made.drop_duplicates(["layer"], keep="last").set_index("layer")[["in_force_official", "in_force_official_copy"]]
    assert counts.loc[["export_control", "industrial_policy", "diversification_response"]].to_numpy().tolist() == [
        [1, 0],
        [1, 1],
        [0, 0],
    ]


def test_words_and_acts_outside_rare_earths_are_no_measures():
    events = toy.tidy("policy_events")
    events.loc[events["event_id"] == "TOY-CHN-2024-quota", "scope"] = "other"
    made = policy_in_force(events, toy.tidy("policy_status"))
    assert set(made["layer"]) == {"export_control", "diversification_response"}
    assert made.loc[made["layer"] == "diversification_response", "in_force"].max() == 1


def test_two_steps_of_one_matter_are_two_measures_and_one_process():
    status = pd.concat([toy.tidy("policy_status"), toy.tidy("policy_status").iloc[[6]].assign(event_id="TOY-CHN-second-step")])
    events = toy.tidy("policy_events")
    events = pd.concat([events, events.iloc[[2]].assign(event_id="TOY-CHN-second-step")], ignore_index=True)
    made = policy_in_force(events, status.reset_index(drop=True)).query("month == '2025-01' and layer == 'export_control'")
    assert made["in_force"].tolist() == [2] * len(AS_OF)
    assert made["processes"].tolist() == [1] * len(AS_OF)


def test_order_of_rows_changes_nothing():
    events, status = toy.tidy("policy_events"), toy.tidy("policy_status")
    turned = policy_in_force(events[::-1].reset_index(drop=True), status[::-1].reset_index(drop=True))
    assert toy.made("policy_in_force", turned).equals(toy.made("policy_in_force", policy_in_force(events, status)))


def test_as_of_days_are_whole_dates():
    assert all(pd.Timestamp(day).strftime("%Y-%m-%d") == day for day in AS_OF)
