"""What `reo` shows while it works: one line that changes, or with --verbose a line a step."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.status import Status


class _Lines(logging.Handler):
    def __init__(self, out: Console):
        super().__init__()
        self.out = out

    def emit(self, record: logging.LogRecord) -> None:
        self.out.print(f"[dim]·[/] {escape(record.getMessage())}", highlight=False)


class _OneLine(logging.Handler):
    def __init__(self, status: Status, what: str, width: int):
        super().__init__()
        self.status, self.what, self.width = status, what, width

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        self.status.update(escape(f"{self.what}: {message}"[: self.width]))


@contextmanager
def progress(out: Console, what: str, verbose: bool) -> Iterator[None]:
    """The project's log messages on `out` while something is done: in one line that changes, or all of them."""
    logger = logging.getLogger("reo")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    with out.status(what) as status:
        # The line must not wrap: a spinner stands before it.
        logger.handlers = [_Lines(out) if verbose else _OneLine(status, what, out.width - 4)]
        try:
            yield
        finally:
            logger.handlers = []
