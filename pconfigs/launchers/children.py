"""Children: a command in a process of its own, with a time limit, and nothing left of it."""

from __future__ import annotations

import os
import signal
import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TAIL = 20_000
"""Bytes of output that are kept, from the end."""


MARK = "PCONFIGS_CHILD"
"""Variable by which the processes that a command has started are found."""
_ROUNDS = 20


class Child:
    """What became of a command.

    Attributes:
        code: Its exit code, negative for the signal that ended it; None if it ran out of time.
        output: The end of what it wrote to stdout and stderr.
    """

    def __init__(self, code: int | None, output: str) -> None:
        self.code, self.output = code, output


def run_child(command: Sequence[str], timeout: float) -> Child:
    """Run a command to its end, or for `timeout` seconds; whatever it has started ends with it.

    That is its group; on Linux also what has left the group, known by a variable that all inherit.
    """
    from secrets import token_hex
    from tempfile import TemporaryFile

    mark = token_hex(16)

    # A file and no pipe: processes that outlive the command could keep a pipe open.
    with TemporaryFile() as file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, MARK: mark},
        )
        try:
            code: int | None = process.wait(timeout)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
            _end_marked(f"{MARK}={mark}".encode())
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


def _end_marked(mark: bytes) -> None:
    """End all processes with a mark in their environment; they may start others meanwhile."""
    for _ in range(_ROUNDS):
        found = list(_marked(mark))
        if not found:
            return
        for number in found:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue


def _marked(mark: bytes) -> Iterator[int]:
    """Processes with a mark in their environment, where the system tells."""
    if not os.path.isdir("/proc/self"):
        return
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    if mark in file.read():
                        yield int(name)
            except OSError:
                continue  # it has ended, or is somebody else's
