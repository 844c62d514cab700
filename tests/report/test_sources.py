"""Words of sources.yml are words wherever they are shown: no markup, no script, no address but of the web."""

import pytest
from markdown_it import MarkdownIt

from pipeline.assets import raw
from pipeline.intake.lock import Lock, Source
from pipeline.report import sources
from tests.finished_world import source

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[here](javascript:alert(1))",
    "two\n\n<script>alert(1)</script>",
    "```{raw} html\n<script>alert(1)</script>\n```",
    ":::{raw} html\n<script>alert(1)</script>\n:::",
    "`<b>`{raw}",
)
FIELDS = ("title", "publisher", "licence", "attribution", "edition", "terms", "landing_page", "licence_url")


def rendered(declared: Source) -> list[tuple[str, str]]:
    """Raw HTML, code blocks and links in the page, found by a Markdown parser."""
    text = sources.page("Sources", "Words.", Lock(packages={}, sources={"odd": declared}))
    tokens = [inner for token in MarkdownIt("commonmark").parse(text) for inner in (token, *(token.children or []))]
    found = [(token.type, token.content) for token in tokens if token.type.startswith(("html", "fence", "code_block"))]
    assert not [line for line in text.splitlines() if line.lstrip("> ").startswith(":::")]
    return found + [
        ("link", str(t.attrGet("href"))) for t in tokens if t.type == "link_open" and "alert" in str(t.attrGet("href"))
    ]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("words", HOSTILE)
def test_no_field_of_a_source_brings_markup_into_the_page(field: str, words: str) -> None:
    assert rendered(Source(**(source("odd") | {field: words}))) == []
    # With an address of the web before it, too.
    assert rendered(Source(**(source("odd") | {field: f"https://example.org/{words}"}))) == []


def test_plain_words_and_addresses_stay() -> None:
    text = sources.page("Sources", "Words.", Lock(packages={}, sources={"mines": Source(**source("mines"))}))
    assert "> Source: toy office, mines" in text
    assert "<https://example.org/mines>" in text


def test_the_ui_shows_no_markup_and_links_only_to_the_web() -> None:
    declared = Source(**(source("odd") | {"title": HOSTILE[0], "attribution": HOSTILE[2], "landing_page": "javascript:alert(1)"}))
    spec = raw.publisher("odd", declared)
    tokens = [t for token in MarkdownIt("commonmark").parse(spec.description or "") for t in (token, *(token.children or []))]
    assert not [t for t in tokens if t.type.startswith("html") or t.type == "link_open"]
    assert type(spec.metadata["landing_page"]).__name__ != "UrlMetadataValue"
