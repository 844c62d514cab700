"""The data dictionary: every column of every table, once, from the table classes."""

import re

from pipeline import catalog, paths
from pipeline.report import dictionary, site
from pipeline.schemas import table as t


def test_every_column_of_every_table_has_a_line() -> None:
    sections = re.split(r"^## ", dictionary.markdown(), flags=re.MULTILINE)[1:]
    assert len(sections) == len(catalog.tables())
    for section, (name, table) in zip(sections, catalog.tables().items(), strict=True):
        assert f"`{name}`" in section
        lines = [line for line in section.splitlines() if re.match(r"\| (\*\*)?`", line)]
        assert [re.findall(r"`(\w+)`", line)[0] for line in lines] == list(t.columns(table))
        # A stray bar in a description would break the table.
        assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in lines)


def test_a_column_shows_key_unit_vocabulary_and_whether_it_may_be_empty() -> None:
    page = dictionary.page(catalog.table("trade_flows"))
    assert "| **`year`** | whole number |" in page
    assert re.search(r"\| `quantity_t` \| number \| t \| .*may be empty \|", page)
    assert re.search(r"\| `coverage` \| text \|  \| .*one of `whole`, `top6`", page)


def test_what_is_generated_in_docs_is_as_generated_now() -> None:
    """`reo docs` writes it."""
    assert (paths.REPOSITORY / "docs" / "data-dictionary.md").read_text("utf-8") == dictionary.markdown()
    assert (paths.REPOSITORY / "docs" / "sources.md").read_text("utf-8") == site.sources_page()
