"""Runs and saved configs wherever a target may be, and runs that are continued."""

import json
import os
import signal

import pytest

from tests.runs.conftest import read, rows

COUNT = """
state = prun.dir / "count.txt"
count = int(state.read_text()) if state.exists() else 0
state.write_text(str(count + 1))
prun.log(step=100, count=count)
"""


@pytest.fixture
def ran(project):
    done = project.run("--record", "lab.first", "steps=2")
    assert done.code == 0
    return project


@pytest.mark.parametrize("form", ["@", "@first", "@steps=2", "folder", "config"])
def test_commands_take_runs_as_targets(ran, form):
    folder = ran.only_run()
    short = os.path.relpath(folder, ran.folder)
    target = {"folder": short, "config": f"{short}/config.json"}.get(form, form)
    done = ran.python("-m", "pconfigs.print", target, "--flat")
    assert done.code == 0, done.err
    assert "steps = 2" in done.out
    assert "hunter2" not in done.out
    assert "steps  3 -> 2" in ran.python("-m", "pconfigs.diff", "lab.first", target).out
    assert ran.python("-m", "pconfigs.explain", target, "steps").out.startswith("steps = 2\n")


def test_a_run_shows_the_values_of_then(ran):
    train = ran.folder / "lab/train.py"
    train.write_text(train.read_text().replace("self.steps * self.rate", "self.steps + self.rate"))
    assert "total = 1.0" in ran.python("-m", "pconfigs.print", "@first", "--flat").out
    assert "total = 2.5" in ran.python("-m", "pconfigs.print", "lab.first", "steps=2", "--flat").out


def test_a_run_is_a_base_for_files(ran):
    derived = ran.python("-m", "pconfigs.derive", "@first").out
    assert "TrainerConfig(first_config, steps=2)" in derived
    again = ran.python("-m", "pconfigs.derive", "@first", "rate=0.1").out
    assert "TrainerConfig(first_config, steps=2, rate=0.1)" in again


def test_a_saved_config_runs(project):
    project.write("out/small.json", json.dumps({"$type": "lab.train.TrainerConfig", "steps": 1}))
    done = project.run("--record", "out/small.json")
    assert (done.code, done.out) == (0, "step=0\n"), done.err
    assert project.only_run().name.startswith("small-")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"steps": 1}, "$type at the top must name the class"),
        ({"$type": "subprocess.Popen"}, "is not of this project"),
        ({"$type": "lab.train.Trainer"}, "must be a config class"),
    ],
)
def test_files_of_other_things_do_not_run(project, data, problem):
    project.write("out/small.json", json.dumps(data))
    done = project.run("out/small.json")
    assert done.code == 2
    assert problem in done.err


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("@nothing", "@nothing: no recorded run matches\n    recorded: first\n"),
        ("@frist", "did you mean @first?"),
        ("@steps=2", "2 runs match; name one of them"),
        ("lab", "the folder is not a run"),
    ],
)
def test_references_that_name_no_run_are_refused(ran, target, problem):
    ran.run("lab.first", "steps=2")
    done = ran.runs("show", target)
    assert done.code == 2
    assert problem in done.err


def test_without_a_store_no_run_is_named(project):
    done = project.runs("show", "@")
    assert done.code == 2
    assert "no store of runs" in done.err


def test_a_stopped_run_is_resumed_in_its_own_folder(project):
    target = project.experiment("stops", body=COUNT + "if count == 0: raise KeyboardInterrupt")
    assert project.run("--record", target).code == 130
    done = project.run("--resume", "@stops")
    assert done.code == 0, done.err
    assert done.err.endswith(".1 (attempt 2)\n")
    folder = project.only_run()
    status = read(folder / "status.json")
    assert (status["state"], status["attempt"], status["last"]["count"]) == ("done", 2, 1)
    assert [row["attempt"] for row in rows(folder / "metrics.jsonl")] == [1] * 4 + [2] * 4
    assert sorted(path.name for path in (folder / "attempts").iterdir()) == ["1.json", "2.json"]


@pytest.mark.parametrize(
    "claim",
    ["of a dead process", "empty", "elsewhere and old", "elsewhere and new"],
)
def test_an_attempt_that_ended_before_it_began_does_not_block_the_next(project, claim):
    target = project.experiment("again", body="return prun.REQUEUE if prun.attempt == 1 else 0")
    project.run("--record", target)
    attempts = project.only_run() / "attempts"
    left = attempts / "2.json"
    if claim == "of a dead process":
        left.write_bytes((attempts / "1.json").read_bytes())
    elif claim.startswith("elsewhere"):
        facts = read(attempts / "1.json")
        left.write_text(json.dumps({**facts, "process": {**facts["process"], "host": "another"}}))
    else:
        left.touch()
    if claim.endswith("old"):
        os.utime(left, (1_000_000_000, 1_000_000_000))
    done = project.run("--resume", "@again")
    if claim.endswith("new"):
        assert done.code == 2
        assert "another process has just started" in done.err
    else:
        assert done.code == 0, done.err
        assert read(attempts / "3.json")["exit_code"] == 0


def test_secrets_of_a_resumed_run_are_those_of_today(project):
    body = "assert self.config.key == 'another-secret-1'\nif prun.attempt == 1: return prun.REQUEUE"
    target = project.experiment("hides", "key='another-secret-1'", body=body)
    assert project.run("--record", target).code == 85
    assert project.run("--into", str(project.only_run())).code == 0


def test_a_run_that_is_done_is_not_resumed(ran):
    before = read(ran.only_run() / "status.json")
    done = ran.run("--resume", "@first")
    assert done.code == 2
    assert "the run is done" in done.err
    assert read(ran.only_run() / "status.json") == before


def test_a_run_that_is_alive_is_not_resumed_and_lost_once_killed(project):
    target = project.experiment("waits", body="print('waiting', flush=True)\ntime.sleep(60)")
    process = project.popen("-m", "pconfigs.run", "--record", target)
    while process.stdout.readline() != "waiting\n":
        pass
    done = project.run("--resume", "@waits")
    assert done.code == 2
    assert "the run is alive" in done.err
    assert project.listed()[0]["state"] == "running"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (run,) = project.listed()
    assert run["state"] == "lost"
    assert run["metrics"] == {"loss": pytest.approx(0.5 / 3)}
    assert run["took"] is None


def test_resuming_takes_no_overrides(project):
    target = project.experiment("again", body="return prun.REQUEUE")
    project.run("--record", target)
    done = project.run("--resume", "@again", "steps=5")
    assert done.code == 2
    assert "a run continues as it was planned" in done.err


def test_arguments_are_kept(project):
    target = project.experiment("args", body="return prun.REQUEUE if prun.attempt == 1 else 0")
    train = project.folder / "lab/train.py"
    code = train.read_text().replace("return self.end()", "print(others); return self.end()")
    train.write_text(code)
    assert project.run("--record", target, "--", "-x", "a=b").code == 85
    assert project.run("--resume", "@args").out.endswith("['-x', 'a=b']\n")


def test_a_config_that_no_longer_loads_is_named(ran):
    (ran.folder / "lab/first.py").unlink()
    train = ran.folder / "lab/train.py"
    train.write_text(train.read_text().replace("TrainerConfig", "OtherConfig"))
    done = ran.python("-m", "pconfigs.print", "@first")
    assert done.code == 2
    assert "its config cannot be loaded today" in done.err
    assert "TrainerConfig" in done.err


def test_a_sweep_means_all_runs_of_its_points(project):
    """One point was run before, by hand; the record of the sweep has two others."""
    project.write(
        "lab/rates.py",
        """
        from lab.train import TrainerConfig
        from pconfigs import psweep

        sweep = psweep(TrainerConfig(), grid={"rate": [0.25, 0.5, 1.0]})
        """,
    )
    project.run("--record", "lab.rates.sweep[0]")
    project.run("lab.rates.sweep", "--slots", "1")
    done = project.runs("lab.rates.sweep", "--json")
    assert sorted(run["config"]["rate"] for run in json.loads(done.out)) == [0.25, 0.5, 1.0]
    done = project.runs("table", "lab.rates.sweep", "--json")
    assert [row["rate"] for row in json.loads(done.out)] == [1.0, 0.5, 0.25]
    project.write("lab/rates.py", "raise OSError\n")
    done = project.runs("lab.rates.sweep", "--json")
    assert "lab.rates.sweep cannot be imported: runs that it did not start" in done.err
    assert sorted(run["config"]["rate"] for run in json.loads(done.out)) == [0.5, 1.0]
