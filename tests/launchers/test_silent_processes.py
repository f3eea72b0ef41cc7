"""Commands that run out of sight: nothing of what they have started outlives them."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

import pytest

from pconfigs.launchers.engines.standalone import MARK
from pconfigs.launchers.processes import TAIL, run_all_silently, run_silently

LEAVING = """
import os, subprocess, sys, time
code = "import os, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(600)"
code = "import sys, " + code[7:]
for apart in (False, True):
    subprocess.Popen([sys.executable, "-c", code, sys.argv[1]], start_new_session=apart)
while open(sys.argv[1]).read().count("\\n") < 2:
    time.sleep(0.01)
print("ready", flush=True)
if sys.argv[2] == "stay":
    time.sleep(600)
"""


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a system that tells")
@pytest.mark.parametrize(
    ("how", "code"), [pytest.param("stay", None, marks=pytest.mark.slow), ("end", 0)]
)
def test_what_has_left_the_group_ends_with_the_command(tmp_path, how, code):
    file = tmp_path / "numbers"
    file.touch()
    done = run_silently([sys.executable, "-c", LEAVING, str(file), how], 15 if code is None else 60)
    assert (done.code, done.output) == (code, "ready\n")
    assert all(has_ended(int(number)) for number in file.read_text().split())
    assert MARK not in os.environ


def has_ended(number: int) -> bool:
    """Whether a process that was killed has ended; dying takes it a moment."""
    try:
        process = os.pidfd_open(number)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 30)[0])
    finally:
        os.close(process)


def test_what_a_command_writes_without_end_is_bounded(tmp_path, monkeypatch):
    """Only the end is kept, in memory: no file grows."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    done = run_silently(["yes", "A" * 50], 0.3)
    assert done.code is None
    assert len(done.output) <= TAIL
    assert done.output.count("A" * 50) > 100
    assert list(tmp_path.iterdir()) == []


def test_commands_run_side_by_side_and_end_in_order():
    ended = []
    commands = [["sh", "-c", f"echo {name}; exit {code}"] for code, name in enumerate("abc")]
    done = run_all_silently(commands, 30, 2, lambda index, one: ended.append(index))
    assert [(one.code, one.output) for one in done] == [(0, "a\n"), (1, "b\n"), (2, "c\n")]
    assert sorted(ended) == [0, 1, 2]
