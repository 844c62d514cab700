"""Figure functions: nothing without rows, a title that follows the rows, marks that stay readable."""

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import catalog
from pipeline.report.figures import chain, marks, reward, rules, stick
from pipeline.report.pages.chapters import AT_MOST, CHAPTERS
from pipeline.report.scenarios import for_page
from pipeline.report.tables import Tables
from pipeline.schemas import table as t

SURVEY = "bgs_world_mineral_statistics"
FIGURES = [make for chapter in CHAPTERS for make in chapter.figures]


@pytest.fixture
def tables(finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> Tables:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    return Tables()


def empty() -> Tables:
    return Tables(lambda name: t.empty(catalog.table(name)))


@pytest.mark.parametrize("make", FIGURES, ids=lambda make: f"{make.__module__.split('.')[-1]}.{make.__name__}")
def test_without_rows_there_is_no_figure(make) -> None:
    assert make(empty()) is None


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_without_rows_a_chapter_says_nothing(chapter) -> None:
    assert chapter.answer(empty()) is None
    assert len(chapter.figures) <= AT_MOST
    assert chapter.question.endswith("?")


def test_a_title_and_the_rows_offered_follow_the_table(tables: Tables) -> None:
    rows = tables["policy_in_force"]
    more = tables.replaced(policy_in_force=rows.assign(restrictions=rows["restrictions"] + 5))
    before, after = stick.restrictions(tables), stick.restrictions(more)
    assert before.title.startswith("1 Chinese restriction")
    assert after.title.startswith("6 Chinese restrictions")
    assert (after.rows["restrictions"] - before.rows["restrictions"]).eq(5).all()


def test_shares_of_a_restricted_source_are_whole_percent_and_a_picture_only(tables: Tables) -> None:
    rows = tables["stage_concentration"].query("stage == 'mining'")
    long = pd.concat(
        [
            rows.iloc[[0]].assign(
                source_id="bgs_world_mineral_statistics", material="rare_earths", kind="actual", year=y, china_share=s
            )
            for y, s in ((1982, 0.172644), (2005, 0.98123), (2023, 0.676543))
        ]
    )
    figure = chain.mining_since_1982(tables.replaced(stage_concentration=long))
    assert figure.title == ("China's share of mining rose from 17\u00a0% in 1982 to 98\u00a0% in 2005; it was 68\u00a0% in 2023")
    assert not figure.with_data
    assert set(figure.rows["china_share"]) == {0.17, 0.98, 0.68}


def test_partners_of_an_act_are_counted_each_and_china_is_none(tables: Tables) -> None:
    act = {"layer": "cooperation_incentive", "offer": "joint", "actor_kind": "state", "announced_on": "2024"}
    act |= {"instrument": "mou_framework", "legal_force": "agreement", "status": "in_force"}
    acts = pd.DataFrame(
        [
            {**act, "event_id": "a", "actor": "CHN", "counterparty": "USA;MYS"},
            {**act, "event_id": "b", "actor": "MYS", "counterparty": "CHN"},
            {**act, "event_id": "c", "actor": "CHN", "counterparty": None},
        ]
    )
    found = reward.cooperation(tables.replaced(policy_events=acts))
    assert sorted(found["partner"]) == ["MYS", "MYS", "USA"]


def rule(event_id: str, **changed) -> dict[str, object]:
    act = {"event_id": event_id, "actor": "CHN", "instrument": "standard_regulation", "legal_force": "binding", "title": event_id}
    act |= {"status": "in_force", "announced_on": "2011-02-28", "effective_on": "2011-10-01", "ended_on": None}
    return act | changed


def test_a_rule_holds_from_its_effective_day_and_a_draft_never_binds(tables: Tables) -> None:
    acts = [
        rule("emissions"),
        rule("draft", legal_force="plan", status="superseded", announced_on="2021", effective_on=None, ended_on="2024-06-29"),
        rule("repealed", status="ended", ended_on="2015-01-01"),
        rule("an association", legal_force="company_act"),
        rule("abroad", actor="EUU"),
        rule("a quota", instrument="production_quota"),
    ]
    found = rules.standards(tables.replaced(policy_events=pd.DataFrame(acts)))
    assert dict(zip(found.rows["event_id"], found.rows["state"], strict=True)) == {
        "emissions": rules.IN_FORCE,
        "repealed": rules.ENDED,
        "draft": rules.DRAFT,
    }
    assert list(found.rows["since"]) == ["2011-10-01", "2011-10-01", "2021"]
    assert found.title == (
        "1 binding standard or rule for China's rare-earth industry is in force, the oldest since 2011; "
        "1 only announced or drafted; 1 no longer in force"
    )
    more = rules.standards(tables.replaced(policy_events=pd.DataFrame([*acts, rule("access", effective_on="2009")])))
    assert more.title.startswith(
        "2 binding standards or rules for China's rare-earth industry are in force, the oldest since 2009"
    )


def test_a_year_without_a_row_is_a_gap_between_columns() -> None:
    assert marks.columns(pd.DataFrame({"year": [2013, 2017]})).to_dict()["scale"]["domain"] == [2013, 2014, 2015, 2016, 2017]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0.01, 0.2))
def test_names_at_the_ends_of_lines_keep_their_order_and_distance(values, gap) -> None:
    placed = marks.spread(values, gap)
    order = sorted(range(len(values)), key=lambda i: values[i])
    for one, other in pairwise(order):
        assert placed[other] - placed[one] >= gap - 1e-9
    if all(values[b] - values[a] >= gap for a, b in pairwise(order)):
        assert placed == pytest.approx(values)


@given(st.lists(st.floats(0, 500), max_size=12).map(sorted), st.floats(1, 20))
def test_numbers_of_acts_never_touch_and_stay_low_where_they_can(places, gap) -> None:
    found = marks.levels(places, gap)
    for level in set(found):
        own = [place for place, at in zip(places, found, strict=True) if at == level]
        assert all(after - before >= gap for before, after in pairwise(own))
    if all(after - before >= gap for before, after in pairwise(places)):
        assert set(found) <= {0}


@pytest.mark.parametrize(
    ("date", "words"),
    [("2025-04-04", "4 April 2025"), ("2025-10-30", "30 October 2025"), ("2025-04", "April 2025"), ("2025", "2025")],
)
def test_dates_in_words_are_as_precise_as_they_are_known(date: str, words: str) -> None:
    assert marks.day(date) == words


def test_the_scenario_picker_offers_what_was_computed(tables: Tables) -> None:
    scenario = {"origin": "CHN", "cut": 0.5, "group": None, "feed": "excluded", "note": ""}
    scenarios = pd.DataFrame(
        [
            {**scenario, "scenario": "one", "targets": "USA+MYS", "spare_share": 0.1, "spare_t": 0.0},
            {**scenario, "scenario": "never_played", "targets": "all", "spare_share": 0.0, "spare_t": 0.0},
        ]
    )
    losses = {
        "year": 2024,
        "group": "compounds",
        "scenario": "one",
        "origin": "CHN",
        "lost_direct_share": 0.1,
        "lost_after_share": 0.2,
    }
    rows = pd.DataFrame(
        [
            {**losses, "importer": "USA", "use_t": 90.0, "lost_before_share": 0.25},
            {**losses, "importer": "MYS", "use_t": 10.0, "lost_before_share": 0.5},
            {**losses, "importer": "CHN", "use_t": 500.0, "lost_before_share": 0.9},
        ]
    )
    shown = for_page(tables.replaced(disruption_scenarios=scenarios, disruption=rows))
    (line,) = shown["scenarios"]
    assert (line["who"], line["cut"], line["from"]) == ("China", "50\u00a0%", "United States and Malaysia")
    assert line["most"] == "Malaysia 50\u00a0%, United States 25\u00a0%"
    assert '"Malaysia",100,500,200' in shown["scenario_data"]
    assert "never_played" not in shown["scenario_data"]
