"""W&B: its real client, in a process of its own, against a stand-in server on loopback."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pconfigs.trackers.progress import read_progress
from tests.trackers.wandb_server import serve

if find_spec("wandb") is None:
    pytest.skip("wandb is not installed", allow_module_level=True)
pytestmark = pytest.mark.engines
REPOSITORY = Path(__file__).parents[2]
SEND = """
import sys
from pconfigs.runs.folder import RunFolder
from pconfigs.trackers.follower import Follower
print(Follower(RunFolder(sys.argv[1]), "wandb").sync())
"""


@pytest.fixture
def server():
    running, state, url = serve()
    state.url = url
    yield state
    running.shutdown()
    running.server_close()


@pytest.fixture
def environment(server, tmp_path):
    """Set before the client is imported: it reads its settings then."""
    own = {name: str(tmp_path / "wandb" / name) for name in ("cache", "config", "data", "dir")}
    return {
        **{name: text for name, text in os.environ.items() if not name.startswith("WANDB_")},
        "WANDB_BASE_URL": server.url,
        "WANDB_API_KEY": "0" * 40,
        "WANDB_ENTITY": "team",
        "WANDB_PROJECT": "proj",
        "WANDB_CACHE_DIR": own["cache"],
        "WANDB_CONFIG_DIR": own["config"],
        "WANDB_DATA_DIR": own["data"],
        "WANDB_ERROR_REPORTING": "false",
        "WANDB_X_STATS_COREWEAVE_METADATA_BASE_URL": server.url,
        "HOME": str(tmp_path),
        "PYTHONPATH": str(REPOSITORY),
    }


def send(run, environment):
    return subprocess.run(
        [sys.executable, "-c", SEND, run.folder.path],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def only_run(server):
    (found,) = server.runs.values()
    return found


def losses(server):
    (rows,) = server.history.values()
    return [(row["step"], row["loss"]) for row in rows if "loss" in row]


def test_config_metrics_artifacts_and_state_arrive(run, server, environment):
    run.log((0, {"loss": 1.5, "val:accuracy": 0.25}), (10, {"loss": 0.5, "phase": "end"}))
    run.consume("tokens:v3")
    run.produce("policy:v1", iteration=7)
    run.end()
    done = send(run, environment)
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
    found = only_run(server)
    assert (found["displayName"], found["entity"], found["project"]) == (
        "first-80f4ec1c.1", "team", "proj",
    )  # fmt: skip
    config = {key: held["value"] for key, held in json.loads(found["config"]).items()}
    assert {"steps": 3, "rate": 0.5, "hidden": [64, 32]}.items() <= config.items()
    assert losses(server) == [(0, 1.5), (10, 0.5)]
    assert found["exit_code"] == 0
    policy = next(one for one in server.artifacts.values() if one["name"] == "policy")
    assert (policy["state"], policy["type"]) == ("COMMITTED", "model")
    assert "store-v1" in policy["aliases"]
    assert json.loads(policy["metadata"])["iteration"] == 7
    assert server.used == [(found["name"], "tokens:v0")]
    assert server.unknown == []


def test_a_service_that_is_away_gets_each_row_once_later(run, server, environment):
    run.log((0, {"loss": 1.5}))
    run.end("requeued", 85)
    assert send(run, environment).returncode == 0
    run.log((1, {"loss": 0.5}), attempt=2)
    run.end(attempt=2)
    progress = json.dumps({"note": "the first follower was killed before it noted anything"})
    path = Path(run.folder.path, "trackers", "wandb.json")
    path.write_text(progress)
    assert send(run, environment).returncode == 0
    assert losses(server) == [(0, 1.5), (1, 0.5)]
    assert read_progress(run.folder, "wandb").closed == 2


def test_no_key_and_no_secret_is_in_a_request(run, server, environment):
    run.log((0, {"loss": 1.5}))
    run.end()
    send(run, environment)
    assert server.requests
    assert not any(b"0" * 40 in content for content in server.requests)
