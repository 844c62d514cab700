"""The pages about the data show what the files and the tables say."""

from pathlib import Path

import pytest

from pipeline import catalog, restricted
from pipeline.report.pages import about, data

CHANGELOG = """# Changelog

## 0.2.0
### Corrected figures
| figure | before | after | why |
| --- | --- | --- | --- |
| share | 1 | 2 | a slip |

### Renamed
| no | figure |

## 0.1.0
First.
"""


def test_corrected_figures_are_those_of_their_sections_alone() -> None:
    [(release, rows)] = about.corrected(CHANGELOG)
    assert release == "0.2.0"
    assert rows.splitlines()[-1] == "| share | 1 | 2 | a slip |"
    assert len(rows.splitlines()) == 3


def test_the_rows_shown_of_a_table_leave_out_restricted_sources(
    finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    first = data.first_rows("production")["source_id"].iloc[0]
    monkeypatch.setattr(restricted, "sources", lambda: frozenset({first}))
    shown = data.first_rows("production")
    assert len(shown)
    assert first not in set(shown["source_id"])


def test_every_table_stands_on_the_data_page_once(finished_toy_world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REO_DATA", str(finished_toy_world))
    [page] = data.pages(None)
    names = [entry["name"] for entries in page.values["subjects"].values() for entry in entries]
    assert sorted(names) == sorted(catalog.tables())
