"""Runs every benchmark of `make benchmark` and writes docs/benchmarks.md: ours, what runs beside it, their ratio, the machine.

python benchmarks/page.py
"""

import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path

import concentration
import long_tasks
import startup
import supply_risk
from timing import HEADINGS, Compared, cells, machine, show

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
SUITES = (startup, supply_risk, long_tasks, concentration)
LIBRARIES = ("dagster", "duckdb", "ibis-framework", "pandas", "pyarrow")


def libraries() -> str:
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)])


def page(rows: list[Compared]) -> str:
    def line(row: list[str] | tuple[str, ...]) -> str:
        return f"| {' | '.join(row)} |"

    return "\n".join(
        [
            "# How long it takes", "",
            "Written by `make benchmark` (benchmarks/page.py). Wall seconds, medians of rounds in which both sides ran in turn",
            "on the same machine; the ratio is the median of the rounds' own. Each script says what runs beside. The published",
            "library for supply risk takes 17 to 30 ms a score in its loops, some 40 minutes for all, and is not run.", "",
            f"{date.today().isoformat()}: {machine()}, {libraries()}.", "",
            line(HEADINGS), "|---|---:|---|---:|---:|---:|", *(line(cells(row)) for row in rows), "",
        ]
    )  # fmt: skip


def main() -> None:
    rows = []
    for suite in SUITES:
        found = suite.rows()
        show(found)
        rows += found
    PAGE.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
