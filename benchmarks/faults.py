"""What is lost when something goes wrong in a build: kills at random moments, a full disk, damaged files, two builds at once.

    python benchmarks/faults.py [--kills 30] [--seed 1] [--jobs 2]

Each begins with a finished toy world of its own without a few tables (for kills also without its notebook and its report), so
that a build has something to make. The fault happens to that build; kills happen five times in a row. Each time every table that
was there must be there with the same bytes and what the build said must name a remedy; in the end one more build must give the
bytes of the undisturbed world. docs/faults.md is written from it.
"""

import argparse
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "faults.md"
REO = [sys.executable, "-c", "from pipeline.cli import main; main()"]
# Data Docs and Dagster's records hold times; the DuckDB file holds no row.
NOT_REPEATED = ("data_docs", "observatory.duckdb")
REMOVED = 3
IN_A_ROW = 5
DISK_BYTES = (0, 4_096, 40_000, 200_000)
UNCLEAR = ("Traceback", "not foreseen")


@dataclass
class Fault:
    """How often a fault was tried, what was lost (tables or pages), and how often the message did not help."""

    tries: int = 0
    lost: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


class World:
    """A finished toy world with some of its products removed."""

    def __init__(self, whole: Path, folder: Path, chance: random.Random, without_pages: bool = True):
        self.whole, self.folder = whole, folder
        shutil.copytree(whole, folder)
        self.processed = folder / "processed"
        for table in chance.sample(sorted(self.processed.glob("*.parquet")), REMOVED):
            table.unlink()
        for pages in ("report", "notebooks") if without_pages else ():
            shutil.rmtree(self.processed / pages)
        self.before = tables(folder)

    def build(self, **settings: object) -> subprocess.Popen[str]:
        return subprocess.Popen([*REO, "build"], env=surroundings(self.folder), **PIPES, **settings)  # type: ignore[call-overload]

    def lost(self) -> list[str]:
        """The tables that are no longer as they were."""
        now = tables(self.folder)
        return [f"{name} at once" for name, content in self.before.items() if now.get(name) != content]

    def differs(self) -> list[str]:
        """What is not as in the undisturbed world after one more build."""
        again = subprocess.run([*REO, "build"], env=surroundings(self.folder), **PIPES, check=False)  # type: ignore[call-overload]
        if again.returncode:
            return [f"the next build fails: {again.stdout.strip()[-300:]}"]
        made, wanted = content_of(self.folder), content_of(self.whole)
        return [name for name in sorted(made | wanted) if made.get(name) != wanted.get(name)]


PIPES = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "cwd": REPOSITORY}


def surroundings(folder: Path) -> dict[str, str]:
    return {**os.environ, "REO_DATA": str(folder), "PYTHONPATH": str(REPOSITORY)}


def content_of(folder: Path) -> dict[str, str]:
    """The hash of every file that two builds give alike."""
    processed = folder / "processed"
    files = [p for p in processed.rglob("*") if p.is_file() and p.relative_to(processed).parts[0] not in NOT_REPEATED]
    return {str(p.relative_to(processed)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def tables(folder: Path) -> dict[str, str]:
    """The tables that can be read: their Parquet files by name, with their hash."""
    return {name: content for name, content in content_of(folder).items() if name.endswith(".parquet")}


def stopped(how: signal.Signals, seconds: float) -> Callable[[World, random.Random], str]:
    """A build that gets a signal at a random moment of the time that one takes."""

    def happen(world: World, chance: random.Random) -> str:
        with world.build() as process:
            time.sleep(chance.uniform(0.2, seconds))
            process.send_signal(how)
            said, _ = process.communicate()
        return "" if how == signal.SIGKILL or process.returncode == 0 else said

    return happen


def disk_full(size: int) -> Callable[[World, random.Random], str]:
    """No file can grow beyond so many bytes: writing fails as on a full disk, in every library."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    def happen(world: World, chance: random.Random) -> str:
        with world.build(preexec_fn=limit) as process:
            said, _ = process.communicate()
        return said if process.returncode else ""

    return happen


def damaged(file: str) -> Callable[[World, random.Random], str]:
    """Some bytes of a file are overwritten; the file stays as long as it was."""

    def happen(world: World, chance: random.Random) -> str:
        name = chance.choice(sorted(world.folder.glob(file)))
        content = bytearray(name.read_bytes())
        for _ in range(20):
            content[chance.randrange(len(content))] ^= 255
        name.write_bytes(content)
        world.before.pop(str(name.relative_to(world.processed)) if name.is_relative_to(world.processed) else "", None)
        with world.build() as process:
            said, _ = process.communicate()
        if process.returncode and "delete" in said:
            # Dagster's records: the message asks for it.
            shutil.rmtree(world.folder / "dagster")
        return said if process.returncode else ""

    return happen


def in_the_way(name: str) -> Callable[[World, random.Random], str]:
    """A folder with that name where a file belongs; it is removed as the message says."""

    def happen(world: World, chance: random.Random) -> str:
        place = world.processed / name
        place.unlink(missing_ok=True)
        place.mkdir(parents=True)
        world.before.pop(name, None)
        with world.build() as process:
            said, _ = process.communicate()
        place.is_dir() and place.rmdir()
        return said if process.returncode else ""

    return happen


def two_at_once(world: World, chance: random.Random) -> str:
    with world.build() as one, world.build() as other:
        said = [process.communicate()[0] for process in (one, other)]
    failed = [text for process, text in zip((one, other), said, strict=True) if process.returncode]
    return "" if not failed else failed[0] if len(failed) == 1 else "Traceback: both failed " + " ".join(failed)


def tried(name: str, happen: Callable[[World, random.Random], str], times: int, whole: Path, chance: random.Random) -> Fault:
    """The fault, so many times in a row to the builds of one world."""
    found = Fault()
    with tempfile.TemporaryDirectory() as folder:
        world = World(whole, Path(folder) / "toy world", chance, without_pages=times > 1)
        for _ in range(times):
            said = happen(world, chance)
            found.tries += 1
            if said and ("What to do" not in said or any(word in said for word in UNCLEAR)):
                found.unclear.append(said)
            found.lost += world.lost()
        found.lost += world.differs()
    print(f"{name}, {times} times: {len(found.lost)} lost, {len(found.unclear)} unclear", flush=True)
    for text in found.unclear[:1] + found.lost[:3]:
        print(f"  {name}: {text}", flush=True)
    return found


def all_tried(
    faults: list[tuple[str, Callable[[World, random.Random], str], int]], whole: Path, seed: int, jobs: int
) -> dict[str, Fault]:
    found = {name: Fault() for name, _happen, _times in faults}
    with ThreadPoolExecutor(jobs) as pool:
        asked = []
        for number, (name, happen, times) in enumerate(faults):
            chance = random.Random(f"{seed} {number} {name}")
            asked.append((name, pool.submit(tried, name, happen, times, whole, chance)))
        for name, future in asked:
            of_world = future.result()
            found[name].tries += of_world.tries
            found[name].lost += of_world.lost
            found[name].unclear += of_world.unclear
    return found


def page(found: dict[str, Fault]) -> str:
    rows = [f"| {name} | {f.tries} | {len(f.lost)} | {len(f.unclear)} |" for name, f in found.items()]
    return "\n".join(
        [
            "# Faults: what is lost", "",
            "Written by `python benchmarks/faults.py`: faults of a build of the toy world. After each, every table that was",
            "there must still be there with the same bytes, the message must say what to do, and one more build must give the",
            "bytes of a build that nothing disturbed (all but Data Docs and Dagster's records, which hold times). Lost counts",
            "the files that did not; unclear counts messages without a remedy. A handful of each kind is tried in the tests too",
            "(tests/end_to_end, tests/test_files.py, tests/test_dagster_records.py), which also cover a read-only disk, another",
            "time zone, locale and hash seed, and a release while a build is under way.", "",
            "| Fault | Tries | Lost | Unclear |", "|---|---:|---:|---:|", *rows, "",
        ]
    )  # fmt: skip


def faults(kills: int, seconds: float) -> list[tuple[str, Callable[[World, random.Random], str], int]]:
    """What happens to a build that takes so many seconds, and how many times in a row."""
    return [
        *[("killed (SIGKILL) at a random moment", stopped(signal.SIGKILL, seconds), IN_A_ROW)] * (kills // IN_A_ROW),
        ("terminated (SIGTERM) at a random moment", stopped(signal.SIGTERM, seconds), 3),
        ("interrupted (Ctrl-C) at a random moment", stopped(signal.SIGINT, seconds), 3),
        *((f"no file can be longer than {size:,} bytes", disk_full(size), 1) for size in DISK_BYTES),
        ("damaged Parquet file", damaged("processed/*.parquet"), 1),
        ("damaged CSV file", damaged("processed/*.csv"), 1),
        ("damaged DuckDB file", damaged("processed/observatory.duckdb"), 1),
        ("damaged page of the checks", damaged("processed/data_docs/*.html"), 1),
        ("damaged database of Dagster", damaged("dagster/history/runs.db"), 1),
        ("a folder where a table belongs", in_the_way("blocs.parquet"), 1),
        ("a folder where a page belongs", in_the_way("report/index.html"), 1),
        ("a folder where the notebook belongs", in_the_way("notebooks/01_toy_world.ipynb"), 1),
        ("two builds at once", two_at_once, 1),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    wanted = parser.parse_args()
    sys.path.insert(0, str(REPOSITORY))
    from tests.toy_world import raw_inputs

    with tempfile.TemporaryDirectory() as temporary:
        whole = Path(temporary) / "whole"
        raw_inputs.write(whole)
        subprocess.run([*REO, "build"], env=surroundings(whole), check=True, stdout=subprocess.DEVNULL)
        undisturbed = World(whole, Path(temporary) / "undisturbed", random.Random(wanted.seed))
        began = time.monotonic()
        undisturbed.build().communicate()
        seconds = time.monotonic() - began
        found = all_tried(faults(wanted.kills, seconds), whole, wanted.seed, wanted.jobs)
    PAGE.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()
