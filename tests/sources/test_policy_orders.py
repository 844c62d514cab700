"""What cannot have happened in the order the register gives it fails, and names the row."""

import pytest

from pipeline.intake.transcribed import SourceError
from pipeline.sources import policy_register
from tests.made_sources import Write
from tests.sources import little_register

FILES = {name: little_register.FILES[name] for name in ("events.csv", "status.csv")}


def changed(file: str, old: str, new: str) -> dict[str, str]:
    assert FILES[file].count(old) == 1, old
    return FILES | {file: FILES[file].replace(old, new)}


def test_the_little_register_keeps_every_rule(source: Write) -> None:
    files = source("policy_register", **FILES)
    assert policy_register.policy_events(files).set_index("event_id")["status"].to_dict() == {
        "licence": "suspended",
        "quota": "expired",
        "suspension": "in_force",
    }
    assert len(policy_register.policy_status(files)) == 6


ORDERS = {
    "in force before its act is announced": (
        "licence,in_force,2024-06-01,day,",
        "licence,in_force,2024-02-01,day,",
        "status.csv, row 3, column valid_from",
    ),
    "in force before its act takes effect": (
        "licence,in_force,2024-06-01,day,",
        "licence,in_force,2024-04-01,day,",
        "in force before its effective_on",
    ),
    "a quota of the year before its act": (
        "quota,in_force,2024-01-01,day,",
        "quota,in_force,2023-12-31,day,",
        "in force before its announced_on",
    ),
    "a suspension that suspends nothing": (
        "quota,expired,2025-01-01,day,,2024-05",
        "quota,suspended,2023-01-01,day,,2024-05",
        "it suspends nothing",
    ),
    "a suspension of what had expired": (
        "suspension,in_force,2025-02-01,day,,2025-02-01,2026-11-24,,\n",
        "suspension,in_force,2025-02-01,day,,2025-02-01,2026-11-24,,\nquota,suspended,2025-03-01,day,,2025-03-01,2026-11-24,,\n",
        "status.csv, row 8, column status: 'suspended' of act quota",
    ),
    "an end before its start": (
        "quota,in_force,2024-01-01,day,2024-12-31",
        "quota,in_force,2024-01-01,day,2023-12-31",
        "valid_to: '2023-12-31' of act quota",
    ),
    "superseded by no act": (",2026-11-24,suspension,", ",2026-11-24,nobody,", "superseded_by: 'nobody' of act licence"),
    "superseded by itself": (",2026-11-24,suspension,", ",2026-11-24,licence,", "is the act itself"),
    "superseded by an act announced long after": (
        "licence,suspended,2025-02-01,day,,2025-02-01",
        "licence,suspended,2024-12-31,day,,2025-02-01",
        "more than a month after the change",
    ),
    "told before it was announced": (
        "quota,in_force,2024-01-01,day,2024-12-31,2024-05,",
        "quota,in_force,2024-01-01,day,2024-12-31,2024-04,",
        "documented_on: '2024-04' of act quota is before the act was announced",
    ),
    "recorded before the text was": (
        "suspension,in_force,2025-02-01,day,,2025-02-01,2026-11-24",
        "suspension,in_force,2025-02-01,day,,2025-02-01,2025-01-31",
        "nobody had read that text",
    ),
    "a line of no act": ("quota,expired", "quotas,expired", "event_id: 'quotas'"),
    "a date no calendar has": (
        "licence,suspended,2025-02-01",
        "licence,suspended,2025-02-30",
        "'2025-02-30' of act licence is not a date",
    ),
    "a date a spreadsheet turned": (
        "licence,suspended,2025-02-01",
        "licence,suspended,01/02/2025",
        "'01/02/2025' of act licence is not a date",
    ),
    "a precision the date has not": (
        "licence,suspended,2025-02-01,day",
        "licence,suspended,2025-02-01,month",
        "'month' of act licence",
    ),
}


@pytest.mark.parametrize("order", ORDERS)
def test_an_impossible_status_line_fails(order: str, source: Write) -> None:
    old, new, said = ORDERS[order]
    with pytest.raises(SourceError, match=r"(?s).*What to do: .+") as caught:
        policy_register.policy_status(source("policy_register", **changed("status.csv", old, new)))
    assert said in str(caught.value)


ACTS = {
    "in force before it is announced": (
        "2024-03-10,day,2024-06-01,",
        "2024-03-10,day,2024-02-01,",
        "effective_on: '2024-02-01' of act licence",
    ),
    "ended before it is announced": (
        "2025-02-01,day,2025-02-01,,",
        "2025-02-01,day,2025-02-01,2025-01-31,",
        "is before announced_on",
    ),
    "ended before it took effect": (
        "2024-05,month,2024-01-01,2024-12-31",
        "2024-05,month,2024-09-01,2024-08-31",
        "neither replaced nor withdrawn",
    ),
}


@pytest.mark.parametrize("order", ACTS)
def test_an_impossible_act_fails(order: str, source: Write) -> None:
    old, new, said = ACTS[order]
    with pytest.raises(SourceError) as caught:
        policy_register.policy_events(source("policy_register", **changed("events.csv", old, new)))
    assert said in str(caught.value)


POSSIBLE = {
    "published some days after it began": ("licence,in_force,2024-06-01,day", "licence,in_force,2024-05-15,day"),
    "a longer suspension": (
        "licence,suspended,2025-02-01,day,,2025-02-01,2026-11-24,suspension,\n",
        "licence,suspended,2025-02-01,day,2025-05-01,2025-02-01,2026-11-24,suspension,\n"
        "licence,suspended,2025-05-02,day,,2025-04-30,2026-11-24,suspension,\n",
    ),
    "a leak that is explained": (
        "licence,adopted,2024-03-10,day,2024-06-01,2024-03-10,2026-11-24,,announced before its start",
        "licence,adopted,2024-03-10,day,2024-06-01,2024-03-08,2026-11-24,,before the announcement: a newspaper had the draft",
    ),
    "a text of some day of the same month": ("quota,expired,2025-01-01,day,,2024-05,", "quota,expired,2025-01-01,day,,2024,"),
}


@pytest.mark.parametrize("order", POSSIBLE)
def test_what_can_happen_passes(order: str, source: Write) -> None:
    assert len(policy_register.policy_status(source("policy_register", **changed("status.csv", *POSSIBLE[order])))) >= 6
