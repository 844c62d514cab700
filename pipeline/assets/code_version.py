"""The code version of an asset: a hash of all code that its table comes from, so that no edit is forgotten."""

import hashlib
import re
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

from pipeline import paths, wiring
from pipeline.schemas import table as t
from pipeline.schemas.table import Table


def code_version(table: type[Table]) -> str:
    """Changes with the modules of the table's class and function, all they import, and how tables are checked and stored."""
    by_year = _code("pipeline.measures.helpers.by_year") if t.name(table) in wiring.BY_YEAR else ""
    return source_version(wiring.signature(t.name(table)).module, _code(table.__module__) + by_year)


# What every table is checked and stored by, and the versions of the libraries that do it.
EVERYWHERE = ("pipeline.schemas.table", "pipeline.schemas.vocabularies", "pipeline.schemas.contract", "pipeline.catalog")
LOCK = paths.REPOSITORY / "requirements.lock"
IMPORT = re.compile(r"^ *(?:from|import) (pipeline[\w.]*)(?: import (?:\(([^)]*)\)|([^\n(]*)))?", re.MULTILINE)
# What compiled code consists of, all but where its lines are.
CONTENT = (
    *("co_name", "co_flags", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_code", "co_exceptiontable"),
    *("co_names", "co_varnames", "co_freevars", "co_cellvars", "co_consts"),
)


def source_version(module: str, extra: str = "") -> str:
    """A hash of a module's code, of every project module it imports, and of the locked libraries; comments do not change it.

    Modules of table classes are left out but for `extra`, so that a change in one table does not remake all.
    """
    reached = {*_reached(module), *EVERYWHERE}
    parts = [_code(name) for name in sorted(reached) if not _is_table_module(name)]
    return _hash("\n".join([*parts, _locked_libraries(), extra]))[:16]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _locked_libraries() -> str:
    return _hash(LOCK.read_text("utf-8"))


def _is_table_module(module: str) -> bool:
    return module.startswith("pipeline.schemas.") and module not in EVERYWHERE


@cache
def _reached(module: str) -> frozenset[str]:
    """A module and every project module it imports, directly or through others."""
    reached, waiting = set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(_imported(name))
    return frozenset(reached)


@cache
def _file(module: str) -> Path | None:
    """A project module's file, None where there is no such module; imports nothing."""
    place = paths.REPOSITORY.joinpath(*module.split("."))
    return next((f for f in (place.with_suffix(".py"), place / "__init__.py") if f.is_file()), None)


@cache
def _code(module: str) -> str:
    """A hash of the module's compiled code, all but its line numbers. Python keeps that beside the source: nothing is parsed."""
    file = _file(module)
    compiled = SourceFileLoader(module, str(file)).get_code(module) if file else None
    return _hash(repr(_content(compiled)))


def _content(constant: Any) -> Any:
    if isinstance(constant, CodeType):
        return [_content(getattr(constant, name)) for name in CONTENT]
    if isinstance(constant, tuple):
        return [_content(one) for one in constant]
    # A set's order differs from process to process.
    return sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant


@cache
def _imported(module: str) -> frozenset[str]:
    """The project modules a module imports at any place in it."""
    file = _file(module)
    names = set[str]()
    for base, bracketed, plain in IMPORT.findall(file.read_text("utf-8") if file else ""):
        names |= {base, *(f"{base}.{name}" for name in re.findall(r"\w+", bracketed or plain))}
    return frozenset(n for n in names if n.startswith("pipeline.") and _file(n))
