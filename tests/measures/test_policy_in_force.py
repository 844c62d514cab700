"""Measures in force: the toy world by hand, and what counts as a measure."""

import pandas as pd
import pytest

from pipeline.intake.source_files import SourceFiles
from pipeline.measures.policy_in_force import AS_OF, LINEAGE, policy_in_force
from pipeline.sources import policy_register
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


def with_act(like: str, **cells: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The toy world's acts and status lines, and one act more, like one of them but for its name and these cells."""
    return tuple(
        pd.concat([rows, rows[rows["event_id"] == like].assign(event_id="TOY-more", **more)], ignore_index=True)
        for rows, more in ((toy.tidy("policy_events"), cells), (toy.tidy("policy_status"), {}))
    )


def now(events: pd.DataFrame, status: pd.DataFrame, layer: str = "export_control") -> pd.Series:
    made = toy.made("policy_in_force", policy_in_force(events, status))
    return made[(made["month"] == "2026-11") & (made["layer"] == layer) & (made["as_of"] == AS_OF[-1])].iloc[0]


BESIDE = ["in_force", "restrictions", "in_force_weakening", "in_force_not_restricting", "restrictions_other_minerals"]


@pytest.mark.parametrize(
    ("cells", "counted"),
    [
        ({}, [2, 2, 0, 0, 0]),
        ({"instrument": "export_quota", "direction": "neutral"}, [2, 2, 0, 0, 0]),
        ({"instrument": "export_ban", "scope": "broader", "elements": "critical minerals"}, [2, 2, 0, 0, 0]),
        ({"instrument": "export_quota", "direction": "weakens", "title": "Quotas abolished"}, [1, 1, 1, 0, 0]),
        ({"instrument": "licence_grant", "direction": "weakens", "title": "General licences"}, [1, 1, 1, 0, 0]),
        ({"direction": "neutral", "legal_force": "statement", "title": "Answers to questions"}, [1, 1, 0, 1, 0]),
        ({"instrument": "enforcement_campaign", "legal_force": "plan", "title": "A meeting"}, [1, 1, 0, 1, 0]),
        ({"instrument": "personnel_rule", "legal_force": "statement", "title": "A travel request"}, [1, 1, 0, 1, 0]),
        ({"scope": "other", "elements": "non-REE;Ga;Ge"}, [1, 1, 0, 0, 1]),
        ({"scope": "other", "elements": "non-REE"}, [1, 1, 0, 0, 0]),
    ],
)
def test_what_counts_as_a_restriction_in_force(cells, counted):
    """The licence rule is in force; one act more is a restriction of rare earths, one of other minerals, or none."""
    assert now(*with_act("TOY-CHN-2023-licence", **cells))[BESIDE].tolist() == counted


def test_newest_restrictions_of_china_are_seven():
    """Licensing of 1980, processing trade 2006, the law of 2020, technology 2023, dual use 2024, Announcement 18, Japan."""
    register = SourceFiles("policy_register")
    events, status = policy_register.policy_events(register), policy_register.policy_status(register)
    china = policy_in_force(events, status).query("actor == 'CHN' and layer == 'export_control' and month == '2026-11'")
    newest = china[china["as_of"] == AS_OF[-1]].iloc[0]
    assert newest[["in_force", "restrictions", "suspended"]].tolist() == [7, 7, 4]
    assert newest["restrictions_other_minerals"] == 8
    _which, acts = LINEAGE[("policy_in_force", "policy_events")](newest, Given(events, status))
    assert acts["event_id"].tolist() == [
        "CN-1980-export-licensing",
        "CN-2006-11-01-processing-trade-ban",
        "CN-2020-10-17-export-control-law",
        "CN-2023-12-21-tech-export-ban",
        "CN-2024-10-dual-use-regulations",
        "CN-2025-04-04-mofcom-18",
        "CN-2026-01-06-mofcom-1-japan",
    ]


class Given:
    """Tables that a lineage rule loads, as given."""

    def __init__(self, events: pd.DataFrame, status: pd.DataFrame) -> None:
        self.tables = {"policy_events": events, "policy_status": status}

    def load_table(self, name: str) -> pd.DataFrame:
        return self.tables[name]


def test_two_steps_of_one_matter_are_two_measures_and_one_process():
    made = policy_in_force(*with_act("TOY-CHN-2023-licence")).query("month == '2023-12' and layer == 'export_control'")
    assert made["in_force"].tolist() == [2] * len(AS_OF)
    assert made["processes"].tolist() == [1] * len(AS_OF)


def test_order_of_rows_changes_nothing():
    events, status = toy.tidy("policy_events"), toy.tidy("policy_status")
    turned = policy_in_force(events[::-1].reset_index(drop=True), status[::-1].reset_index(drop=True))
    assert toy.made("policy_in_force", turned).equals(toy.made("policy_in_force", policy_in_force(events, status)))


def test_as_of_days_are_whole_dates():
    assert all(pd.Timestamp(day).strftime("%Y-%m-%d") == day for day in AS_OF)
