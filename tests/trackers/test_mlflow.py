"""MLflow: a real store on sqlite, read back by its own client."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pconfigs.clients.mlflow import encoded, registered_version
from pconfigs.trackers.follower import Follower
from pconfigs.trackers.progress import read_progress, write_progress

SIMILAR = ["a[0]", "a['0']", "a:0", "a/3a/0", "a[0]1", "a[01]", "a[-1]", "a:-1", "a.0"]
if find_spec("mlflow") is None:
    pytest.skip("mlflow is not installed", allow_module_level=True)
pytestmark = [pytest.mark.engines, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def client(tmp_path, monkeypatch):
    import mlflow

    uri = f"sqlite:///{tmp_path}/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.setenv("MLFLOW_ARTIFACT_ROOT", str(tmp_path / "mlartifacts"))
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(uri)
    yield mlflow.MlflowClient(uri)
    mlflow.set_tracking_uri(None)


def only_run(client, run):
    project = Path(run.folder.path).parents[1].name
    experiment = client.get_experiment_by_name(project)
    (found,) = client.search_runs([experiment.experiment_id])
    return found


def history(client, found, name):
    return [(one.step, one.value) for one in client.get_metric_history(found.info.run_id, name)]


def test_config_metrics_lineage_and_state_are_read_back(run, client):
    run.log((0, {"loss": 1.5, "val:accuracy": 0.25}), (1, {"loss": 0.5, "phase": "end"}))
    run.consume("tokens:v3")
    run.produce("policy:v1", iteration=7)
    run.end()
    assert Follower(run.folder, "mlflow").follow()
    found = only_run(client, run)
    assert found.info.run_name == "first-80f4ec1c.1"
    assert found.info.status == "FINISHED"
    assert found.data.params == {
        "steps": "3", "rate": "0.5", "hidden": "[64, 32]", "name": "a|b",
    }  # fmt: skip
    assert history(client, found, "loss") == [(0, 1.5), (1, 0.5)]
    assert history(client, found, "val:accuracy") == [(0, 0.25)]
    assert found.data.tags["metric.phase"] == "end"
    assert found.data.tags["produced.policy"] == "policy:v1"
    (consumed,) = found.inputs.dataset_inputs
    assert consumed.dataset.name == "tokens:v3"
    path = client.download_artifacts(found.info.run_id, "config.json")
    assert json.loads(Path(path).read_text(encoding="utf-8"))["hidden"] == [64, 32]
    assert "log.txt" in [one.path for one in client.list_artifacts(found.info.run_id)]


def test_rows_sent_again_are_kept_once(run, client):
    """A follower that was killed after sending has noted nothing."""
    run.log((0, {"loss": 1.0}), (1, {"loss": 0.5}))
    run.end()
    Follower(run.folder, "mlflow").follow()
    progress = read_progress(run.folder, "mlflow")
    progress.remembered, progress.offsets, progress.rows, progress.closed = {}, {}, 0, 0
    write_progress(run.folder, "mlflow", progress)
    Follower(run.folder, "mlflow").follow()
    assert history(client, only_run(client, run), "loss") == [(0, 1.0), (1, 0.5)]


def test_a_failed_run_is_failed(run, client):
    run.end("failed", 1)
    Follower(run.folder, "mlflow").follow()
    assert only_run(client, run).info.status == "FAILED"


def test_files_of_models_and_runs_are_not_mixed_up(client, tmp_path):
    """Also where a model is asked for again, and where names look alike on disk."""
    made = {}
    for number, name in enumerate(("a b", "a_b")):
        held = client.create_run("0")
        (tmp_path / f"{number}.txt").write_text(name)
        client.log_artifact(held.info.run_id, str(tmp_path / f"{number}.txt"), "model")
        made[f"runs:/{held.info.run_id}/model"] = [f"{number}.txt"]
        made[f"models:/{name}/1"] = [f"{number}.txt"]
        client.create_registered_model(name)
        client.create_model_version(name, f"runs:/{held.info.run_id}/model", held.info.run_id)
    cache = tmp_path / "cache"
    for _ in range(2):
        for uri, files in made.items():
            path = Path(registered_version(uri, str(cache))[1])
            assert sorted(file.name for file in path.iterdir()) == files
    assert len(list(cache.iterdir())) == len(made)


@given(st.lists(st.text(max_size=12), unique=True, min_size=2, max_size=6))
def test_encoded_names_are_allowed_and_differ(names):
    made = [encoded(name) for name in [*names, *SIMILAR]]
    assert len(set(made)) == len({*names, *SIMILAR})
    assert all(
        character.isascii() and (character.isalnum() or character in "_-. :/")
        for name in made
        for character in name
    )


def test_encoded_names_are_readable():
    assert encoded("model.hidden[0]") == "model.hidden:0"
    assert encoded("val:accuracy") == "val:accuracy"
