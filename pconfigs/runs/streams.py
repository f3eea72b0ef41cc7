r"""Streams: what is printed, also into the log of the run.

The stream objects stay the same; only their `write` is shadowed by an attribute of the object, so
that terminals, progress bars, debuggers and logging handlers made earlier work as before. A line is
written to the log when it is complete. Of a line that a progress bar rewrites (`\\r`), the last
state is kept.
"""

from __future__ import annotations

import os
import stat
import sys
from _thread import RLock

from pconfigs.atomic_files import named
from pconfigs.runs.folder import appended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from pconfigs.runs.masking import Masker

LONGEST = 1 << 20
"""Characters after which a line is written without its end."""


def descriptors_to(path: str, launched: bool = False) -> list[int]:
    """Return which of the descriptors 1 and 2 go to the log at a path.

    Args:
        path: Of the log.
        launched: Whether an engine started this process, and copies to the log what comes by a
            pipe: that of srun, or of a container.
    """
    return [number for number in (1, 2) if _goes_to(number, path, launched)]


def _goes_to(number: int, path: str, launched: bool) -> bool:
    try:
        held = os.fstat(number)
        kind = stat.S_IFMT(held.st_mode)
        if launched and kind in (stat.S_IFIFO, stat.S_IFSOCK):
            return True
        return os.path.samestat(held, os.stat(path))
    except OSError:  # it is closed, or there is no log
        return False


class LogFile:
    """The log of one process; safe to use from several threads and from signal handlers.

    Attributes:
        problem: The first error that a write met; the program goes on without its log then.
    """

    def __init__(self, path: str, masker: Masker) -> None:
        self.path, self._masker = path, masker
        self.problem: OSError | None = None
        self._number = appended(path, os.O_WRONLY)

    def write(self, text: str) -> None:
        """Append `text`, without secrets."""
        content = self._masker.text(text).encode("utf-8", "backslashreplace")
        try:
            while content:
                content = content[os.write(self._number, content) :]
        except OSError as error:
            self.problem = self.problem or named(error, self.path)

    def write_part(self, text: str) -> str:
        """Append `text` but for its end, which may begin a secret; return that end."""
        masked, end = self._masker.split(text)
        self.write(masked)
        return end

    def close(self) -> None:
        """Close the file."""
        os.close(self._number)


class _Tee:
    """Shadows the `write` of one stream."""

    def __init__(self, stream: Any, log: LogFile) -> None:
        self._stream, self._log = stream, log
        self._before: Callable[[str], int] = stream.write
        self._shadowed = "write" in vars(stream)
        self._lock = RLock()
        self._line = ""
        self._pid = os.getpid()
        stream.write = self.write

    def write(self, text: str) -> int:
        """Write `text` to the stream and keep it for the log."""
        count = self._before(text)
        # What the stream has refused, or what is not a string, never gets here.
        if os.getpid() != self._pid:
            # A forked child goes on without its parent's half line, and without its lock: another
            # thread may have held that, and nothing would ever free it.
            self._line, self._pid, self._lock = "", os.getpid(), RLock()
        with self._lock:
            self._keep(text)
        return count

    def _keep(self, text: str) -> None:
        complete, newline, rest = text.rpartition("\n")
        if newline:
            lines = (self._line + complete).split("\n")
            self._log.write("".join(f"{_final_state(line)}\n" for line in lines))
            self._line = rest
        else:
            self._line += rest
        if "\r" in self._line:
            self._line = _final_state(self._line)
        if len(self._line) > LONGEST:
            self._line = self._log.write_part(self._line)

    def restore(self) -> None:
        """Let the stream write as before, and complete the log."""
        if getattr(self._stream, "write", None) == self.write:
            if self._shadowed:
                self._stream.write = self._before
            else:
                del self._stream.write
        if self._line and os.getpid() == self._pid:
            self._log.write(f"{_final_state(self._line)}\n")
            self._line = ""


def _final_state(line: str) -> str:
    """Return what a terminal shows of a line after all of its returns of the carriage."""
    if "\r" not in line:
        return line
    states = [state for state in line.split("\r") if state]
    if not states:
        return ""
    return states[-1] + ("\r" if line.endswith("\r") else "")


def _descriptor(stream: Any) -> int | None:
    try:
        number: int = stream.fileno()
    except (AttributeError, OSError, ValueError):
        return None
    return number


class Streams:
    """Shadows stdout and stderr until it is closed.

    Args:
        log: Where they go, too.
        own: Descriptors that go to the log by themselves.
    """

    def __init__(self, log: LogFile, own: Sequence[int] = ()) -> None:
        self._tees: list[_Tee] = []
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if stream is None or _descriptor(stream) in own:
                continue
            try:
                self._tees.append(_Tee(stream, log))
            except (AttributeError, TypeError):
                pass  # a stream of another library, with slots: it is not in the log

    def close(self) -> None:
        """Let both streams write as before."""
        for tee in reversed(self._tees):
            tee.restore()
        self._tees = []


def warn(text: str) -> None:
    """Write a line to stderr that the run's log does not hold."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
