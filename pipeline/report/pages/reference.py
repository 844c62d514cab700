"""Methods, the data dictionary, the sources: pages that say what the figures rest on."""

from markupsafe import Markup

from pipeline import catalog, paths
from pipeline.intake import lock
from pipeline.report import dictionary, markdown, sources
from pipeline.report.layout import Page
from pipeline.report.tables import Tables
from pipeline.schemas import table as t

METHODS = paths.REPOSITORY / "docs" / "methods"


def methods(tables: Tables) -> list[Page]:
    """A page a method, and their list."""
    files = sorted(METHODS.glob("*.md"))
    texts = {file.stem: markdown.within_site(file) for file in files}
    pages = [
        Page(f"methods/{stem}.html", markdown.heading(text), "text.html.jinja", {"body": markdown.to_html(text)})
        for stem, text in texts.items()
    ]
    listed = "\n".join(f"- [{markdown.heading(text)}]({stem}.html)" for stem, text in texts.items())
    intro = "# Methods\n\nThe formula of each derived table, its source, and an example computed by hand.\n\n"
    if (paths.data_docs() / "index.html").is_file():
        listed += (
            "\n\n## Checks\n\nWhat was checked, the results, and what each failure would mean: "
            "[Data Docs](../../data_docs/index.html), beside the report where it was built, not in a release."
        )
    return [*pages, Page("methods/index.html", "Methods", "text.html.jinja", {"body": markdown.to_html(intro + listed)})]


def data_dictionary(tables: Tables) -> list[Page]:
    """A page a table with its columns, and their list."""
    known = catalog.tables()
    pages = [
        Page(
            f"dictionary/{name}.html",
            f"{t.title(table)}: columns",
            "text.html.jinja",
            {"body": markdown.to_html(dictionary.page(table, heading="#", methods="../methods/", suffix=".html"))},
        )
        for name, table in known.items()
    ]
    lines = [f"| [`{name}`](dictionary/{name}.html) | {t.title(table)} | {t.floor(table)} |" for name, table in known.items()]
    intro = "# Data dictionary\n\nEvery table and its columns: type, unit and meaning.\n\n"
    intro += "| table | content | floor |\n| --- | --- | --- |\n"
    body = markdown.to_html(intro + "\n".join(lines))
    return [*pages, Page("data-dictionary.html", "Data dictionary", "text.html.jinja", {"body": body})]


def terms(tables: Tables) -> list[Page]:
    """Every source with its licence, attribution and terms."""
    listed = [
        {"id": source_id, "title": source.title, "body": _terms(sources.section(source_id, source))}
        for source_id, source in sorted(lock.read().sources.items())
    ]
    return [Page("sources.html", "Sources and their terms", "sources.html.jinja", {"sources": listed})]


def _terms(section: str) -> Markup:
    """A source's section without its heading, which is the summary above it."""
    return markdown.to_html(section.split("\n", 1)[1])
