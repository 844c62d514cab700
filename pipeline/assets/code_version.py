"""The code version of an asset: a hash of all code that its table comes from, so that no edit is forgotten."""

import ast
import hashlib
import importlib.util
import sys
from functools import cache
from pathlib import Path
from typing import Any

from pipeline import catalog, paths, wiring


def code_version(table_name: str) -> str:
    """Changes with the modules of the table's class and function, all they import, and how tables are checked and stored."""
    return source_version(wiring.signature(table_name).module, _code(catalog.table(table_name).__module__))


# What every table is checked and stored by, and the versions of the libraries that do it.
EVERYWHERE = ("pipeline.schemas.table", "pipeline.schemas.vocabularies", "pipeline.schemas.contract", "pipeline.catalog")
LOCK = paths.REPOSITORY / "requirements.lock"


def source_version(module: str, extra: str = "") -> str:
    """A hash of a module's code, of every project module it imports, and of the locked libraries; comments and layout aside.

    Modules of table classes are left out but for `extra`, so that a change in one table does not remake all.
    """
    reached = {*_reached(module), *EVERYWHERE}
    parts = [_code(name) for name in sorted(reached) if not _is_table_module(name)]
    return hashlib.sha256("\n".join([*parts, _text(LOCK), extra]).encode()).hexdigest()[:16]


@cache
def _text(file: Path) -> str:
    return file.read_text("utf-8")


def _is_table_module(module: str) -> bool:
    return module.startswith("pipeline.schemas.") and module not in EVERYWHERE


def _reached(module: str) -> set[str]:
    reached, waiting = set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(_imported(name))
    return reached


@cache
def _file(module: str) -> Path | None:
    spec = sys.modules[module].__spec__ if module in sys.modules else _find(module)
    return Path(spec.origin) if spec and spec.origin else None


def _find(module: str) -> Any:
    try:
        return importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None


@cache
def _tree(module: str) -> ast.Module:
    file = _file(module)
    return ast.parse(file.read_text("utf-8")) if file else ast.Module([], [])


@cache
def _code(module: str) -> str:
    return ast.dump(_tree(module))


@cache
def _imported(module: str) -> frozenset[str]:
    names = set[str]()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(n for n in names if n.startswith("pipeline.") and _file(n))
