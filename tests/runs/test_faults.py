"""Faults that a store survives: races, kills, full disks, newer versions, clocks, copies."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from pconfigs.runs.folder import RunFolder, append_line
from pconfigs.runs.lineage.files import PRODUCED, read_produced
from pconfigs.runs.metrics import rows_of
from pconfigs.runs.status import Status, is_alive, process_facts
from pconfigs.runs.store import CLAIM_AGE, make_store
from tests.runs.conftest import REPOSITORY, read

CLAIMING = """
import sys
from pconfigs.runs.store import make_store
store = make_store(sys.argv[1])
for _ in range(int(sys.argv[2])):
    print(store.claim("same-12345678", {"run.json": b"{}", "files/": b""}))
"""


def claim_by_processes(folder, processes, each):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMING, str(folder), str(each)],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=REPOSITORY,
        )
        for _ in range(processes)
    ]
    claimed = [line for one in started for line in one.communicate(timeout=120)[0].splitlines()]
    assert [one.returncode for one in started] == [0] * processes
    assert len(claimed) == len(set(claimed)) == processes * each
    assert {Path(path).name for path in claimed} == set(make_store(str(folder)).names())
    numbers = sorted(int(path.rpartition(".")[2]) for path in claimed)
    assert numbers == list(range(1, processes * each + 1))
    assert list((folder / ".claims").iterdir()) == []


def test_claims_of_several_processes_are_all_distinct(tmp_path):
    claim_by_processes(tmp_path / "runs", 4, 20)


@pytest.mark.slow
def test_1600_claims_of_8_processes_are_all_distinct(tmp_path):
    claim_by_processes(tmp_path / "runs", 8, 200)


def test_a_number_is_claimed_once(tmp_path):
    store = make_store(str(tmp_path / "runs"))
    assert store.claim("a-1", {"run.json": b"{}"}, number=3).endswith("a-1.3")
    assert store.claim("a-1", {"run.json": b"{}"}, number=3) is None
    assert list((tmp_path / "runs/.claims").iterdir()) == []


def test_an_empty_folder_is_taken_over_once_it_is_old(project):
    project.run("--record", "lab.first")
    left = project.only_run().with_suffix(".2")
    left.mkdir()
    assert len(project.listed()) == 1
    assert project.run("lab.first").err.endswith(".3\n")
    old = time.time() - CLAIM_AGE - 1
    os.utime(left, (old, old))
    store = make_store(str(project.store))
    assert store.claim(left.stem, {"run.json": b"{}"}, number=2) == str(left)


LOGGING = """
for step in range(10**6):
    prun.log(step=step, loss=1.0 / (step + 1), name="a word")
    print(step, flush=True)
"""


def killed_run(project, delay):
    """Kill a run that logs after a delay in seconds; return its folder and its last words."""
    process = project.popen("-m", "pconfigs.run", "--record", "lab.logs")
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    out, _ = process.communicate()
    return out


def check_killed(project, out):
    """Check that the store reads, and that every row that was logged is there."""
    listed = project.listed()
    for run in listed:
        assert run["state"] == "lost"
        assert run["exit_code"] is None
    # A line of the output follows the row that it is about.
    printed = [int(line) for line in out.split("\n")[:-1] if line.isdecimal()]
    if printed:
        newest = project.store / listed[0]["run"]
        steps = [row["step"] for row in rows_of(str(newest / "metrics.jsonl"))]
        own = steps[3:]  # the trainer's own rows come first
        assert own == list(range(len(own)))
        assert len(own) >= printed[-1] + 1
        assert listed[0]["metrics"]["loss"] > 0


def kill_at_random(project, times, seed):
    project.experiment("logs", body=LOGGING)
    chance = random.Random(seed)
    for _ in range(times):
        if project.store.exists():
            for folder in project.folders():
                shutil.rmtree(folder) if folder.is_dir() else None
        check_killed(project, killed_run(project, chance.uniform(0.02, 0.5)))


@pytest.mark.slow
def test_a_run_killed_at_any_point_is_lost_with_all_rows_that_it_logged(project):
    kill_at_random(project, 4, seed=1)


@pytest.mark.slow
def test_30_runs_killed_at_random_points_are_lost_with_all_rows(project):
    kill_at_random(project, 30, seed=2)


def kill_ranks(project, size, count):
    body = f"""
    for step in range({count}):
        prun.log(step=step, loss=float(step), word="x" * 50)
    os.kill(os.getpid(), signal.SIGKILL)
    """
    target = project.experiment("logs", body=body)
    variables = {"WORLD_SIZE": str(size), "MASTER_PORT": "29511"}
    ranks = [
        project.popen("-m", "pconfigs.run", "--record", target, RANK=str(rank), **variables)
        for rank in range(size)
    ]
    assert [one.communicate(timeout=120) and one.returncode for one in ranks] == [-9] * size
    folder = project.only_run()
    for rank in range(size):
        found = list(rows_of(str(folder / f"metrics{f'.r{rank}' if rank else ''}.jsonl")))
        assert [row["step"] for row in found[3:]] == list(range(count))
    (run,) = project.listed()
    assert run["state"] == "lost"
    assert run["metrics"]["loss"] == count - 1


@pytest.mark.slow
def test_ranks_that_are_killed_lose_no_row(project):
    kill_ranks(project, 2, 300)


@pytest.mark.slow
def test_8_ranks_that_are_killed_after_10000_rows_lose_none(project):
    kill_ranks(project, 8, 10_000)


@pytest.mark.slow
def test_torn_lines_are_dropped_and_the_next_attempt_goes_on(project):
    target = project.experiment("again", body="return prun.REQUEUE if prun.attempt == 1 else 0")
    project.run("--record", target)
    metrics = project.only_run() / "metrics.jsonl"
    with metrics.open("ab") as file:
        file.write(b'{"attempt":1,"step":3,"time":1.0,"val')
    assert project.listed()[0]["metrics"] == {"loss": pytest.approx(0.5 / 3)}
    assert project.run("--resume", "@again").code == 0
    assert [row["attempt"] for row in rows_of(str(metrics))] == [1, 1, 1, 2, 2, 2]


def test_a_line_after_a_torn_one_is_read(tmp_path):
    folder = RunFolder(str(tmp_path))
    append_line(folder.file(PRODUCED), {"ref": "tokens:v1"})
    with (tmp_path / "produced.jsonl").open("ab") as file:
        file.write(b'{"ref": "tokens:v2", "na')
    append_line(folder.file(PRODUCED), {"ref": "tokens:v3"})
    assert [entry["ref"] for entry in read_produced(folder)] == ["tokens:v1", "tokens:v3"]


def test_a_line_that_does_not_fit_is_an_error(project):
    code = """
    import resource, signal
    from pconfigs.runs.folder import append_line
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))
    append_line("lines.jsonl", {"text": "x" * 100})
    """
    done = project.python("-c", textwrap.dedent(code))
    assert "OSError: [Errno 28] only 50 of" in done.err


def test_a_full_disk_fails_the_run_with_what_was_written(project):
    """A limit on the size of files refuses writes as a full disk does."""
    body = """
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    for step in range(10_000):
        prun.log(step=step, loss=0.5)
    """
    done = project.run("--record", project.experiment("full", body=body))
    assert done.code == 1
    assert "OSError" in done.err
    folder = project.only_run()
    status = read(folder / "status.json")
    assert (status["state"], status["error"]["type"]) == ("failed", "OSError")
    found = [row["step"] for row in rows_of(str(folder / "metrics.jsonl"))]
    assert found[3:] == list(range(len(found) - 3))
    assert len(found) > 100


def test_a_log_that_cannot_be_written_does_not_stop_the_program(project):
    body = """
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    for step in range(5_000):
        print("a line of some length", step)
    """
    done = project.run("--record", project.experiment("full", body=body))
    assert done.code == 0
    assert done.out.endswith("a line of some length 4999\n")
    assert "the record is incomplete: log: " in done.err


def test_a_store_that_cannot_be_written_stops_the_run_before_it_starts(project):
    project.run("--record", "lab.first")
    shutil.rmtree(project.store / ".claims")
    (project.store / ".claims").write_text("in the way")
    done = project.run("lab.first")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("runs: a run cannot be recorded: runs/.claims: ")
    assert "--no-record" in done.err
    assert project.run("lab.first", "--no-record").code == 0
    assert len(project.listed()) == 1


def test_a_file_that_is_too_large_to_be_recorded_is_named_with_what_helps(project):
    limited = """
    import resource, runpy, sys
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    sys.argv = ["run", "lab.first", "--record"]
    runpy.run_module("pconfigs.run", run_name="__main__", alter_sys=True)
    """
    done = project.python("-c", textwrap.dedent(limited))
    problem, hint = done.err.splitlines()[-2:]
    assert re.fullmatch(r"runs: .* recorded: runs/first-\w+/attempts/1.json: File too .*", problem)
    assert hint == "    raise ulimit -f, or run it with --no-record"


def snapshot(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.slow
def test_a_newer_store_is_read_and_never_written(project):
    project.run("--record", "lab.first")
    project.run(project.experiment("again", body="return prun.REQUEUE"))
    (project.store / "store.json").write_text('{"schema": 2}')
    before = snapshot(project.store)
    assert len(project.listed()) == 2
    assert project.runs("show", "@first").code == 0
    for words in (
        ("-m", "pconfigs.run", "lab.first"),
        ("-m", "pconfigs.run", "lab.first", "--record"),
        ("-m", "pconfigs.run", "--resume", "@again"),
        ("-m", "pconfigs.run", "@first"),
        ("-m", "pconfigs.run", "@first", "--as-recorded"),
        ("-m", "pconfigs.runs", "note", "@first", "x"),
        ("-m", "pconfigs.runs", "keep", "@first"),
        ("-m", "pconfigs.runs", "clean", "--older", "0s", "--yes"),
    ):
        done = project.python(*words)
        assert done.code == 2, words
        assert "the store has schema 2, and this version writes schema 1" in done.err
    assert snapshot(project.store) == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "1"}', '{"schema": true}'])
def test_a_damaged_store_is_named(project, text):
    project.run("--record", "lab.first")
    (project.store / "store.json").write_text(text)
    done = project.runs()
    assert done.code == 2
    assert "runs/store.json: the store cannot be read" in done.err


def running(**facts):
    return Status({"state": "running", "process": {**process_facts(), **facts}})


def test_processes_are_known_by_more_than_their_pid():
    assert running().state == "running"
    assert running(start=1).state == "lost"  # the pid was used again
    assert running(boot="another").state == "lost"  # the machine was started again
    assert running(pid=2**22 + 1).state == "lost"
    assert running(host="another").state == "running"  # nothing is known from here
    assert is_alive({**process_facts(), "host": "another"}) is None
    assert is_alive({**process_facts(), "namespace": "another"}) is None
    assert is_alive({}) is None


def test_a_zombie_has_ended():
    process = subprocess.Popen(
        [sys.executable, "-c", "import json\nfrom pconfigs.runs.status import process_facts\n"
         "print(json.dumps(process_facts()))"],
        stdout=subprocess.PIPE, cwd=REPOSITORY,
    )  # fmt: skip
    facts = json.loads(process.stdout.read())
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert is_alive(facts) is False
    process.communicate()


def test_a_clock_that_jumped_back_leaves_durations_alone(project):
    """A run that started in the future, as far as the clock of now is concerned."""
    project.run("--record", "lab.first")
    folder = RunFolder(str(project.only_run()))
    data = folder.read("status.json")
    later = time.time() + 10_000
    folder.write("status.json", {**data, "started": later})
    (run,) = project.listed()
    assert run["took"] == data["took"]
    alive = {"state": "running", "started": later, "process": process_facts(), "attempt": 1}
    folder.write("status.json", alive)
    assert project.listed()[0]["took"] == 0.0


@pytest.mark.slow
def test_a_store_copied_elsewhere_lists_shows_and_reruns(project, tmp_path_factory):
    project.run("--record", "lab.first", "steps=2")
    name = project.only_run().name
    other = tmp_path_factory.mktemp("elsewhere") / "deep" / "project"
    shutil.copytree(project.folder, other)
    shutil.rmtree(project.folder / "runs")
    project.folder, project.store = other, other / "runs"
    (run,) = project.listed()
    assert (run["run"], run["state"], run["config"]["steps"]) == (name, "done", 2)
    assert project.runs("show", f"runs/{name}").code == 0
    done = project.run("@first")
    assert done.code == 0, done.err
    assert "all 2 logged values are those of" in done.err


def test_forked_children_have_a_file_of_their_own(project):
    body = """
    child = os.fork()
    if child == 0:
        prun.log(step=0, from_child=1.0)
        print("printed by the child")
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
    prun.log(step=9, from_parent=1.0)
    """
    done = project.run("--record", project.experiment("forks", "steps=0", body=body))
    assert done.code == 0, done.err
    folder = project.only_run()
    (child,) = folder.glob("metrics.p*.jsonl")
    assert [row["values"] for row in rows_of(str(child))] == [{"from_child": 1.0}]
    own = [row["values"] for row in rows_of(str(folder / "metrics.jsonl"))]
    assert own == [{"from_parent": 1.0}]
    assert (folder / "log.txt").read_text() == "printed by the child\n"


def test_threads_share_one_file_without_torn_lines(project):
    body = """
    from threading import Thread
    def work(number):
        for step in range(200):
            prun.log(step=step, thread=number)
    threads = [Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    """
    project.run("--record", project.experiment("threads", "steps=0", body=body))
    path = project.only_run() / "metrics.jsonl"
    assert len(path.read_text().splitlines()) == len(list(rows_of(str(path)))) == 1600


@pytest.mark.parametrize(
    "name",
    [
        "status.json",
        *[pytest.param(f"{n}.json", marks=pytest.mark.slow) for n in ("run", "config", "code")],
    ],
)
def test_a_file_that_a_power_cut_emptied_leaves_the_other_runs_listed(project, name):
    project.run("--record", "lab.first")
    project.run("lab.first", "steps=1")
    damaged = next(path for path in project.folders() if ",steps=1" in path.name)
    (damaged / name).write_text("")
    listed = {run["run"]: run["state"] for run in project.listed()}
    assert len(listed) == 2
    assert listed[damaged.name] == ("lost" if name == "status.json" else "done")
    assert project.runs("show", f"@{damaged.name}").code == 0
    assert project.runs("--check").code == 0


def test_a_forked_child_that_leaves_the_block_does_not_end_the_run(project):
    project.write(
        "script.py",
        """
        import os, sys, time
        from lab.first import config
        from pconfigs import prun

        child = None
        with prun.record(config):
            child = os.fork()
            prun.log(step=0, child=child == 0)
            if child:
                os.waitpid(child, 0)
                prun.log(step=1, last=True)
        """,
    )
    done = project.python("script.py")
    assert done.code == 0, done.err
    folder = project.only_run()
    assert read(folder / "status.json")["last"] == {"child": False, "last": True}
    assert len(list(folder.glob("metrics.p*.jsonl"))) == 1


def test_signals_end_the_process_again_after_the_block(project):
    project.write(
        "script.py",
        """
        import os, signal
        from lab.first import config
        from pconfigs import prun

        with prun.record(config):
            assert not prun.stop_requested
            assert signal.getsignal(signal.SIGTERM) != signal.SIG_DFL
            os.kill(os.getpid(), signal.SIGTERM)
            assert prun.stop_requested
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
        with prun.record(config):
            assert not prun.stop_requested
        """,
    )
    done = project.python("script.py")
    assert done.code == 0, done.err
    states = [read(path / "status.json")["state"] for path in project.folders() if path.is_dir()]
    assert states == ["stopped", "done"]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_during_the_end_waits_until_it_is_recorded(project, name):
    """What has come to its end is done, and is not run again by a sweep that was stopped."""
    project.write(
        "script.py",
        f"""
        import signal
        from lab.first import config
        from pconfigs import prun
        from pconfigs.runs.capture.git import GitCapture

        finish = GitCapture.finish

        def interrupted(self):
            signal.raise_signal(signal.{name})
            return finish(self)

        GitCapture.finish = interrupted
        with prun.record(config):
            prun.log(step=0, loss=1.0)
        """,
    )
    done = project.python("script.py")
    assert done.code == -getattr(signal, name)
    folder = project.only_run()
    assert read(folder / "status.json")["state"] == "done"
    assert read(folder / "attempts" / "1.json")["state"] == "done"
