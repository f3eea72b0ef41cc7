"""Launches of sweeps on this machine: what is run, what is continued, and what is left."""

import json
import os
import shutil
import signal

import pytest

from tests.engines.waiting import is_gone, until

pytestmark = pytest.mark.slow  # each starts several processes


def test_a_sweep_runs_every_point_once(lab):
    done = lab.run("run", "lab.rates.sweep", "--slots", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "created runs/" in done.stderr
    assert "6 runs: 6 to run" in done.stderr
    assert "6 runs: 6 done" in done.stderr
    runs = lab.runs()
    assert {run["state"] for run in runs} == {"done"}
    assert {run["run"] for run in runs} >= {
        "rates.sweep,rate=0.1,seed=0-" + digits for digits in ()
    }
    assert all(run["metrics"]["loss"] == run["config"]["rate"] + 0.5 for run in runs)
    assert {run["target"] for run in runs} == {f"lab.rates.sweep[{index}]" for index in range(6)}

    again = lab.run("run", "lab.rates.sweep", "--slots", "2")
    assert again.returncode == 0
    assert again.stderr == "6 runs: 6 done\n"
    assert lab.ended() == [0, 0, 1, 1, 2, 2]


def test_points_that_ran_by_themselves_are_done(lab):
    """A run counts by its config, whatever it was started as."""
    assert lab.run("run", "lab.rates.config", "--record", "seed=1").returncode == 0
    done = lab.run("run", "lab.rates.sweep")
    assert "6 runs: 1 done, 5 to run" in done.stderr
    assert lab.ended() == [0, 0, 1, 1, 2, 2]


def test_failures_are_listed_and_run_again_when_asked(lab):
    done = lab.run("run", "lab.rates.mixed", "--slots", "2")
    assert done.returncode == 1
    assert "4 runs: " in done.stderr
    assert "ValueError: as the config says at lab/model.py:" in done.stderr
    assert "(exit code 3; log: runs/" in done.stderr
    assert "killed by SIGKILL" in done.stderr
    assert lab.states() == ["done", "failed", "failed", "lost"]

    again = lab.run("run", "lab.rates.mixed")
    assert again.returncode == 1
    assert "4 runs: 1 done, 2 failed, 1 to run" in again.stderr
    attempts = [len(list((folder / "attempts").iterdir())) for folder in lab.folders()]
    assert sorted(attempts) == [1, 1, 1, 2]  # what was lost goes on in its folder

    retried = lab.run("run", "lab.rates.mixed", "--retry-failed")
    assert "4 runs: 1 done, 3 to run" in retried.stderr
    numbers = sorted(folder.name.rpartition(".")[2] for folder in lab.folders())
    assert numbers == ["1", "1", "1", "1", "2", "2"]


def test_fail_fast_stops_everything(lab):
    (lab.folder / "lab" / "rates.py").write_text(
        "from pconfigs import psweep\n"
        "from lab.model import TrainerConfig\n"
        "sweep = psweep(TrainerConfig(), zip={\n"
        "    'end': ['raise', '0', '0'], 'steps': [1, 2000, 2], 'pause': [0.0, 0.05, 0.0],\n"
        "})\n"
    )
    done = lab.run("run", "lab.rates.sweep", "--slots", "2", "--fail-fast")
    assert done.returncode == 1
    assert "3 runs: 1 failed, " in done.stderr
    failed, other = lab.states()
    assert failed == "failed"
    assert other in ("queued", "stopped")  # it may not have got as far as to start
    assert lab.ended() == [0]


def test_ctrl_c_stops_the_runs_and_the_same_command_continues(lab):
    launcher = lab.start("run", "lab.rates.slow", "--slots", "2")
    until(lambda: len(list(lab.folder.glob("runs/*/files/state"))) == 2)
    launcher.send_signal(signal.SIGINT)
    _, text = launcher.communicate(timeout=60)
    assert launcher.returncode == 130
    assert "stopped: 2 stopped, 2 to run; the same command continues" in text
    assert "Traceback" not in text
    assert lab.states() == ["stopped", "stopped"]

    done = lab.run("run", "lab.rates.slow", "--slots", "4")
    assert done.returncode == 0, done.stderr
    assert lab.states() == ["done"] * 4
    assert lab.ended() == [0, 1, 2, 3]
    for folder in lab.folders():
        rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        assert sorted({row["step"] for row in rows}) == list(range(20))


def test_sigterm_stops_the_runs_too(lab):
    launcher = lab.start("run", "lab.rates.slow", "--slots", "2")
    until(lambda: len(list(lab.folder.glob("runs/*/files/state"))) == 2)
    launcher.send_signal(signal.SIGTERM)
    _, text = launcher.communicate(timeout=60)
    assert launcher.returncode == 143
    assert "2 stopped" in text
    assert lab.states() == ["stopped", "stopped"]


def pids(lab):
    found = []
    for file in lab.folder.glob("runs/*/status.json"):
        status = json.loads(file.read_text())
        if status["state"] == "running":
            found.append(status["process"]["pid"])
    return found


def test_a_killed_launcher_takes_its_runs_along_and_the_same_command_continues(lab):
    launcher = lab.start("run", "lab.rates.slow", "--slots", "2")
    running = until(lambda: len(found := pids(lab)) == 2 and found)
    launcher.kill()
    launcher.wait()
    launcher.stderr.close()
    until(lambda: all(map(is_gone, running)))
    assert lab.states() == ["lost", "lost"]
    assert lab.run("run", "lab.rates.slow", "--slots", "4").returncode == 0
    assert lab.states() == ["done"] * 4
    assert lab.ended() == [0, 1, 2, 3]


def test_two_launches_of_one_sweep_share_its_points(lab):
    one = lab.start("run", "lab.rates.slow", "--slots", "1")
    other = lab.start("run", "lab.rates.slow", "--slots", "1")
    texts = [launcher.communicate(timeout=120)[1] for launcher in (one, other)]
    assert [one.returncode, other.returncode] == [0, 0], texts
    assert all("4 runs: 4 done" in text for text in texts)
    assert lab.ended() == [0, 1, 2, 3]
    assert lab.states() == ["done"] * 4


def test_what_is_held_by_a_launcher_that_dies_is_taken_over(lab):
    words = ["run", "lab.rates.slow", "steps=100", "--slots", "4"]
    first = lab.start(*words)
    until(lambda: len(pids(lab)) == 4)
    second = lab.start(*words)
    line = second.stderr.readline()
    assert line == "4 runs: 4 elsewhere\n"
    first.kill()
    first.wait()
    first.stderr.close()
    _, text = second.communicate(timeout=120)
    assert second.returncode == 0, text
    assert lab.ended() == [0, 1, 2, 3]


def test_launched_runs_use_the_code_of_then(lab):
    """Editing while a sweep runs changes nothing in it, uncommitted code included."""
    launcher = lab.start("run", "lab.rates.slow", "--slots", "1")
    until(lambda: len(pids(lab)) == 1)
    model = lab.folder / "lab" / "model.py"
    model.write_text(model.read_text().replace("return int(c.end)", "return 7"))
    _, text = launcher.communicate(timeout=120)
    assert launcher.returncode == 0, text
    for folder in lab.folders():
        files = json.loads((folder / "code.json").read_text())["files"]
        assert "lab/model.py" in files


def test_a_run_whose_code_cannot_be_imported_fails(lab):
    (lab.folder / "lab" / "rates.py").write_text(
        "import os\n"
        "from pconfigs import psweep\n"
        "from lab.model import TrainerConfig\n"
        "from lab.broken import x\n"
        "sweep = psweep(TrainerConfig(), grid={'seed': [1, 2]})\n"
    )
    broken = "import os\nx = 1\nif 'PCONFIGS_RUN' in os.environ:\n    raise OSError('only here')\n"
    (lab.folder / "lab" / "broken.py").write_text(broken)
    (lab.folder / "lab" / "model.py").write_text(
        (lab.folder / "lab" / "model.py").read_text() + "\nfrom lab.broken import x\n"
    )
    done = lab.run("run", "lab.rates.sweep")
    assert done.returncode == 1
    assert done.stderr.count("lab.model fails to import (OSError)") == 2
    assert all("OSError: only here" in (f / "log.txt").read_text() for f in lab.folders())
    assert lab.states() == ["failed", "failed"]


def test_dry_run_lists_points_and_starts_nothing(lab):
    lab.run("run", "lab.rates.config", "--record", "seed=1")
    done = lab.run("run", "lab.rates.sweep", "--dry-run")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "6 runs: 5 to run, 1 done"
    assert lines[2].startswith("done       rates,seed=1-")
    assert lines[3].startswith("to run     rates.sweep,rate=0.1,seed=2-")
    assert "-P -m pconfigs.run --into" in lines[-1]
    assert len(lab.folders()) == 1


def test_lists_and_dicts_of_configs_are_targets(lab):
    assert lab.run("run", "lab.rates.by_name").returncode == 0
    assert lab.run("run", "lab.rates.listed", "rate=0.5", "--slots=2").returncode == 0
    stems = [folder.name.rpartition("-")[0] for folder in lab.folders()]
    assert stems == [
        "rates.by_name,large", "rates.by_name,small",
        "rates.listed,0,rate=0.5", "rates.listed,1,rate=0.5",
    ]  # fmt: skip


def test_a_quick_sweep_combines_overrides(lab):
    done = lab.run(
        "run", "lab.rates.config", "rate=1e-3,0.5", "seed=range(2)", "steps=1", "--sweep"
    )
    assert done.returncode == 0, done.stderr
    assert [folder.name.rpartition("-")[0] for folder in lab.folders()] == [
        "rates,rate=0.5,seed=0,steps=1", "rates,rate=0.5,seed=1,steps=1",
        "rates,rate=1e-3,seed=0,steps=1", "rates,rate=1e-3,seed=1,steps=1",
    ]  # fmt: skip


def test_a_quick_sweep_is_saved_as_a_module(lab):
    words = ["rate=1e-3,0.5", "seed=range(2)", "end=0", "--sweep", "--save-as", "lab/quick.py"]
    done = lab.run("run", "lab.rates.config", *words)
    assert done.returncode == 0, done.stderr
    assert "wrote lab/quick.py" in done.stderr
    text = (lab.folder / "lab" / "quick.py").read_text()
    assert '        "rate": [0.001, 0.5],\n        "seed": [0, 1],' in text
    again = lab.run("run", "lab.quick.sweep")
    assert again.stderr == "4 runs: 4 done\n"
    refused = lab.run("run", "lab.rates.config", *words)
    assert refused.returncode == 2
    assert "lab/quick.py" in refused.stderr


def test_what_is_wrong_with_any_point_of_a_quick_sweep_is_reported(lab):
    done = lab.run("run", "lab.rates.config", "rate=0.1,x", "seed=range(2)", "--sweep")
    assert done.returncode == 2
    assert "2 of 4 points cannot be built" in done.stderr
    assert "rate=x seed=0 and 1 more" in done.stderr
    assert not (lab.folder / "runs").exists()


def test_points_that_cannot_run_are_refused_together(lab):
    (lab.folder / "lab" / "rates.py").write_text(
        "from pconfigs import PConfig, Required, pconfig\n"
        "from lab.model import TrainerConfig\n"
        "@pconfig\n"
        "class Part(PConfig):\n"
        "    width: int\n"
        "mixed = [TrainerConfig(), Part(width=1), TrainerConfig(seed=Required)]\n"
    )
    done = lab.run("run", "lab.rates.mixed")
    assert done.returncode == 2
    assert "Part constructs nothing" in done.stderr
    assert "open: seed" in done.stderr
    assert not (lab.folder / "runs").exists()


def test_wrong_options_are_refused(lab):
    for words, message in [
        (["--slots", "0"], "--slots must be a number from 1, got 0"),
        (["--slots", "two"], "--slots must be a number from 1, got two"),
        (["--on", "nowhere"], "'nowhere' is not a profile"),
        (["--no-record"], "always recorded"),
        (["--nonsense"], "--nonsense"),
        (["--save-as", "x.py"], "--save-as is for one experiment"),
        (["--record-reads", "x"], "--record-reads is for a run of this process"),
    ]:
        done = lab.run("run", "lab.rates.sweep", *words)
        assert done.returncode == 2, words
        assert message in done.stderr


def test_options_of_sweeps_are_refused_for_one_experiment(lab):
    for option in ("--fail-fast", "--retry-failed"):
        done = lab.run("run", "lab.rates.config", option)
        assert done.returncode == 2
        assert f"{option} is for runs that are launched" in done.stderr


def test_one_experiment_is_launched_by_an_executor(lab):
    done = lab.run("run", "lab.rates.config", "end=3", "--slots", "1")
    assert done.returncode == 3
    done = lab.run("run", "lab.rates.config", "--slots", "1")
    assert done.returncode == 0
    done = lab.run("run", "lab.rates.config", "--slots", "1")
    assert done.returncode == 0
    assert lab.ended() == [0, 0, 0]  # asked for by name, it is run each time


def test_a_detached_launch_goes_on_by_itself(lab):
    done = lab.run("run", "lab.rates.sweep", "--slots", "2", "--detach")
    assert done.returncode == 0
    assert "launched by process" in done.stderr
    until(lambda: lab.ended() == [0, 0, 1, 1, 2, 2])
    until(lambda: lab.states() == ["done"] * 6)


def test_small_variants_are_apart(lab):
    with (lab.folder / "lab" / "model.py").open("a") as file:
        file.write("\nfrom pconfigs import psmoke\npsmoke(TrainerConfig, steps=1)\n")
    done = lab.run("run", "lab.rates.slow", "--smoke", "--slots=2")
    assert done.returncode == 0, done.stderr
    assert lab.folders() == []
    assert len(list((lab.folder / "runs" / ".smoke").iterdir())) == 4


def test_the_log_of_a_run_is_its_own(lab):
    lab.run("run", "lab.rates.mixed", "--slots=2")
    (failed,) = lab.folder.glob("runs/*end=raise*")
    text = (failed / "log.txt").read_text()
    assert text.count("ValueError: as the config says") == 1
    assert os.sep + "pconfigs" + os.sep not in text


def test_programs_that_ask_to_be_continued_are(lab):
    model = lab.folder / "lab" / "model.py"
    model.write_text(
        model.read_text().replace(
            "return int(c.end)", "return prun.REQUEUE if prun.attempt < 3 else int(c.end)"
        )
    )
    done = lab.run("run", "lab.rates.listed", "--slots=2")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("requeued") == 4
    attempts = [len(list((folder / "attempts").iterdir())) for folder in lab.folders()]
    assert attempts == [3, 3]


def test_points_whose_code_has_changed_are_run_again(lab):
    assert lab.run("run", "lab.rates.listed").returncode == 0
    model = lab.folder / "lab" / "model.py"
    model.write_text(model.read_text().replace("1 / (step + 1)", "2 / (step + 1)"))
    kept = lab.run("run", "lab.rates.listed", "--accept-changes")
    assert kept.stderr == "2 runs: 2 done\n"
    shown = lab.run("run", "lab.rates.listed", "--dry-run")
    assert "stale: " in shown.stdout
    done = lab.run("run", "lab.rates.listed")
    assert done.returncode == 0, done.stderr
    assert "2 runs: 2 to run\n    changed since they ran: " in done.stderr
    assert sorted(f.name.rpartition(".")[2] for f in lab.folders()) == ["1", "1", "2", "2"]
    assert lab.run("run", "lab.rates.listed").stderr == "2 runs: 2 done\n"
    assert lab.ended() == [7, 7, 8, 8]


def test_a_sweep_is_stopped_with_its_launcher(lab):
    launcher = lab.start("run", "lab.rates.slow", "--slots", "2")
    until(lambda: len(list(lab.folder.glob("runs/*/files/state"))) == 2)
    done = lab.run("runs", "stop", "lab.rates.slow")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(f"stopped by its launcher, process {launcher.pid}") == 2
    launcher.communicate(timeout=60)
    assert launcher.returncode == 143
    assert lab.states() == ["stopped", "stopped"]
    assert (
        "nothing of lab.rates.slow waits or runs"
        in lab.run("runs", "stop", "lab.rates.slow").stderr
    )
    assert len(lab.run("runs", "lab.rates.slow").stdout.splitlines()) == 3


def test_one_run_of_a_sweep_is_stopped_and_the_others_go_on(lab):
    launcher = lab.start("run", "lab.rates.slow", "--slots", "2")
    first = until(lambda: list(lab.folder.glob("runs/*/files/state")))[0].parents[1]
    done = lab.run("runs", "stop", f"@{first.name}")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{first.name}: stopped\n"
    _, text = launcher.communicate(timeout=60)
    assert launcher.returncode == 1, text
    assert lab.states() == ["done", "done", "done", "stopped"]


def test_an_engine_knows_of_the_end_of_what_ran_elsewhere(lab):
    """A process on another machine cannot be seen; what its engine has reported counts."""
    lab.run("run", "lab.rates.mixed", "--slots=2")
    (killed,) = lab.folder.glob("runs/*end=kill*")
    gone = json.loads((killed / "gone.json").read_text())
    assert gone == {"attempt": 1, "word": "killed by SIGKILL"}
    status = json.loads((killed / "status.json").read_text())
    status["process"]["host"] = "another-host"
    (killed / "status.json").write_text(json.dumps(status))
    assert lab.states() == ["done", "failed", "failed", "lost"]
    (killed / "gone.json").unlink()
    assert lab.states() == ["done", "failed", "failed", "running"]


def zipped(lab):
    shutil.make_archive(str(lab.folder / "code"), "zip", lab.folder, "lab")
    (lab.folder / "lab").rename(lab.folder / "unpacked")


def test_a_sweep_of_a_project_in_a_zip_runs_again_when_its_code_has_changed(lab):
    zipped(lab)
    words = ("run", "lab.rates.sweep", "--slots", "2")
    done = lab.run(*words, PYTHONPATH="code.zip")
    assert done.returncode == 0, done.stderr
    assert lab.ended() == [0, 0, 1, 1, 2, 2]
    assert lab.run(*words, PYTHONPATH="code.zip").stderr == "6 runs: 6 done\n"
    (lab.folder / "unpacked").rename(lab.folder / "lab")
    model = lab.folder / "lab" / "model.py"
    model.write_text(model.read_text().replace("1 / (step + 1)", "2 / (step + 1)"))
    zipped(lab)
    again = lab.run(*words, PYTHONPATH="code.zip")
    assert "changed since they ran: Trainer.main (6)" in again.stderr
    assert len(lab.ended()) == 12
    before = min(folder.name for folder in lab.folders())
    rerun = lab.run("run", f"@{before}", "--as-recorded", PYTHONPATH="code.zip")
    assert rerun.returncode == 2
    assert "must be in folders to be imported again, got code.zip/lab/" in rerun.stderr
