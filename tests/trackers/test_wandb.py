"""W&B: its real client, in a process of its own, against a stand-in server on loopback."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from pconfigs.runs.folder import RunFolder
from pconfigs.trackers.progress import read_progress
from tests.engines.waiting import until
from tests.trackers.conftest import make_odd

if find_spec("wandb") is None:
    pytest.skip("wandb is not installed", allow_module_level=True)
pytestmark = pytest.mark.engines
SEND = """
import sys
from pconfigs.runs.folder import RunFolder
from pconfigs.trackers.follower import Follower
print(Follower(RunFolder(sys.argv[1]), "wandb").sync())
"""


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


def test_what_it_does_not_take_is_sent_otherwise(run, server, environment):
    del environment["WANDB_PROJECT"]
    home = Path(run.folder.path).parents[1].rename(Path(run.folder.path).parents[2] / "C# 100%")
    run.folder = RunFolder(str(home / "runs" / run.folder.name))
    make_odd(run)
    for name, kind in (("a#b", "model"), ("links", "job"), ("policy", "a"), ("policy", "b")):
        files = home / name
        files.mkdir(exist_ok=True)
        (files / "nothing").unlink(missing_ok=True)
        (files / "nothing").symlink_to("away")
        entry = {"ref": f"{name}:{kind}", "name": name.replace("#", ""), "version": kind}
        run.append("produced.jsonl", {**entry, "path": str(files), "type": kind, "logged": 1.0})
    done = send(run, environment)
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
    found = only_run(server)
    assert (found["project"], found["exit_code"]) == ("C- 100-", 0)
    (rows,) = server.history.values()
    assert [row["loss(train)"] for row in rows if "loss(train)" in row] == [0.0]
    assert [row[r"\udcff"] for row in rows if r"\udcff" in row] == [8.0]
    names = {one["name"] for one in server.artifacts.values()}
    assert {"ab", "policy"} < names
    assert any(name.startswith("gr__e-") for name in names)
    sent = b"".join(server.requests)
    assert all(word in sent for word in (b"produced/links:job", b"produced/policy:b"))
    assert b"produced/policy:a" not in sent


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


def test_rows_that_die_with_a_follower_are_sent_again(run, server, environment):
    """The client takes rows before it has sent them."""
    run.log((0, {"loss": 1.5}))
    follower = subprocess.Popen(
        [sys.executable, "-m", "pconfigs.trackers", run.folder.path, "wandb"], env=environment,
        start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(lambda: server.history and losses(server), limit=300)
        server.away = True
        run.log((1, {"loss": 0.5}), (2, {"loss": 0.25}))
        until(lambda: read_progress(run.folder, "wandb").rows == 3, limit=300)
    finally:
        kill_session(follower)
    server.away = False
    run.end()
    assert send(run, environment).returncode == 0
    assert losses(server) == [(0, 1.5), (1, 0.5), (2, 0.25)]


def kill_session(process):
    """Kill a process and what it has started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[3]) == process.pid:
                os.kill(int(path.parent.name), signal.SIGKILL)
    process.wait()


def test_what_happened_offline_is_sent_later_with_its_lineage(run, server, environment):
    run.log((0, {"loss": 1.5}))
    run.consume("tokens:v3")
    run.produce("policy:v1", iteration=7)
    run.end()
    done = send(run, {**environment, "WANDB_MODE": "offline"})
    assert (done.returncode, "nothing is sent with WANDB_MODE=offline" in done.stderr) == (1, True)
    assert server.requests == []
    assert send(run, environment).returncode == 0
    assert losses(server) == [(0, 1.5)]
    assert server.used == [(only_run(server)["name"], "tokens:v0")]
    assert {one["name"] for one in server.artifacts.values()} == {"tokens", "policy"}


def test_no_key_and_no_secret_is_in_a_request(run, server, environment):
    run.log((0, {"loss": 1.5}))
    run.end()
    send(run, environment)
    assert server.requests
    assert not any(b"0" * 40 in content for content in server.requests)
