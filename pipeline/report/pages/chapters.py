"""The chapters: one question each, the computed answer as title, at most five figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.report import answers, scenarios
from pipeline.report.answers import Answer
from pipeline.report.figure import Figure
from pipeline.report.figures import chain, disagreement, industry, response, reward, rules, stick, what_if
from pipeline.report.layout import Page
from pipeline.report.tables import Tables

AT_MOST = 5


def nothing(tables: Tables) -> Mapping[str, Any]:
    """Most chapters have figures only."""
    return {}


@dataclass(frozen=True)
class Chapter:
    """What a chapter asks, and the functions of its answer, its figures and what else its template shows."""

    name: str
    title: str
    question: str
    answer: Callable[[Tables], Answer | None]
    figures: tuple[Callable[[Tables], Figure | None], ...]
    template: str = "chapter.html.jinja"
    more: Callable[[Tables], Mapping[str, Any]] = nothing

    @property
    def path(self) -> str:
        return f"chapter/{self.name}.html"


CHAPTERS = (
    Chapter(
        "the-chain",
        "The chain",
        "How much of each step from ore to magnet is in China, and since when?",
        answers.chain,
        (chain.by_stage, chain.mining_since_1982, chain.mining_and_reserves, chain.rise, chain.exports),
    ),
    Chapter(
        "the-stick",
        "The stick",
        "What does China restrict, and what did the controls do to exports and prices?",
        answers.stick,
        (stick.restrictions, stick.monthly_magnets, stick.prices, stick.effects, industry.exported_share),
    ),
    Chapter(
        "industrial-policy",
        "Industrial policy",
        "How does China steer its own industry?",
        answers.industry,
        (industry.quotas, industry.holders, industry.acts, rules.standards, industry.downstream),
    ),
    Chapter(
        "reward",
        "Reward",
        "What does China offer to partners, and what was delivered?",
        answers.reward,
        (reward.world_map, reward.projects, reward.partners, reward.directions, reward.case),
    ),
    Chapter(
        "response",
        "The others' response",
        "What did other governments do, and do their countries depend less on China?",
        answers.response,
        (response.acts, response.imports, response.dependence, response.plants),
    ),
    Chapter(
        "what-if",
        "What if",
        "Who would lose how much if an exporter withheld its goods?",
        answers.what_if,
        (what_if.half,),
        "what_if.html.jinja",
        scenarios.for_page,
    ),
    Chapter(
        "how-sure-costs",
        "What the controls cost to know",
        "How sure are the figures: where do publishers, editions and coders differ?",
        answers.how_sure,
        (disagreement.disagreements, disagreement.revisions, disagreement.coders, disagreement.coverage),
    ),
)


def chapters(tables: Tables) -> list[Page]:
    """A page a chapter, and their list."""
    pages, listed = [], []
    for place, chapter in enumerate(CHAPTERS):
        figures = tuple(figure for make in chapter.figures if (figure := make(tables)))
        answer = chapter.answer(tables)
        following = CHAPTERS[place + 1] if place + 1 < len(CHAPTERS) else None
        values = {"chapter": chapter, "answer": answer, "figures": figures, "following": following, **chapter.more(tables)}
        description = answer.sentence if answer else chapter.question
        pages.append(Page(chapter.path, chapter.title, chapter.template, values, figures, description))
        listed.append((chapter, answer))
    return [*pages, Page("chapter/index.html", "Chapters", "chapters.html.jinja", {"chapters": listed})]
