"""TensorBoard: event files, read back by its own reader."""

from importlib.util import find_spec

import pytest

from pconfigs.trackers.follower import Follower

if find_spec("tensorboard") is None:
    pytest.skip("tensorboard is not installed", allow_module_level=True)
pytestmark = pytest.mark.engines


def read(run):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(f"{run.folder.path}/trackers/tensorboard")
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
    found = read(run)
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


def test_a_run_that_goes_on_is_written_anew_without_doubles(run):
    run.log((0, {"loss": 1.0}))
    run.end("requeued", 85)
    Follower(run.folder, "tensorboard").follow()
    run.log((1, {"loss": 0.5}), attempt=2)
    run.end(attempt=2)
    Follower(run.folder, "tensorboard").follow()
    assert [(event.step, event.value) for event in read(run).Scalars("loss")] == [
        (0, 1.0), (1, 0.5),
    ]  # fmt: skip
