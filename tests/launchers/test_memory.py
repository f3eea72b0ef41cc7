"""What a launcher holds of the points that have ended, counted in bytes."""

import gc
import tracemalloc

import pytest

from pconfigs import PConfig, pconfig, pconfiged, psweep
from pconfigs.executors import LocalExecutor
from pconfigs.launchers.engines.local import LocalEngine
from pconfigs.launchers.launch import Launch, Options
from pconfigs.runs.planning import Plan
from pconfigs.runs.store import make_store

MOST = 2000
"""Bytes for a point: its name, its state, its handle, its fingerprint."""


@pconfig
class PointConfig(PConfig):
    steps: int


@pconfiged
class QuickEngine(LocalEngine):
    """Starts processes that do nothing."""

    config: "QuickExecutor"

    def command(self, words, env, folders):
        return ("true",)


@pconfig(constructs=QuickEngine)
class QuickExecutor(LocalExecutor):
    """Runs that end at once."""


def held_after(first, count):
    """Return the bytes that a launch holds when its points have ended."""
    steps = range(first, first + count)
    sweep = psweep(PointConfig(steps=0), grid={"steps": steps})
    points = [Plan(config, "quick", words=(f"steps={config.steps}",)) for config in sweep]
    launch = Launch(make_store("runs"), points, QuickExecutor(slots=2), "quick", Options())
    gc.collect()
    tracemalloc.start()
    try:
        outcome = launch.run()
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcome.counts == {"failed": count}  # nothing has recorded their ends
    return held


@pytest.mark.slow
def test_what_is_held_of_a_point_that_has_ended_is_small(tmp_path, monkeypatch):
    """Neither its config as text, nor its status, nor its log: a thousand points take 2 MB."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    held_after(0, 5)  # caches of the classes
    few, many = held_after(100, 10), held_after(200, 60)
    assert (many - few) / 50 < MOST
