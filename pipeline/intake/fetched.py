"""What clients of publishers put down: the publisher's bytes, and the next file of a source, which parsers read as the last one.

The next file is in data/raw/downloads/SOURCE/EDITION/, the publisher's bytes in answers/ there. The next file has the name and
the columns of the one that sources.yml lists: only its line there changes.
"""

import csv
import gzip
import io
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd
from country_converter import CountryConverter

from pipeline import files, paths
from pipeline.errors import ReoError
from pipeline.intake import country_names, lock
from pipeline.intake.web import FetchError

# The folder of the publisher's bytes, which no parser reads.
ANSWERS = "answers"
UNKNOWN = "unknown"


def folder(source_id: str, edition: str) -> Path:
    return paths.downloads() / source_id / edition


def document_id(source_id: str, edition: str) -> str:
    """What rows of an edition name as their document; its row of documents.csv is `document`."""
    return f"{source_id.replace('_', '-')}-fetched-{edition.lower()}"


def key(name: str, publisher: str, where: str) -> str:
    """A publisher's key, from the environment alone. Raises ReoError where it is not set."""
    if not (found := os.environ.get(name, "")):
        raise ReoError(f"{publisher} asks for a key, and {name} is not set", f"get a free key at {where} and set {name} to it")
    return found


def keep(source_id: str, edition: str, contents: Mapping[str, bytes]) -> list[Path]:
    """The publisher's bytes, by name, as they came."""
    found = {folder(source_id, edition) / ANSWERS / name: content for name, content in contents.items()}
    for file, content in found.items():
        files.replace(file, lambda part, content=content: part.write_bytes(content))  # type: ignore[misc]
    return list(found)


def put_down(source_id: str, edition: str, name: str, rows: pd.DataFrame, same: Sequence[str], feeds: str | None = None) -> Path:
    """The next file: the listed one, in which `rows` stand for those with the same cells in the columns `same`; all text.

    `feeds` is the source whose file it is, if another publisher's. Raises FetchError where there is no row.
    """
    if rows.empty:
        raise FetchError(f"{source_id} has no rows of {edition}", "it may not be published yet: ask for an earlier edition")
    of = lock.read().sources.get(feeds or source_id)
    listed = next((paths.raw() / file.name for file in (of.files if of else []) if Path(file.name).name == name), None)
    if listed and listed.is_file():
        before = pd.read_csv(listed, dtype=str, keep_default_na=False)
        replaced = before.merge(rows[list(same)].drop_duplicates(), on=list(same), how="left", indicator=True)["_merge"] == "both"
        rows = pd.concat([before[~replaced.to_numpy()], rows.reindex(columns=before.columns, fill_value="")], ignore_index=True)
    target = folder(source_id, edition) / name
    write(target, rows)
    return target


def write(file: Path, rows: pd.DataFrame) -> None:
    """Rows as CSV, packed where the name ends in .gz: without a time stamp, so that equal rows are equal bytes."""
    text = rows.to_csv(index=False, lineterminator="\n").encode()
    content = gzip.compress(text, mtime=0) if file.suffix == ".gz" else text
    files.replace(file, lambda part: part.write_bytes(content))


def for_parsers(put_down: Sequence[Path]) -> list[Path]:
    """Those of an edition's files that a parser reads; the others are what the publisher sent."""
    return [file for file in put_down if file.parent.name != ANSWERS]


def document(source_id: str, edition: str) -> str:
    """The line of documents.csv for an edition, read today."""
    source = lock.source(source_id)
    title = f"{source.publisher}, {edition}, fetched"
    cells = [
        document_id(source_id, edition),
        title,
        source.landing_page,
        source.publisher,
        "official",
        "",
        date.today().isoformat(),
        source_id,
        "",
    ]
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def iso3(publisher: str, codes: "pd.Series[str]", scheme: str) -> "pd.Series[str]":
    """ISO 3166-1 alpha-3 codes of a publisher's codes (`ISO2`, `ISOnumeric`) or names (`regex`).

    Raises FetchError for one that is unknown.
    """
    known: CountryConverter = country_names.converter()
    of = {code: known.convert(code, src=scheme, to="ISO3", not_found=UNKNOWN) for code in codes.unique()}
    # A name that several patterns match gives a list.
    unknown = [code for code, found in of.items() if not isinstance(found, str) or found == UNKNOWN]
    if unknown:
        remedy = "find out what it is; a group of countries is left out by its client in pipeline/sources/"
        raise FetchError(f"{publisher} has a country {unknown[0]} that is not known here", remedy)
    return codes.map(of).astype("str")
