"""A recorded run to follow, and a service that keeps what it is sent."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pconfigs.runs.folder import RunFolder
from tests.trackers.wandb_server import serve

REPOSITORY = Path(__file__).parents[2]


class Service:
    """What a tracking service has; rows by their number, so that one sent twice is seen."""

    def __init__(self):
        self.opened, self.rows, self.produced, self.consumed, self.closed = [], [], [], [], []
        self.fails = 0  # calls that fail
        self.works = None  # calls that work before one fails

    def client(self):
        return Client(self)


class Client:
    restarts = buffers = False

    def __init__(self, service):
        self.service = service

    def open(self, run, remembered):
        self._may_fail()
        self.service.opened.append((run, dict(remembered)))
        return {"id": "remote"}

    def send_rows(self, rows):
        for row in rows:
            self._may_fail()
            self.service.rows.append(row)

    def send_artifact(self, artifact, *, consumed):
        (self.service.consumed if consumed else self.service.produced).append(artifact.ref)

    def close(self, state, exit_code, log):
        self.service.closed.append((state, exit_code, log))

    def _may_fail(self):
        if self.service.works is not None:
            self.service.works -= 1
            if self.service.works < 0:
                self.service.works = None
                raise ConnectionError("the service is away")
        if self.service.fails:
            self.service.fails -= 1
            raise ConnectionError("the service is away")


class RecordedRun:
    """A run's folder, written as a recorder writes it."""

    def __init__(self, path):
        self.folder = RunFolder(str(path))
        Path(self.folder.file("attempts")).mkdir(parents=True)
        self.folder.write("run.json", {
            "name": "first", "target": "lab.first", "overrides": ["steps=3"],
            "fingerprint": "80f4ec1c0123", "planned": 1.5,
        })  # fmt: skip
        config = {"$type": "lab.T", "steps": 3, "rate": 0.5, "hidden": [64, 32], "name": "a|b"}
        self.folder.write("config.json", config)
        self.folder.write("attempts/1.json", {"started": 10.0, "host": {"name": "here"}})
        self.status("running")

    def status(self, state, attempt=1, exit_code=None):
        from pconfigs.runs.status import process_facts

        self.folder.write("status.json", {
            "state": state, "attempt": attempt, "exit_code": exit_code, "started": 10.0,
            "process": process_facts(),
        })  # fmt: skip

    def log(self, *rows, name="metrics.jsonl", attempt=1):
        for step, values in rows:
            time = 11.0 + (step or 0)
            self.append(name, {"attempt": attempt, "step": step, "time": time, "values": values})

    def append(self, name, entry):
        with Path(self.folder.file(name)).open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def produce(self, ref, **metadata):
        name, _, version = ref.partition(":")
        entry = {"ref": ref, "name": name, "version": version, "digest": "sha256:0"}
        entry |= {"type": "model", "path": self.folder.files, "metadata": metadata, "logged": 1.0}
        self.append("produced.jsonl", entry)

    def consume(self, ref):
        name, _, version = ref.rpartition(":")[0].rpartition("/")[2], "", ref.rpartition(":")[2]
        entry = {"ref": ref, "name": name, "version": version, "digest": "sha256:1", "path": "/d"}
        self.folder.write("consumed.json", {"artifacts": [entry]})

    def end(self, state="done", exit_code=0, attempt=1):
        with Path(self.folder.file("log.txt")).open("a", encoding="utf-8") as file:
            file.write("step=0\n")
        self.status(state, attempt, exit_code)


ODD = ["loss(train)", "accuracy%", "größe", "/a", "a//b", "..", "d['a b']", "x" * 300, "\udcff"]
"""Names of metrics that one service or another does not take as they are."""


def make_odd(run):
    """Log and end a run with names and values that services do not take as they are."""
    run.log(*((at, {name: float(at)}) for at, name in enumerate(ODD)), (9, {"file": "a\udcff"}))
    config = {"$type": "lab.T", "d": {"a b": 1, "val/loss": 2}, "seed": 10**400, "file": "\udcff"}
    run.folder.write("config.json", config)
    run.produce("größe:v1", note="\udcff", **{f"n{number}": number for number in range(120)})
    run.produce("x" * 200 + ":v1")
    run.end()


@pytest.fixture
def run(tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    return RecordedRun(tmp_path / "runs" / "first-80f4ec1c.1")


@pytest.fixture
def service():
    return Service()


@pytest.fixture
def server():
    """A server in the place of that of W&B."""
    running, state, url = serve()
    state.url = url
    yield state
    running.shutdown()
    running.server_close()


@pytest.fixture
def environment(server, tmp_path):
    """Variables of a process whose W&B is the stand-in: its client reads them at its import."""
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
