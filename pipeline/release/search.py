"""Search a release for numbers that only restricted rows have: in tables, notebooks' outputs, charts' data and pages."""

import re
from pathlib import Path

import numpy as np
import pyarrow.parquet

from pipeline import catalog, restricted
from pipeline.release.descriptor import sources_of
from pipeline.schemas import table as t

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
# A drawing's coordinates are no figures; its words are.
DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
# Nor are the digits of a hash.
HASH = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b")
TAG = re.compile(r"<[^>]*>")
TEXTS = {".html", ".ipynb", ".js", ".json", ".md", ".txt", ".svg", ".csv"}


def leaks(folder: Path) -> list[str]:
    """One sentence a file of the release in `folder` that has numbers of a restricted source alone."""
    closed = restricted.values()
    found = []
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        hits = sorted(_numbers(file) & closed.keys()) if closed else []
        if hits:
            sources = ", ".join(sorted({closed[hit] for hit in hits}))
            shown = ", ".join(f"{hit:g}" for hit in hits[:3])
            found.append(f"{file.relative_to(folder).as_posix()}: {len(hits)} numbers of {sources}, such as {shown}")
    return found


def _numbers(file: Path) -> set[float]:
    """The distinctive numbers in a file; none in a table made from open sources alone, whose numbers are open."""
    if file.parent.name == "tables" and file.stem in catalog.tables():
        if file.suffix != ".parquet" or not restricted.sources() & sources_of(file.stem):
            return set()
        rows = pyarrow.parquet.read_table(file).to_pandas()
        texts = [c for c, kind in t.kinds(catalog.table(file.stem)).items() if kind == "str"]
        words = " ".join(word for c in texts for word in rows[c].dropna().unique())
        return set(restricted.numbers(file.stem, rows).tolist()) | numbers_in(words)
    if file.suffix not in TEXTS:
        return set()
    text = file.read_text("utf-8", errors="replace")
    if ".ipynb" in file.name:
        text = text.replace('\\"', '"').replace("\\n", "\n")
    return numbers_in(HASH.sub(" ", DRAWING.sub(lambda drawing: TAG.sub(" ", drawing[0]), text)))


def numbers_in(text: str) -> set[float]:
    """The distinctive numbers in a text, with a comma between thousands or between two numbers."""
    words = {word for number in set(NUMBER.findall(text)) for word in (number.replace(",", ""), *number.split(",")) if word}
    return set(restricted.distinctive(np.array([float(word) for word in words if len(word) < 40], dtype="float64")).tolist())
