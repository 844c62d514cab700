"""The job `release` of the UI refuses what `reo release` refuses."""

from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from pipeline.definitions import compose
from pipeline.release import package


def test_the_job_looks_whether_what_is_built_is_as_the_code_says(toy_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[str] = []

    def build(version: str, target: Path, stale: Callable[[], Collection[str]], against: str | None) -> Path:
        waiting.extend(stale())
        raise package.Refused(f"{version} of toys", "none")

    monkeypatch.setattr(package, "build", build)
    job = compose().resolve_job_def("release")
    ended = job.execute_in_process(run_config={"ops": {"write_release": {"config": {"version": "0.1.0"}}}}, raise_on_error=False)
    [event] = [e for e in ended.all_events if e.is_step_failure]
    assert event.step_failure_data.user_failure_data.description == "0.1.0 of toys"
    assert "raw/usgs_mcs (new)" in waiting
