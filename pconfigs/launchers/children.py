"""Children: a command in a process of its own, with a time limit, and nothing left of it."""

from __future__ import annotations

import os
import signal
import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

TAIL = 20_000
"""Bytes of output that are kept, from the end."""


class Child:
    """What became of a command.

    Attributes:
        code: Its exit code, negative for the signal that ended it; None if it ran out of time.
        output: The end of what it wrote to stdout and stderr.
    """

    def __init__(self, code: int | None, output: str) -> None:
        self.code, self.output = code, output


def run_child(command: Sequence[str], timeout: float) -> Child:
    """Run a command to its end, or for `timeout` seconds; whatever it has started ends with it."""
    from tempfile import TemporaryFile

    # A file and no pipe: processes that outlive the command could keep a pipe open.
    with TemporaryFile() as file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(timeout)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL))
        return Child(code, file.read().decode(errors="replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, and all of its group that are still there."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # nobody is left
    else:
        process.kill()
    process.wait()
