"""Trackers of runs that a command starts: the run never waits for them."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from pconfigs.artifacts.manifests import Manifests
from pconfigs.runs.capture.followers import start_followers, trackers_in
from pconfigs.runs.folder import RunFolder
from pconfigs.runs.status import process_facts
from pconfigs.trackers.progress import exclusive, read_progress
from tests.runs.conftest import read, rows

CLIENT = '''
"""A tracker that writes what it is sent into a file, or hangs."""
import json, os, time

class TensorBoardClient:
    restarts = buffers = False
    def open(self, run, remembered):
        open("reached", "w").close()
        if os.path.exists("hang"):
            time.sleep(600)
        if os.path.exists("slow"):
            time.sleep(30)
        if os.path.exists("die"):
            os.kill(os.getpid(), 9)
        if os.path.exists("full"):
            raise OSError(28, "No space left on device")
        if os.path.exists("away"):
            raise ConnectionError("the service is away")
        json.dump(run.config, open(f"config of {run.id}.json", "w"))
        self.file = open("sent.jsonl", "a")
        return {}
    def send_rows(self, rows):
        for row in rows:
            self.file.write(json.dumps(row.values) + "\\n")
        self.file.flush()
    def send_artifact(self, artifact, *, consumed):
        pass
    def close(self, state, exit_code, log):
        self.file.write(json.dumps({"state": state}) + "\\n")
        self.file.close()
'''
UNTIL_REACHED = """
while (prun.dir.parent / "trackers").exists() and not os.path.exists("reached"):
    time.sleep(0.01)
raise SystemExit(7)
"""
SITE = """
import sys
import stand_in
sys.modules["pconfigs.clients.tensorboard"] = stand_in
"""


@pytest.fixture
def tracked(project):
    """A project in whose processes the client of a tracker is a stand-in."""
    project.write("stand_in.py", CLIENT)
    project.write("tensorboard.py", "")  # the package is looked for, and not imported
    project.write("sitecustomize.py", SITE)
    project.write("pyproject.toml", '[tool.pconfigs]\nruns = "runs"\n')
    path = project.environment()["PYTHONPATH"]
    project.variables = {"PYTHONPATH": f"{project.folder}:{path}"}
    return project


def sent(project):
    file = project.folder / "sent.jsonl"
    return file.read_text().splitlines() if file.exists() else []


def wait_for_followers(project):
    """Wait until all followers of the project have ended: they lock what they send."""
    for path in project.store.glob("*/trackers/*.lock"):
        wait_for(path)


def wait_for(path):
    """Wait until a follower that locks a file has ended; other work on the machine comes first."""
    subprocess.run(
        [sys.executable, "-c", "import fcntl, sys; fcntl.flock(open(sys.argv[1]), 2)", path],
        check=True, timeout=300,
    )  # fmt: skip


def test_a_run_is_followed_to_its_end(tracked):
    done = tracked.run("--tracker", "tensorboard", "lab.first", **tracked.variables)
    assert (done.code, done.out) == (0, "step=0\nstep=1\nstep=2\n")
    assert tracked.runs("sync", **tracked.variables).code == 0
    wait_for_followers(tracked)
    assert sent(tracked) == [
        '{"loss": 0.5}', '{"loss": 0.25}', '{"loss": 0.16666666666666666}', '{"state": "done"}',
    ]  # fmt: skip


def test_sync_waits_for_the_follower_of_a_run_that_has_ended(tracked):
    tracked.run("--record", "lab.first", **tracked.variables)
    folder = tracked.only_run()
    words = ["-m", "pconfigs.runs", "sync", "--tracker", "tensorboard"]
    with exclusive(RunFolder(str(folder)), "tensorboard"):
        waiting = tracked.popen(*words, **tracked.variables)
        assert (
            waiting.stderr.readline() == f"{folder.name} to tensorboard: waiting for its follower\n"
        )
        assert sent(tracked) == []
    _, err = waiting.communicate(timeout=60)
    assert (waiting.returncode, err) == (0, f"{folder.name} to tensorboard: sent\n")
    assert len(sent(tracked)) == 4
    status = read(folder / "status.json")
    status |= {"state": "running", "attempt": 2, "process": process_facts()}
    (folder / "status.json").write_text(json.dumps(status))
    with exclusive(RunFolder(str(folder)), "tensorboard"):
        done = tracked.python(*words, **tracked.variables)
    assert (done.code, "its follower sends it until it has ended" in done.err) == (0, True)


def test_settings_name_the_trackers_of_all_runs(tracked):
    tracked.write("pyproject.toml", '[tool.pconfigs]\nruns = "runs"\ntrackers = ["tensorboard"]\n')
    tracked.run("lab.first", **tracked.variables)
    (folder,) = tracked.store.glob("first-*")
    assert (folder / "trackers" / "tensorboard.json").exists()
    wait_for_followers(tracked)


BLOCKS = """
import os
from lab.train import TrainerConfig
from pconfigs import prun

for rate in (0.5, 0.25):
    with prun.record(TrainerConfig(rate=rate)):
        prun.log(step=0, loss=rate)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no child is left")
"""


def test_blocks_of_scripts_are_followed_by_processes_that_are_not_theirs(tracked):
    tracked.write("pyproject.toml", '[tool.pconfigs]\nruns = "runs"\ntrackers = ["tensorboard"]\n')
    tracked.write("script.py", BLOCKS)
    done = tracked.python("-W", "error", "script.py", **tracked.variables)
    assert (done.code, done.out) == (0, "no child is left\n"), done.err
    assert tracked.runs("sync", **tracked.variables).code == 0
    wait_for_followers(tracked)
    lines = ['{"loss": 0.5}', '{"loss": 0.25}', *['{"state": "done"}'] * 2]
    assert sorted(sent(tracked)) == sorted(lines)
    tracked.write("pyproject.toml", '[tool.pconfigs]\nruns = "runs"\ntrackers = ["tensorbord"]\n')
    done = tracked.python("script.py", **tracked.variables)
    assert (done.code, "did you mean 'tensorboard'" in done.err) == (1, True), done.err
    assert len(list(tracked.store.glob("*.1"))) == 2


def test_runs_that_a_target_needs_have_its_trackers(tracked):
    producer = CONSUMER.replace("pass\n", "prun.log_artifact('data', Path(__file__))\n", 1)
    producer = producer.replace("    data: PArtifact\n", "    size: int\n")
    tracked.write("lab/maker.py", producer.replace('data=PArtifact(ref="tokens:latest")', "size=1"))
    reader = CONSUMER.replace("config =", "from lab.maker import config as made\nconfig =")
    tracked.write("lab/reader.py", reader.replace('ref="tokens:latest"', "of=made"))
    words = ["--tracker", "tensorboard", "--with-deps", "lab.reader"]
    done = tracked.run(*words, **tracked.variables)
    assert done.code == 0, done.err
    assert tracked.runs("sync", **tracked.variables).code == 0
    wait_for_followers(tracked)
    assert sent(tracked) == ['{"state": "done"}'] * 2


CONSUMER = """
from __future__ import annotations
import sys
from pathlib import Path
from pconfigs import PArtifact, PConfig, pconfig, pconfiged, prun

@pconfiged(runnable=True)
class Reader:
    config: ReaderConfig

    def main(self, namespace, others):
        pass

@pconfig
class ReaderConfig(PConfig[Reader]):
    data: PArtifact

config = ReaderConfig(data=PArtifact(ref="tokens:latest"))
"""


def test_a_tracker_is_sent_the_resolved_config_or_that_it_cannot_be_resolved(tracked):
    tracked.write("lab/reader.py", CONSUMER)
    words = ["--tracker", "tensorboard", "--slots", "1", "lab.reader"]
    assert tracked.run(*words, **tracked.variables).code == 1
    tracked.runs("sync", **tracked.variables)
    wait_for_followers(tracked)
    assert sent(tracked) == ['{"state": "failed"}']
    Manifests(tracked.store / ".artifacts").add("tokens", tracked.folder / "lab", metadata={})
    assert tracked.run(*words, **tracked.variables).code == 0
    tracked.runs("sync", **tracked.variables)
    wait_for_followers(tracked)
    (_, resolved) = sorted(tracked.folder.glob("config of reader-*"))
    assert read(resolved)["data.version"] == "v1"


def test_a_follower_that_cannot_be_started_is_noted(tmp_path, monkeypatch):
    def refuse(*words, **options):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    (tmp_path / "run").mkdir()
    (tmp_path / "wandb.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    folder = RunFolder(str(tmp_path / "run"))
    monkeypatch.setattr(subprocess, "run", refuse)
    start_followers(folder, ["wandb"])
    assert "its follower cannot be started" in read_progress(folder, "wandb").problem
    assert trackers_in(folder) == ["wandb"]


@pytest.mark.parametrize("words", [[], ["--slots", "1"]])
def test_smoke_runs_are_sent_where_that_is_asked_for_alone(tracked, words):
    tracked.write("pyproject.toml", '[tool.pconfigs]\nruns = "runs"\ntrackers = ["tensorboard"]\n')
    assert tracked.run("--smoke", *words, "lab.first", **tracked.variables).code == 0
    assert not list(tracked.store.glob(".smoke/*/trackers"))
    tracked.run("--smoke", "--tracker", "tensorboard", *words, "lab.first", **tracked.variables)
    assert len(list(tracked.store.glob(".smoke/*/trackers/tensorboard.json"))) == 1
    for path in tracked.store.glob(".smoke/*/trackers/*.lock"):
        wait_for(path)


def names_its_own(project, names):
    """Let the runnable class name trackers for its config: `names` is an expression of it."""
    body = (
        "return None\n\n    @staticmethod\n    def tracker_names(config):\n        return " + names
    )
    train = (project.folder / "lab/train.py").read_text()
    project.write("lab/train.py", train.replace("return None", body))


@pytest.mark.parametrize("words", [[], ["--smoke"], ["--slots", "1"], ["--smoke", "--slots", "1"]])
def test_a_config_names_its_own_trackers(tracked, words):
    names_its_own(tracked, '["tensorboard"] if config.seed == 7 else []')
    assert tracked.run(*words, "lab.first", "seed=8", **tracked.variables).code == 0
    assert not list(tracked.store.rglob("tensorboard.json"))
    done = tracked.run(*words, "lab.first", **tracked.variables)
    (path,) = tracked.store.rglob("tensorboard.json")
    folder = path.parents[1].relative_to(tracked.folder)
    assert tracked.runs("sync", str(folder), **tracked.variables).code == 0
    assert (done.code, sent(tracked)[-1]) == (0, '{"state": "done"}')


def test_trackers_of_a_config_are_added_to_those_of_the_call(tracked):
    tracked.write("pyproject.toml", '[tool.pconfigs]\nruns = "runs"\ntrackers = ["mlflow"]\n')
    tracked.write("mlflow.py", "")
    names_its_own(tracked, '("wandb",)')
    tracked.write("wandb.py", "")
    tracked.run("--tracker", "tensorboard", "lab.first", **tracked.variables)
    found = sorted(path.stem for path in tracked.store.glob("*/trackers/*.json"))
    kill_followers(tracked.only_run())
    assert found == ["mlflow", "tensorboard", "wandb"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ('["tensorbord"]', "Trainer.tracker_names: a tracker must be one of"),
        ('["tensorbord"]', "did you mean 'tensorboard'?"),
        ('"tensorboard"', "Trainer.tracker_names must return names of trackers, got 'tensorboard'"),
        ("None", "Trainer.tracker_names must return names of trackers, got None"),
    ],
)
def test_a_config_that_names_no_tracker_starts_nothing(tracked, names, message):
    names_its_own(tracked, names)
    done = tracked.run("lab.first", **tracked.variables)
    assert (done.code, message in done.err) == (2, True), done.err
    assert not list(tracked.store.glob("first-*"))


def test_a_package_that_is_missing_is_reported_and_the_run_goes_on(tracked):
    names_its_own(tracked, '["tensorboard"]')
    (tracked.folder / "tensorboard.py").unlink()
    missing = tracked.write("sitecustomize.py", "import sys\nsys.modules['tensorboard'] = None\n")
    done = tracked.run("lab.first", **tracked.variables)
    folder = tracked.only_run()
    sync = f"python -m pconfigs.runs sync runs/{folder.name}"
    assert (done.code, done.err) == (
        0,
        f"runs/{folder.name}\ntensorboard is not installed and is sent nothing:"
        f" pip install 'pconfigs[tensorboard]', then {sync}\n",
    )
    missing.write_text(SITE)
    assert tracked.runs(*sync.split()[3:], **tracked.variables).code == 0
    assert sent(tracked)[-1] == '{"state": "done"}'


def test_a_run_that_is_not_recorded_reports_that_its_trackers_are_sent_nothing(tracked):
    names_its_own(tracked, '["tensorboard"]')
    words = ["--no-record", "lab.first"]
    assert tracked.run(*words, **tracked.variables).err == ""
    tracked.write("pyproject.toml", "")
    done = tracked.run("lab.first", **tracked.variables)
    assert (done.code, done.err) == (
        0, "tensorboard is sent recorded runs, and this one is not: add --record\n"
    )  # fmt: skip
    assert tracked.run("lab.first", RANK="1", WORLD_SIZE="2", **tracked.variables).err == ""


def kill_followers(folder):
    """Kill the processes that follow a run."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if {b"pconfigs.trackers", os.fsencode(folder)} <= set(words):
                os.kill(int(path.parent.name), signal.SIGKILL)


def record_of(folder):
    """Return what a run's record holds, without times and processes."""
    status = read(folder / "status.json")
    values = [(row["step"], row["values"]) for row in rows(folder / "metrics.jsonl")]
    kept = {key: status[key] for key in ("state", "exit_code", "error", "last", "attempt")}
    names = sorted(path.name for path in folder.iterdir() if path.name != "trackers")
    return kept, values, (folder / "log.txt").read_text(), names


@pytest.mark.parametrize("trouble", ["hang", "slow", "die", "full", "away"])
def test_whatever_a_tracker_does_the_run_and_its_record_are_the_same(tracked, trouble):
    """A service that hangs, answers late, kills its client, is full or away."""
    target = tracked.experiment("ends", body=UNTIL_REACHED)
    alone = tracked.run(target, **tracked.variables)
    tracked.write(trouble, "")
    done = tracked.run("--tracker", "tensorboard", target, **tracked.variables)
    first, second = sorted(tracked.store.glob("ends-*"))
    kill_followers(second)
    assert (done.code, done.out) == (alone.code, alone.out) == (7, "step=0\nstep=1\nstep=2\n")
    assert done.err == alone.err.replace(first.name, second.name)
    assert record_of(second) == record_of(first)


def test_what_could_not_be_sent_is_sent_later(tracked):
    away = tracked.write("away", "")
    tracked.run("--tracker", "tensorboard", "lab.first", **tracked.variables)
    (folder,) = tracked.store.glob("first-*")
    kill_followers(folder)
    wait_for_followers(tracked)
    done = tracked.runs("sync", **tracked.variables)
    assert done.code == 1
    assert "ConnectionError: the service is away" in done.err
    away.unlink()
    assert tracked.runs("sync", **tracked.variables).code == 0
    assert len(sent(tracked)) == 4
    assert tracked.runs("sync", **tracked.variables).err == "all trackers have been sent all\n"


def test_an_unknown_tracker_starts_nothing(tracked):
    done = tracked.run("--tracker", "tensorbord", "lab.first", **tracked.variables)
    assert done.code == 2
    assert "did you mean 'tensorboard'" in done.err
    assert not list(tracked.store.glob("first-*"))


def test_a_tracker_that_would_be_sent_nothing_is_refused(tracked):
    words = ["--tracker", "tensorboard", "--no-record", "lab.first"]
    done = tracked.run(*words, **tracked.variables)
    assert (done.code, "drop --no-record" in done.err) == (2, True), done.err
    tracked.write("pyproject.toml", "")
    done = tracked.run("--tracker", "tensorboard", "lab.first", **tracked.variables)
    assert (done.code, "add --record" in done.err) == (2, True), done.err


def test_a_tracker_whose_package_is_missing_starts_nothing(tracked):
    (tracked.folder / "tensorboard.py").unlink()
    tracked.write("sitecustomize.py", "import sys\nsys.modules['tensorboard'] = None\n")
    for launch in ((), ("--slots", "1"), ("--with-deps",)):
        words = ["--tracker", "tensorboard", *launch, "lab.first"]
        done = tracked.run(*words, **tracked.variables)
        assert (done.code, "pip install 'pconfigs[tensorboard]'" in done.err) == (2, True), done.err
    assert not list(tracked.store.glob("first-*"))
