"""Controlled elements: the toy world by hand, and the real lists, seven elements in force and five suspended."""

from pipeline.intake.source_files import SourceFiles
from pipeline.measures.controlled_elements import controlled_elements
from pipeline.measures.policy_in_force import AS_OF
from pipeline.sources import policy_evidence, policy_register
from tests.measures import toy


def test_toy_world():
    lists, events, status = (toy.tidy(name) for name in ("control_lists", "policy_events", "policy_status"))
    toy.assert_as_worked("controlled_elements", controlled_elements(lists, events, status))


def test_companion_of_an_alloy_is_not_controlled():
    lists = toy.tidy("control_lists").assign(element=["Dy", "Dy;Nd"])
    made = controlled_elements(lists, toy.tidy("policy_events"), toy.tidy("policy_status"))
    assert set(made["element"]) == {"Dy"}


def test_seven_elements_are_in_force_and_five_suspended():
    register = SourceFiles("policy_register")
    lists = policy_evidence.control_lists(SourceFiles("control_lists"))
    events, status = policy_register.policy_events(register), policy_register.policy_status(register)
    assert set(lists["event_id"]) <= set(events["event_id"])
    made = toy.made("controlled_elements", controlled_elements(lists, events, status))
    newest = made[made["as_of"] == AS_OF[-1]]
    found = newest.groupby(["announcement", "status"])["element"].agg(set).to_dict()
    assert found == {
        ("18 of 2025", "in_force"): {"Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"},
        ("57 of 2025", "suspended"): {"Ho", "Er", "Tm", "Eu", "Yb"},
    }
    since = newest.groupby("announcement")["controlled_since"].agg(lambda days: set(days.dropna())).to_dict()
    assert since == {"18 of 2025": {"2025-04-04"}, "57 of 2025": set()}
