"""The Slurm executor with a real controller and a real node."""

import shutil
import sys
from dataclasses import replace

import pytest

from pconfigs.errors import EngineError
from pconfigs.executors import Job, SlurmExecutor
from pconfigs.launchers.engines import slurm as slurm_engine
from pconfigs.launchers.engines.job import JOBS, job_line
from tests.engines import accounting, slurm as slurm_cluster
from tests.engines.waiting import is_gone, text_of, until

pytestmark = pytest.mark.engines


def python(folder, code, *needs, **env):
    folder.mkdir(exist_ok=True)
    command = (sys.executable, "-c", code)
    return Job(str(folder), command, env=env, needs=tuple(map(str, needs)))


@pytest.fixture
def submit(slurm, tmp_path):
    """Submit jobs; return the engine and the handles."""

    def submitted(jobs, **fields):
        launch = tmp_path / "launch"
        launch.mkdir()
        jobs = [replace(job, index=index) for index, job in enumerate(jobs)]
        (launch / JOBS).write_text("".join(map(job_line, jobs)))
        engine = SlurmExecutor(**fields).construct()
        return engine, engine.submit(jobs, launch)

    return submitted


def finish(engine, handles):
    def all_gone():
        seen = engine.poll(handles)
        return seen if all(one.state == "gone" for one in seen.values()) else None

    return [until(all_gone, step=0.2)[handle] for handle in handles]


def state(engine, handle):
    return engine.poll([handle])[handle].state


def test_array_with_one_that_fails(submit, tmp_path):
    """One submission for all; each job has its own folder, log and environment."""
    codes = ["import os; print(os.environ['NAME'])", "raise SystemExit(5)", "print('third')"]
    jobs = [python(tmp_path / str(n), code, NAME=f"job {n}") for n, code in enumerate(codes)]
    engine, handles = submit(jobs, env_vars={"SHARED": "it's"}, parallel=2)
    assert len({handle.partition("_")[0] for handle in handles}) == 1
    seen = finish(engine, handles)
    assert [one.word.split()[0] for one in seen] == ["COMPLETED", "FAILED", "COMPLETED"]
    assert [text_of(engine.log(handle)) for handle in handles] == ["job 0\n", "", "third\n"]


def test_a_limit_holds_for_several_arrays(submit, tmp_path, monkeypatch):
    monkeypatch.setattr(slurm_engine, "LARGEST_ARRAY", 2)
    go = tmp_path / "go"
    code = f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.05)"
    engine, handles = submit([python(tmp_path / str(n), code) for n in range(3)], parallel=2)
    until(lambda: engine.poll(handles)[handles[2]].word == "Dependency")
    go.touch()
    assert [one.word.split()[0] for one in finish(engine, handles)] == ["COMPLETED"] * 3


def test_dependencies(submit, tmp_path):
    """A job starts after those that it needs; it is dropped where one of them fails."""
    order = tmp_path / "order"
    write = f"import sys; open({str(order)!r}, 'a').write"
    a, b, c, d, e = (tmp_path / name for name in "abcde")
    jobs = [
        python(a, f"{write}('a')"),
        python(b, f"{write}('b')", a),
        python(c, "raise SystemExit(3)"),
        python(d, f"{write}('d')", c),
        python(e, f"{write}('e')", b, tmp_path / "done before"),
    ]
    engine, handles = submit(jobs)
    seen = finish(engine, handles)
    assert order.read_text() == "abe"
    assert seen[2].word.startswith("FAILED")
    assert seen[3].word.startswith("CANCELLED")


def test_cancel_ends_all_that_was_started(submit, tmp_path):
    code = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid(), flush=True)
time.sleep(600)
"""
    engine, handles = submit([python(tmp_path / "a", code), python(tmp_path / "b", code)])
    log = engine.log(handles[0])
    until(lambda: text_of(log).count("\n") == 2)
    engine.cancel(handles)
    seen = finish(engine, handles)
    assert all(one.word.startswith("CANCELLED") for one in seen)
    until(lambda: all(is_gone(int(line)) for line in text_of(log).splitlines()))


def test_tasks_that_are_cancelled_before_they_start_are_gone(submit, tmp_path):
    """Slurm has one line for all of them, under the number of the array."""
    jobs = [python(tmp_path / name, "import time; time.sleep(600)") for name in "abc"]
    engine, handles = submit(jobs, parallel=1)
    until(lambda: state(engine, handles[0]) == "running")
    engine.cancel(handles)
    seen = finish(engine, handles)
    assert all(one.word.startswith("CANCELLED") for one in seen)


PATIENT = """
import os, signal, sys, time
from pathlib import Path
attempts = Path("attempts")
count = int(attempts.read_text()) + 1 if attempts.exists() else 1
attempts.write_text(str(count))
print("attempt", count, os.environ.get("SLURM_RESTART_COUNT", "0"), flush=True)
def heed(number, frame):
    print("warned by", signal.Signals(number).name, flush=True)
    sys.exit(85)
signal.signal(signal.SIGUSR1, heed)
signal.signal(signal.SIGTERM, heed)
if count == 1:
    print("ready", flush=True)
    time.sleep(600)
"""


def test_a_warning_is_heeded_and_the_job_requeued(submit, slurm, tmp_path):
    """SIGUSR1 reaches the program; its exit code 85 requeues the job, in the same folder."""
    folder = tmp_path / "a"
    job = python(folder, PATIENT)
    engine, handles = submit([Job(job.folder, job.command, cwd=str(folder))])
    log = engine.log(handles[0])
    until(lambda: "ready" in text_of(log))
    slurm.run("scancel", "--batch", "--signal=USR1", handles[0])
    (seen,) = finish(engine, handles)
    assert seen.word.split()[0] == "COMPLETED"
    assert text_of(log).splitlines() == ["attempt 1 0", "ready", "warned by SIGUSR1", "attempt 2 1"]


def test_a_cancelled_job_is_not_requeued(submit, tmp_path):
    """Also where the program answers SIGTERM with the exit code that asks to be continued."""
    folder = tmp_path / "a"
    job = python(folder, PATIENT)
    engine, handles = submit([Job(job.folder, job.command, cwd=str(folder))])
    until(lambda: "ready" in text_of(engine.log(handles[0])))
    engine.cancel(handles)
    (seen,) = finish(engine, handles)
    assert seen.word.startswith("CANCELLED")
    assert "attempt 2" not in text_of(engine.log(handles[0]))


def test_a_preempted_job_is_requeued_by_slurm(submit, slurm, tmp_path):
    folder = tmp_path / "low"
    job = python(folder, PATIENT)
    engine, handles = submit(
        [Job(job.folder, job.command, cwd=str(folder))], args=["--exclusive"], partition="main"
    )
    log = engine.log(handles[0])
    until(lambda: "ready" in text_of(log))
    slurm.run("sbatch", "--partition=high", "--exclusive", "--output=/dev/null", "--wrap=true")
    (seen,) = finish(engine, handles)
    assert seen.word.split()[0] == "COMPLETED"
    assert text_of(log).splitlines()[-1] == "attempt 2 1"


def test_several_processes_by_srun(submit, tmp_path):
    code = "import os; print('rank', os.environ['SLURM_PROCID'], os.environ['SLURM_NTASKS'])"
    engine = SlurmExecutor(ntasks_per_node=2).construct()
    command = engine.command(["-c", code], {}, [])
    assert command[0] == "srun"
    (tmp_path / "a").mkdir()
    engine, handles = submit([Job(str(tmp_path / "a"), command)], ntasks_per_node=2)
    finish(engine, handles)
    assert sorted(text_of(engine.log(handles[0])).splitlines()) == ["rank 0 2", "rank 1 2"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"partition": "nowhere"}, "invalid partition specified: nowhere"),
        ({"gpus_per_node": 8}, "Invalid generic resource"),
        ({"time": "soon"}, "Invalid --time"),
        ({"args": ["--no-such-option"]}, "no-such-option"),
    ],
    ids=str,
)
def test_refusals_are_in_slurms_own_words(submit, slurm, tmp_path, fields, words):
    with pytest.raises(EngineError, match=f"(?s)slurm: .*{words}"):
        submit([python(tmp_path / "a", "pass")], **fields)
    assert slurm.run("squeue", "-h", "-t", "pending,running") == ""


def test_more_processors_than_there_are_wait_with_a_reason(submit, tmp_path):
    engine, handles = submit([python(tmp_path / "a", "pass")], cpus_per_task=4, parallel=1)
    engine.cancel(handles)
    assert finish(engine, handles)


@pytest.mark.slow
def test_a_job_that_only_the_accounting_knows(tmp_path, monkeypatch):
    absent = accounting.missing(slurm_cluster.PATH)
    if absent:
        pytest.skip(f"needs slurm with accounting: {absent} not installed")
    cluster = slurm_cluster.Slurm(tmp_path, has_accounting=True)
    for name in ("SLURM_CONF", "PATH"):
        monkeypatch.setenv(name, cluster.environment[name])
    try:
        cluster.start()
        words = ("--parsable", "--array=0-1", "--output=/dev/null")
        job = cluster.run("sbatch", *words, "--wrap=exit $((SLURM_ARRAY_TASK_ID * 3))").strip()
        engine, handles = SlurmExecutor().construct(), [f"{job}_0", f"{job}_1"]
        finish(engine, handles)
        until(lambda: cluster.run("squeue", "-h", "-t", "all") == "", step=1.0)
        words = [engine.poll([handle])[handle].word for handle in handles]
        assert words == ["COMPLETED", "FAILED (3:0)"]
    finally:
        cluster.stop()


@pytest.mark.parametrize("has_sacct", [True, False])
def test_a_job_that_slurm_has_forgotten_is_gone(slurm, tmp_path, monkeypatch, has_sacct):
    if not has_sacct:
        (tmp_path / "squeue").symlink_to(shutil.which("squeue"))
        monkeypatch.setenv("PATH", str(tmp_path))
    engine = SlurmExecutor().construct()
    (seen,) = engine.poll(["999999"]).values()
    assert seen.state == "gone"
    (seen,) = engine.poll(["999999_3"]).values()
    assert seen.state == "gone"


def test_without_a_controller_nothing_is_known(slurm, monkeypatch, tmp_path):
    broken = tmp_path / "slurm.conf"
    text = slurm.configuration.read_text()
    port = next(line for line in text.splitlines() if line.startswith("SlurmctldPort="))
    broken.write_text(text.replace(port, "SlurmctldPort=1") + "MessageTimeout=2\n")
    monkeypatch.setenv("SLURM_CONF", str(broken))
    monkeypatch.setattr("pconfigs.launchers.engines.slurm_queue.TIMEOUT", 3.0)
    engine = SlurmExecutor().construct()
    (seen,) = engine.poll(["1"]).values()
    assert seen.state == "unknown"


def test_submitting_from_inside_a_job_is_like_from_outside(submit, monkeypatch, tmp_path):
    monkeypatch.setenv("SLURM_JOB_ID", "17")
    monkeypatch.setenv("SLURM_NTASKS", "64")
    engine, handles = submit([python(tmp_path / "a", "import os; print(os.environ['PATH'][:1])")])
    (seen,) = finish(engine, handles)
    assert seen.word == "COMPLETED"
