"""Each sentence of the first page and each chapter's answer follows its tables: change an input, the sentence changes."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.report import answers, headlines, sure
from pipeline.report.tables import Tables


@pytest.fixture
def tables(finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> Tables:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    return Tables()


def changed(tables: Tables, name: str, **columns) -> Tables:
    """The same tables with some columns of one table replaced by a value or a function of the table."""
    return tables.replaced(**{name: tables[name].assign(**columns)})


def test_the_chain_says_the_share_of_the_newest_edition(tables: Tables) -> None:
    assert "mined 60\u00a0% of the world's rare earths in 2024" in answers.chain(tables).sentence
    more = changed(tables, "stage_concentration", china_share=lambda f: f["china_share"].where(f["stage"] != "mining", 0.734))
    assert "mined 73\u00a0%" in answers.chain(more).sentence
    stage = (
        tables["stage_concentration"]
        .iloc[[0]]
        .assign(stage="magnet", material="NdFeB sintered", china_share=0.94, kind="actual", year=2024, source_id="stage_shares")
    )
    grown = tables.replaced(stage_concentration=pd.concat([tables["stage_concentration"], stage]))
    assert answers.chain(grown).title == "China's share grows along the chain: 60\u00a0% of mining, 94\u00a0% of magnets"


def test_the_stick_counts_restrictions_and_elements(tables: Tables) -> None:
    found = answers.stick(tables)
    assert found.sentence.startswith("In November 2026, one Chinese restriction of rare-earth exports was in force, against none")
    more = changed(tables, "policy_in_force", restrictions=lambda f: f["restrictions"] + 3)
    assert "four Chinese restrictions of rare-earth exports were in force, against none" in answers.stick(more).sentence
    lists = tables["controlled_elements"]
    newest = lists[lists["as_of"] == lists["as_of"].max()].iloc[[0]]
    rows = [newest.assign(element=e, status=s) for e, s in (("Dy", "in_force"), ("Tb", "in_force"), ("Ho", "suspended"))]
    listed = tables.replaced(controlled_elements=pd.concat(rows))
    assert "two rare earths needed a licence, and the control of one more was suspended" in answers.stick(listed).sentence


def test_industrial_policy_compares_the_first_and_the_newest_quota(tables: Tables) -> None:
    one = tables["quota_use"].query("stage == 'mining'").iloc[[0]]
    rows = [one.assign(year=year, quota=amount) for year, amount in ((2010, 50_000.0), (2020, 125_000.0), (2021, float("nan")))]
    found = answers.industry(tables.replaced(quota_use=pd.concat(rows)))
    assert "China raised its mining quota from 50,000 tonnes of oxide in 2010 to 125,000 in 2020" in found.sentence
    assert "not published the quota since 2021" in found.sentence
    assert found.title.startswith("China's mining quota is 2.5 times that of 2010")


def with_offers(tables: Tables, outcomes: list[str], partners: float, high: float) -> Tables:
    projects = pd.DataFrame({"project": outcomes, "outcome": outcomes, "comparator": False})
    evidence = pd.DataFrame(
        {"claim_id": ["C12", "C12"], "part": ["a", "d"], "value": [partners, 9.0], "high": [high, float("nan")]}
    )
    return tables.replaced(overseas_presence=projects, claim_evidence=evidence)


def test_reward_says_what_was_offered_and_what_was_delivered(tables: Tables) -> None:
    found = answers.reward(with_offers(tables, ["operating", "planned", "blocked", "ended", "talks"], 2.0, 5.0))
    assert "offered two partners (five with joint and less sure offers) more than words" in found.sentence
    assert "of five Chinese rare-earth projects abroad on record, one operates and two came to nothing" in found.sentence
    assert found.sure == "low"
    better = answers.reward(with_offers(tables, ["operating", "operating", "planned"], 2.0, 2.0))
    assert better.title == "Two of three Chinese rare-earth projects abroad operate"


def with_response(tables: Tables, share_after: float, acts: int) -> Tables:
    act = {
        "layer": "diversification_response",
        "direction": "strengthens",
        "scope": "ree",
        "legal_force": "binding",
        "actor": "USA",
        "confidence": "high",
    }
    events = pd.DataFrame(
        [{**act, "announced_on": f"20{20 + i % 4}-03"} for i in range(acts)] + [{**act, "announced_on": "2024-01"}]
    )
    shares = pd.DataFrame(
        {"year": [2018, 2024], "bloc": "USA", "group": "compounds", "basis": "value", "non_china_share": [0.4, share_after]}
    )
    return tables.replaced(policy_events=events, diversification=shares)


def test_the_response_sets_acts_beside_import_shares(tables: Tables) -> None:
    found = answers.response(with_response(tables, 0.3, 7))
    assert (
        "took seven steps to depend less on China in the five years to 2023, none in the five before; yet none of one"
        in found.sentence
    )
    assert "none of one importers clearly depend less" in found.title
    assert "yet" not in answers.response(with_response(tables, 0.46, 7)).sentence
    assert "one of one importers" in answers.response(with_response(tables, 0.46, 7)).sentence
    assert answers.response(with_response(tables, 0.3, 2)).sentence != found.sentence


def with_losses(tables: Tables, worst: float) -> Tables:
    rows = pd.DataFrame(
        {
            "year": 2024,
            "group": "compounds",
            "scenario": "china_half_from_all",
            "importer": ["MYS", "USA", "CHN"],
            "origin": "CHN",
            "use_t": [100.0, 50.0, 900.0],
            "lost_direct_share": [0.1, 0.2, 0.9],
            "lost_before_share": [worst, 0.25, 0.9],
            "lost_after_share": [0.1, 0.2, 0.9],
        }
    )
    return tables.replaced(disruption=rows)


def test_what_if_names_the_half_and_who_loses_most(tables: Tables) -> None:
    found = answers.what_if(with_losses(tables, 0.48))
    assert found.sentence.startswith(
        "If China withheld 50 % of its exports of rare-earth compounds from everyone, Malaysia would lose 48\u00a0%"
    )
    assert "United States would lose 25" in answers.what_if(with_losses(tables, 0.05)).sentence
    assert answers.what_if(tables.replaced(disruption=with_losses(tables, 0.4)["disruption"].iloc[:0])) is None


def test_how_sure_counts_differences_and_agreement(tables: Tables) -> None:
    found = answers.how_sure(tables)
    fewer = tables.replaced(disagreements=tables["disagreements"].iloc[1:])
    assert answers.how_sure(fewer).title != found.title
    less = changed(tables, "coding_agreement", agreement=0.5)
    assert "agreed on 50\u00a0% of the acts or more" in answers.how_sure(less).title


def test_the_rule_of_how_sure() -> None:
    assert sure.level(2, 0.05) == "high"
    assert sure.level(1, 0.05, official=True) == "high"
    assert sure.level(1, 0.05) == "medium"
    assert sure.level(2, 0.2) == "medium"
    assert sure.level(1, 0.2) == "low"
    assert sure.level(5, 0.31, official=True) == "low"
    assert sure.level(2, float("nan")) == "medium"
    assert answers.lowest("high", "low", "medium") == "low"


def test_a_headline_names_the_row_it_comes_from(tables: Tables) -> None:
    mined = headlines.mining(tables)
    stored = tables["stage_concentration"].set_index(["year", "stage", "material", "source_id", "edition", "kind"])["china_share"]
    assert stored[mined.key] == mined.value
