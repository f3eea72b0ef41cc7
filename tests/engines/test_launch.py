"""Sweeps on real engines, through the command line: what is continued, lost and left."""

import contextlib
import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.engines.waiting import is_gone, text_of, until
from tests.launchers.lab import Lab

pytestmark = pytest.mark.engines

PROFILES = """
[cluster]
executor = "slurm"
partition = "main"
warn_seconds = 60

[few]
extends = "cluster"
parallel = 2

[ranks]
extends = "cluster"
ntasks_per_node = 2

[nodes]
extends = "ranks"
partition = "both"
nodes = 2

[rays]
executor = "ray"

[own]
extends = "rays"
address = "local"
"""


@pytest.fixture
def lab(tmp_path):
    """Return a project with sweeps and profiles."""
    made = Lab(tmp_path)
    (tmp_path / "env.toml").write_text(PROFILES)
    yield made
    made.close()


def statuses(lab):
    return [json.loads(file.read_text()) for file in lab.folder.glob("runs/*/status.json")]


def running(lab):
    return [one["process"]["pid"] for one in statuses(lab) if one["state"] == "running"]


def test_a_sweep_on_slurm(slurm, lab):
    """What failed, what was killed and what is done are read from the folders of the runs."""
    done = lab.run("run", "lab.rates.mixed", "--on", "few")
    assert done.returncode == 1, done.stderr
    assert lab.states() == ["done", "failed", "failed", "lost"]
    assert "ValueError: as the config says" in done.stderr
    assert "4 runs: " in done.stderr
    again = lab.run("run", "lab.rates.mixed", "--on", "few", "--retry-failed")
    assert "4 runs: 1 done, 3 to run" in again.stderr
    script = lab.run("run", "lab.rates.sweep", "--on", "few", "--dry-run").stdout
    assert "#SBATCH --array=0-4%2" in script  # one of the six is done


def test_slurms_refusal_leaves_no_job(slurm, lab):
    with (lab.folder / "env.toml").open("a") as file:
        file.write('[wrong]\nextends = "cluster"\npartition = "nowhere"\n')
    done = lab.run("run", "lab.rates.sweep", "--on", "wrong")
    assert done.returncode == 2
    assert "invalid partition specified: nowhere" in done.stderr
    assert lab.run("run", "lab.rates.sweep", "--slots=2").returncode == 0
    assert lab.states() == ["done"] * 6


def test_interrupting_the_launcher_cancels_the_jobs(slurm, lab):
    lab.hold()
    launcher = lab.start("run", "lab.rates.slow", "--on", "cluster")
    pids = until(lambda: len(found := running(lab)) == 4 and found)
    launcher.send_signal(signal.SIGINT)
    _, text = launcher.communicate(timeout=180)
    assert launcher.returncode == 130, text
    assert "4 stopped" in text
    until(lambda: all(map(is_gone, pids)))
    assert slurm.run("squeue", "-h", "-t", "pending,running") == ""
    assert lab.states() == ["stopped"] * 4
    lab.release()
    assert lab.run("run", "lab.rates.slow", "--slots", "4").returncode == 0
    assert lab.ended() == [0, 1, 2, 3]


def test_a_killed_launcher_leaves_its_jobs_to_the_next(slurm, lab):
    """Slurm goes on by itself; the same command follows what it finds."""
    lab.hold()
    launcher = lab.start("run", "lab.rates.slow", "--on", "cluster")
    until(lambda: len(running(lab)) == 4)
    launcher.kill()
    launcher.wait()
    lab.release()
    done = lab.run("run", "lab.rates.slow", "--on", "cluster")
    assert done.returncode == 0, done.stderr
    assert " queued " not in done.stderr  # none is submitted again
    assert lab.ended() == [0, 1, 2, 3]
    attempts = [len(list((folder / "attempts").iterdir())) for folder in lab.folders()]
    assert attempts == [1] * 4


def test_a_detached_launch_is_followed_later(slurm, lab):
    done = lab.run("run", "lab.rates.slow", "--on", "few", "--detach")
    assert done.returncode == 0
    assert "4 queued" in done.stderr
    done = lab.run("run", "lab.rates.slow", "--on", "few")
    assert done.returncode == 0, done.stderr
    assert lab.ended() == [0, 1, 2, 3]


def test_jobs_of_a_detached_launch_are_stopped_by_slurm(slurm, lab):
    lab.hold()
    lab.run("run", "lab.rates.slow", "--on", "few", "--detach")
    until(lambda: len(running(lab)) == 2)
    done = lab.run("runs", "stop", "lab.rates.slow")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("cancelled: slurm ") == 4
    until(lambda: slurm.run("squeue", "-h", "-t", "pending,running,completing") == "")
    assert "running" not in lab.states()
    lab.release()
    assert lab.run("run", "lab.rates.slow", "--slots=4").returncode == 0
    assert lab.ended() == [0, 1, 2, 3]


def requeue_program(lab):
    model = lab.folder / "lab" / "model.py"
    model.write_text(
        model.read_text().replace(
            "            time.sleep(c.pause)\n",
            "            time.sleep(c.pause)\n"
            "            if prun.stop_requested:\n"
            "                return prun.REQUEUE\n",
        )
    )
    rates = lab.folder / "lab" / "rates.py"
    rates.write_text(
        rates.read_text() + "one = psweep(config, grid={'pause': [0.05], 'steps': [60]})\n"
    )


@pytest.mark.parametrize("how", ["warning", "preemption"])
def test_a_requeued_run_has_one_folder_two_attempts_and_one_curve(slurm, lab, how):
    requeue_program(lab)
    launcher = lab.start("run", "lab.rates.one", "--on", "cluster")
    metrics = until(lambda: list(lab.folder.glob("runs/*/metrics.jsonl")))[0]
    until(lambda: text_of(metrics).count("\n") > 5)
    if how == "warning":
        job = slurm.run("squeue", "-h", "-o", "%i", "-t", "running").strip()
        slurm.run("scancel", "--batch", "--signal=USR1", job)
    else:
        words = ("--partition=high", "--exclusive", "--output=/dev/null", "--wrap=true")
        slurm.run("sbatch", *words)
    _, text = launcher.communicate(timeout=120)
    assert launcher.returncode == 0, text
    (folder,) = lab.folders()
    assert sorted(path.name for path in (folder / "attempts").iterdir()) == ["1.json", "2.json"]
    rows = [json.loads(line) for line in metrics.read_text().splitlines()]
    assert sorted({row["step"] for row in rows}) == list(range(60))
    assert lab.states() == ["done"]
    assert lab.ended() == [0]


@pytest.mark.slow
def test_the_time_limit_is_heeded(slurm, lab):
    """The warning comes before it; the run saves, is requeued and goes on."""
    requeue_program(lab)
    lab.timeout = 240.0
    with (lab.folder / "env.toml").open("a") as file:
        file.write('[short]\nextends = "cluster"\ntime = 1\nwarn_seconds = 58\n')
    done = lab.run("run", "lab.rates.one", "--on", "short", "steps=900")
    assert done.returncode == 0, done.stderr
    (folder,) = lab.folders()
    assert len(list((folder / "attempts").iterdir())) > 1
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert sorted({row["step"] for row in rows}) == list(range(900))


@pytest.mark.slow
def test_a_run_that_does_not_heed_the_time_limit_is_lost(slurm, lab):
    with (lab.folder / "env.toml").open("a") as file:
        file.write('[short]\nextends = "cluster"\ntime = 1\nwarn_seconds = 1\n')
    lab.timeout = 240.0
    done = lab.run("run", "lab.rates.config", "--on", "short", "steps=2000", "pause=0.1")
    assert done.returncode == 1, done.stderr
    assert "TIMEOUT" in done.stderr
    assert lab.states() == ["lost"]


def test_a_warning_that_is_not_heeded_ends_nothing(slurm, lab):
    launcher = lab.start("run", "lab.rates.listed", "pause=0.1", "steps=30", "--on", "cluster")
    until(lambda: len(running(lab)) == 2)
    jobs = slurm.run("squeue", "-h", "-r", "-o", "%i", "-t", "running").split()
    slurm.run("scancel", "--batch", "--signal=USR1", *jobs)
    _, text = launcher.communicate(timeout=180)
    assert launcher.returncode == 0, text
    assert lab.states() == ["done", "done"]


@pytest.mark.parametrize(
    ("profile", "nodes"), [("ranks", ["n1", "n1"]), ("nodes", ["n1", "n1", "n2", "n2"])]
)
def test_ranks_of_one_job_record_one_run(slurm, lab, profile, nodes):
    """Also on two nodes: each rank writes its own rows, the first one the rest."""
    model = lab.folder / "lab" / "model.py"
    logged = "rank=prun.rank, of=prun.world_size, node=os.environ['SLURMD_NODENAME']"
    model.write_text(model.read_text().replace("loss=1 / (step + 1) + c.rate", logged))
    done = lab.run("run", "lab.rates.config", "--on", profile)
    assert done.returncode == 0, done.stderr
    (folder,) = lab.folders()
    for rank, node in enumerate(nodes):
        rows = (folder / f"metrics{f'.r{rank}' if rank else ''}.jsonl").read_text().splitlines()
        expected = {"rank": rank, "of": len(nodes), "node": node}
        assert json.loads(rows[-1])["values"] == expected
    assert len(list((folder / "attempts").iterdir())) == 1
    assert lab.states() == ["done"]


def test_ranks_on_two_nodes_stop_and_go_on_together(slurm, lab):
    """What stops one node stops the job; the next attempt has all ranks again."""
    rates = lab.folder / "lab" / "rates.py"
    rates.write_text(rates.read_text() + "one = psweep(config, grid={'steps': [30]})\n")
    lab.hold()
    launcher = lab.start("run", "lab.rates.one", "--on", "nodes")
    until(lambda: len(list(lab.folder.glob("runs/*/metrics*.jsonl"))) == 4)
    launcher.send_signal(signal.SIGINT)
    _, text = launcher.communicate(timeout=180)
    assert launcher.returncode == 130, text
    assert slurm.run("squeue", "-h", "-t", "pending,running") == ""
    assert lab.states() == ["stopped"]
    lab.release()
    done = lab.run("run", "lab.rates.one", "--on", "nodes")
    assert done.returncode == 0, done.stderr
    (folder,) = lab.folders()
    assert len(list((folder / "attempts").iterdir())) == 2
    for file in folder.glob("metrics*.jsonl"):
        steps = [json.loads(line)["step"] for line in file.read_text().splitlines()]
        assert steps[-1] == 29
        assert sorted(set(steps)) == list(range(30))
    assert lab.states() == ["done"]


def test_a_sweep_on_ray(ray, lab):
    done = lab.run("run", "lab.rates.mixed", "--on", "rays")
    assert done.returncode == 1, done.stderr
    assert lab.states() == ["done", "failed", "failed", "lost"]
    assert "ValueError: as the config says" in done.stderr


def of_cluster(lab):
    """Return the processes that the local Ray cluster of a launch has started, and its jobs."""
    tokens = [str(file).encode() for file in lab.folder.glob("runs/.jobs/*/ray-token")]
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            text = file.read_bytes()
        except OSError:
            continue  # it has ended
        if any(token in text for token in tokens) and not is_gone(pid := int(file.parts[2])):
            found.append(pid)
    return found


@pytest.mark.slow
def test_a_cluster_of_its_own_ends_with_the_launcher_and_so_do_its_jobs(ray, lab):
    """Next to another cluster of this machine; the same command goes on in a new one."""
    lab.hold()
    launcher = lab.start("run", "lab.rates.listed", "--on", "own")
    until(lambda: len(running(lab)) == 2)
    assert of_cluster(lab)
    launcher.kill()
    launcher.wait()
    until(lambda: not of_cluster(lab))
    assert lab.states() == ["lost", "lost"]
    assert lab.run("run", "lab.rates.listed", "--on", "own", "--detach").returncode == 0
    until(lambda: lab.states() == ["running", "running"], step=0.5)
    done = lab.run("runs", "stop", "lab.rates.listed")
    assert done.stdout.count("stopped by its launcher") == 2, done.stderr
    until(lambda: not of_cluster(lab))
    assert lab.states() == ["stopped", "stopped"]


def test_a_sweep_begun_here_continued_on_slurm_and_finished_on_ray(slurm, ray, lab):
    """Each run is done once, wherever it was begun."""
    rates = lab.folder / "lab" / "rates.py"
    rates.write_text(
        rates.read_text()
        + "points = psweep(config, grid={'seed': range(24), 'pause': [0.05], 'steps': [10]})\n"
    )
    for words, count in [(["--slots=2"], 10), (["--on", "cluster"], 20)]:
        launcher = lab.start("run", "lab.rates.points", *words)
        until(lambda count=count: len(lab.ended()) >= count)
        launcher.send_signal(signal.SIGINT)
        _, text = launcher.communicate(timeout=180)
        assert launcher.returncode == 130, text
    done = lab.run("run", "lab.rates.points", "--on", "rays")
    assert done.returncode == 0, done.stderr
    assert lab.states() == ["done"] * 24
    # One that was interrupted after its last step, before it was recorded, ends again.
    assert set(lab.ended()) == set(range(24))
    assert lab.done_twice() == []
    assert len(lab.folders()) == 24


def test_a_sweep_survives_random_kills_of_its_launcher_and_runs(lab):
    """Killed twenty times with its runs, it still runs every point to its end once."""
    rates = lab.folder / "lab" / "rates.py"
    rates.write_text(
        rates.read_text()
        + "points = psweep(config, grid={'seed': range(24), 'pause': [0.02], 'steps': [60]})\n"
    )
    draw = random.Random(0)
    for _ in range(20):
        launcher = lab.start("run", "lab.rates.points", "--slots", "3")
        pids = until(lambda: len(found := running(lab)) == 3 and found)
        time.sleep(draw.uniform(0.0, 0.5))
        for pid in (*pids, launcher.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        launcher.wait()
        until(lambda pids=pids: all(map(is_gone, pids)))
    assert lab.states().count("done") < 24
    done = lab.run("run", "lab.rates.points", "--slots", "3")
    assert done.returncode == 0, done.stderr
    assert lab.states() == ["done"] * 24
    assert set(lab.ended()) == set(range(24))
    assert lab.done_twice() == []
    assert len(lab.folders()) == 24
    for folder in lab.folders():
        rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        curve = {row["step"]: row["values"]["loss"] for row in rows}
        assert curve == {step: 1 / (step + 1) + 0.1 for step in range(60)}
