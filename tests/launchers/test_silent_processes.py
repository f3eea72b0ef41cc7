"""Commands that run out of sight: nothing of what they have started outlives them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pconfigs.launchers.processes import MARK, run_silently

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
@pytest.mark.parametrize(("how", "code"), [("stay", None), ("end", 0)])
def test_what_has_left_the_group_ends_with_the_command(tmp_path, how, code):
    file = tmp_path / "numbers"
    file.touch()
    done = run_silently([sys.executable, "-c", LEAVING, str(file), how], 3 if code is None else 60)
    assert (done.code, done.output) == (code, "ready\n")
    for number in file.read_text().split():
        # A zombie is a process that has ended, and that nobody has asked about.
        status = Path(f"/proc/{number}/status")
        assert not status.exists() or "State:\tZ" in status.read_text()
    assert MARK not in os.environ
