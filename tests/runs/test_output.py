"""The output of launched runs: what they and their children write to the log has no secrets."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pconfigs.runs.capture.output_filter import split_masked
from tests.runs.conftest import REPOSITORY, read

SECRET = "planted-secret"
LEAK = """
print("whole", self.config.key, flush=True)
sys.stdout.write("in two " + self.config.key[:7])
sys.stdout.flush()
os.write(1, (self.config.key[7:] + "\\n").encode())
first, rest = self.config.key[:3], self.config.key[3:]
child = f"import os; os.write(2, b'child {first}'); os.write(2, b'{rest}\\\\n')"
subprocess.run([sys.executable, "-c", child])
sys.stdout.write("no end " + self.config.key[:9])
"""
MASKED = "step=0\nstep=1\nstep=2\nwhole ***\nin two ***\nchild ***\nno end planted-s"


def launched(project, body, relay=False):
    """Start a planned run with its descriptors on its log, as executors do.

    Args:
        project: Where.
        body: What its `main` does.
        relay: Whether its output comes to the log by way of another process, as with srun.

    Returns:
        The process, the folder of the run, and a descriptor that is at its end when all processes
        are gone that the run has started, those included that mask its output.
    """
    target = project.experiment("leaks", "key=os.environ['PLANTED']", body=body)
    code = "from pconfigs.runs.planning import Plan, plan_run\n"
    code += "from pconfigs.runs.store import make_store\nfrom lab.leaks import config\n"
    code += f"print(plan_run(make_store('runs'), Plan(config, 'leaks', {target!r})).path)"
    folder = Path(project.python("-c", code, PLANTED=SECRET).out.strip())
    watch, held = os.pipe()
    with (folder / "log.txt").open("ab") as log, ExitStack() as stack:
        output = log
        if relay:
            words = ["cat"]
            copier = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=log, pass_fds=[held])
            project.processes.append(copier)
            output = stack.enter_context(copier.stdin)
        process = subprocess.Popen(
            [sys.executable, "-m", "pconfigs.run", "--into", str(folder)],
            cwd=project.folder,
            env=project.environment(PLANTED=SECRET, PCONFIGS_RUN=str(folder)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[held],
        )
    os.close(held)
    project.processes.append(process)
    return process, folder, watch


def wait_for_all(watch):
    assert os.read(watch, 1) == b""
    os.close(watch)


@pytest.mark.parametrize("relay", [False, True])
def test_secrets_in_pieces_and_from_children_are_masked(project, relay):
    process, folder, watch = launched(project, LEAK, relay)
    assert process.wait(60) == 0
    if relay:
        wait_for_all(watch)
    assert (folder / "log.txt").read_text() == MASKED
    assert read(folder / "status.json")["state"] == "done"
    if not relay:
        wait_for_all(watch)


def test_what_a_killed_run_has_written_is_in_its_log(project):
    process, folder, watch = launched(project, LEAK + "sys.stdout.flush()\nos.kill(os.getpid(), 9)")
    assert process.wait(60) == -signal.SIGKILL
    wait_for_all(watch)
    assert (folder / "log.txt").read_text() == MASKED


def test_a_run_ends_before_what_it_has_left_running(project):
    """The log is complete then, and what is written later is masked, too."""
    orphan = (
        "import sys; sys.stdin.readline(); "
        "print('late', f'{sys.argv[1]}' + sys.argv[2], flush=True)"
    )
    body = f"""
    reading, writing = os.pipe()
    words = [sys.executable, "-c", {orphan!r}, self.config.key[:5], self.config.key[5:]]
    subprocess.Popen(words, stdin=reading, start_new_session=True)
    os.mkfifo(prun.dir / "go")
    relay = ["sh", "-c", "exec cat go", "cat"]
    subprocess.Popen(relay, stdout=writing, cwd=prun.dir, start_new_session=True)
    print("early", self.config.key)
    """
    process, folder, watch = launched(project, body)
    assert process.wait(60) == 0
    log = folder / "log.txt"
    assert log.read_text().endswith("early ***\n")
    (folder / "files/go").write_text("go\n")
    wait_for_all(watch)
    assert log.read_text().endswith("early ***\nlate ***\n")


def test_what_was_printed_before_the_start_is_masked_in_the_log(project):
    early = "os.write(2, f'at import {os.environ.get(\"PLANTED\")}\\n'.encode())"
    project.write("lab/__init__.py", f"import os\n{early}\n")
    process, folder, watch = launched(project, "print(self.config.key)")
    assert process.wait(60) == 0
    wait_for_all(watch)
    text = (folder / "log.txt").read_text()
    assert text.startswith(f"at import {'*' * len(SECRET)}\n")
    assert text.endswith("step=2\n***\n")


KILLS = """
import signal
from pathlib import Path

def filters():
    held = os.readlink("/proc/self/fd/1")
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and os.readlink(entry / "fd/0") == held:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state not in "ZX":
                    found.append((int(entry.name), int(parent)))
        except OSError:
            continue
    return found

def kill(is_guardian):
    while len(pids := filters()) < 2:
        pass
    names = {pid for pid, parent in pids}
    (worker,) = [pid for pid, parent in pids if parent in names]
    victim = next(pid for pid in names if (pid == worker) != is_guardian)
    os.kill(victim, signal.SIGKILL)
    while victim in {pid for pid, parent in filters()}:
        pass

key = self.config.key
for is_guardian in ORDER:
    print("before", key, flush=True)
    kill(is_guardian)
    print("after", key, "x" * 20, flush=True)
    print(key, flush=True)
for line in range(5000):
    print("line", line, key)
"""


@pytest.mark.parametrize("order", ["FFF", "TTT", "FTFT"])
def test_a_run_goes_on_when_the_processes_that_mask_its_output_are_killed(project, order):
    """F kills the one that copies, T the one that starts it again."""
    kills = KILLS.replace("ORDER", str([kind == "T" for kind in order]))
    process, folder, watch = launched(project, kills)
    assert process.wait(120) == 0
    text = (folder / "log.txt").read_text()
    wait_for_all(watch)
    assert text.endswith("line 4999 ***\n")
    assert not [piece for piece in (SECRET[:7], SECRET[-7:]) if piece in text]
    assert text.count("some output is lost here") == order.count("F")
    assert text.count("after *** xxx") >= order.count("T")
    assert read(folder / "status.json")["state"] == "done"


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        (["cre", "t\nplanted-secret\n"], "\n***\n"),
        (["-secret planted-secr", "et\n"], " ***\n"),
        (["ret"], ""),
    ],
)
def test_the_end_of_a_secret_is_left_out_where_a_filter_was_killed(pieces, left):
    script = f"""
import os, sys
sys.path.insert(0, {str(REPOSITORY)!r})
from pconfigs.runs.capture.output_filter import _Filter
output = _Filter([b"planted-secret"], b"***")
output.succeed()
for piece in {pieces}:
    reading, writing = os.pipe()
    os.write(writing, piece.encode())
    os.dup2(reading, 0)
    output.copy()
os.close(writing)
output.copy()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    text = done.stdout.decode().partition("killed]\n")[2]
    assert text == left


@pytest.mark.parametrize("kind", [str, bytes])
@given(
    st.text("abcd", max_size=30),
    st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=4),
    st.lists(st.integers(0, 30), max_size=6),
)
def test_the_pieces_in_which_text_is_written_do_not_matter(kind, text, secrets, cuts):
    secrets = sorted(set(secrets), key=len, reverse=True)
    if kind is bytes:
        text, secrets = text.encode(), [one.encode() for one in secrets]
    mask = kind() + (b"*" if kind is bytes else "*")
    places = [0, *sorted(cuts), len(text)]
    out, held = kind(), kind()
    for start, end in zip(places, places[1:]):
        masked, held = split_masked(held + text[start:end], secrets, mask)
        out += masked
    whole, rest = split_masked(text, secrets, mask)
    assert out + held == whole + rest
    assert not [one for one in secrets if one in out]
    assert all(len(held) < len(secrets[0]) for held in (held, rest))
