"""Stopping several runs: one that does not end leaves none of the others running."""

from types import SimpleNamespace

import pytest

from pconfigs.errors.runs import RunUseError
from pconfigs.executors import LocalExecutor, RayExecutor, SlurmExecutor
from pconfigs.launchers import stopping
from pconfigs.launchers.records import ends_with_launcher
from pconfigs.runs.folder import RunFolder
from pconfigs.runs.status import RUNNING


def test_all_runs_are_stopped_although_one_does_not_end(tmp_path, monkeypatch):
    def stop(run):
        if run.id == "a":
            raise RunUseError("a", "the run is running on another machine")
        return "stopped"

    monkeypatch.setattr(stopping, "stop", stop)
    runs = [
        SimpleNamespace(id=name, state=RUNNING, record=RunFolder(str(tmp_path / name)))
        for name in "abc"
    ]
    ends: list[tuple[str, str]] = []
    with pytest.raises(RunUseError, match="on another machine"):
        ends.extend(stopping.stop_runs(None, runs, whole_sweep=True))
    assert ends == [("a", "not stopped"), ("b", "stopped"), ("c", "stopped")]


def test_what_ends_with_its_launcher_is_detached_with_it(monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    assert ends_with_launcher(LocalExecutor())
    assert ends_with_launcher(RayExecutor(address="local"))
    assert not ends_with_launcher(RayExecutor(address="http://127.0.0.1:8265"))
    assert not ends_with_launcher(SlurmExecutor())
    monkeypatch.setenv("RAY_ADDRESS", "local")
    assert ends_with_launcher(RayExecutor())
