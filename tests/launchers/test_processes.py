"""Commands in groups of their own: real processes, grandchildren included.

Nothing here waits for time to pass. A pipe whose other end only the processes under test hold shows
when the last of them is gone: then it ends.
"""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pconfigs.launchers.engines import children
from pconfigs.launchers.processes import TimedOut, run_group

ROOT = Path(__file__).parents[2]
LIMIT = 30.0

# A child starts two grandchildren that ignore the wish to end, one of which leaves the group where
# the system shows it all the same. All hold the write end of the pipe.
FAMILY = """
import os, signal, subprocess, sys
pipe = int(sys.argv[1])
code = (
    "import os, signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    " os.write(int(sys.argv[1]), b'g'); signal.pause()"
)
for apart in (False, os.path.isdir("/proc/self")):
    words = [sys.executable, "-c", code, str(pipe)]
    subprocess.Popen(words, pass_fds=[pipe], start_new_session=apart)
os.write(pipe, b"c")
signal.pause()
"""
STARTER = """
import os, sys
from pconfigs.launchers import processes
from pconfigs.launchers.engines import children
children.GRACE = 0.2
pipe = int(sys.argv[1])
os.set_inheritable(pipe, True)
popen = processes.subprocess.Popen
processes.subprocess.Popen = lambda *a, **k: popen(*a, **k, pass_fds=[pipe])
try:
    code = processes.run_group([sys.executable, "-c", sys.argv[2], str(pipe)], env={})
except KeyboardInterrupt:
    code = 130
raise SystemExit(code)
"""


class Pipe:
    """The read end of a pipe, and what has come out of it."""

    def __init__(self, end: int) -> None:
        self.end = end

    def read(self, count: int) -> bytes:
        """The next `count` bytes; fewer where all writers are gone."""
        found = b""
        while len(found) < count:
            ready, _, _ = select.select([self.end], [], [], LIMIT)
            assert ready, "nobody wrote, and nobody ended"
            more = os.read(self.end, count - len(found))
            if not more:
                break
            found += more
        return found


@contextmanager
def started(family: str) -> Iterator[tuple[subprocess.Popen[bytes], Pipe]]:
    """A process that runs `family` as a group, with a pipe that all of them hold."""
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(write), family],
        pass_fds=[write],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    os.close(write)
    try:
        yield process, Pipe(read)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(LIMIT)
        assert process.stderr is not None
        process.stderr.close()
        os.close(read)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code)]


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)],
)
def test_a_signal_to_the_starter_ends_children_and_grandchildren(number, code):
    with started(FAMILY) as (process, pipe):
        assert sorted(pipe.read(3)) == sorted(b"cgg")
        process.send_signal(number)
        assert process.wait(LIMIT) == code
        assert pipe.read(1) == b"", "somebody still holds the pipe"


def test_a_group_may_tidy_up_before_it_ends():
    tidy = """
import os, signal, sys
pipe = int(sys.argv[1])
def end(number, frame):
    os.write(pipe, b"t")
    raise SystemExit
signal.signal(signal.SIGTERM, end)
os.write(pipe, b"c")
while True:
    signal.pause()
"""
    with started(tidy) as (process, pipe):
        assert pipe.read(1) == b"c"
        process.send_signal(signal.SIGTERM)
        assert pipe.read(2) == b"t"
        assert process.wait(LIMIT) == 143


def test_a_timeout_ends_the_whole_group(monkeypatch):
    monkeypatch.setattr(children, "GRACE", 0.2)
    read, write = os.pipe()
    os.set_inheritable(write, True)
    started = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: started(*a, **k, pass_fds=[write]))
    with pytest.raises(TimedOut):
        run_group([sys.executable, "-c", FAMILY, str(write)], env={}, timeout=1.0)
    os.close(write)
    pipe = Pipe(read)
    assert len(pipe.read(4)) < 4, "something still holds the pipe"
    os.close(read)


def test_what_a_command_leaves_in_its_group_ends_with_it():
    leaving = """
import os, subprocess, sys
code = "import os, signal, sys; os.write(int(sys.argv[1]), b'g'); signal.pause()"
subprocess.Popen([sys.executable, "-c", code, sys.argv[1]], pass_fds=[int(sys.argv[1])])
"""
    with started(leaving) as (process, pipe):
        assert process.wait(LIMIT) == 0
        assert pipe.read(2) in (b"", b"g"), "the grandchild still holds the pipe"


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("raise SystemExit(0)", 0),
        ("raise SystemExit(3)", 3),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137),
    ],
)
def test_the_exit_code_is_that_of_the_command(code, result):
    assert run_group(python(code), env={}) == result


def test_output_goes_where_this_process_writes(capfd):
    run_group(python("import sys; print('out'); print('err', file=sys.stderr)"), env={})
    assert capfd.readouterr() == ("out\n", "err\n")


def test_variables_are_added(capfd, tmp_path, monkeypatch):
    monkeypatch.setenv("THERE", "1")
    code = "import os; print(os.environ['THERE'], os.environ['ADDED'], os.getcwd())"
    assert run_group(python(code), env={"ADDED": "2"}, cwd=str(tmp_path)) == 0
    assert capfd.readouterr().out == f"1 2 {tmp_path}\n"


def test_handlers_of_signals_are_put_back():
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)]
    run_group(python(""), env={})
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)] == before


def test_a_command_runs_in_other_threads_too():
    import threading

    found: list[int] = []
    thread = threading.Thread(
        target=lambda: found.append(run_group(python("raise SystemExit(4)"), env={}))
    )
    thread.start()
    thread.join(LIMIT)
    assert found == [4]


STARTED = """
import os, sys
os.set_inheritable(int(sys.argv[1]), True)
from pconfigs.launchers import processes
from pconfigs.launchers.engines import children
children.GRACE = 0.2
popen = processes.subprocess.Popen
processes.subprocess.Popen = lambda *a, **k: popen(*a, **k, close_fds=False)
os.write(int(sys.argv[1]), b"s")
command = ["sleep", "600"]
if sys.argv[2] == "silent":
    processes.run_all_silently([command, command], 600, at_once=2)
else:
    processes.run_group(command, env={})
"""


@pytest.mark.parametrize("how", ["group", "silent"])
@pytest.mark.parametrize(
    "number",
    [
        "SIGTERM",
        *(
            pytest.param(one, marks=pytest.mark.slow)
            for one in ("SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGALRM")
        ),
    ],
)
def test_a_signal_at_any_moment_ends_what_was_started(how, number):
    """Before the command has started, while it is being started, and while it runs."""
    for attempt in range(6):
        read, write = os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-c", STARTED, str(write), how],
            pass_fds=[write],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        try:
            pipe = Pipe(read)
            assert pipe.read(1) == b"s"
            select.select([], [], [], random.random() * 0.03 * attempt)
            process.send_signal(getattr(signal, number))
            assert process.wait(LIMIT) != 0
            assert pipe.read(1) == b"", "something that was started is left"
        finally:
            process.kill()
            process.wait(LIMIT)
            os.close(read)
