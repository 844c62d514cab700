"""The first page: five sentences, each with its figure, how sure it is, a small chart and its chapter."""

from pipeline.report import charts, headlines
from pipeline.report.layout import Page
from pipeline.report.tables import Tables


def index(tables: Tables) -> list[Page]:
    """The page, and nothing but it."""
    mined = headlines.mining(tables)
    sentences = (
        [f"China mined {charts.percent(mined.value)} of the world's rare earths in {mined.year} ({mined.publisher})."]
        if mined
        else []
    )
    return [Page("index.html", "Rare Earth Observatory", "index.html.jinja", {"sentences": sentences})]
