"""The two files of a table, CSV and Parquet: written part by part beside their place, then put there together."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.csv
import pyarrow.parquet

from pipeline import files
from pipeline.schemas import table as t
from pipeline.schemas.table import Table

# A table of more rows is Parquet alone: no editor or spreadsheet opens so long a CSV file.
CSV_ROWS = 10_000_000
AS_NEEDED = pyarrow.csv.WriteOptions(quoting_style="needed")


class Draft:
    """A table's files while its parts come; the same rows in the same parts give the same bytes."""

    def __init__(self, declared: type[Table], csv: Path, parquet: Path) -> None:
        self._schema = t.arrow_schema(declared)
        # Of this process alone: two runs may make one table.
        self._parts = {target: target.with_name(f".{target.name}.{os.getpid()}.part") for target in (csv, parquet)}
        self._csv, self._parquet = csv, parquet
        self.rows = 0
        with files.writing(parquet):
            parquet.parent.mkdir(parents=True, exist_ok=True)
            self._to_parquet = pyarrow.parquet.ParquetWriter(self._parts[parquet], self._schema, compression="zstd")
            self._to_csv: pyarrow.csv.CSVWriter | None = pyarrow.csv.CSVWriter(
                self._parts[csv], self._schema, write_options=AS_NEEDED
            )

    def add(self, rows: pd.DataFrame) -> None:
        """Write the next rows, in Parquet a row group or more of their own. Raises ReoError where the disk takes no more."""
        stored = pyarrow.Table.from_pandas(rows, schema=self._schema, preserve_index=False).replace_schema_metadata(None)
        self.rows += len(rows)
        with files.writing(self._parquet):
            self._to_parquet.write_table(stored)
            if self._to_csv and self.rows > CSV_ROWS:
                self._to_csv.close()
                self._to_csv = None
            elif self._to_csv:
                self._to_csv.write_table(stored)

    def put(self) -> None:
        """Let the files take their place. The Parquet file is what readers load: it does so last, at once after its CSV."""
        with files.writing(self._parquet):
            self._to_parquet.close()
            if self._to_csv:
                self._to_csv.close()
        written = [self._csv, self._parquet] if self._to_csv else [self._parquet]
        files.replace_together({target: partial(os.replace, self._parts[target]) for target in written})
        if not self._to_csv:
            self._csv.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove what was not put."""
        for part in self._parts.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


@contextmanager
def draft(declared: type[Table], csv: Path, parquet: Path) -> Iterator[Draft]:
    """A draft of a table's files; what is not put when the block ends is gone."""
    drafted = Draft(declared, csv, parquet)
    try:
        yield drafted
    finally:
        drafted.discard()


def write(declared: type[Table], rows: pd.DataFrame, csv: Path, parquet: Path) -> None:
    """Rows of a table as CSV and Parquet, each whole or not at all."""
    with draft(declared, csv, parquet) as drafted:
        drafted.add(rows)
        drafted.put()


def write_csv(stored: pyarrow.Table, file: Path) -> None:
    """Rows as CSV; only text that needs quotes has them."""
    pyarrow.csv.write_csv(stored, file, AS_NEEDED)
