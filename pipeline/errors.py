"""Errors a person is meant to read: what is wrong, where, and what to do about it."""

import difflib
from collections.abc import Iterable

# Names suggested for one that is not known.
NEAREST = 3


class ReoError(Exception):
    """Shown by `reo` as a message without a traceback; the process ends with exit code 1.

    `problem` says what is wrong and where, `remedy` what to do.
    """

    def __init__(self, problem: str, remedy: str):
        super().__init__(f"{problem}\n  What to do: {remedy}")
        self.problem = problem
        self.remedy = remedy


def did_you_mean(asked: str, known: Iterable[str], otherwise: str = "") -> str:
    """A remedy for an unknown name: the nearest names there are, else `otherwise`, by default all of them."""
    names = list(known)
    word = asked.lower()
    stem = word.removesuffix("s")
    inside = [name for name in names if len(stem) > 1 and stem in name.lower()]
    near = list(dict.fromkeys([*difflib.get_close_matches(word, names, n=1, cutoff=0.8), *inside]))[:NEAREST]
    near = near or difflib.get_close_matches(word, names, n=NEAREST, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(near)}?" + (f" Otherwise: {otherwise}" if otherwise else "")
    return otherwise or f"use one of: {', '.join(names)}"
