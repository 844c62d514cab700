"""The chapters: one question each, the computed answer as title, at most five figures."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.report.figure import Figure
from pipeline.report.figures import chain
from pipeline.report.layout import Page
from pipeline.report.tables import Tables


@dataclass(frozen=True)
class Chapter:
    """What a chapter asks, and the functions of its answer and its figures."""

    name: str
    title: str
    question: str
    answer: Callable[[Tables], str]
    figures: tuple[Callable[[Tables], Figure | None], ...]


CHAPTERS = (
    Chapter(
        "the-chain",
        "The chain",
        "Where in the chain from ore to magnet does China have the largest share?",
        lambda tables: ((figure := chain.mining_and_reserves(tables)) and figure.title) or "",
        (chain.mining_and_reserves,),
    ),
)


def chapters(tables: Tables) -> list[Page]:
    """A page a chapter, and their list."""
    pages = []
    for chapter in CHAPTERS:
        figures = tuple(figure for make in chapter.figures if (figure := make(tables)))
        values = {"chapter": chapter, "answer": chapter.answer(tables), "figures": figures}
        pages.append(Page(f"chapter/{chapter.name}.html", chapter.title, "chapter.html.jinja", values, figures))
    answers = [(page.path.removeprefix("chapter/"), page.values["chapter"], page.values["answer"]) for page in pages]
    return [*pages, Page("chapter/index.html", "Chapters", "chapters.html.jinja", {"chapters": answers})]
