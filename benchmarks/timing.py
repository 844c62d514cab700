"""How long a task takes, in wall and in processor seconds (which a busy machine disturbs less), beside another task."""

import csv
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table as Grid

HEADINGS = ("Task", "Ours, s", "Beside it", "s", "Ratio", "At most")


class Seconds(NamedTuple):
    wall: float
    processor: float


def seconds(run: Callable[[], object]) -> Seconds:
    wall, processor = time.perf_counter(), time.process_time()
    run()
    return Seconds(time.perf_counter() - wall, time.process_time() - processor)


def seconds_of_children(run: Callable[[], object]) -> Seconds:
    """The same of a task that runs processes of its own and waits for them: theirs, user and system together."""
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Seconds(time.perf_counter() - wall, processor)


class Compared(NamedTuple):
    """A row of docs/benchmarks.md: wall seconds of ours and of what runs beside it, the ratio, and the most it may be."""

    task: str
    ours: float
    beside: str
    theirs: float
    ratio: float
    at_most: float | None


def compared(task: str, ours: list[Seconds], beside: str, theirs: list[Seconds], at_most: float | None = None) -> Compared:
    """Medians of rounds in which both ran in turn; the ratio is the median of the rounds' own."""
    ratios = [mine.wall / other.wall for mine, other in zip(ours, theirs, strict=True)]
    walls = [statistics.median(s.wall for s in side) for side in (ours, theirs)]
    return Compared(task, walls[0], beside, walls[1], statistics.median(ratios), at_most)


def show(rows: list[Compared]) -> None:
    """The rows in the terminal."""
    grid = Grid(*HEADINGS, box=None, pad_edge=False)
    for row in rows:
        grid.add_row(*cells(row))
    Console().print(grid)


def cells(row: Compared) -> list[str]:
    limit = "" if row.at_most is None else f"{row.at_most:g}"
    return [row.task, f"{row.ours:.2f}", row.beside, f"{row.theirs:.2f}", f"{row.ratio:.2f}", limit]


def machine() -> str:
    """The processor and the memory."""
    found = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{found[0] if found else platform.machine()}, {os.cpu_count()} processors, {memory:.0f} GiB"


def results(file: Path) -> list[dict[str, str]]:
    """The rows of results that are kept in a CSV file, none where there is none."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def keep(file: Path, row: dict[str, Any], same: Sequence[str], order: Callable[[dict[str, str]], Any]) -> None:
    """Put a row of results in place of the one with the same values in the columns `same`; the rows are kept in `order`."""
    this = {name: str(value) for name, value in row.items()}
    others = [kept for kept in results(file) if any(kept[name] != this[name] for name in same)]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(this), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*others, this], key=order))
