"""The toy world's tables as measures receive them, and its worked answers (tests/toy_world/README.md)."""

from fractions import Fraction
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow

from pipeline import catalog
from pipeline.schemas import table as t

WORLD = Path(__file__).parents[1] / "toy_world"


def typed(table_name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of texts with the types of a table's class."""
    columns = {name: column for name, column in t.columns(catalog.table(table_name)).items() if name in frame.columns}
    frame = frame[list(columns)].copy()
    for name, column in columns.items():
        kind = t.kind(column)
        if kind == "bool":
            frame[name] = frame[name] == "true"
        elif kind in ("int64", "float64", "Int64"):
            frame[name] = frame[name].map(lambda cell: None if pd.isna(cell) else float(Fraction(cell))).astype(kind)
    return frame


def tidy(table_name: str) -> pd.DataFrame:
    return typed(table_name, pd.read_csv(WORLD / "tidy" / f"{table_name}.csv", dtype="str"))


def expected(table_name: str) -> pd.DataFrame:
    return typed(table_name, pd.read_csv(WORLD / "expected" / f"{table_name}.csv", dtype="str"))


def flows(frame: pd.DataFrame) -> ir.Table:
    return ibis.memtable(pyarrow.Table.from_pandas(frame, preserve_index=False))


def trade_flows() -> ir.Table:
    return flows(tidy("trade_flows"))


def trade(rows: list[tuple[int, str, str, str, float, float | None]], **columns: str) -> pd.DataFrame:
    """Flows of (year, exporter, importer, hs6, thousand USD, tonnes) as a trade_flows frame."""
    frame = pd.DataFrame(rows, columns=["year", "exporter", "importer", "hs6", "value_kusd", "quantity_t"])
    frame = frame.assign(**{"source_id": "cepii_baci", "nomenclature": "HS92", "coverage": "whole", **columns})
    return t.frame(catalog.table("trade_flows"), frame)


def made(table_name: str, result: "pd.DataFrame | ir.Table") -> pd.DataFrame:
    """What a measure gives, held to the contract of its table and sorted by its key."""
    frame = result if isinstance(result, pd.DataFrame) else result.to_pyarrow().to_pandas()
    return catalog.contract.check(catalog.table(table_name), frame).rows


def assert_as_worked(table_name: str, result: "pd.DataFrame | ir.Table") -> None:
    """The result has the worked rows, no other ones, and the worked values."""
    key = t.key(catalog.table(table_name))
    worked = expected(table_name).sort_values(key, kind="stable").reset_index(drop=True)
    pd.testing.assert_frame_equal(made(table_name, result), worked, rtol=1e-12, atol=1e-12)


def nothing(table_name: str) -> pd.DataFrame:
    return t.empty(catalog.table(table_name))


def no_outliers() -> pd.DataFrame:
    return nothing("flow_outliers")
