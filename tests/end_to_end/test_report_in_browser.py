"""The report as its readers meet it: from a folder, without a network, on a desk and on a phone, with and without scripts."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipeline import catalog, paths
from pipeline.report.site import build_site, execute

WIDTHS = {"desk": 1280, "phone": 390}


@pytest.fixture(scope="module")
def site(built_toy_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with the repository's own notebooks, run on the toy world's tables."""
    world = tmp_path_factory.mktemp("report") / "data"
    (world / "processed").mkdir(parents=True)
    shutil.copytree(built_toy_world / "raw", world / "raw")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REO_DATA", str(world))
        for table in (built_toy_world / "processed").glob("*.parquet"):
            shutil.copy(table, paths.processed())
        executed = []
        for notebook in sorted((paths.REPOSITORY / "notebooks").glob("[0-9]*.ipynb")):
            executed.append(paths.processed() / "notebooks" / notebook.name)
            execute(notebook, executed[-1])
        build_site(executed, paths.processed() / "report")
    return world / "processed" / "report"


class Visit:
    """A page opened, with everything that went wrong or went out on the way."""

    def __init__(self, browser: Browser, width: int, javascript: bool = True):
        self.page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=javascript)
        self.wrong: list[str] = []
        self.page.on("requestfailed", self._failed)
        self.page.on("request", lambda request: request.url.startswith("file:") or self.wrong.append(f"went to {request.url}"))
        self.page.on("console", lambda message: message.type == "error" and self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # what was under way when the next page was opened
            self.wrong.append(f"failed request {request.url}: {request.failure}")


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_every_page_opens_without_a_fault_and_fits(site: Path, browser: Browser, width: int) -> None:
    visit = Visit(browser, width)
    for page in sorted(p for p in site.rglob("*.html") if "_static" not in p.parts):
        visit.page.goto(page.as_uri())
        visit.page.wait_for_load_state("load")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, page.name
        assert visit.page.title(), page.name
    assert visit.wrong == []


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_every_figure_comes_alive_and_keeps_within_its_place(site: Path, browser: Browser, width: int) -> None:
    for page in sorted(site.glob("[0-9]*.html")):
        visit = Visit(browser, width)
        visit.page.goto(page.as_uri())
        figures = visit.page.locator(".reo-figure figure")
        assert figures.count()
        for i in range(figures.count()):
            figures.nth(i).locator(".vega-embed svg").wait_for()
            wide, room = figures.nth(i).evaluate("figure => [figure.scrollWidth, figure.clientWidth]")
            assert wide <= room, figures.nth(i).get_attribute("aria-label")
        assert visit.wrong == []


def test_without_scripts_the_pictures_and_their_words_are_there(site: Path, browser: Browser) -> None:
    for page in sorted(site.glob("[0-9]*.html")):
        visit = Visit(browser, WIDTHS["desk"], javascript=False)
        visit.page.goto(page.as_uri())
        figures = visit.page.get_by_role("img").and_(visit.page.locator("figure"))
        assert figures.count()
        for i in range(figures.count()):
            assert figures.nth(i).locator("> svg").is_visible()
            assert figures.nth(i).get_attribute("aria-label")


def test_a_reader_finds_the_pages_from_the_first_one_and_searches_them(site: Path, browser: Browser) -> None:
    visit = Visit(browser, WIDTHS["desk"])
    visit.page.goto((site / "index.html").as_uri())
    visit.page.locator("article").get_by_role("link", name="Data dictionary").click()
    assert visit.page.locator("h1").inner_text().startswith("Data dictionary")
    for table in catalog.tables():
        assert visit.page.get_by_text(table, exact=True).count(), table
    visit.page.goto((site / "search.html").as_uri() + "?q=unit+values")
    visit.page.locator(".search li").first.wait_for()
    assert visit.wrong == []
