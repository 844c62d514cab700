"""Errors a person is meant to read: what is wrong, where, and what to do about it."""


class ReoError(Exception):
    """Shown by `reo` as a message without a traceback; the process ends with exit code 1.

    `problem` says what is wrong and where, `remedy` what to do.
    """

    def __init__(self, problem: str, remedy: str):
        super().__init__(f"{problem}\n  What to do: {remedy}")
        self.problem = problem
        self.remedy = remedy
