"""Searches with Optuna: every trial is a run, and none is lost, run twice or left running."""

import importlib.util
import json
import random
import signal
import time

import pytest

from tests.engines.waiting import until
from tests.launchers.lab import Lab

pytestmark = pytest.mark.engines

SEARCHES = """
from pconfigs import psearch
from pconfigs.sweeps import Integers, LogUniform
from lab.model import TrainerConfig

config = TrainerConfig(steps=1)
space = {"rate": LogUniform(1e-3, 1.0), "seed": Integers(0, 1000)}
serial = psearch(config, space=space, goal="min loss", runs=12, parallel=1)
shorter = psearch(config, space=space, goal="min loss", runs=5, parallel=1)
some = psearch(config, space=space, goal="min loss", runs=30, parallel=2)
many = psearch(config, space=space, goal="min loss", runs=200, parallel=2)
finite = psearch(config, space={"seed": [1, 2, 3], "steps": [1, 2]}, goal="min loss", runs=40)
silent = psearch(config, space={"rate": [0.1, 0.2]}, goal="max accuracy", runs=2)
failing = psearch(
    config, space={"rate": LogUniform(1e-3, 1.0), "end": ["raise"]}, goal="min loss", runs=2
)
pruned = psearch(
    TrainerConfig(steps=60, pause=0.05), space={"rate": LogUniform(1e-3, 1e3)},
    goal="min loss", runs=5, parallel=2, prune="median",
)
"""


@pytest.fixture
def lab(tmp_path):
    """Return a project with searches."""
    if importlib.util.find_spec("optuna") is None:
        pytest.skip("optuna is not installed")
    made = Lab(tmp_path)
    (tmp_path / "lab" / "find.py").write_text(SEARCHES)
    yield made
    made.close()


def points(lab):
    """Return the values of all runs, oldest first."""
    files = sorted(
        lab.folder.glob("runs/*/run.json"), key=lambda f: json.loads(f.read_text())["planned"]
    )
    configs = [json.loads((file.parent / "config.json").read_text()) for file in files]
    return [(config["rate"], config["seed"]) for config in configs]


def trial_states(lab):
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    (file,) = (lab.folder / "runs" / ".search").glob("*.journal")
    storage = JournalStorage(JournalFileBackend(str(file)))
    study = optuna.load_study(study_name=file.stem, storage=storage)
    return [trial.state.name for trial in study.get_trials()]


def test_points_depend_on_the_seed_also_where_a_search_was_interrupted(lab, tmp_path_factory):
    assert lab.run("run", "lab.find.serial").returncode == 0
    assert lab.states() == ["done"] * 12

    other = Lab(tmp_path_factory.mktemp("other"))
    (other.folder / "lab" / "find.py").write_text(SEARCHES)
    done = other.run("run", "lab.find.shorter")
    assert "5 runs: 5 done" in done.stderr
    done = other.run("run", "lab.find.serial")
    assert done.returncode == 0, done.stderr
    assert "12 runs: 5 done" in done.stderr
    assert points(other) == points(lab)
    assert len(set(points(lab))) == 12

    again = lab.run("run", "lab.find.serial")
    assert again.returncode == 0
    assert again.stdout.startswith("best loss: ")
    assert len(lab.folders()) == 12


@pytest.mark.parametrize(
    ("name", "count", "kills"),
    [("some", 30, 5), pytest.param("many", 200, 12, marks=pytest.mark.slow)],
    ids=["thirty", "two hundred"],
)
def test_trials_survive_random_kills(lab, name, count, kills):
    """No trial stays running, and no point runs twice."""
    draw = random.Random(1)
    for _ in range(kills):
        launcher = lab.start("run", f"lab.find.{name}")
        deadline = time.monotonic() + draw.uniform(1.0, 3.0)
        while time.monotonic() < deadline and launcher.poll() is None:
            time.sleep(0.05)
        launcher.send_signal(draw.choice([signal.SIGKILL, signal.SIGINT]))
        launcher.communicate(timeout=180)
    done = lab.run("run", f"lab.find.{name}")
    assert done.returncode == 0, done.stderr
    assert f"{count} runs: {count} done" in done.stderr
    assert "RUNNING" not in trial_states(lab)
    finished = [run for run in lab.runs() if run["state"] == "done"]
    assert len(finished) == len({json.dumps(run["config"]) for run in finished}) == count
    assert lab.done_twice() == []
    best = float(done.stdout.split()[2])
    assert best == pytest.approx(min(run["metrics"]["loss"] for run in finished), rel=1e-4)


def test_a_space_with_fewer_points_than_runs_ends(lab):
    done = lab.run("run", "lab.find.finite")
    assert done.returncode == 0, done.stderr
    assert "the space is used up" in done.stderr
    assert lab.states() == ["done"] * 6
    listed = json.loads(lab.run("runs", "lab.find.finite", "--json").stdout)
    assert len(listed) == 6


def test_runs_without_the_metric_are_named(lab):
    done = lab.run("run", "lab.find.silent", "--slots", "1")
    assert done.returncode == 1
    assert "has not logged 'accuracy'" in done.stderr


def test_a_search_whose_runs_fail_gives_up(lab):
    done = lab.run("run", "lab.find.failing")
    assert done.returncode == 1
    assert "gave up after 8 trials" in done.stderr
    assert set(lab.states()) == {"failed"}


def test_runs_that_are_not_promising_are_stopped(lab):
    done = lab.run("run", "lab.find.pruned")
    assert done.returncode == 0, done.stderr
    states = lab.states()
    assert states.count("done") == 5
    if "stopped" in states:  # how many is up to the pruner
        assert "PRUNED" in trial_states(lab)


def test_ctrl_c_stops_and_the_same_command_continues(lab):
    lab.hold()
    launcher = lab.start("run", "lab.find.pruned")
    until(lambda: len(list(lab.folder.glob("runs/*/files/state"))) == 2)
    launcher.send_signal(signal.SIGINT)
    _, text = launcher.communicate(timeout=180)
    assert launcher.returncode == 130
    assert "the same command continues" in text
    assert "RUNNING" not in trial_states(lab)


def test_arguments_and_trackers_reach_the_runs(lab):
    (lab.folder / "tensorboard.py").write_text("")  # the package is looked for, and not imported
    words = ["--tracker", "tensorboard", "--", "a", "b"]
    done = lab.run("run", "lab.find.silent", *words)
    assert done.returncode == 1, done.stderr
    facts = [json.loads(file.read_text()) for file in lab.folder.glob("runs/*/run.json")]
    assert {tuple(one["arguments"]) for one in facts} == {("a", "b")}
    assert all(one["trackers"] == ["tensorboard"] for one in facts)


def test_without_optuna_the_extra_is_named(lab):
    (lab.folder / "optuna.py").write_text("raise ImportError('no module')\n")
    done = lab.run("run", "lab.find.serial", PYTHONPATH=str(lab.folder))
    assert done.returncode == 2
    assert "pip install 'pconfigs[search]'" in done.stderr
    assert not (lab.folder / "runs").exists()


def test_dry_run_shows_the_search(lab):
    done = lab.run("run", "lab.find.serial", "--dry-run", "rate=0.5")
    assert done.returncode == 0
    assert done.stdout.startswith("<search of 12 runs for min loss over rate, seed>\nbase: Trainer")
    assert not (lab.folder / "runs").exists()
