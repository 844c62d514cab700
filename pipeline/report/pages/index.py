"""The first page: five sentences, each with its figure, how sure it is, a small chart and its chapter."""

from collections.abc import Callable

from pipeline.report.figure import Figure
from pipeline.report.figures import chain, industry, response, reward, stick
from pipeline.report.layout import Page
from pipeline.report.pages.chapters import CHAPTERS
from pipeline.report.tables import Tables

# The chapters of the five sentences, each with the figure whose small chart stands beside it.
SMALL: dict[str, Callable[[Tables], Figure | None]] = {
    "the-chain": chain.mining_since_1982,
    "the-stick": stick.restrictions,
    "industrial-policy": industry.quotas,
    "reward": reward.projects,
    "response": response.acts,
}


def index(tables: Tables) -> list[Page]:
    """The page; its small charts are figures of the chapters, whose files those pages write."""
    by_name = {chapter.name: chapter for chapter in CHAPTERS}
    sentences = []
    for name, make in SMALL.items():
        answer = by_name[name].answer(tables)
        if answer:
            sentences.append({"chapter": by_name[name], "answer": answer, "figure": make(tables)})
    further = [chapter for chapter in CHAPTERS if chapter.name not in SMALL]
    description = "What public statistics say about China and rare earths, in five sentences."
    values = {"sentences": sentences, "further": further}
    return [Page("index.html", "Rare Earth Observatory", "index.html.jinja", values, description=description)]
