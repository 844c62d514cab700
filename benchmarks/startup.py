"""Times what every `reo` process pays before it works: composing the assets, and a build that finds nothing to do.

    python benchmarks/startup.py

Each task is a process of its own; processor seconds are user and system together, the median of five is reported with its
ratio to `import dagster`, the tasks taken in turn. The data folder is brought up to date first, which takes as long as it takes.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

from timing import Seconds, seconds_of_children

ROUNDS = 5
DAGSTER = "import dagster"
COMPOSE = "from pipeline.definitions import compose; compose()"
BUILD = "from pipeline.cli import main; main()"
# The most each may take, as a multiple of `import dagster`.
MOST = {"compose": 2.0, "reo build, no change": 3.0}


def process(code: str, *arguments: str) -> None:
    """Run code in a fresh Python. Raises CalledProcessError where it fails."""
    repository = Path(__file__).resolve().parent.parent
    # As on a user's machine, where Python keeps compiled modules.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code, *arguments]
    subprocess.run(command, check=True, cwd=repository, env=environment, stdout=subprocess.DEVNULL)


def main() -> None:
    process(BUILD, "build")
    tasks = {
        "import dagster": lambda: process(DAGSTER),
        "compose": lambda: process(COMPOSE),
        "reo build, no change": lambda: process(BUILD, "build"),
    }
    rounds = [{name: seconds_of_children(run) for name, run in tasks.items()} for _ in range(ROUNDS)]
    for clock in Seconds._fields:
        took = {name: statistics.median(getattr(r[name], clock) for r in rounds) for name in tasks}
        print(f"  {clock}: " + ", ".join(f"{name} {took[name]:.3f} s" for name in tasks))
        for name, most in MOST.items():
            print(f"    {name} / import dagster: {took[name] / took['import dagster']:.2f}, at most {most:.1f}")


if __name__ == "__main__":
    main()
