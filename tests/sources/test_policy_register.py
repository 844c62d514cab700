"""The register: dates as far as known, the status that holds now, and orders that cannot be."""

import contextlib

import pandas as pd
import pytest

from pipeline.catalog import table
from pipeline.dates import PRECISION
from pipeline.errors import ReoError
from pipeline.intake.source_files import SourceFiles
from pipeline.intake.transcribed import SourceError
from pipeline.schemas import contract
from pipeline.sources import policy_register as register
from tests.made_sources import Write

TODAY = "2026-11-24"
ACT = {
    "process": "", "process_role": "only", "effective_on": "", "ended_on": "", "actor": "CHN", "counterparty": "",
    "layer": "export_control", "direction": "strengthens", "foreign_supply": "tightens", "instrument": "export_licence",
    "legal_force": "binding", "status": "in_force", "scope": "ree", "reach": "global", "stage": "separation", "elements": "Dy",
    "title": "An act", "summary": "What it says.", "confidence": "high", "best_source": "official",
    "actor_kind": "", "offer": "", "content": "",
}  # fmt: skip


def act(event_id: str, announced_on: str, **cells: str) -> dict[str, str]:
    dates = {"announced_on": announced_on, "date_precision": PRECISION.get(len(announced_on), "day")}
    return ACT | {"event_id": event_id} | dates | cells


def line(event_id: str, status: str, valid_from: str, **cells: str) -> dict[str, str]:
    given = {"documented_on": valid_from, "recorded_on": TODAY, "valid_to": "", "superseded_by": "", "reason": ""}
    dates = {"valid_from": valid_from, "valid_from_precision": PRECISION.get(len(valid_from), "day")}
    return {"event_id": event_id, "status": status} | dates | given | cells


def written(source: Write, acts: list[dict[str, str]], lines: list[dict[str, str]]) -> SourceFiles:
    events = pd.DataFrame(acts)[register.EVENTS].to_csv(index=False)
    status = pd.DataFrame(lines, columns=register.STATUS).to_csv(index=False)
    return source("policy_register", **{"events.csv": events, "status.csv": status})


def status_of(source: Write, coded: str, *lines: dict[str, str]) -> str:
    """The status now of one act, coded so, with these lines of its own; another act marks the day."""
    marker = line("mark", "in_force", "2020-01-01")
    files = written(source, [act("a", "2010-07-09", status=coded), act("mark", "2020-01-01")], [marker, *lines])
    return register.policy_events(files).set_index("event_id").loc["a", "status"]


def test_dates_stay_as_far_as_known_with_their_precision(source: Write) -> None:
    acts = [act("a", "2010", effective_on="2010-07", ended_on="2010-07-09"), act("b", "2010-07-09")]
    found = contract.check(table("policy_events"), register.policy_events(written(source, acts, []))).rows.set_index("event_id")
    dates = ["announced_on", "announced_precision", "effective_on", "effective_precision", "ended_on", "ended_precision"]
    assert found.loc["a", dates].tolist() == ["2010", "year", "2010-07", "month", "2010-07-09", "day"]
    assert found.loc["b", ["effective_on", "effective_precision", "ended_on", "ended_precision"]].isna().all()


def test_an_act_without_lines_has_the_coders_status(source: Write) -> None:
    assert status_of(source, "one_off") == "one_off"


def test_the_latest_line_that_has_begun_is_the_status(source: Write) -> None:
    lines = [
        line("a", "in_force", "2010-07-09", valid_to="2014"),
        line("a", "suspended", "2014", valid_to="2014-06-01"),
        line("a", "withdrawn", "2015-01-01"),
        line("a", "in_force", "2027-01-01", documented_on="2015-01-01"),
    ]
    assert status_of(source, "in_force", *lines) == "withdrawn"
    assert status_of(source, "in_force", *reversed(lines)) == "withdrawn"


def test_a_start_on_the_day_the_line_before_ends_overrides_it(source: Write) -> None:
    lines = [line("a", "in_force", "2010-07-09", valid_to=TODAY), line("a", "suspended", TODAY)]
    assert status_of(source, "in_force", *lines) == "suspended"


def test_a_start_known_to_the_year_goes_before_one_within_it(source: Write) -> None:
    lines = [line("a", "replaced", "2013-09-12"), line("a", "in_force", "2013", valid_to="2013-09-12")]
    assert status_of(source, "expired", *lines) == "replaced"


def test_a_start_known_to_this_year_only_has_not_begun_for_certain(source: Write) -> None:
    assert status_of(source, "proposed", line("a", "in_force", "2026")) == "proposed"


@pytest.mark.parametrize(
    ("last", "coded", "now"),
    [
        ("suspended", "suspended", "unknown"),
        ("in_force", "in_force", "unknown"),
        ("in_force", "expired", "expired"),
        ("proposed", "failed", "failed"),
    ],
)
def test_a_line_that_ended_with_none_after_it_says_nothing_of_today(source: Write, last: str, coded: str, now: str) -> None:
    lines = [line("a", "adopted", "2010-07-09"), line("a", last, "2025-11-07", valid_to="2026-11-10")]
    assert status_of(source, coded, *lines) == now


def test_the_coders_reading_stays_beside_the_status(source: Write) -> None:
    files = written(source, [act("a", "2010", status="in_force")], [line("a", "withdrawn", "2015")])
    assert register.policy_events(files)[["status", "status_coded"]].to_numpy().tolist() == [["withdrawn", "in_force"]]


def test_a_quota_may_count_from_the_start_of_its_year(source: Write) -> None:
    acts = [act("a", "2010-03-15", effective_on="2010-01-01", ended_on="2010-12-31", instrument="production_quota")]
    assert len(register.policy_events(written(source, acts, []))) == 1


def test_an_order_may_be_published_some_days_after_it_took_effect(source: Write) -> None:
    assert len(register.policy_events(written(source, [act("a", "2023-02-28", effective_on="2023-02-15")], []))) == 1


def test_an_act_may_end_before_it_takes_effect_if_it_was_replaced(source: Write) -> None:
    acts = [act("a", "2025-06-10", effective_on="2027-01", ended_on="2026-02-25"), act("b", "2026-02-25")]
    lines = [line("a", "adopted", "2025-06-10"), line("a", "replaced", "2026-02-25", superseded_by="b")]
    files = written(source, acts, lines)
    assert len(register.policy_events(files)) == 2
    assert contract.check(table("policy_status"), register.policy_status(files)).rows["status"].tolist() == [
        "adopted",
        "replaced",
    ]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"effective_on": "2010-05-01"}, r"effective_on: '2010-05-01' of act a is before announced_on"),
        (
            {"effective_on": "2009-12-31", "instrument": "export_quota"},
            r"effective_on: '2009-12-31' of act a is before announced_on",
        ),
        ({"ended_on": "2010-07-08"}, r"ended_on: '2010-07-08' of act a is before announced_on"),
        ({"effective_on": "2011", "ended_on": "2010-12"}, r"ended_on: '2010-12' of act a is before effective_on"),
        ({"effective_on": "09.07.2010"}, r"effective_on: '09\.07\.2010' of act a is not a date"),
        ({"effective_on": "Jul 10"}, r"effective_on: 'Jul 10' of act a is not a date"),
        ({"effective_on": "40368"}, r"effective_on: '40368' of act a is not a date"),
        ({"effective_on": "2010-13"}, r"effective_on: '2010-13' of act a is not a date"),
        ({"ended_on": "2011-02-29"}, r"ended_on: '2011-02-29' of act a is not a date"),
        ({"announced_on": ""}, r"announced_on: '' of act a is not a date"),
        ({"date_precision": "month"}, r"date_precision: 'month' of act a does not fit announced_on"),
    ],
)
def test_dates_that_cannot_be_are_one_error_naming_the_act(source: Write, cells: dict[str, str], says: str) -> None:
    with pytest.raises(SourceError, match=says):
        register.policy_events(written(source, [act("z", "2009"), act("a", "2010-07-09") | cells], []))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([line("a", "suspended", "2011")], r"'suspended' of act a follows no line adopted, in_force or suspended"),
        ([line("a", "suspended", "2011"), line("a", "in_force", "2012")], r"'suspended' of act a follows no line"),
        ([line("b", "in_force", "2011")], r"'b' of act b names no act of events\.csv"),
        ([line("a", "replaced", "2011", superseded_by="gone")], r"superseded_by: 'gone' of act a names no act"),
        ([line("a", "in_force", "2011-07", valid_to="2011-06-30")], r"valid_to: '2011-06-30' of act a is before valid_from"),
        ([line("a", "in_force", "1/7/2011")], r"valid_from: '1/7/2011' of act a is not a date"),
        ([line("a", "in_force", "2011", documented_on="")], r"documented_on: '' of act a is not a date"),
    ],
)
def test_status_lines_that_cannot_be_are_one_error_naming_the_act(source: Write, lines: list[dict[str, str]], says: str) -> None:
    with pytest.raises(SourceError, match=says):
        register.policy_status(written(source, [act("a", "2010")], lines))


def test_a_suspension_after_adoption_is_possible_before_the_start(source: Write) -> None:
    lines = [line("a", "suspended", "2025-11-07"), line("a", "adopted", "2025-10-09")]
    assert len(register.policy_status(written(source, [act("a", "2025-10-09")], lines))) == 2


def test_an_act_or_line_given_twice_breaks_the_contract(source: Write) -> None:
    files = written(source, [act("a", "2010"), act("a", "2010")], [line("a", "in_force", "2010")] * 2)
    for name, frame in {"policy_events": register.policy_events(files), "policy_status": register.policy_status(files)}.items():
        with pytest.raises(contract.ContractBroken, match="same key"):
            contract.check(table(name), frame)


def test_a_word_the_codebook_does_not_know_is_one_error_with_the_nearest_word(source: Write) -> None:
    files = written(source, [act("a", "2010", layer="trade_disputes")], [])
    with pytest.raises(SourceError, match=r"row 2, column layer: 'trade_disputes' of act a is not an allowed value") as raised:
        register.policy_events(files)
    assert "write trade_dispute?" in raised.value.remedy


@pytest.fixture(scope="module")
def acts() -> pd.DataFrame:
    return register.policy_events(SourceFiles("policy_register")).set_index("event_id")


def test_the_register_keeps_its_contract(acts: pd.DataFrame) -> None:
    assert len(contract.check(table("policy_events"), acts.reset_index()).rows) == 644
    assert len(contract.check(table("policy_status"), register.policy_status(SourceFiles("policy_register"))).rows) == 525


def test_no_line_of_the_first_day_was_taken_out_or_changed() -> None:
    """462 lines were recorded on 24 November 2026; a correction is a further line."""
    lines = register.policy_status(SourceFiles("policy_register"))
    assert (lines["recorded_on"] == TODAY).sum() == 462
    assert lines.loc[lines["recorded_on"] != TODAY, "recorded_on"].eq("2026-11-28").all()
    suspended = lines[(lines["event_id"] == "CN-2025-10-09-mofcom-61") & (lines["status"] == "suspended")]
    assert suspended[["valid_to", "documented_on", "recorded_on"]].to_numpy().tolist() == [
        ["2026-11-10", "2025-11-07", "2026-11-24"],
        ["2027-01-10", "2026-09-28", "2026-11-28"],
    ]
    assert suspended["reason"].str.startswith("probable").tolist() == [False, True]


def test_announcement_18_stands_and_the_october_package_is_probably_suspended(acts: pd.DataFrame) -> None:
    """Announcement 18 was never suspended; Announcement 70's pause runs to 10 January 2027, by a reading known second-hand."""
    assert acts.loc["CN-2025-04-04-mofcom-18", "status"] == "in_force"
    package = ["CN-2025-10-09-mofcom-61", "CN-2025-10-09-mofcom-62", "CN-2025-10-09-mofcom-gacc-57"]
    assert acts.loc[package, "status"].eq("suspended").all()
    assert acts.loc["CN-2025-11-07-mofcom-70-suspension", "status"] == "in_force"
    assert acts.loc["CN-USA-2026-09-28-kl-arrangement-extended", ["confidence", "best_source"]].tolist() == ["medium", "other"]


def test_ended_bills_failed_a_pledge_is_a_statement_and_a_budget_plan_no_award(acts: pd.DataFrame) -> None:
    ended = ["USA-2010-09-29-hr6160", "USA-2010-03-17-restart-hr4866", "USA-2023-04-26-hr2888-onshore", "USA-2024-10-04-hr9917"]
    assert acts.loc[ended, ["status", "status_coded"]].eq("failed").all(axis=None)
    assert acts.loc["AUS-2025-04-24-strategic-reserve", "legal_force"] == "statement"
    assert acts.loc["CAN-2025-11-04-sovereign-fund", ["legal_force", "status_coded"]].tolist() == ["plan", "proposed"]


def test_corrected_days_are_those_the_texts_print(acts: pd.DataFrame) -> None:
    days = {
        "JPN-2004-jogmec": "2002-12",  # Act No. 94 of 2002.
        "CN-2011-resource-tax": "2011-03-31",
        "GBR-2023-02-climates-15m": "2023-02-27",
        "USA-2022-06-lynas-heavy-120m": "2022-06-14",
    }
    assert acts.loc[list(days), "announced_on"].to_dict() == days
    assert acts.loc["GRL-2021-11-09-uranium-ban", "effective_on"] == "2021-12-02"


def test_of_chinas_strengthening_acts_of_cooperation_two_thirds_are_firms(acts: pd.DataFrame) -> None:
    """136 acts of cooperation: firms make the first move in 64, states in 58, both in 14."""
    cooperation = acts[acts["layer"] == "cooperation_incentive"]
    assert cooperation["actor_kind"].value_counts().to_dict() == {"firm": 64, "state": 58, "both": 14}
    assert cooperation["offer"].value_counts()[["joint", "china_offers", "partner_asks"]].tolist() == [48, 44, 19]
    said = cooperation["content"].str.split(";").explode().value_counts()
    assert said.to_dict() == {"investment": 78, "trade": 46, "technology": 27, "processing_plant": 24, "training": 5}
    assert acts.loc[acts["layer"] != "cooperation_incentive", ["actor_kind", "offer", "content"]].isna().all(axis=None)
    chinas = cooperation.query("actor == 'CHN' and direction == 'strengthens' and scope != 'other'")
    assert chinas["actor_kind"].value_counts()["firm"] / len(chinas) > 0.6


COOPERATION = {"layer": "cooperation_incentive", "actor_kind": "firm", "offer": "china_offers", "content": "technology;training"}


def test_an_act_of_cooperation_says_who_which_way_and_what(source: Write) -> None:
    files = written(source, [act("a", "2010", **COOPERATION), act("b", "2011")], [])
    found = contract.check(table("policy_events"), register.policy_events(files)).rows.set_index("event_id")
    assert found.loc["a", ["actor_kind", "offer", "content"]].tolist() == ["firm", "china_offers", "technology;training"]
    assert found.loc["b", ["actor_kind", "offer", "content"]].isna().all()


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (COOPERATION | {"actor_kind": ""}, r"events\.csv, row 3, column actor_kind: '' of act a is empty"),
        (COOPERATION | {"actor_kind": "bank"}, r"row 3, column actor_kind: 'bank' of act a is not a word"),
        (COOPERATION | {"actor_kind": "firm;state"}, r"column actor_kind: 'firm;state' of act a is not a word"),
        (COOPERATION | {"offer": "gives"}, r"row 3, column offer: 'gives' of act a is not a word"),
        (COOPERATION | {"content": "technology, training"}, r"column content: 'technology, training' of act a is not a word"),
        ({"offer": "joint"}, r"row 3, column offer: 'joint' of act a is given, and the act is no cooperation"),
    ],
)
def test_cooperation_codes_that_are_missing_unknown_or_out_of_place(source: Write, cells: dict[str, str], says: str) -> None:
    with pytest.raises(SourceError, match=says):
        register.policy_events(written(source, [act("z", "2009"), act("a", "2010", **cells)], []))


def test_a_line_written_when_its_act_had_another_date_stands_once_it_is_corrected(source: Write) -> None:
    old = line("a", "in_force", "2011-11-22")
    with pytest.raises(SourceError, match="is before the act was announced"):
        register.policy_status(written(source, [act("a", "2011-11-24")], [old]))
    new = line("a", "in_force", "2011-11-24", recorded_on="2026-11-28")
    assert len(register.policy_status(written(source, [act("a", "2011-11-24")], [old, new]))) == 2


def test_the_quota_system_ended_with_the_catalogue_of_2015(acts: pd.DataFrame) -> None:
    assert acts.loc["CN-1999-export-quota-system", "status"] == "withdrawn"


@pytest.mark.parametrize("column", register.EVENTS)
def test_a_column_of_one_word_is_text_or_an_error_with_a_remedy(source: Write, column: str) -> None:
    """TRUE throughout was once read as a column of truth values, which text functions fail on."""
    acts = [act(name, "2010-07-09") | {column: "TRUE"} for name in ("a", "b")]
    with contextlib.suppress(ReoError):
        found = contract.check(table("policy_events"), register.policy_events(written(source, acts, [])))
        assert column not in found.rows or set(found.rows[column]) == {"TRUE"}
