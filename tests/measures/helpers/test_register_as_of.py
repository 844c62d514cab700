"""What the register said of real acts on a day, and of a day: document time and valid time kept apart."""

from itertools import pairwise

import pandas as pd
import pytest

from pipeline import catalog
from pipeline.catalog import policy_register
from pipeline.errors import ReoError
from pipeline.intake.source_files import SourceFiles
from pipeline.measures.helpers.register_as_of import register_as_of, spells
from pipeline.measures.policy_in_force import AS_OF
from pipeline.sources import policy_register as source
from tests.measures import toy

QUOTAS_2010 = "CN-2010-07-export-quota-h2"
HELD_HALF_2014 = "CN-2014-07-export-quota-2014-h2"
SUPPLEMENT_2012 = "CN-2012-05-17-export-quota-supplement"
QUOTA_SYSTEM = "CN-1999-export-quota-system"
QUOTAS_ABOLISHED = "CN-2014-12-31-quota-abolished"
FERROALLOYS = "CN-2011-05-rare-earth-ferroalloys-quota"
NO_18 = "CN-2025-04-04-mofcom-18"
NO_57 = "CN-2025-10-09-mofcom-gacc-57"
NO_61 = "CN-2025-10-09-mofcom-61"
NO_62 = "CN-2025-10-09-mofcom-62"
NO_70 = "CN-2025-11-07-mofcom-70-suspension"
LYNAS_OFFER = "CN-AUS-2009-05-01-cnmc-lynas-offer"
FIRST = "2026-11-24"
TODAY = "2026-11-28"
US_16 = "CN-2025-04-04-mofcom-21-us-16"
BILL_2010 = "USA-2010-09-29-hr6160"


@pytest.fixture(scope="module")
def register() -> tuple[pd.DataFrame, pd.DataFrame]:
    files = SourceFiles("policy_register")
    return source.policy_events(files), source.policy_status(files)


def status(register: tuple[pd.DataFrame, pd.DataFrame], event_id: str, as_of: str, on: str | None = None) -> str | None:
    """What was said of the act, None where the register did not have it."""
    said = register_as_of(*register, as_of, on).set_index("event_id")["status"]
    return said.get(event_id)


@pytest.mark.parametrize(
    ("event_id", "as_of", "said"),
    [
        (NO_18, "2025-04-03", None),
        (NO_18, "2025-04-04", "in_force"),
        (NO_18, "2025-10-15", "in_force"),
        (NO_18, TODAY, "in_force"),  # Announcement 70 never touched it.
        (NO_61, "2025-10-08", None),
        (NO_61, "2025-10-15", "in_force"),
        (NO_62, "2025-10-15", "in_force"),
        (NO_57, "2025-10-15", "adopted"),  # To begin on 8 November.
        (NO_70, "2025-10-15", None),
        (NO_61, "2025-11-06", "in_force"),
        (NO_61, "2025-11-07", "suspended"),
        (NO_62, "2025-11-07", "suspended"),
        (NO_57, "2025-11-08", "suspended"),  # It never began.
        (NO_70, "2025-11-07", "in_force"),
        (NO_61, "2026-11-10", "suspended"),
        (NO_61, FIRST, "unknown"),  # The suspension ran to 10 November 2026; nothing recorded by then says what came after.
        (NO_61, TODAY, "suspended"),  # Since then a reading of 28 September 2026 has been found: to 10 January 2027.
        (NO_70, FIRST, "unknown"),
        (NO_70, TODAY, "in_force"),
        (BILL_2010, "2010-12-31", "proposed"),
        (BILL_2010, FIRST, "proposed"),
        (BILL_2010, TODAY, "failed"),
        (QUOTAS_2010, "2010-07-07", None),
        (QUOTAS_2010, "2010-07-31", "in_force"),
        (QUOTAS_2010, "2010-12-31", "in_force"),
        (QUOTAS_2010, "2011-01-01", "expired"),
        (SUPPLEMENT_2012, "2012-03-01", None),
        (SUPPLEMENT_2012, "2012-06-01", "in_force"),
        (HELD_HALF_2014, "2014-08-01", "in_force"),
        (FERROALLOYS, "2012-01-01", "in_force"),
        (FERROALLOYS, "2015-01-02", "withdrawn"),
        (QUOTAS_ABOLISHED, "2014-12-31", "adopted"),
        (QUOTAS_ABOLISHED, "2015-01-01", "in_force"),
        # The text that has the system in force since 1999 is of 2025; what a text of 2014 said is that it ended.
        (QUOTA_SYSTEM, "2012-01-01", "unknown"),
        (QUOTA_SYSTEM, "2015-01-02", "withdrawn"),
        # No line: the coders read that the offer failed, which is dated 24 September 2009.
        (LYNAS_OFFER, "2009-06-01", "unknown"),
        (LYNAS_OFFER, "2009-09-24", "failed"),
    ],
)
def test_what_documents_dated_by_a_day_said(register, event_id: str, as_of: str, said: str | None) -> None:
    assert status(register, event_id, as_of) == said


@pytest.mark.parametrize(
    ("event_id", "as_of", "on", "said"),
    [
        # What is known now of a day, beside what was known on it.
        (QUOTA_SYSTEM, TODAY, "2012-01-01", "in_force"),
        # The supplement of May 2012 was for the year: in force in February, which nobody could know then.
        (SUPPLEMENT_2012, "2012-06-01", "2012-02-01", "in_force"),
        (SUPPLEMENT_2012, "2012-02-01", "2012-02-01", None),
        (NO_61, TODAY, "2025-10-15", "in_force"),
        (NO_61, TODAY, "2025-12-01", "suspended"),
        # The stage from 12 August was not itemised; the ministry's words on it were recorded on 28 November 2026.
        (US_16, FIRST, "2025-09-01", "unknown"),
        (US_16, TODAY, "2025-09-01", "suspended"),
        (NO_61, TODAY, "2025-10-08", None),
        (NO_70, TODAY, "2025-10-15", None),
        (QUOTAS_2010, TODAY, "2010-09-01", "in_force"),
    ],
)
def test_the_day_asked_of_and_the_day_of_the_documents_are_two(
    register, event_id: str, as_of: str, on: str, said: str | None
) -> None:
    assert status(register, event_id, as_of, on) == said


def test_each_act_is_there_once_and_no_later_one(register) -> None:
    told = register_as_of(*register, "2025-10-15")
    assert told["event_id"].is_unique
    assert told["announced_on"].max() <= "2025-10-15"
    assert (told["ended_on"].dropna() <= "2025-10-15").all()


def test_an_end_no_document_had_told_is_not_there(register) -> None:
    """The rebate of 1985 ended in 2005, by a text of 2025."""
    assert register_as_of(*register, "2010-01-01").set_index("event_id")["ended_on"].isna()["CN-1985-export-rebate"]
    assert register_as_of(*register, TODAY).set_index("event_id")["ended_on"]["CN-1985-export-rebate"] == "2005"


def test_what_is_heard_later_never_takes_an_act_out(register) -> None:
    days = ["2010-12-31", "2014-12-31", "2020-06-30", "2025-10-15", TODAY]
    known = [set(register_as_of(*register, day)["event_id"]) for day in days]
    assert all(earlier <= later for earlier, later in pairwise(known))


@pytest.mark.parametrize(
    ("as_of", "on"), [("2025-10", None), ("2025-02-30", None), ("15.10.2025", None), ("2025-10-15", "2025-10-16")]
)
def test_a_day_that_is_none_or_not_yet_told_of_is_refused(register, as_of: str, on: str | None) -> None:
    with pytest.raises(ReoError):
        register_as_of(*register, as_of, on)


def test_it_reads_the_stored_tables(register, data_folder) -> None:
    with pytest.raises(catalog.NoSuchTable):
        policy_register(as_of="2025-10-15")
    for name, table in zip(("policy_events", "policy_status"), register, strict=True):
        catalog.save_table(name, table)
    told = policy_register(as_of="2025-10-15")
    assert told.set_index("event_id")["status"][[NO_18, NO_61, NO_57]].tolist() == ["in_force", "in_force", "adopted"]
    then = policy_register(as_of=TODAY, on="2025-10-15").set_index("event_id")["status"]
    assert (then.reindex(told["event_id"]).to_numpy() == told["status"]).mean() > 0.95
    assert NO_70 not in then.index


# The toy world, and status lines of one act


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


def test_what_the_register_said_on_a_day_is_not_changed_by_what_was_recorded_later():
    """A suspension to 10 November, found on the 28th to run to January: known as of the 28th, not as of the 24th."""
    first = lines(("2025-10-09", "2025-10-09", "in_force", "2025-11-07"), ("2025-11-07", "2025-11-07", "suspended", "2026-11-10"))
    found = first.iloc[[1]].assign(documented_on="2026-09-28", recorded_on="2026-11-28", valid_to="2027-01-10")
    both = pd.concat([first, found], ignore_index=True)
    ends = {day: spells(both, day).query("status == 'suspended'")["stop"].dt.strftime("%Y-%m-%d").tolist() for day in AS_OF[1:]}
    assert ends == {"2026-11-24": ["2026-11-11"], "2026-11-28": ["2027-01-11"]}
    pd.testing.assert_frame_equal(spells(both, "2026-11-24"), spells(first, "2026-11-24"))


def test_a_text_found_later_counts_for_days_before_the_register_began():
    """What a text of August said, the register learned in November: it says so of August, not of its own first day."""
    first = lines(("2025-05-14", "2025-05-14", "suspended", "2025-08-12"))
    found = first.assign(valid_from="2025-08-12", documented_on="2025-08-13", recorded_on="2026-11-28", valid_to="2025-11-10")
    both = pd.concat([first, found], ignore_index=True)
    held = {day: len(spells(both, day).query("begin <= '2025-09-01' < stop")) for day in ("2025-09-15", *AS_OF[1:])}
    assert held == {"2025-09-15": 1, "2026-11-24": 0, "2026-11-28": 1}
