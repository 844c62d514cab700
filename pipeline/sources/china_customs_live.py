"""China's customs: the English site's static tables of main goods by month, for china_customs_quoted. Not tried live.

The site where trade can be queried refuses programs; these tables are pages. They name rare earths as one heading.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import requests

from pipeline.intake import fetched, web
from pipeline.intake.web import FetchError

SOURCE = "china_customs_quoted"
HOST = "http://english.customs.gov.cn"
# Table → file of the source, and the columns it has.
TABLES = {13: "monthly_exports.csv", 14: "monthly_imports.csv"}
GOOD, WORD = r"rare earths?\b.*", "rare_earths_total"
TONNES = {"ton": 1.0, "tons": 1.0, "t": 1.0, "tonne": 1.0, "tonnes": 1.0, "10000 tons": 10_000.0, "10000t": 10_000.0}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
KEYS = ["month", "product", "measure", "partner", "document_id"]


class _Page(HTMLParser):
    """Rows of cells of a page's tables, each cell its text and the addresses it leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: list[list[tuple[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
            self.links.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        elif tag == "a" and self.rows:
            self.links[-1].append((dict(attrs).get("href") or "", ""))

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data
            if self.links[-1] and not self.links[-1][-1][1] and data.strip():
                self.links[-1][-1] = (self.links[-1][-1][0], data.strip())


def newest(asked: requests.Session, host: str = HOST) -> str:
    """The newest month (2026-10) with the tables of exports and imports, of the running year's page."""
    page = web.get(asked, f"{host}/statics/report/monthly.html")
    year = re.search(r"<option[^>]*>\s*([0-9]{4})", page.decode("utf-8", "replace"))
    both = [set(_links(page, number)) for number in TABLES]
    if not year or not both[0] & both[1]:
        raise FetchError(
            "China's customs lists no month as it did", "open its page of monthly tables and compare it with the client"
        )
    return f"{year[1]}-{max(both[0] & both[1]):02d}"


def fetch(edition: str, asked: requests.Session | None = None, host: str = HOST) -> list[Path]:
    """The two pages of a month (2026-10), and monthly_exports.csv and monthly_imports.csv with its tonnes. Raises FetchError."""
    if not re.fullmatch(MONTH, edition):
        raise FetchError(f"{edition} is no month", "write it as 2026-10")
    asked = asked or web.session()
    year, month = edition.split("-")
    index = web.get(asked, f"{host}/statics/report/monthly{year}.html")
    contents, found = {}, {}
    for number, name in TABLES.items():
        links = _links(index, number)
        if int(month) not in links:
            remedy = "wait until it is published; January may come with February"
            raise FetchError(f"China's customs has no table {number} of {edition}", remedy)
        address = links[int(month)]
        content = web.get(asked, address if address.startswith("http") else f"{host}/{address.lstrip('/')}")
        contents[f"table_{number}.html"] = content
        found[name] = rows(content, number, edition)
    kept = fetched.keep(SOURCE, edition, contents)
    return [*kept, *(fetched.put_down(SOURCE, edition, name, table, KEYS) for name, table in found.items())]


def rows(content: bytes, number: int, month: str) -> pd.DataFrame:
    """Columns of the file of a table: the tonnes of rare earths of the month, which are the customs' first print."""
    page = _parsed(content)
    title = " ".join(content.decode("utf-8", "replace").split())
    stated = f"{MONTHS[int(month[5:]) - 1]}"
    if not re.search(rf"\({number}\).*?\b{stated}[a-z]*\.?,?\s+{month[:4]}", title, re.IGNORECASE):
        raise FetchError(f"the page is not table {number} of {month}", "open it in a browser: its title may have changed")
    lines = [[cell.strip() for cell in row] for row in page.rows]
    goods = [row for row in lines if row and re.fullmatch(GOOD, row[0], re.IGNORECASE)]
    if len(goods) != 1 or len(goods[0]) < 3:
        raise FetchError(
            f"table {number} of {month} has not one line of rare earths", "look at the page, and change GOOD in its client"
        )
    _, unit, quantity = goods[0][:3]
    number_of = quantity.replace(",", "")
    tonnes = TONNES.get(unit.lower().replace(",", ""))
    if tonnes is None or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", number_of):
        raise FetchError(f"table {number} of {month} gives {quantity} {unit} of rare earths", "compare its units with TONNES")
    line = {
        "month": month,
        "product": WORD,
        "measure": "tonnes",
        "partner": "WLD",
        "value": f"{float(number_of) * tonnes:.10g}",
        "document_id": fetched.document_id(SOURCE, month),
    }
    return pd.DataFrame([line | ({"revised": "first", "note_id": "", "note": ""} if number == 13 else {})])


def _parsed(content: bytes) -> _Page:
    page = _Page()
    page.feed(content.decode("utf-8", "replace"))
    return page


def _links(content: bytes, number: int) -> dict[int, str]:
    """The addresses of a table's months, by month, on a page of a year."""
    page = _parsed(content)
    for row, links in zip(page.rows, page.links, strict=True):
        if row and re.match(rf"\s*\({number}\)", row[0]):
            return {MONTHS.index(text[:3].lower()) + 1: href for href, text in links if text[:3].lower() in MONTHS}
    raise FetchError(f"China's customs lists no table {number}", "open its page of monthly tables: its numbers may have changed")
