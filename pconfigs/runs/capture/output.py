"""Output of launched runs: what goes to the log by descriptors 1 and 2, without secrets.

A launched run has its descriptors on the log, so that whatever C code and other programs print is
there, also after a kill. Where its config has secrets, both go through a process that masks them:
a text over several writes is masked, too, and nothing of it is on disk before.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import sys
from collections.abc import Sequence

from pconfigs.runs.capture import output_filter
from pconfigs.runs.masking import MASK
from pconfigs.runs.streams import descriptors_to

# What asks a group or a job to end: 1 HUP, 2 INT, 3 QUIT, 10 and 12 USR, 15 TERM on Linux. The
# module signal takes half a millisecond to load.
_SIGNALS = (1, 2, 3, 10, 12, 15)
PATIENCE = 5.0
"""Seconds after which the filter is asked once more."""
LOOKED_AT = 1 << 24
"""Bytes at the end of a log in which secrets are looked for that were printed before the start."""


class MaskedOutput:
    """Descriptors of this process that go to a log through the filter."""

    def __init__(self, path: str, numbers: Sequence[int], secrets: Sequence[str]) -> None:
        self._owner = os.getpid()
        source, pipe = os.pipe()
        # By the engine's own way where it copies to the log: this may be another host.
        self._relayed = "" if descriptors_to(path) else path
        self._secrets = secrets
        flags = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
        log = os.dup(numbers[0]) if self._relayed else os.open(path, flags)
        self._control, control = socket.socketpair()
        try:
            pid = _spawn((source, log, control.fileno()))
        finally:
            os.close(source)
            os.close(log)
            control.close()
        try:
            self._control.sendall(json.dumps([MASK, *secrets]).encode() + b"\n")
            if _exit_status(pid):
                raise OSError(f"{sys.executable} cannot mask the output of the run")
            for number in numbers:
                os.dup2(pipe, number)
        finally:
            os.close(pipe)

    def drain(self) -> str | None:
        """Wait until what was written before is in the log; return what could not be written."""
        if os.getpid() != self._owner:
            return None
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                continue  # it is closed, or an object of the program
        try:
            answer = self._answer()
        except (BrokenPipeError, ConnectionResetError):
            answer = b""
        if not answer:
            return "the process that masks the output has ended"
        return answer.decode().strip() or None

    def _answer(self) -> bytes:
        """Ask, and ask again: a process that was killed meanwhile may have taken the question."""
        self._control.settimeout(0)
        try:
            self._control.recv(1000)  # answers of a second time
        except BlockingIOError:
            pass
        self._control.settimeout(PATIENCE)
        while True:
            self._control.sendall(b"?")
            try:
                return self._control.recv(1000)
            except TimeoutError:
                continue

    def close(self) -> None:
        """Wait as `drain` does, for the last time."""
        self.drain()
        if self._relayed:  # what was printed before the start may have come later
            _mask_file(self._relayed, self._secrets)
        self._control.close()


def mask_output(path: str, numbers: Sequence[int], secrets: Sequence[str]) -> MaskedOutput:
    """Mask what descriptors write to the log at a path from now on, and what it holds already.

    Raises:
        OSError: The filter cannot be started.
    """
    output = MaskedOutput(path, numbers, secrets)
    _mask_file(path, secrets)
    atexit.register(output.close)  # a traceback is printed before
    return output


def _spawn(ends: Sequence[int]) -> int:
    """Start the filter; `ends` are its input, its output, and what it is asked and answers by."""
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", output_filter.__file__],
        # It outlives a launcher that ends all that has its mark, to write what is in the pipe.
        {name: text for name, text in os.environ.items() if not name.startswith("PCONFIGS_")},
        file_actions=[(os.POSIX_SPAWN_DUP2, end, place) for place, end in enumerate(ends)],
        setpgroup=0,
        setsigmask=_SIGNALS,
    )


def _exit_status(pid: int) -> int:
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return 0  # the program has waited for all of its children


def _mask_file(path: str, secrets: Sequence[str]) -> None:
    """Overwrite secrets in a file, in place: others may append to it meanwhile."""
    try:
        number = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return  # the engine makes it with the first line
    try:
        size = os.fstat(number).st_size
        start = max(0, size - LOOKED_AT)
        content = os.pread(number, size - start, start)
        for secret in (one.encode("utf-8", "surrogateescape") for one in secrets):
            at = content.find(secret)
            while at >= 0:
                os.pwrite(number, b"*" * len(secret), start + at)
                at = content.find(secret, at + len(secret))
    finally:
        os.close(number)
