"""Starting followers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from shlex import quote

from pconfigs.runs.folder import RunFolder
from pconfigs.runs.streams import warn
from pconfigs.trackers.progress import read_progress, write_progress
from pconfigs.trackers.services import FOLDER, is_missing


def start_followers(folder: RunFolder, trackers: Sequence[str]) -> None:
    """Start a follower for each tracker; it outlives this process and ends by itself.

    A follower that cannot be started is noted in its file, and `runs sync` does its work. A
    package that is not installed is reported in a line.
    """
    for tracker in trackers:
        progress = read_progress(folder, tracker)
        if is_missing(tracker):
            progress.problem = f"{tracker} is not installed"
            write_progress(folder, tracker, progress)
            install = f"pip install 'pconfigs[{tracker}]'"
            then = f"python -m pconfigs.runs sync {quote(folder.shown)}"
            warn(f"{tracker} is not installed and is sent nothing: {install}, then {then}")
            continue
        write_progress(folder, tracker, progress)
        path = os.path.join(folder.path, FOLDER, f"{tracker}.log")
        try:
            with open(path, "ab") as log:
                subprocess.Popen(
                    [sys.executable, "-m", "pconfigs.trackers", folder.path, tracker],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    close_fds=True,
                )
        except OSError as error:
            progress.problem = f"its follower cannot be started: {error}"
            write_progress(folder, tracker, progress)
