"""`python -m pconfigs.trackers FOLDER NAME`: the follower of one run and one tracker."""

from __future__ import annotations

import os
import sys

from pconfigs.runs.folder import RunFolder
from pconfigs.trackers.follower import LOWEST, Follower, exit_when_overdue, set_priority

if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(LOWEST)
    set_priority(LOWEST)
    folder = RunFolder(sys.argv[1])
    exit_when_overdue(folder)
    sys.exit(0 if Follower(folder, sys.argv[2]).follow() else 1)
