"""Outputs of executed notebooks as HTML of the site: tables, charts and text; nothing in them can run."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from markupsafe import Markup

# What a data frame is shown with. Everything else in an output's HTML is dropped, attributes and scripts included.
TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
SILENT = {"script", "style", "template"}
SPANS = {"colspan", "rowspan"}


@dataclass(frozen=True)
class Output:
    """One output of a cell: `table` as HTML, `chart` as a whole SVG, `text` as it is."""

    kind: str
    content: Markup | str


def outputs(cell: Mapping[str, Any]) -> list[Output]:
    """The outputs of a cell in order, each in its richest form that the site shows."""
    found = (_output(one) for one in cell.get("outputs", []))
    return [output for output in found if output]


def _output(one: Mapping[str, Any]) -> Output | None:
    if one["output_type"] == "stream":
        return Output("text", _text(one["text"]).rstrip())
    data = one.get("data", {})
    if "image/svg+xml" in data:
        return Output("chart", _text(data["image/svg+xml"]))
    table = tables_in(_text(data.get("text/html", "")))
    if table:
        return Output("table", table)
    return Output("text", _text(data["text/plain"]).rstrip()) if "text/plain" in data else None


def _text(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def tables_in(source: str) -> Markup:
    """The tables of some HTML and the text between them, with headings that a screen reader can follow."""
    reader = _Tables()
    reader.feed(source)
    reader.close()
    # An empty corner is no heading.
    return Markup(re.sub(r'<th scope="\w+"((?: \w+="\d+")*)>\s*</th>', r"<td\1></td>", "".join(reader.parts)))


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.depth = self.silent = 0
        self.scope = "row"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.depth += tag == "table"
        if tag in TAGS and self.depth:
            self.scope = {"thead": "col", "tbody": "row"}.get(tag, self.scope)
            scope = f' scope="{self.scope}"' if tag == "th" else ""
            spans = "".join(f' {name}="{value}"' for name, value in attrs if name in SPANS and re.fullmatch(r"\d+", value or ""))
            self.parts.append(f"<{tag}{scope}{spans}>")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT and self.silent > 0
        if tag in TAGS and self.depth:
            self.parts.append(f"</{tag}>")
        self.depth -= tag == "table" and self.depth > 0

    def handle_data(self, data: str) -> None:
        if self.depth and not self.silent:
            self.parts.append(html.escape(data))
