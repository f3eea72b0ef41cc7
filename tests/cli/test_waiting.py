"""Long imports are announced on a terminal, and nowhere else."""

from __future__ import annotations

import os
import select
import subprocess
import sys

import pytest

# Its import takes as long as the test wants.
SLOW = """
from pconfigs import PConfig, pconfig
with open("go") as pipe:
    pipe.read()
@pconfig
class PartConfig(PConfig):
    width: int
config = PartConfig(width=1)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
@pytest.mark.parametrize(
    ("words", "name"), [(["print", "lab.slow"], "lab.slow"), (["test", "lab"], "lab.slow")]
)
def test_a_terminal_shows_what_is_imported(lab, words, name):
    """The import ends only when the test has read the line."""
    import pty

    lab.write("lab/slow.py", SLOW)
    lab.write("lab/__pconfigs__.py", "")
    os.mkfifo(lab.folder / "go")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pconfigs", *words],
        cwd=lab.folder,
        env=lab.environment(),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as terminal:
        shown = select.select([terminal], [], [], 60)[0]
        (lab.folder / "go").write_text("")
        assert shown
        assert terminal.readline().strip() == f"importing {name} ..."
        process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_pipe_gets_nothing_and_loads_nothing(lab):
    text = "import sys\nassert 'threading' not in sys.modules\n"
    lab.write(
        "lab/quick.py", f"{text}from lab.parts import GreeterConfig\nconfig = GreeterConfig()"
    )
    done = lab.start("pconfigs.print", "lab.quick")
    assert (done.code, done.err) == (0, "")
