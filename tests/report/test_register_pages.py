"""The register's pages: history, sources and codes of an act; what comes from data stays text."""

import pytest

from pipeline.report import layout
from pipeline.report.pages import register
from pipeline.report.tables import Tables
from tests import finished_world

ATTACK = "<script>alert(1)</script>"


@pytest.fixture
def toy() -> Tables:
    return Tables(finished_world.tidy)


def test_a_script_in_a_title_stays_text_in_the_register_and_on_the_acts_page(toy: Tables) -> None:
    events = toy["policy_events"].assign(title=ATTACK, summary=f"</script>{ATTACK}", status_coded="in_force")
    for page in register.pages(toy.replaced(policy_events=events)):
        text = layout.render(page, frozenset({page.path}))
        assert ATTACK not in text
        assert "&lt;script&gt;alert" in text


def test_only_a_web_address_becomes_a_link(toy: Tables) -> None:
    sources = toy["policy_sources"].assign(url="javascript:alert(1)")
    pages = register.act_pages(toy.replaced(policy_sources=sources))
    assert not any("javascript:" in layout.render(page, frozenset()) for page in pages)


def test_an_acts_page_has_its_history_sources_and_codes(toy: Tables) -> None:
    pages = {page.path: page for page in register.act_pages(toy)}
    act = pages["act/TOY-CHN-2023-licence.html"].values["act"]
    assert [line["status"] for line in act["history"]] == ["adopted", "in force", "suspended", "in force"]
    assert act["history"][2]["from"] == "10 June 2024"
    assert act["sources"]
    assert {row["field"] for row in act["codes"]} >= {"Instrument", "Status"}
    assert act["facts"]["By"] == "China"


def test_the_list_is_newest_first_and_offers_what_occurs(toy: Tables) -> None:
    page = register.page(toy)
    dates = [row["date"] for row in page.values["rows"]]
    assert dates == sorted(dates, reverse=True)
    assert dict(page.values["choices"]["actor"]) == {"CHN": "China", "USA": "United States"}
    assert sum(count for _, count in page.values["years"]) == len(toy["policy_events"])
