"""TensorBoard: event files, read back by its own reader."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from pconfigs.trackers.follower import Follower
from tests.trackers.conftest import ODD, REPOSITORY, make_odd

if find_spec("tensorboard") is None:
    pytest.skip("tensorboard is not installed", allow_module_level=True)
pytestmark = pytest.mark.engines


def read(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(f"{folder}/trackers/tensorboard")
    found.Reload()
    return found


def texts(found, tag):
    return [event.tensor_proto.string_val[0].decode() for event in found.Tensors(tag)]


def test_metrics_config_artifacts_and_state_are_read_back(run):
    run.log((0, {"loss": 1.5, "val:accuracy": 0.25}), (2, {"loss": 0.5, "done": True}))
    run.log((3, {"loss": float("inf"), "phase": "end"}))
    run.consume("tokens:v3")
    run.produce("policy:v1", iteration=7)
    run.end()
    assert Follower(run.folder, "tensorboard").follow()
    found = read(run.folder.path)
    assert [(event.step, event.value) for event in found.Scalars("loss")] == [
        (0, 1.5), (2, 0.5), (3, float("inf")),
    ]  # fmt: skip
    assert [event.value for event in found.Scalars("val:accuracy")] == [0.25]
    assert [event.wall_time for event in found.Scalars("loss")] == [11.0, 13.0, 14.0]
    assert texts(found, "phase") == ["end"]
    assert "| rate | 0.5 |" in texts(found, "config")[0]
    assert "| name | a\\|b |" in texts(found, "config")[0]
    assert texts(found, "produced/policy")[0].startswith("policy:v1")
    assert texts(found, "consumed/tokens")[0].startswith("tokens:v3")
    assert texts(found, "state") == ["done, exit code 0"]
    assert texts(found, "log") == ["    step=0"]


def test_names_and_values_that_it_does_not_take_are_written_otherwise(run):
    make_odd(run)
    assert Follower(run.folder, "tensorboard").sync()
    found = read(run.folder.path)
    for at, name in enumerate(ODD[:-1]):
        assert [event.value for event in found.Scalars(name)] == [at]
    assert [event.value for event in found.Scalars(r"\udcff")] == [8]
    assert texts(found, "file") == [r"a\udcff"]
    assert texts(found, "state") == ["done, exit code 0"]


def test_a_run_that_goes_on_is_written_anew_without_doubles(run):
    run.log((0, {"loss": 1.0}))
    run.end("requeued", 85)
    Follower(run.folder, "tensorboard").follow()
    run.log((1, {"loss": 0.5}), attempt=2)
    run.end(attempt=2)
    Follower(run.folder, "tensorboard").follow()
    assert [(event.step, event.value) for event in read(run.folder.path).Scalars("loss")] == [
        (0, 1.0), (1, 0.5),
    ]  # fmt: skip


def test_the_logger_section_of_a_config_turns_it_on(tmp_path):
    """A small run of the reference, whose logger section enables TensorBoard."""
    (tmp_path / "pyproject.toml").write_text('[tool.pconfigs]\nruns = "runs"\n')

    def started(*words):
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, check=True,
        )  # fmt: skip
        return done.stderr.split()

    target = "project.posttraining.experiments.grpo"
    words = ["pconfigs.run", target, "--smoke"]
    (folder,) = started(*words)
    assert not (tmp_path / folder / "trackers").exists()
    (folder,) = started(*words, "logger.tensorboard_enabled=True")
    started("pconfigs.runs", "sync", folder)
    found = read(tmp_path / folder)
    assert [event.step for event in found.Scalars("train:reward")] == [1, 2, 3]
    assert [event.step for event in found.Scalars("val:accuracy")] == [3]
    assert "| logger.tensorboard_enabled | True |" in texts(found, "config")[0]
    assert texts(found, "state") == ["done, exit code 0"]
