"""How long a task takes, in wall and in processor seconds (which a busy machine disturbs less)."""

import resource
import time
from collections.abc import Callable
from typing import NamedTuple


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
