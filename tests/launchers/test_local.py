"""The local executor: real processes, as many as there are slots, and nothing left afterwards."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pconfigs.errors import CheckError
from pconfigs.executors import Job, LocalExecutor
from pconfigs.launchers.engines import children
from pconfigs.launchers.engines.devices import deal, visible_devices
from pconfigs.launchers.engines.job import job_line

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 30.0


def is_gone(pid: int) -> bool:
    """Whether a process has ended, also where its parent does not wait for it."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


def until(condition, limit=LIMIT):
    """Wait for a condition; its value, which is true."""
    deadline = time.monotonic() + limit
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return value


def text_of(path):
    return path.read_text() if path.exists() else ""


@pytest.fixture
def engine():
    """Make local engines that are closed afterwards."""
    made = []

    def make(**fields):
        made.append(LocalExecutor(**fields).construct())
        return made[-1]

    yield make
    for one in made:
        one.close()


def python(folder, code, **fields):
    folder.mkdir(exist_ok=True)
    return Job(str(folder), (sys.executable, "-c", code), **fields)


def finish(engine, handles):
    def all_gone():
        engine.wait(0.2)
        seen = engine.poll(handles)
        return seen if all(one.state == "gone" for one in seen.values()) else None

    return [until(all_gone)[handle] for handle in handles]


def test_exit_codes_signals_and_logs(engine, tmp_path):
    codes = [
        "print('fine')",
        "raise SystemExit(7)",
        "1/0",
        "import os; os.kill(os.getpid(), 9)",
    ]
    jobs = [python(tmp_path / str(n), code) for n, code in enumerate(codes)]
    made = engine(slots=2)
    seen = finish(made, handles := made.submit(jobs, tmp_path))
    assert [one.code for one in seen] == [0, 7, 1, -9]
    assert seen[3].word == "killed by SIGKILL"
    assert made.log(handles[0]).read_text() == "fine\n"
    assert "ZeroDivisionError" in made.log(handles[2]).read_text()


def test_no_more_run_at_a_time_than_there_are_slots(engine, tmp_path):
    """Each job notes how many there are; two meet, three never do."""
    shared = tmp_path / "shared"
    shared.mkdir()
    code = f"""
import os, sys, time
folder, own = {str(shared)!r}, sys.argv[1]
open(f"{{folder}}/{{own}}", "w").close()
most = 0
for _ in range(50):
    most = max(most, len(os.listdir(folder)))
    time.sleep(0.002)
os.unlink(f"{{folder}}/{{own}}")
print(most)
"""
    jobs = []
    for index in range(6):
        job = python(tmp_path / str(index), code)
        jobs.append(Job(job.folder, (*job.command, str(index))))
    made = engine(slots=2)
    finish(made, handles := made.submit(jobs, tmp_path))
    counts = [int(made.log(handle).read_text()) for handle in handles]
    assert max(counts) == 2


def test_cancelling_interrupts_and_then_kills_all_that_was_started(engine, tmp_path, monkeypatch):
    """Also a child that ignores the interruption and has left the group."""
    monkeypatch.setattr(children, "GRACE", 0.3)
    code = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print("child", os.getpid(), flush=True)
    time.sleep(600)
try:
    print("leader", os.getpid(), flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    made = engine(slots=2)
    jobs = [python(tmp_path / "a", code), python(tmp_path / "b", "pass")]
    handles = made.submit(jobs, tmp_path)
    log = made.log(handles[0])
    until(lambda: text_of(log).count("\n") == 2)
    pids = [int(line.split()[1]) for line in text_of(log).splitlines()]
    made.cancel(handles[:1])
    until(lambda: all(map(is_gone, pids)))
    assert "interrupted" in text_of(log)
    assert made.poll(handles)[handles[0]].state == "gone"


def test_a_job_that_waits_is_cancelled_without_being_started(engine, tmp_path):
    made = engine(slots=1)
    jobs = [python(tmp_path / "a", "import time; time.sleep(600)"), python(tmp_path / "b", "")]
    handles = made.submit(jobs, tmp_path)
    assert [made.poll(handles)[handle].state for handle in handles] == ["running", "queued"]
    made.cancel(handles)
    assert not (tmp_path / "b" / "log.txt").exists()
    assert [made.poll(handles)[handle].state for handle in handles] == ["gone", "gone"]


def test_jobs_wait_for_what_they_need(engine, tmp_path):
    shared = tmp_path / "order"
    write = f"import sys; open({str(shared)!r}, 'a').write(sys.argv[1])"

    def job(name, code, *needs):
        made = python(tmp_path / name, code, needs=tuple(str(tmp_path / need) for need in needs))
        return Job(made.folder, (*made.command, name), needs=made.needs)

    jobs = [
        job("c", write, "a", "b"),
        job("e", write, "d"),
        job("a", write, "elsewhere"),
        job("b", write, "a"),
        job("d", "raise SystemExit(3)"),
    ]
    made = engine(slots=3)
    seen = finish(made, made.submit(jobs, tmp_path))
    assert shared.read_text() == "abc"
    assert [one.word for one in seen[:2]] == ["exit code 0", "skipped: needs d"]


def test_a_program_that_is_not_there_is_not_started(engine, tmp_path):
    made = engine()
    (seen,) = finish(made, made.submit([Job(str(tmp_path), ("no-such-program",))], tmp_path))
    assert seen.word.startswith("not started: ")
    assert "no-such-program" in seen.word


def test_gpus_are_dealt_out_to_slots(engine, tmp_path):
    code = "import os; print(os.environ.get('CUDA_VISIBLE_DEVICES'))"
    jobs = [python(tmp_path / str(n), f"{code}; import time; time.sleep(0.2)") for n in range(2)]
    made = engine(slots=2, devices=["0", "1", "2", "3"])
    finish(made, handles := made.submit(jobs, tmp_path))
    assert sorted(text_of(made.log(handle)) for handle in handles) == ["0,1\n", "2,3\n"]


def test_shares_of_gpus(monkeypatch):
    assert deal([], 2) == [{}, {}]
    assert [d["CUDA_VISIBLE_DEVICES"] for d in deal(["5", "7"], 3)] == ["5", "7", "5"]
    assert [d["CUDA_VISIBLE_DEVICES"] for d in deal(["0", "1", "2"], 2)] == ["0", "1"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "GPU-a, GPU-b")
    assert visible_devices() == ["GPU-a", "GPU-b"]


def test_slots_must_be_at_least_one():
    with pytest.raises(CheckError, match="slots must be at least 1, got 0"):
        LocalExecutor(slots=0)


LAUNCHER = """
import sys, json
from pathlib import Path
from pconfigs.executors import Job, LocalExecutor
folder = Path(sys.argv[1])
code = '''
import os, time
pid = os.fork()
if pid == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid()
os.write(1, f"{os.getpid()}{os.linesep}".encode())  # one write: six processes share it
time.sleep(600)
'''
engine = LocalExecutor(slots=2).construct()
handles = engine.submit([Job(str(folder), (sys.executable, "-c", code))] * 2, folder)
print("started", flush=True)
engine.wait(600)
"""


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
def test_death_of_the_launcher_ends_all_that_it_has_started(tmp_path, number):
    """Also what has left its group; nothing can be cleaned up by a process that is killed."""
    log = tmp_path / "log.txt"
    command = [sys.executable, "-c", LAUNCHER, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as launcher:
        try:
            until(lambda: text_of(log).count("\n") == 6)
            pids = [int(line) for line in text_of(log).splitlines()]
        finally:
            launcher.send_signal(number)
        launcher.wait(LIMIT)
    until(lambda: all(map(is_gone, pids)))


NESTED = """
import os, sys, time
from pconfigs.launchers.processes import run_group
os.write(1, f"{os.getpid()}\\n".encode())
run_group([sys.executable, "-c", sys.argv[1]], env={})
"""
INNERMOST = """
import os, time
os.setsid() if os.fork() == 0 else None
os.write(1, f"{os.getpid()}\\n".encode())
time.sleep(600)
"""


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs /proc")
def test_a_job_that_starts_commands_itself_is_killed_with_all_of_them(
    engine, tmp_path, monkeypatch
):
    """What a script has started belongs to the run of the script and to its launcher, too."""
    monkeypatch.setattr(children, "GRACE", 0.0)
    made = engine()
    job = python(tmp_path / "a", NESTED, env={"PYTHONPATH": str(ROOT)})
    handles = made.submit([Job(job.folder, (*job.command, INNERMOST), env=job.env)], tmp_path)
    log = made.log(handles[0])
    pids = until(lambda: len(lines := text_of(log).splitlines()) == 3 and list(map(int, lines)))
    made.cancel(handles)
    until(lambda: all(map(is_gone, pids)))


def test_a_job_is_plain_data():
    job = Job("/runs/a", ("python", "-c", "pass"), env={"A": "1"}, needs=("/runs/b",))
    data = json.loads(job_line(job))
    assert Job(**{**data, "command": tuple(data["command"]), "needs": tuple(data["needs"])}) == job
