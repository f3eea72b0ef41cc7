"""Processes: a command in a group of its own, which ends with everything that it has started."""

from __future__ import annotations

import os
import signal
import subprocess
import time

from pconfigs.launchers.engines.standalone import MARK, kill_marked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType
    from typing import Any, NoReturn

GRACE = 5.0
"""Seconds that a group has to end by itself, before it is killed."""
TAIL = 20_000
"""Bytes of output that are kept, from the end."""
_STEP = 0.02
_ENDING = tuple(
    number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)


class TimedOut(Exception):
    """A command took longer than it was given."""


def run_group(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: str | None = None,
    timeout: float | None = None,
) -> int:
    """Run a command to its end; its exit code, or 128 and the number of the signal that ended it.

    It writes where this process writes. An exception here (an interruption, a signal that asks
    this process to end, a timeout) ends the command and everything that it has started.

    Args:
        command: The program and its arguments.
        env: Added to the environment of this process.
        cwd: Where it runs; None for here.
        timeout: Seconds it may take.

    Raises:
        TimedOut: It took longer than `timeout`.
        OSError: It could not be started.
        SystemExit: This process was asked to end.
    """
    with raising_on_signals():
        process = subprocess.Popen(
            command, env={**os.environ, **env}, cwd=cwd, start_new_session=True
        )
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimedOut from None
        finally:
            if process.returncode is None:
                end_group(process)
    return code if code >= 0 else 128 - code


class CompletedRun:
    """The end of a command that ran out of sight.

    Attributes:
        code: Its exit code, negative for the signal that ended it; None if it ran out of time.
        output: The end of what it wrote to stdout and stderr.
    """

    def __init__(self, code: int | None, output: str) -> None:
        self.code, self.output = code, output


def run_silently(command: Sequence[str], timeout: float) -> CompletedRun:
    """Run a command to its end, or for `timeout` seconds; what it writes is kept, not shown.

    Whatever it has started ends with it, at once: its group, and on Linux also what has left the
    group, known by a variable that all inherit.
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
            _kill_group(process)
            kill_marked(f"{MARK}={mark}".encode())
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL))
        return CompletedRun(code, file.read().decode(errors="replace"))


def start_detached(command: Sequence[str], log: str) -> int:
    """Start a command that goes on by itself, with its output in a file; return its process id."""
    with open(log, "ab") as file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    return process.pid


def end_group(process: subprocess.Popen[Any]) -> None:
    """Ask the group of a process to end; kill what is left of it after a while, or if interrupted.

    The group is that of a process which was started as the leader of a session.
    """
    try:
        signal_group(process, signal.SIGTERM)
        signal_group(process, _GO_ON)  # what is stopped would not hear of it
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline and _is_there(process):
            time.sleep(_STEP)
    finally:
        _kill_group(process)


def _kill_group(process: subprocess.Popen[Any]) -> None:
    signal_group(process, KILL)
    process.wait()


KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
_GO_ON = getattr(signal, "SIGCONT", 0)


def _is_there(process: subprocess.Popen[Any]) -> bool:
    """Whether anything of the group is still there."""
    process.poll()  # so that a leader that has ended does not stay as a zombie
    return signal_group(process, 0)


def signal_group(process: subprocess.Popen[Any], number: int) -> bool:
    """Send a signal to the group of a process; return whether there was a process to get it."""
    if not hasattr(os, "killpg"):  # Windows has no groups: the leader alone is ended
        if number and process.poll() is None:
            process.terminate()
        return process.poll() is None
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class raising_on_signals:  # noqa: N801 (used like a function)
    """While it is entered, signals that end this process raise SystemExit, so that it cleans up."""

    def __enter__(self) -> None:
        self._before: dict[int, Any] = {}
        try:
            for number in _ENDING:
                if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                    self._before[number] = signal.signal(number, _end)
        except ValueError:
            pass  # not the main thread, which alone gets signals

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
