"""Would a test notice? Changes one thing at a time in the modules that make published numbers, and runs their own tests.

    python benchmarks/mutants.py [--minutes 60] [--jobs 2] [--again] [module ...]

Modules are names such as `unit_values`, `helpers/shares` or `contract`; without any, all of pipeline/measures and the contract.
Operators are those of cosmic-ray (OPERATORS) and two of our own: an aggregate in place of another, a filter left out. A changed
module never reaches the disk: each mutant is run in a forked process that imports the changed text. Tests that draw random cases
are left out, so that a mutant counts as killed by a worked case only and a run gives the same twice. Survivors of modules with
lineage rules meet test_lineage.py too. Results are kept in mutants_results.csv, survivors a person has read with the reason in
mutants_reviewed.csv; docs/mutants.md is written from both.
"""

import argparse
import csv
import hashlib
import importlib
import importlib.abc
import importlib.util
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timing import results

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
RESULTS, REVIEWED, PAGE = HERE / "mutants_results.csv", HERE / "mutants_reviewed.csv", REPOSITORY / "docs" / "mutants.md"
SECONDS_A_MUTANT = 90
OPERATORS = (
    *(
        f"core/ReplaceComparisonOperator_{pair}"
        for pair in ("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Is_IsNot")
    ),
    *(
        f"core/ReplaceBinaryOperator_{pair}"
        for pair in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "Pow_Mul", "BitAnd_BitOr", "BitOr_BitAnd")
    ),
    *(f"core/ReplaceUnaryOperator_{pair}" for pair in ("USub_UAdd", "Delete_Not", "Delete_Invert")),
    "core/NumberReplacer", "core/AddNot", "core/ReplaceTrueWithFalse", "core/ReplaceFalseWithTrue", "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
)  # fmt: skip
AGGREGATES = {"sum": "mean", "min": "max", "max": "min", "first": "last", "last": "first", "any": "all", "all": "any"}
FILTERS = (".filter", ".query", ".dropna", ".clip")
# Libraries that a test of a measure imports: loaded once, before any fork.
LIBRARIES = (
    "numpy", "pandas", "pyarrow", "ibis", "ibis.backends.duckdb", "duckdb", "pandera.pandas", "scipy.sparse.linalg",
    "hypothesis.extra.pandas", "pytest", "dagster", "yaml", "pydantic", "rich",
)  # fmt: skip


class Swapped:
    """`sum` → `mean`, `min` ↔ `max`, `first` ↔ `last`, `any` ↔ `all`, as a method or as the name of an aggregate."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        if self._other(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        node.value = self._other(node)
        return node

    @staticmethod
    def _other(node: Any) -> str | None:
        if node.type == "string" and node.value.strip("\"'") in AGGREGATES and node.parent.type not in ("subscript", "trailer"):
            return f'"{AGGREGATES[node.value.strip(chr(34) + chr(39))]}"'
        if node.type == "name" and node.parent.type == "trailer" and node.parent.children[0].value == ".":
            return AGGREGATES.get(node.value)
        return None


class FilterLeftOut:
    """`rows.filter(…)`, `rows.query(…)`, `rows.dropna(…)`, `rows.clip(…)` or `rows[condition]` → `rows`."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        for first, last in self._found(node):
            yield node.children[first].start_pos, node.children[last].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        first, last = list(self._found(node))[index]
        del node.children[first : last + 1]
        return node

    @staticmethod
    def _found(node: Any) -> Iterator[tuple[int, int]]:
        if node.type not in ("atom_expr", "power"):
            return
        for at, child in enumerate(node.children):
            text = child.get_code().strip() if child.type == "trailer" else ""
            if text in FILTERS and at + 1 < len(node.children):
                yield at, at + 1
            elif text.startswith("[") and re.search(r"[<>]|==|!=|~|\.isin\(|\.notna\(|\.between\(", text):
                yield at, at


@dataclass(frozen=True)
class Mutant:
    module: str
    line: int
    before: str
    after: str
    source: str


def file_of(module: str) -> Path:
    return REPOSITORY / "pipeline" / ("schemas/contract.py" if module == "contract" else f"measures/{module}.py")


def all_modules() -> list[str]:
    measures = REPOSITORY / "pipeline" / "measures"
    files = sorted([*measures.glob("*.py"), *measures.glob("helpers/*.py")])
    return [*(str(f.relative_to(measures).with_suffix("")) for f in files if f.name != "__init__.py"), "contract"]


def tests_of(module: str) -> list[str]:
    """A module's own tests: of a measure by its name, of a helper its own and those of the measures that import it."""
    tests = REPOSITORY / "tests"
    if module == "contract":
        return [str(tests / "schemas" / name) for name in ("test_contract.py", "test_units.py")]
    found = [tests / "measures" / Path(module).parent / f"test_{Path(module).name}.py"]
    if module.startswith("helpers/"):
        uses = re.compile(rf"helpers(\.| import .*\b|\.\w+ import .*\b){Path(module).name}\b")
        for other in sorted((REPOSITORY / "pipeline" / "measures").glob("*.py")):
            if uses.search(other.read_text("utf-8")):
                found.append(tests / "measures" / f"test_{other.name}")
    return [str(file) for file in found if file.is_file()]


def mutants_of(module: str) -> list[Mutant]:
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    source = file_of(module).read_text("utf-8")
    before = source.split("\n")
    found: dict[str, Mutant] = {}
    for operator in [*(get_operator(name)() for name in OPERATORS), Swapped(), FilterLeftOut()]:
        for occurrence in range(10_000):
            changed = mutate_code(source, operator, occurrence)
            if changed is None:
                break
            after = changed.split("\n")
            at = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
            if at is not None:
                found[changed] = Mutant(module, at + 1, before[at].strip(), after[at].strip(), changed)
    return sorted(found.values(), key=lambda mutant: (mutant.line, mutant.after))


class Imported(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the changed text where the module is imported."""

    def __init__(self, name: str, file: Path, source: str) -> None:
        self.name, self.file, self.source = name, file, source

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.file, loader=self)

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        exec(compile(self.source, str(self.file), "exec"), module.__dict__)


class WorkedCases:
    """Leaves out tests that draw random cases and those that fail unchanged; notes which fail."""

    def __init__(self, without: frozenset[str]) -> None:
        self.without, self.failed = without, []

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [i for i in items if i.nodeid not in self.without and not hasattr(getattr(i, "obj", None), "hypothesis")]

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def run_tests(mutant: Mutant, tests: list[str], without: frozenset[str], told: Path, stop: bool = True) -> None:
    """In a forked process: pytest over the tests with the changed module. Exits with pytest's code; ids that failed in `told`."""
    import pytest

    os.setsid()
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    code = 3
    try:
        name = ".".join(file_of(mutant.module).relative_to(REPOSITORY).with_suffix("").parts)
        sys.meta_path.insert(0, Imported(name, file_of(mutant.module), mutant.source))
        plugin = WorkedCases(without)
        with tempfile.TemporaryDirectory() as folder:
            options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"--basetemp={folder}/t", *(["-x"] if stop else [])]
            code = int(pytest.main([*options, *tests], plugins=[plugin]))
        told.write_text("\n".join(plugin.failed))
    finally:
        os._exit(code)


def outcomes(mutants: list[Mutant], tests: list[str], without: frozenset[str], jobs: int, until: float) -> dict[int, str]:
    """killed, survived or timeout by place in the list; those not begun in time are missing."""
    waiting, running, found = list(range(len(mutants))), {}, {}
    with tempfile.TemporaryDirectory() as folder:
        while waiting or running:
            while waiting and len(running) < jobs and time.monotonic() < until:
                at = waiting.pop(0)
                child = os.fork()
                if child == 0:
                    run_tests(mutants[at], tests, without, Path(folder) / str(at))
                running[child] = (at, time.monotonic())
            if not running:
                break
            ended, status = os.waitpid(-1, os.WNOHANG)
            if ended:
                at, _since = running.pop(ended)
                found.setdefault(at, "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed")
                continue
            for child, (at, since) in running.items():
                if at not in found and time.monotonic() - since > SECONDS_A_MUTANT:
                    found[at] = "timeout"
                    os.kill(child, signal.SIGKILL)
            time.sleep(0.05)
    return found


def failing_unchanged(module: str, tests: list[str]) -> frozenset[str]:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "failed"
        child = os.fork()
        if child == 0:
            run_tests(Mutant(module, 0, "", "", file_of(module).read_text("utf-8")), tests, frozenset(), told, stop=False)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code not in (0, 1):
            raise SystemExit(f"{module}: the tests do not run unchanged (pytest ended with {code}): {tests}")
        return frozenset(told.read_text().split("\n")) - {""}


def version(module: str) -> str:
    return hashlib.sha256(file_of(module).read_bytes()).hexdigest()[:12]


def known_killed(module: str) -> set[tuple[str, ...]]:
    """Line, before and after of the mutants of the module as it is that tests are known to kill."""
    rows = [row for row in results(RESULTS) if row["module"] == module and row["version"] == version(module)]
    return {(row["line"], row["before"], row["after"]) for row in rows if row["outcome"] in ("killed", "timeout")}


def measure(module: str, jobs: int, until: float, again: bool = False) -> list[dict[str, str]]:
    """A row a mutant: module, version of its text, line, before, after, outcome. `again`: without those known to be killed."""
    tests = tests_of(module)
    if not tests:
        print(f"{module}: no tests of its own", flush=True)
        return []
    mutants = mutants_of(module)
    without = failing_unchanged(module, tests)
    for name in sorted(without):
        print(f"{module}: {name} fails unchanged and is not used", flush=True)
    known = known_killed(module) if again else set()
    asked = [at for at, m in enumerate(mutants) if (str(m.line), m.before, m.after) not in known]
    found = {at: "killed" for at in range(len(mutants)) if at not in asked}
    found |= {asked[n]: outcome for n, outcome in outcomes([mutants[at] for at in asked], tests, without, jobs, until).items()}
    left = [at for at, outcome in found.items() if outcome == "survived"]
    if left and "LINEAGE" in file_of(module).read_text("utf-8"):
        lineage = [str(REPOSITORY / "tests" / "measures" / "test_lineage.py"), "-k", module]
        again = outcomes([mutants[at] for at in left], lineage, frozenset(), jobs, until)
        found |= {left[n]: outcome for n, outcome in again.items()}
    rows = []
    for at, mutant in enumerate(mutants):
        row = {"module": module, "version": version(module), "line": str(mutant.line), "before": mutant.before}
        rows.append(row | {"after": mutant.after, "outcome": found.get(at, "not run")})
    return rows


def keep(module: str, rows: list[dict[str, str]]) -> None:
    kept = [row for row in results(RESULTS) if row["module"] != module]
    with RESULTS.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, ["module", "version", "line", "before", "after", "outcome"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*kept, *rows], key=lambda row: row["module"]))


def code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


def page() -> str:
    rows, reasons = results(RESULTS), {(r["module"], r["before"], r["after"]): r["reason"] for r in results(REVIEWED)}
    table, survivors = [], []
    for module in sorted({row["module"] for row in rows}):
        of = [row for row in rows if row["module"] == module]
        count = {name: sum(row["outcome"] == name for row in of) for name in ("killed", "timeout", "survived", "not run")}
        left = [row for row in of if row["outcome"] == "survived"]
        reviewed = sum((r["module"], r["before"], r["after"]) in reasons for r in left)
        ran = len(of) - count["not run"]
        killed = count["killed"] + count["timeout"]
        part = f"{100 * killed / ran:.0f} %" if ran else "–"
        stale = "" if of[0]["version"] == version(module) else " (the module has changed since)"
        table.append(
            f"| {module}{stale} | {len(of)} | {killed} | {count['survived']} | {reviewed} | {count['not run']} | {part} |"
        )
        for row in left:
            why = reasons.get((row["module"], row["before"], row["after"]), "not reviewed")
            survivors.append(f"| {module}:{row['line']} | {code(row['before'])} | {code(row['after'])} | {why} |")
    absent = [module for module in all_modules() if module not in {row["module"] for row in rows}]
    return "\n".join(
        [
            "# Mutants: would a test notice?", "",
            "Written by `make mutants` (benchmarks/mutants.py), which changes one thing at a time in a module that makes",
            "published numbers and runs the tests of that module: a comparison, a sign, a constant, and/or, a filter.",
            "A mutant that no test notices survives. Tests that draw random cases are not used: figures are a lower bound.",
            "Reviewed survivors stand with the reason why no published number can change in `benchmarks/mutants_reviewed.csv`.",
            "Killed counts the mutants that never came to an end.", "",
            "| Module | Mutants | Killed | Survived | of them reviewed | Not run | Killed of those run |",
            "|---|---:|---:|---:|---:|---:|---:|", *table, "",
            "## Survivors", "",
            "| Where | Code | Mutant | Why no published number changes |", "|---|---|---|---|", *survivors, "",
            "## Not measured", "", ", ".join(absent) or "Nothing.", "",
        ]
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", default=all_modules())
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--again", action="store_true", help="only mutants that survived, or were not run, the last time")
    parser.add_argument("--only-page", action="store_true", help="write docs/mutants.md from the results that are kept")
    wanted = parser.parse_args()
    os.chdir(REPOSITORY)
    sys.path.insert(0, str(REPOSITORY))
    until = time.monotonic() + 60 * wanted.minutes
    if not wanted.only_page:
        for name in LIBRARIES:
            importlib.import_module(name)
        for module in wanted.modules:
            if time.monotonic() > until:
                print(f"{module} and those after it are not measured: the time is over", flush=True)
                break
            began = time.monotonic()
            rows = measure(module, wanted.jobs, until, wanted.again)
            if rows:
                keep(module, rows)
                of = {name: sum(row["outcome"] == name for row in rows) for name in ("killed", "timeout", "survived", "not run")}
                print(module, *(f"{n} {name}" for name, n in of.items()), f"{time.monotonic() - began:.0f} s", flush=True)
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
