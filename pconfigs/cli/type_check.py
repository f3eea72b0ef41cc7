"""Type checks of what `adopt` has written, where mypy is installed."""

from __future__ import annotations

import os
import sys

from pconfigs.launchers.processes import run_silently

LONGEST = 300.0
"""Seconds that mypy may take."""


def type_errors(package: str) -> list[str] | None:
    """Return what mypy reports of a package of the current folder; None if it checks nothing.

    The project's settings of mypy apply; what is not installed or has no types is not reported.
    """
    words = ["--no-error-summary", "--no-color-output", "--hide-error-context", "--no-pretty"]
    words += ["--follow-imports=silent", "--ignore-missing-imports", f"--cache-dir={os.devnull}"]
    done = run_silently([sys.executable, "-m", "mypy", *words, "-p", package], LONGEST)
    if done.code == 0:
        return []
    # None where it is not installed, does not understand its settings, or has a fault of its own.
    found = [line for line in done.output.splitlines() if ": error: " in line]
    return found if done.code == 1 and found else None
