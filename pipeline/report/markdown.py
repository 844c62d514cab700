"""Markdown as HTML for the site: formulas as MathML, which browsers draw without a script, and links that stay inside it."""

import itertools
import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils.utils.math.latex2mathml import tex2mathml
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from pipeline import paths

TABLE_REGION = '<div class="scroll" role="region" aria-label="Table {} (scrolls sideways on small screens)" tabindex="0"><table>'


def to_html(text: str) -> Markup:
    """Markdown as HTML; raw HTML in it stays text. Headings get anchors, tables scroll on small screens."""
    number = itertools.count(1)
    rendered = re.sub("<table>", lambda _: TABLE_REGION.format(next(number)), _parser().render(text))
    return Markup(rendered.replace("</table>", "</table></div>"))


def within_site(file: Path) -> str:
    """The Markdown of a file of docs/ whose links lead to pages of the site; those to other files become the files' paths."""

    def link(found: re.Match[str]) -> str:
        words, address = found[1], found[2]
        if re.match(r"https?:|#", address):
            return found[0]
        place, _, anchor = address.partition("#")
        target = (file.parent / place).resolve()
        if target.parent == file.parent and target.suffix == ".md":
            return f"[{words}]({target.stem}.html{'#' + anchor if anchor else ''})"
        return f"{words} (`{target.relative_to(paths.REPOSITORY).as_posix()}`)"

    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", link, file.read_text("utf-8"))


def heading(text: str) -> str:
    """The first heading of first level."""
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


@cache
def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    made.use(dollarmath_plugin, allow_space=False, allow_digits=False, renderer=_formula)
    return made.use(anchors_plugin, max_level=3)


def _formula(content: str, options: dict[str, Any]) -> str:
    block = bool(options.get("display_mode"))
    return str(tex2mathml(content, as_block=block))
