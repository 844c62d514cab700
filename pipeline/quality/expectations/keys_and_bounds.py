"""Keys and bounds of the small tables, read from their classes and judged cell by cell."""

import pandas as pd

from pipeline import catalog
from pipeline.quality.expectation import Load, describe, expectation, labelled
from pipeline.schemas import table as t

# Tables small enough to be judged cell by cell.
JUDGED = ("production", "reserves", "stage_concentration", "export_concentration", "unit_values", "origin_gap")
# Sums of shares may exceed 1 by floating-point error.
ONE = 1 + 1e-9


def _share_columns(table_name: str) -> list[str]:
    """Columns that the class bounds to 0–1: shares and indices."""
    found = []
    for name, column in t.columns(catalog.table(table_name)).items():
        limits = t.bounds(column)
        if limits.get("ge", limits.get("gt")) == 0 and 1 <= limits.get("le", 0) <= ONE:
            found.append(name)
    return found


def _key_labels(table_name: str, frame: pd.DataFrame) -> list[str]:
    return describe(", ".join(f"{{{column}}}" for column in t.key(catalog.table(table_name))), frame)


def unique_key(table_name: str) -> None:
    """Declare that no two rows of a table share their key."""

    @expectation(
        name=f"{table_name}_key_unique",
        table=table_name,
        severity="error",
        expected=f"No two rows of {table_name} share their key ({', '.join(t.key(catalog.table(table_name)))}).",
        meaning="A figure is in the table twice: sums count it twice, and a lookup may return either.",
        unit="keys",
        unique=True,
    )
    def keys(load: Load) -> pd.Series:
        labels = _key_labels(table_name, load(table_name))
        return pd.Series(labels, index=pd.Index(labels, dtype=str), dtype=str)


def shares_within_bounds(table_name: str, columns: list[str]) -> None:
    """Declare that the share and index columns of a table are from 0 to 1."""

    @expectation(
        name=f"{table_name}_shares_within_bounds",
        table=table_name,
        severity="error",
        expected=f"Shares and indices of {table_name} are from 0 to 1: {', '.join(columns)}.",
        meaning="A share outside 0 to 1 is impossible: the measure is wrong, do not quote this table.",
        unit="",
        low=0.0,
        high=ONE,
    )
    def shares(load: Load) -> pd.Series:
        frame = load(table_name)
        keys = _key_labels(table_name, frame)
        cells = [
            labelled([f"{key}: {column} {value:.4g}" for key, value in zip(keys, frame[column], strict=True)], frame[column])
            for column in columns
        ]
        found: pd.Series = pd.concat(cells).dropna()
        return found


for _table_name in JUDGED:
    unique_key(_table_name)
    if _columns := _share_columns(_table_name):
        shares_within_bounds(_table_name, _columns)
