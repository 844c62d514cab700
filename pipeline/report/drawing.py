"""Charts drawn to SVG and SVG to PNG: many at once on all processors, each in a process that loads the drawing library alone."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import vl_convert

from pipeline import paths
from pipeline.errors import ReoError

PNG_SCALE = 1.5
# Fewer pictures are not worth another process.
FEW = 10


def svgs(specifications: Sequence[dict[str, Any]]) -> list[str]:
    """The SVG of each Vega-Lite specification."""
    return _all("svg", specifications)


def pngs(pictures: Sequence[str]) -> list[bytes]:
    """The PNG of each SVG."""
    return [base64.b64decode(text) for text in _all("png", pictures)]


def _all(kind: str, jobs: Sequence[Any]) -> list[str]:
    workers = max(1, min(os.cpu_count() or 1, len(jobs) // FEW))
    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(lambda place: _elsewhere(kind, jobs[place::workers]), range(workers)))
    done = [""] * len(jobs)
    for place, part in enumerate(parts):
        done[place::workers] = part
    return done


def _draw(kind: str, job: Any) -> str:
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(job))
    return base64.b64encode(vl_convert.svg_to_png(job, scale=PNG_SCALE)).decode()


def _elsewhere(kind: str, jobs: Sequence[Any]) -> list[str]:
    """The same in a process of its own. Raises ReoError with its last words."""
    command = [sys.executable, "-m", "pipeline.report.drawing", kind]
    # The library places dates by the time zone of its process.
    environment = {**os.environ, "TZ": "UTC"}
    done = subprocess.run(
        command, cwd=paths.REPOSITORY, env=environment, input=json.dumps(jobs), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ReoError(f"figures of the report cannot be drawn: {said}", "check the free memory, then run `reo build` again")
    return [str(text) for text in json.loads(done.stdout)]


if __name__ == "__main__":
    json.dump([_draw(sys.argv[1], job) for job in json.load(sys.stdin)], sys.stdout)
