"""MLflow: a real store on sqlite, read back by its own client."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, strategies as st

from pconfigs import PArtifact, pconfig
from pconfigs.artifacts.resolve import with_version
from pconfigs.clients.mlflow import encoded, registered_version
from pconfigs.errors.artifacts import ArtifactNotFoundError
from pconfigs.runs.lineage.services import MLflowFinder
from pconfigs.trackers.follower import Follower
from pconfigs.trackers.progress import read_progress, write_progress
from tests.engines.waiting import until

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


def test_the_latest_version_of_a_model_without_versions_is_reported(client, tmp_path):
    client.create_registered_model("policy")
    with pytest.raises(ArtifactNotFoundError, match="policy has no version"):
        registered_version("models:/policy/latest", str(tmp_path / "cache"))


@pytest.mark.parametrize("reply", [{"model_version": {"tags": 3}}, {"error_code": {}}, [], 1])
def test_a_reply_that_is_malformed_is_reported(reply, tmp_path, monkeypatch):
    class Replying(BaseHTTPRequestHandler):
        def do_GET(self):
            content = json.dumps(reply).encode()
            self.send_response(404 if "error_code" in str(reply) else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words):
            pass

    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with HTTPServer(("127.0.0.1", 0), Replying) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(ArtifactNotFoundError, match="it cannot be read"):
            registered_version("models:/policy/1", str(tmp_path / "cache"))
        server.shutdown()


class Server:
    """A server of MLflow on a free port of this machine."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.uri = f"http://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port",
                str(self.port), "--workers", "1",
                "--backend-store-uri", f"sqlite:///{self.folder}/server.db",
                "--artifacts-destination", str(self.folder / "files"),
            ],
            env={
                **os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
                "MLFLOW_DISABLE_TELEMETRY": "true",
            },
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(self.is_up)

    def is_up(self):
        assert self.process.poll() is None
        with suppress(OSError), urllib.request.urlopen(f"{self.uri}/health", timeout=5) as answer:
            return answer.status == 200

    def stop(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(tmp_path, monkeypatch):
    import mlflow

    made = Server(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", made.uri)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    mlflow.set_tracking_uri(made.uri)
    yield made
    made.stop()
    mlflow.set_tracking_uri(None)


@pconfig
class Policy(PArtifact):
    iteration: int
    note: str


def test_a_server_that_dies_has_each_row_once_and_its_registry_is_read(run, server, tmp_path):
    import mlflow

    server.start()
    client = mlflow.MlflowClient(server.uri)
    run.log((0, {"loss": 1.5}))
    run.consume("tokens:v3")
    follower = Follower(run.folder, "mlflow")
    assert follower.sync()
    assert history(client, only_run(client, run), "loss") == [(0, 1.5)]
    server.stop()
    run.log((1, {"loss": 0.5}))
    run.end()
    gone = "refused|aborted"  # a connection that was open is reset
    with pytest.raises(mlflow.exceptions.MlflowException, match=gone):
        follower.sync()
    assert re.search(gone, read_progress(run.folder, "mlflow").problem)
    server.start()
    assert Follower(run.folder, "mlflow").follow()
    found = only_run(client, run)
    assert history(client, found, "loss") == [(0, 1.5), (1, 0.5)]
    assert (found.info.status, found.data.params["rate"]) == ("FINISHED", "0.5")
    assert [one.dataset.name for one in found.inputs.dataset_inputs] == ["tokens:v3"]
    (tmp_path / "policy.txt").write_text("a policy")
    client.log_artifact(found.info.run_id, str(tmp_path / "policy.txt"), "model")
    client.create_registered_model("policy")
    source = f"runs:/{found.info.run_id}/model"
    client.create_model_version(
        "policy", source, found.info.run_id, tags={"iteration": "7", "note": "7"}
    )
    client.set_registered_model_alias("policy", "champion", "1")
    policy = Policy(ref="mlflow:models:/policy@champion")
    version = MLflowFinder(str(tmp_path / "cache")).find(policy, "policy")
    resolved = with_version(policy, version)
    assert (resolved.path / "policy.txt").read_text() == "a policy"
    assert (resolved.version, resolved.iteration, resolved.note) == ("v1", 7, "7")
    assert version.qualified == "mlflow:models:/policy/1"


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
