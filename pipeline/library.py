"""What readers of the tables want besides the rows: what a table means, where a word occurs, how to cite. For notebooks.

Import them from `pipeline.catalog`: cite, describe, list_tables, names, search.
"""

import html
import inspect
import re
import textwrap
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pandas as pd
import yaml

from pipeline import catalog, paths, restricted
from pipeline.errors import ReoError, did_you_mean
from pipeline.intake import lock
from pipeline.intake.lock import Source
from pipeline.quality import run
from pipeline.schemas import table as t

WIDTH = 80
# Sections of a method page that say what a table is not fit for.
CAVEATS = ("Common errors", "Limitations", "What it cannot say")
TYPES = {"int64": "whole number", "Int64": "whole number", "float64": "number", "bool": "true or false", "str": "text"}

# Every table's name, for completion: `names.` and the tab key. Each is its own name as text.
names = SimpleNamespace(**{name: name for name in catalog.tables()})


def list_tables(subject: str | None = None) -> pd.DataFrame:
    """Every table, or those of one subject: name, subject, title, rows (null where not built), and what a row is for.

    Raises ReoError for an unknown subject.
    """
    if subject not in (None, *t.SUBJECTS):
        raise ReoError(f"there is no subject {subject!r}", did_you_mean(str(subject), t.SUBJECTS))
    rows = [
        {
            "table": name,
            "subject": t.subject(table),
            "title": t.title(table),
            "rows": catalog.row_count(name) if catalog.parquet_path(name).is_file() else None,
            "one row for each": ", ".join(t.key(table)),
        }
        for name, table in catalog.tables().items()
        if subject in (None, t.subject(table))
    ]
    listed = pd.DataFrame(rows).astype({"rows": "Int64"})
    return listed.sort_values("subject", key=lambda s: s.map(list(t.SUBJECTS).index), kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Description:
    """A table in words: what a row is, columns with units, sources, method, caveats. Shows itself as text and as HTML."""

    name: str
    title: str
    text: str
    key: list[str]
    columns: pd.DataFrame = field(repr=False)
    sources: dict[str, Source] = field(repr=False)
    method: str | None = None
    caveats: tuple[str, ...] = ()

    def __repr__(self) -> str:
        lines = [f"{self.name}: {self.title}", *_wrapped(self.text)]
        lines += ["", f"One row for each: {', '.join(self.key)}", "", "Columns"]
        for name, kind, unit, meaning in self.columns.astype("str").itertuples(index=False):
            lines += _wrapped(f"{name} ({kind}{f', {unit}' if unit else ''}): {meaning}", "  ")
        lines += ["", "Sources"]
        for source_id, source in self.sources.items():
            lines += _wrapped(f"{source_id}: {_in_a_line(source)}", "  ")
        lines += ["", f"Method: {self.method or 'none, the rows are read from the sources'}"]
        if self.caveats:
            lines += ["", "Caveats", *(line for caveat in self.caveats for line in _wrapped(f"- {caveat}", "  "))]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        sources = [f"<b>{html.escape(i)}</b>: {_html(_in_a_line(source))}" for i, source in self.sources.items()]
        return "".join(
            [
                f"<h3>{_html(self.title)}</h3><p><code>{self.name}</code>: {_html(self.text)}</p>",
                f"<p>One row for each: {', '.join(f'<code>{k}</code>' for k in self.key)}</p>",
                self.columns.to_html(index=False, border=0, justify="left"),
                f"<p>Sources</p>{_list(sources)}",
                f"<p>Method: {html.escape(self.method) if self.method else 'none, the rows are read from the sources'}</p>",
                f"<p>Caveats</p>{_list([_html(c) for c in self.caveats])}" if self.caveats else "",
            ]
        )


def _in_a_line(source: Source) -> str:
    return f"{source.title}. {source.publisher}, {source.edition}. {source.licence}"


def describe(table_name: str) -> Description:
    """What a table is: columns with units, sources, method, and what it is not fit for. Raises NoSuchTable."""
    table = catalog.table(table_name)
    rows = [
        {"column": name, "type": TYPES[t.kind(column)], "unit": t.unit(column), "meaning": _meaning(column)}
        for name, column in t.columns(table).items()
    ]
    text = " ".join((inspect.getdoc(table) or "").split())
    method = t.method(table)
    return Description(
        name=table_name,
        title=t.title(table),
        text=text,
        key=t.key(table),
        columns=pd.DataFrame(rows),
        sources=_sources_of(table_name),
        method=method,
        caveats=(*_of_method_page(method), *_of_sources(table_name), *_of_checks(table_name)),
    )


def _meaning(column: Any) -> str:
    words = [str(column.description or "")]
    if allowed := t.allowed(column):
        words.append("one of " + ", ".join(map(str, allowed)))
    if column.nullable:
        words.append("may be empty")
    return "; ".join(words)


def _sources_of(table_name: str) -> dict[str, Source]:
    # Imported here: it brings the query engine, which only a table's sources need.
    from pipeline import lineage

    found = lineage.sources_of(table_name)
    return {source_id: source for source_id, source in lock.read().sources.items() if source_id in found}


def _of_method_page(method: str | None) -> list[str]:
    """The points of a method page's sections on what goes wrong."""
    page = paths.REPOSITORY / method if method else None
    if page is None or not page.is_file():
        return []
    sections = re.split(r"^## ", page.read_text("utf-8"), flags=re.MULTILINE)[1:]
    chosen = [body for heading, _, body in (s.partition("\n") for s in sections) if heading.strip() in CAVEATS]
    points = [point for body in chosen for point in re.split(r"^- |\n\n", body, flags=re.MULTILINE)]
    return [" ".join(point.split()) for point in points if point.strip() and not point.lstrip().startswith("|")]


def _of_sources(table_name: str) -> list[str]:
    closed = [s for s in _sources_of(table_name) if s in restricted.sources()]
    return [f"Rows of these sources may not be passed on and are not in releases: {', '.join(closed)}."] if closed else []


def _of_checks(table_name: str) -> list[str]:
    """What the checks of the finished table warned of."""
    found = run.read(paths.quality()) if paths.quality().is_file() else []
    return [f"Check {o.name}: {o.observed}. {o.meaning}" for o in found if o.table == table_name and not o.passed]


def search(words: str) -> pd.DataFrame:
    """Where all of some words occur, in any case: tables, columns, acts of the register, documents.

    One row for each: kind, name, text, and where to read on (a call, or an address).
    """
    asked = words.lower().split()
    if not asked:
        raise ReoError("nothing to search for was given", 'name a word or several, such as search("gallium")')
    found = [*_tables_and_columns(), *_acts(), *_documents()]
    hits = [row for row in found if all(word in f"{row[1]} {row[2]}".lower() for word in asked)]
    shown = [(kind, name, text.partition("\n")[0], where) for kind, name, text, where in hits]
    return pd.DataFrame(shown, columns=["kind", "name", "text", "where"], dtype="str")


def _tables_and_columns() -> list[tuple[str, str, str, str]]:
    """Kind, name, text (its first line is shown) and where to read on; the same of acts and documents."""
    found = []
    for name, table in catalog.tables().items():
        found.append(("table", name, f"{t.title(table)}\n{inspect.getdoc(table)}", f'describe("{name}")'))
    for name, table in catalog.tables().items():
        for column_name, column in t.columns(table).items():
            text = f"{column.description}\n{' '.join(map(str, t.allowed(column)))}"
            found.append(("column", f"{name}.{column_name}", text, f'load_table("{name}")'))
    return found


def _acts() -> list[tuple[str, str, str, str]]:
    acts = catalog.load_table("policy_events").sort_values(["announced_on", "event_id"], kind="stable")
    found = []
    for act in acts.itertuples():
        text = f"{act.announced_on}, {act.actor}: {act.title}\n{act.summary} {act.elements}"
        found.append(("act", str(act.event_id), text, f'load_table("policy_events", event_id="{act.event_id}")'))
    return found


def _documents() -> list[tuple[str, str, str, str]]:
    listed = catalog.load_table("documents")
    text = listed["title"].fillna("") + ("\n" + listed["publisher"].fillna(""))
    return list(zip(["document"] * len(listed), listed["document_id"], text, listed["url"].fillna(""), strict=True))


@dataclass(frozen=True)
class Citation:
    """How to cite: `text` for a list of references, `bibtex` for a bibliography, `attributions` to keep with the figures."""

    text: str
    bibtex: str
    attributions: dict[str, str]

    def __repr__(self) -> str:
        kept = [line for i, said in self.attributions.items() for line in _wrapped(f"{i}: {said}", "  ")]
        named = ["", "Name the publishers of the figures as well:", *kept] if kept else []
        return "\n".join([*_wrapped(self.text), *named, "", self.bibtex])

    def _repr_html_(self) -> str:
        kept = _list([f"<b>{html.escape(i)}</b>: {_html(said)}" for i, said in self.attributions.items()])
        named = f"<p>Name the publishers of the figures as well:</p>{kept}" if self.attributions else ""
        return f"<p>{_html(self.text)}</p>{named}<pre>{html.escape(self.bibtex)}</pre>"


def cite(table_name: str | None = None) -> Citation:
    """The citation of the dataset, or of one of its tables with the attributions of the sources it is made from.

    Raises NoSuchTable, and ReoError where CITATION.cff is missing.
    """
    file = (paths.release() or paths.REPOSITORY) / "CITATION.cff"
    if not file.is_file():
        raise ReoError(f"{file} is missing", "restore it from git, or unpack the release again")
    stated = yaml.safe_load(file.read_text("utf-8"))
    sources = lock.read().sources if table_name is None else _sources_of(table_name)
    # What is not released yet is of the year its newest source was read.
    year = str(stated.get("date-released") or max(s.accessed for s in lock.read().sources.values()))[:4]
    authors = [author["name"] for author in stated["authors"]]
    version = stated["version"] if "date-released" in stated else f"{stated['version']}, not released yet"
    title = stated["title"]
    part = "" if table_name is None else f" Table {table_name} ({t.title(catalog.table(table_name))})."
    bibtex = {
        "author": " and ".join(f"{{{author}}}" for author in authors),
        "title": f"{{{title}}}",
        "year": year,
        "version": version,
        "note": f"Data set.{part}",
    }
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in bibtex.items())
    return Citation(
        text=f"{', '.join(authors)} ({year}). {title}. Version {version} [Data set].{part}",
        bibtex=f"@misc{{reo_{table_name or 'dataset'}_{year},\n{fields}\n}}",
        attributions={source_id: " ".join(source.attribution.split()) for source_id, source in sources.items()},
    )


def _wrapped(text: str, indent: str = "") -> list[str]:
    """Lines of a terminal, emphasis taken off."""
    following = f"{indent}  " if indent else ""
    plain = re.sub(r"\*([^*]+)\*", r"\1", text)
    return textwrap.wrap(plain, WIDTH, initial_indent=indent, subsequent_indent=following, break_long_words=False)


def _html(text: str) -> str:
    """Text with names as code and emphasis as a method page has them, all else escaped."""
    escaped = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", escaped)


def _list(items: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
