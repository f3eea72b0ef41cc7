"""What a TAB in a shell is answered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def answer_of(lab, line, **environment):
    """Return what is offered after a line, and stderr of the process that answers."""
    answer = lab.folder / "answer.out"
    done = subprocess.run(
        [
            "/bin/sh", "-c", 'exec "$0" -m pconfigs 8>"$1" 9>/dev/null',
            sys.executable, str(answer),
        ],
        cwd=lab.folder,
        env={
            **os.environ, "PYTHONPATH": str(REPOSITORY), "_ARGCOMPLETE": "1", "COMP_LINE": line,
            "COMP_POINT": str(len(line)), "COMP_TYPE": "9", "_ARGCOMPLETE_COMP_WORDBREAKS": " =",
            "_ARGCOMPLETE_IFS": "\n", "XDG_CACHE_HOME": str(lab.folder / "cache"),
            "_ARGCOMPLETE_SUPPRESS_SPACE": "1", **environment,
        },
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )  # fmt: skip
    assert done.stdout == ""
    return answer.read_text().split("\n"), done.stderr
