"""Make Great Expectations' pages readable without a network, with a first page that lists failures and what they mean."""

import hashlib
import re
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path

from pipeline.quality.expectation import Expectation, Outcome

STYLE = (Path(__file__).parent / "data_docs.css").read_text("utf-8")
# Pages hold the time of their run: their own checksums say whether they are as written.
SUMS = "SHA256SUMS"
# Elements that load something from elsewhere: scripts, style sheets, logos, the newsletter.
_FETCHED = re.compile(r"(?is)<script\b.*?</script>|<style\b.*?</style>|<footer\b.*?</footer>|<link\b[^>]*>|<img\b[^>]*>")
_HANDLER = re.compile(r"""(?i)\son[a-z]+\s*=\s*("[^"]*"|'[^']*')""")


def offline(page: str) -> str:
    """A page of Great Expectations without scripts, pictures and foreign style sheets, with one small style sheet of its own."""
    page = _HANDLER.sub("", _FETCHED.sub("", page))
    return page.replace("</head>", f"<style>\n{STYLE}</style>\n</head>", 1)


def finish(folder: Path, declared: Sequence[Expectation], outcomes: Sequence[Outcome]) -> None:
    """Make the pages in `folder` work without a network and write the first page, index.html."""
    shutil.rmtree(folder / "static", ignore_errors=True)
    for page in sorted(folder.rglob("*.html")):
        page.write_text(offline(page.read_text("utf-8")), "utf-8")
    details = sorted(str(p.relative_to(folder)) for p in (folder / "validations").rglob("*.html"))
    (folder / "index.html").write_text(first_page(declared, outcomes, details), "utf-8")
    (folder / SUMS).write_text(_sums(folder), "utf-8")


def is_whole(folder: Path) -> bool:
    """Whether every page is there as it was written."""
    return (folder / SUMS).is_file() and (folder / SUMS).read_text("utf-8") == _sums(folder)


def _sums(folder: Path) -> str:
    pages = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != SUMS)
    return "".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder).as_posix()}\n" for p in pages)


def first_page(declared: Sequence[Expectation], outcomes: Sequence[Outcome], details: Sequence[str]) -> str:
    """The first page: failures, then warnings, then passes, each with what it means for a reader."""
    expected = {e.name: e.expected for e in declared}
    failed = [o for o in outcomes if not o.passed and o.severity == "error"]
    warned = [o for o in outcomes if not o.passed and o.severity == "warning"]
    passed = [o for o in outcomes if o.passed]
    links = "".join(
        f' <a href="{escape(d)}">The page of Great Expectations, with more of the failing readings</a>.' for d in details
    )
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>Check results</title>',
        f'<link rel="icon" href="data:,">\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>',
        f"<h1>Check results</h1>\n<p>{_summary(len(failed), len(warned), len(passed))}{links}</p>",
        *_section("Failed: do not use these figures", "failed", failed, expected),
        *_section("Warnings: read before you quote", "warned", warned, expected),
        *_section("Passed", "passed", passed, expected),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _summary(failed: int, warned: int, passed: int) -> str:
    return (
        f"{failed + warned + passed} expectations of the finished tables: "
        f"{passed} passed, {warned} with a warning, {failed} failed. "
        "After a warning the figures remain usable with the stated caution; after a failure they do not."
    )


def _section(title: str, kind: str, outcomes: Sequence[Outcome], expected: dict[str, str]) -> list[str]:
    if not outcomes:
        return []
    parts = [f"<h2>{title} ({len(outcomes)})</h2>"]
    for o in outcomes:
        rows = "".join(f"<li>{escape(row)}</li>" for row in o.rows_off)
        parts.append(
            f'<section class="{kind}" id="{escape(o.name)}">\n<h3>{escape(expected[o.name])}</h3>\n'
            f"<p><b>Found:</b> {escape(o.observed)}.</p>\n"
            + (f"<ul>{rows}</ul>\n" if rows else "")
            + ("" if o.passed else f"<p><b>What it means:</b> {escape(o.meaning)}</p>\n")
            + f'<p class="name">{escape(o.table)} · {escape(o.name)}</p>\n</section>'
        )
    return parts
