"""No module imports upwards or in a circle, found by reading every import under pipeline/, also those inside functions."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PIPELINE = Path(__file__).parents[1] / "pipeline"
# Folders and single modules from the ground up: each may import its own and those above it in this list.
FLOORS = (
    ("errors",),
    ("dates", "paths"),
    ("files", "listing", "one_build", "progress", "ui"),
    ("engine", "packed"),
    ("released",),
    ("schemas",),
    ("intake", "table_files"),
    ("measures", "sources"),
    ("catalog",),
    ("wiring",),
    ("disrupt", "doctor", "goods", "lineage"),
    ("quality", "restricted"),
    ("explain", "forecast", "verify_sources"),
    ("report",),
    ("library", "release"),
    ("candidate", "showing"),
    ("assets",),
    ("build",),
    ("releasing",),
    ("definitions",),
    ("cli",),
    ("__main__",),
)
# What a folder or module may import of the project, where that is less than all floors below it.
ONLY = {
    "catalog": {"engine", "errors", "files", "measures", "paths", "released", "schemas", "table_files"},
    "measures": {"dates", "errors", "schemas"},
}
FRAMEWORKS = {"dagster", "great_expectations"}
WITHOUT_FRAMEWORKS = ("schemas", "intake", "sources", "measures", "catalog", "wiring", "lineage", "explain", "library")


def _modules() -> dict[str, Path]:
    found = {}
    for file in sorted(PIPELINE.rglob("*.py")):
        name = ".".join(file.relative_to(PIPELINE.parent).with_suffix("").parts).removesuffix(".__init__")
        found[name] = file
    return found


MODULES = _modules()


def _imports(file: Path) -> set[str]:
    """The full names that a file imports, those of modules where `from a import b` names one."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}, line {node.lineno}: imports are absolute in this project"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else str(node.module) for name in names}
    return found


IMPORTS = {name: _imports(file) for name, file in MODULES.items()}
OWN = {name: {n for n in imported if n in MODULES} - {name} for name, imported in IMPORTS.items()}


def _room(module: str) -> str:
    """The folder or module directly below pipeline/."""
    return [*module.split("."), ""][1]


def _upwards() -> list[str]:
    floor = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
    wrong = []
    for module, imported in OWN.items():
        for other in imported - {"pipeline"}:
            here, there = _room(module), _room(other)
            allowed = here == there or (floor[there] < floor[here] and there in ONLY.get(here, floor))
            if not allowed:
                wrong.append(f"{module} imports {other}")
    return sorted(wrong)


def test_every_folder_and_module_has_a_floor() -> None:
    known = {room for rooms in FLOORS for room in rooms}
    assert {_room(module) for module in MODULES} - {""} <= known, "add the new folder or module to FLOORS, where it belongs"


def test_no_import_goes_upwards_or_sideways() -> None:
    assert _upwards() == []


def test_no_imports_form_a_circle() -> None:
    # Raises CycleError, which names the modules of the circle.
    TopologicalSorter(OWN).prepare()


@pytest.mark.parametrize("room", WITHOUT_FRAMEWORKS)
def test_what_computes_knows_neither_dagster_nor_great_expectations(room: str) -> None:
    for module, imported in IMPORTS.items():
        if _room(module) == room:
            assert not {name.split(".")[0] for name in imported} & FRAMEWORKS, module
