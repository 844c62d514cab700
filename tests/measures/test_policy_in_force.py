"""The register as of a day and the measures in force: the toy world by hand, and the rules on dates."""

import pandas as pd
import pytest

from pipeline.measures.policy_in_force import AS_OF, first_day, last_day, policy_in_force, register_as_of, spells
from tests.measures import toy


def lines(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    """Status lines of one act as (valid_from, documented_on, status, valid_to)."""
    frame = pd.DataFrame(rows, columns=["valid_from", "documented_on", "status", "valid_to"], dtype="str")
    return frame.assign(event_id="act", recorded_on="2026-11-24")


def in_force(status: pd.DataFrame, day: str, as_of: str = "2026-11-24") -> bool:
    held = spells(status, as_of).query("status == 'in_force' and begin <= @day < stop")
    return bool(len(held))


def status_on(day: str) -> dict[str, str]:
    register = register_as_of(toy.tidy("policy_events"), toy.tidy("policy_status"), day)
    return dict(zip(register["event_id"].str.removeprefix("TOY-"), register["status_as_of"], strict=True))


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


def test_register_knows_only_what_documents_dated_by_then_said():
    assert status_on("2023-11-30") == {"CHN-2023-licence": "adopted"}
    assert status_on("2024-06-09")["CHN-2023-licence"] == "in_force"
    assert status_on("2024-06-10")["CHN-2023-licence"] == "suspended"
    # The end of the suspension is told by a text of January 2026 only.
    assert status_on("2025-12-31")["CHN-2023-licence"] == "suspended"
    assert status_on("2025-12-31")["CHN-2024-suspension"] == "in_force"
    assert status_on("2026-01-15")["CHN-2023-licence"] == "in_force"
    assert status_on("2026-01-15")["CHN-2024-suspension"] == "withdrawn"


def test_act_of_a_month_is_in_the_register_from_its_last_day():
    assert "USA-2024-stake" not in status_on("2024-03-30")
    assert status_on("2024-03-31")["USA-2024-stake"] == "in_force"


def test_register_hides_an_end_that_is_still_to_come():
    register = register_as_of(toy.tidy("policy_events"), toy.tidy("policy_status"), "2024-12-30").set_index("event_id")
    assert register["ended_on"].isna().all()
    assert (register["status"] == register["status_as_of"]).all()


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
    assert made["in_force"].tolist() == [2, 2]
    assert made["processes"].tolist() == [1, 1]


def test_next_start_overrides_an_equal_end():
    status = lines(("2024-01-01", "2024-01-01", "in_force", "2024-06-10"), ("2024-06-10", "2024-06-10", "suspended", None))
    assert in_force(status, "2024-06-09")
    assert not in_force(status, "2024-06-10")


def test_last_day_of_a_period_counts_where_nothing_follows():
    status = lines(("2024-01-01", "2024-01-01", "in_force", "2024-06-10"))
    assert in_force(status, "2024-06-10")
    assert not in_force(status, "2024-06-11")


def test_line_whose_start_is_known_less_exactly_than_its_successors_does_not_come_back():
    """In force some day of 2013, replaced on 12 September: it must not be in force in 2014."""
    status = lines(("2013", "2013-01-05", "in_force", "2013-09-12"), ("2013-09-12", "2013-09-12", "replaced", None))
    assert not in_force(status, "2014-01-01")
    assert spells(status, "2026-11-24")["status"].tolist() == ["replaced"]


def test_end_told_by_a_later_text_is_not_known_before_it():
    status = lines(("2010-09-21", "2010-09-29", "in_force", "2010-11-20"), ("2010-11-20", "2012", "withdrawn", None))
    assert in_force(status, "2011-06-30", as_of="2011-06-30")
    assert not in_force(status, "2011-06-30", as_of="2012-12-31")


def test_end_told_at_the_start_is_known_from_the_start():
    status = lines(("2024-01-01", "2024-02-06", "in_force", "2024-12-31"), ("2025-01-01", "2024-02-06", "expired", None))
    assert not in_force(status, "2025-01-01", as_of="2025-01-01")


def test_later_document_mends_an_earlier_line():
    status = lines(("2024-01-01", "2024-01-05", "in_force", None), ("2024-01-01", "2024-03-01", "proposed", None))
    assert in_force(status, "2024-06-01", as_of="2024-02-01")
    assert not in_force(status, "2024-06-01", as_of="2024-06-01")


@pytest.mark.parametrize(
    ("known", "first", "last"),
    [("2010", "2010-01-01", "2010-12-31"), ("2024-02", "2024-02-01", "2024-02-29"), ("2010-09-21", "2010-09-21", "2010-09-21")],
)
def test_dates_as_far_as_they_are_known(known, first, last):
    date = pd.Series([known, None], dtype="str")
    assert first_day(date).dt.strftime("%Y-%m-%d").tolist()[0] == first
    assert last_day(date).dt.strftime("%Y-%m-%d").tolist()[0] == last
    assert last_day(date).isna().tolist() == [False, True]


def test_order_of_rows_changes_nothing():
    events, status = toy.tidy("policy_events"), toy.tidy("policy_status")
    turned = policy_in_force(events[::-1].reset_index(drop=True), status[::-1].reset_index(drop=True))
    assert toy.made("policy_in_force", turned).equals(toy.made("policy_in_force", policy_in_force(events, status)))


def test_as_of_days_are_whole_dates():
    assert all(pd.Timestamp(day).strftime("%Y-%m-%d") == day for day in AS_OF)
