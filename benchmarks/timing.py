"""How long a task takes, in wall and in processor seconds (which a busy machine disturbs less)."""

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
