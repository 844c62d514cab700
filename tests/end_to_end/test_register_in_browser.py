"""The register in the browser: its status on any two days is what `policy_register` says, and its filters show what fits."""

import itertools
import random
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page

from pipeline.measures.helpers.register_as_of import register_as_of
from pipeline.report import layout
from pipeline.report.pages import register
from pipeline.report.tables import Tables
from pipeline.schemas import table as t
from pipeline.schemas.policy_events import INSTRUMENTS, STATUS_CODED, PolicyEvents
from pipeline.schemas.policy_status import STATUS_RECORDED, PolicyStatus
from tests import finished_world


def partial(rng: random.Random, first: int, last: int) -> str:
    """A date to the day, the month or the year."""
    day = date(first, 1, 1) + timedelta(days=rng.randrange(365 * (last - first)))
    return day.isoformat()[: rng.choice((4, 7, 10, 10, 10))]


def made_up(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A register of acts and status lines with every kind of date, gap, overlap and late record."""
    rng = random.Random(seed)
    events, lines = [], []
    for number in range(40):
        act = {
            "event_id": f"act-{number}",
            "announced_on": partial(rng, 2019, 2024),
            "effective_on": rng.choice((None, partial(rng, 2019, 2025))),
            "ended_on": rng.choice((None, partial(rng, 2021, 2026))),
            "status_coded": rng.choice(STATUS_CODED),
            "instrument": rng.choice(INSTRUMENTS),
        }
        events.append(act)
        for _ in range(rng.choice((0, 0, 1, 2, 4))):
            begin = partial(rng, 2020, 2025)
            line = {"event_id": act["event_id"], "valid_from": begin, "documented_on": partial(rng, 2019, 2026)}
            line |= {"recorded_on": rng.choice(("2026-11-24", "2026-11-28")), "status": rng.choice(STATUS_RECORDED)}
            lines.append(line | {"valid_to": rng.choice((None, partial(rng, 2020, 2026)))})
    # Ends that repeat the start of the next line.
    for one, other in itertools.pairwise(lines):
        if one["event_id"] == other["event_id"] and rng.random() < 0.4:
            one["valid_to"] = other["valid_from"]
    return t.frame(PolicyEvents, events), t.frame(PolicyStatus, lines)


DAYS = ("2021-06-30", "2023-12-31", "2025-02-01", "2026-06-30", "2026-11-24", "2026-11-26", "2026-11-28", "2027-01-01")


@pytest.mark.parametrize("seed", range(4))
def test_the_browser_says_what_the_register_says_on_any_two_days(browser: Browser, seed: int) -> None:
    events, status = made_up(seed)
    known = register.histories(events, status)
    page = browser.new_page()
    page.add_script_tag(content=(layout.STATIC / "register.js").read_text("utf-8"))
    said = page.evaluate(
        "([acts, days, first]) => days.flatMap(asOf => days.filter(on => on <= asOf).map(on => [asOf, on, Object.fromEntries("
        "Object.entries(acts).map(([id, act]) => [id, statusOn(act, asOf, on, first)]).filter(pair => pair[1] !== null))]))",
        [known, list(DAYS), min(status["recorded_on"])],
    )
    page.close()
    for as_of, on, statuses in said:
        asked = register_as_of(events, status, as_of, on)
        assert statuses == dict(zip(asked["event_id"], asked["status_as_of"], strict=True)), (as_of, on)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path):
    """The toy world's register, opened from a folder; a function of the address's query."""
    page = register.page(Tables(finished_world.tidy))
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "register.js").write_text((layout.STATIC / "register.js").read_text("utf-8"), "utf-8")
    (tmp_path / page.path).write_text(layout.render(page, frozenset({page.path})), "utf-8")
    tab = browser.new_page()

    def to(query: str = "") -> Page:
        tab.goto(f"{(tmp_path / page.path).as_uri()}{query}")
        return tab

    yield to
    tab.close()


def shown(tab: Page) -> dict[str, str]:
    """Acts shown, with their status."""
    rows = tab.locator("#acts tbody tr:visible")
    return dict(zip(rows.evaluate_all("rows => rows.map(row => row.id)"), rows.evaluate_all(STATUSES), strict=True))


STATUSES = "rows => rows.map(row => row.cells[6].textContent)"


def test_two_dates_show_what_was_known_then(opened) -> None:
    tab = opened()
    assert shown(tab)["TOY-CHN-2023-licence"] == "in force"
    tab.fill("#as-of", "2024-07-01")
    tab.fill("#on", "2024-07-01")
    assert shown(tab)["TOY-CHN-2023-licence"] == "suspended"
    tab.fill("#as-of", "2023-11-01")
    assert shown(tab) == {"TOY-CHN-2023-licence": "adopted"}


def test_filters_come_from_the_address_and_stay_in_it(opened) -> None:
    tab = opened("?actor=USA")
    assert set(shown(tab)) == {"TOY-USA-2024-stake", "TOY-USA-2024-statement"}
    tab.select_option("#by-element", "Nd")
    assert set(shown(tab)) == {"TOY-USA-2024-stake"}
    assert tab.url.endswith("?actor=USA&element=Nd")
    with tab.expect_download() as download:
        tab.click("#csv")
    lines = download.value.path().read_text("utf-8").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith('"TOY-USA-2024-stake"')
    tab.click("text=Show all acts")
    tab.wait_for_function("document.querySelectorAll('#acts tbody tr[hidden]').length === 0")


def test_a_heading_sorts_and_says_so(opened) -> None:
    tab = opened()
    tab.click("#acts thead button:has-text('Announced')")
    assert tab.locator("#acts thead th").first.get_attribute("aria-sort") == "ascending"
    assert next(iter(shown(tab))) == "TOY-CHN-2023-licence"
