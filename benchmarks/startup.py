"""Times what every `reo` process pays before it works: composing the assets, and a build that finds nothing to do.

    python benchmarks/startup.py

Each task is a process of its own; the median of five is reported with its ratio to `import dagster`, the tasks taken in turn.
The data folder is brought up to date first, which takes as long as it takes.
"""

import os
import subprocess
import sys
from pathlib import Path

from timing import Compared, compared, seconds_of_children, show

ROUNDS = 5
DAGSTER = "import dagster"
COMPOSE = "from pipeline.definitions import compose; compose()"
BUILD = "from pipeline.cli import main; main()"
# The most each may take, as a multiple of `import dagster`.
MOST = {"composing the assets (the code location)": 2.0, "reo build, nothing changed": 3.0}


def process(code: str, *arguments: str) -> None:
    """Run code in a fresh Python. Raises CalledProcessError where it fails."""
    repository = Path(__file__).resolve().parent.parent
    # As on a user's machine, where Python keeps compiled modules.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code, *arguments]
    subprocess.run(command, check=True, cwd=repository, env=environment, stdout=subprocess.DEVNULL)


def rows() -> list[Compared]:
    process(BUILD, "build")
    tasks = {
        "import dagster": lambda: process(DAGSTER),
        "composing the assets (the code location)": lambda: process(COMPOSE),
        "reo build, nothing changed": lambda: process(BUILD, "build"),
    }
    rounds = [{name: seconds_of_children(run) for name, run in tasks.items()} for _ in range(ROUNDS)]
    took = {name: [r[name] for r in rounds] for name in tasks}
    return [compared(name, took[name], "import dagster", took["import dagster"], most) for name, most in MOST.items()]


if __name__ == "__main__":
    show(rows())
