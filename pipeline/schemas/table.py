"""What a table class is, and the columns that mean one thing everywhere.

A table is declared once, as a subclass of `Table`: docstring, title, floor, key, and a field a column.
The contract, the Dagster column schema, the data dictionary, the data package's fields and the key and
range expectations are all read from it.
"""

import re
from typing import Any, cast

import pandas as pd
import pandera.pandas as pa
import pyarrow

from pipeline.dates import PARTIAL_DATE

COUNTRY = r"^([A-Z]{3}|X_[A-Z0-9]+)$"
STAGES = ("reserves", "mining", "separation", "metal_alloy", "magnet")
GROUPS = ("compounds", "metals", "magnets")


class Table(pa.DataFrameModel):
    """Base of every table class. Subclasses set Config.title, Config.unique (the key) and the floor."""

    class Config:
        strict = True
        coerce = False


def name(table: type[Table]) -> str:
    """The public name of a table: `TradeFlows` is `trade_flows`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", table.__name__).lower()


def title(table: type[Table]) -> str:
    return str(table.Config.title)  # type: ignore[attr-defined]


def floor(table: type[Table]) -> str:
    """`tidy` or `derived`."""
    return str(table.Config.metadata["floor"])  # type: ignore[attr-defined]


def key(table: type[Table]) -> list[str]:
    return list(table.Config.unique)  # type: ignore[attr-defined]


def columns(table: type[Table]) -> dict[str, pa.Column]:
    return cast("dict[str, pa.Column]", table.to_schema().columns)


def unit(column: pa.Column) -> str:
    return str((column.metadata or {}).get("unit", ""))


def arrow_schema(table: type[Table]) -> pyarrow.Schema:
    """The Parquet types of a table, so that an all-null column keeps its type."""
    types = {"int64": pyarrow.int64(), "Int64": pyarrow.int64(), "float64": pyarrow.float64(), "bool": pyarrow.bool_()}
    return pyarrow.schema([(c, types.get(str(col.dtype), pyarrow.string())) for c, col in columns(table).items()])


def empty(table: type[Table]) -> pd.DataFrame:
    return arrow_schema(table).empty_table().to_pandas()


def frame(table: type[Table], rows: pd.DataFrame | list[dict[str, Any]]) -> pd.DataFrame:
    """Rows with the table's columns, no others, and their types; what a row lacks is null."""
    kinds = {name: str(column.dtype) for name, column in columns(table).items()}
    types = {name: "str" if kind.startswith("string") else kind for name, kind in kinds.items()}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


# Columns. Each returns a fresh pandera field; the words are what the data dictionary prints.


def text(description: str, **checks: Any) -> Any:
    return pa.Field(description=description, **checks)


def vocabulary(description: str, words: tuple[str, ...], **checks: Any) -> Any:
    return pa.Field(description=description, isin=list(words), **checks)


def number(description: str, unit: str, **checks: Any) -> Any:
    return pa.Field(description=description, metadata={"unit": unit}, **checks)


def count(description: str, **checks: Any) -> Any:
    return number(description, "1", ge=0, **checks)


def year(description: str = "Calendar year", **checks: Any) -> Any:
    return pa.Field(description=description, ge=1900, le=2100, **checks)


def month(description: str = "Month, YYYY-MM", **checks: Any) -> Any:
    return pa.Field(description=description, str_matches=r"^\d{4}-(0[1-9]|1[0-2])$", **checks)


def partial_date(description: str, **checks: Any) -> Any:
    """A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD."""
    return pa.Field(description=description, str_matches=PARTIAL_DATE, **checks)


def country(description: str, **checks: Any) -> Any:
    return pa.Field(description=f"{description} (ISO 3166-1 alpha-3, or a code of `countries`)", str_matches=COUNTRY, **checks)


def hs6(description: str = "Six-digit code of the Harmonized System") -> Any:
    return pa.Field(description=description, str_matches=r"^\d{6}$")


def source_id() -> Any:
    return pa.Field(description="Source in data/raw/sources.yml")


def document_id(**checks: Any) -> Any:
    return pa.Field(description="Text the figure was read from, a row of `documents`", **checks)


def value_kusd(description: str = "Value, nominal thousand US dollars", **checks: Any) -> Any:
    return number(description, "kUSD", ge=0, **checks)


def quantity_t(description: str = "Gross mass, null where not reported", **checks: Any) -> Any:
    return number(description, "t", ge=0, **checks)


def share(description: str, **checks: Any) -> Any:
    return number(description, "1", ge=0, le=1, **checks)


def hhi(description: str = "Herfindahl-Hirschman index, 0 to 1", **checks: Any) -> Any:
    return number(description, "1", gt=0, le=1 + 1e-12, **checks)


def effective_suppliers(**checks: Any) -> Any:
    return number("Effective number of suppliers, 1/HHI", "1", ge=1 - 1e-12, **checks)
