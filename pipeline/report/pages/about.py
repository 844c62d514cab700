"""Pages about the data: the glossary, how sure a sentence is, how to cite, and what was corrected."""

import re

import pandas as pd
import yaml

from pipeline import __version__, paths
from pipeline.report import charts, markdown, sure
from pipeline.report.layout import Page
from pipeline.report.tables import Tables

CHANGELOG = paths.REPOSITORY / "CHANGELOG.md"
GLOSSARY = paths.REPOSITORY / "docs" / "glossary.md"
CITATION = paths.REPOSITORY / "CITATION.cff"


def about(tables: Tables) -> list[Page]:
    """What this is and where to find what."""
    return [Page("about.html", "About", "about.html.jinja", {}, (), "What the Rare Earth Observatory is.")]


def glossary(tables: Tables) -> list[Page]:
    """The one list of terms, docs/glossary.md."""
    return [Page("glossary.html", "Glossary", "text.html.jinja", {"body": markdown.to_html(markdown.within_site(GLOSSARY))})]


def disagreement(found: pd.DataFrame) -> list[str]:
    """How far publishers, editions and texts differ on one quantity: how many, and by how much in the middle."""
    of_open = found[found["restricted_source_id"].isna()]
    who = {"publishers": "two publishers", "editions": "two editions of one publisher", "documents": "two texts"}
    return [
        f"{charts.number(len(rows))} figures of {who[str(between)]} differ by more than 10\u00a0%, half of them by more than "
        f"{charts.percent(rows['difference'].median())}."
        for between, rows in of_open.groupby("between")
    ]


def how_sure(tables: Tables) -> list[Page]:
    """The rule of high, medium and low, as the code applies it, and what is behind it."""
    events = tables["policy_events"]
    counts = events["confidence"].value_counts()
    register = charts.listed([f"{counts[level]} {level}" for level in sure.RULE if level in counts])
    agreement = tables["coding_agreement"]
    values = {
        "rule": sure.RULE,
        "differences": disagreement(tables["disagreements"]),
        "register": f"Of {len(events)} acts, the confidence of the row is {register}." if len(events) else "",
        "coded": len(agreement) > 0,
    }
    return [Page("how-sure.html", "How sure are we", "how-sure.html.jinja", values)]


def cite(tables: Tables) -> list[Page]:
    """How to cite the dataset, one figure, and the publishers behind it."""
    stated = yaml.safe_load(CITATION.read_text("utf-8"))
    authors = ", ".join(author["name"] for author in stated["authors"])
    line = f"{authors}. {stated['title']}. Version {__version__} [Data set]. CC BY 4.0."
    bibtex = "\n".join(
        [
            "@misc{reo,",
            f"  author = {{{{{authors}}}}},",
            f"  title = {{{{{stated['title']}}}}},",
            f"  note = {{Data set, version {__version__}, CC BY 4.0}}",
            "}",
        ]
    )
    return [Page("cite.html", "Cite", "cite.html.jinja", {"line": line, "bibtex": bibtex})]


def corrected(changelog: str) -> list[tuple[str, str]]:
    """The tables of corrected figures in a changelog, newest release first: release and the table as Markdown."""
    found = []
    for release in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        heading, _, text = release.partition("\n")
        for section in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
            title, _, table = section.partition("\n")
            if title.strip() == "Corrected figures":
                rows = "\n".join(line for line in table.splitlines() if line.startswith("|"))
                found.append((heading.strip(), rows))
    return found


def corrections(tables: Tables) -> list[Page]:
    """Figures that were published otherwise before, from CHANGELOG.md, and why they changed."""
    parts = [(heading, markdown.to_html(rows)) for heading, rows in corrected(CHANGELOG.read_text("utf-8"))]
    return [Page("corrections.html", "Corrected figures", "corrections.html.jinja", {"releases": parts})]


def pages(tables: Tables) -> list[Page]:
    """All of them."""
    return [page for make in (about, glossary, how_sure, cite, corrections) for page in make(tables)]
