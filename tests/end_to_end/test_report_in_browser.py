"""The report as its readers meet it: from a folder, without a network, on desk and phone, by keyboard, without scripts."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from pipeline.report.site import build_site

WIDTHS = {"desk": 1400, "phone": 390}
SCREENS = 12


@pytest.fixture(scope="module")
def site(finished_toy_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site") / "report"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REO_DATA", str(finished_toy_world))
        build_site(target)
    return target


def kinds(site: Path) -> list[Path]:
    """A page of each kind: of pages in one folder, its list and the longest."""
    found = [*site.glob("*.html")]
    for folder in sorted(p for p in site.iterdir() if p.is_dir()):
        pages = sorted(folder.glob("*.html"), key=lambda page: page.stat().st_size)
        found += {*pages[-1:], *(page for page in pages if page.name == "index.html")}
    return sorted(found)


class Visit:
    """A page opened, with everything that went wrong or went out on the way."""

    def __init__(self, browser: Browser, width: int, javascript: bool = True):
        self.page = browser.new_page(viewport={"width": width, "height": 844}, java_script_enabled=javascript)
        self.wrong: list[str] = []
        self.page.on("requestfailed", self._failed)
        self.page.on("request", lambda request: request.url.startswith("file:") or self.wrong.append(f"went to {request.url}"))
        self.page.on("console", lambda message: message.type == "error" and self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # what was under way when the next page was opened
            self.wrong.append(f"failed request {request.url}: {request.failure}")


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_every_kind_of_page_opens_without_a_fault_and_fits(site: Path, browser: Browser, width: int) -> None:
    visit = Visit(browser, width)
    for page in kinds(site):
        visit.page.goto(page.as_uri())
        wide, high = visit.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert wide <= width, page.name
        assert high <= SCREENS * 844, page.name
        assert visit.page.locator("h1").count() == 1, page.name
    assert visit.wrong == []


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_no_kind_of_page_has_a_barrier(site: Path, browser: Browser, scheme) -> None:
    visit = Visit(browser, WIDTHS["phone"])
    visit.page.emulate_media(color_scheme=scheme)
    for page in kinds(site):
        visit.page.goto(page.as_uri())
        result = Axe().run(visit.page)
        assert result.violations_count == 0, f"{page.name}: {result.generate_report()}"


def test_figures_are_pictures_with_words_also_without_scripts(site: Path, browser: Browser) -> None:
    visit = Visit(browser, WIDTHS["desk"], javascript=False)
    visit.page.goto((site / "chapter" / "the-chain.html").as_uri())
    pictures = visit.page.locator(".chart[role=img]")
    assert pictures.count()
    for i in range(pictures.count()):
        assert pictures.nth(i).locator("svg").first.is_visible()
        assert pictures.nth(i).get_attribute("aria-label")


def test_a_reader_goes_from_the_first_page_to_a_figures_origin_by_keyboard(site: Path, browser: Browser) -> None:
    visit = Visit(browser, WIDTHS["desk"])
    visit.page.goto((site / "index.html").as_uri())
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    visit.page.get_by_role("link", name="Chapters").click()
    visit.page.get_by_role("link", name="The chain").click()
    visit.page.get_by_role("link", name="Where from").first.click()
    assert visit.page.get_by_role("heading", name="Tables and methods").is_visible()
    assert visit.wrong == []


def test_the_scenario_picker_answers_and_without_scripts_its_table_is_there(site: Path, browser: Browser) -> None:
    page = (site / "chapter" / "what-if.html").as_uri()
    without = Visit(browser, WIDTHS["desk"], javascript=False)
    without.page.goto(page)
    assert without.page.locator("summary", has_text="scenarios as a table").count() == 1
    assert not without.page.locator("#what-if").is_visible()
    visit = Visit(browser, WIDTHS["phone"])
    visit.page.goto(page)
    if visit.page.locator("#what-if").is_visible():
        for select in visit.page.locator("#what-if select").all():
            options = select.locator("option").all_inner_texts()
            select.select_option(options[-1])
        chosen = visit.page.locator("#what-if select[name=who]").input_value()
        assert visit.page.locator("#what-if-words").inner_text().startswith(f"If {chosen} withheld")
        assert visit.page.locator("#what-if-result tbody tr").count()
    assert visit.wrong == []
