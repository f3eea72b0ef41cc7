"""`python -m pconfigs.trackers FOLDER NAME`: the follower of one run and one tracker."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from pconfigs.runs.folder import RunFolder
from pconfigs.trackers.follower import Follower, exit_when_overdue

LOWEST = 19


def give_way() -> None:
    """Let all other processes come first, where the system can do that."""
    if hasattr(os, "nice"):
        os.nice(LOWEST)
    # A session of its own has a share of the processor like all other sessions: sched(7).
    with suppress(OSError), open("/proc/self/autogroup", "w", encoding="ascii") as file:
        file.write(str(LOWEST))


if __name__ == "__main__":
    give_way()
    folder = RunFolder(sys.argv[1])
    exit_when_overdue(folder)
    sys.exit(0 if Follower(folder, sys.argv[2]).follow() else 1)
