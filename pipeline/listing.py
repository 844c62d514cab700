"""A table in the terminal whose rows stay lines, for people and for grep."""

from rich.console import Console
from rich.table import Table

WIDTH = 180


def print_listing(table: Table, out: Console) -> None:
    """Print a table wider than the terminal where its rows need it."""
    Console(file=out.file, width=max(out.width, WIDTH)).print(table)
