"""The finished tables as the pages read them: each loaded once."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from pipeline import goods


class Tables:
    """`tables["claims"]` is a finished table. Another loader than the catalog's gives pages other rows, for tests."""

    def __init__(self, load: Callable[[str], pd.DataFrame] = goods.load):
        self._load = load
        self._loaded: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        # A copy that shares its memory: what one page adds to it, no other sees.
        return self._loaded[name].copy(deep=False)

    def countries(self) -> dict[str, str]:
        """The one English name of each ISO 3166 code."""
        names = self["countries"].set_index("iso3")["name"]
        return {str(code): str(name) for code, name in names.items()}

    def replaced(self, **rows: Any) -> "Tables":
        """The same tables but for some, whose rows are given."""
        return Tables(lambda name: rows[name] if name in rows else self[name])
