"""Processes: a command as a child of this process, which ends with everything that it has started.

Signals that end this process raise here, and only when what they are to end is known: one that
comes while a command is being started waits until it has started.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Self

from pconfigs.launchers.engines.children import Children
from pconfigs.runs.folder import appended

TAIL = 20_000
"""Bytes of output that are kept, from the end."""
_LONGEST_WAIT = 3600.0
_READ = 1 << 16
_ENDING = ("SIGTERM", "SIGHUP")
# These end a process, too, unless it does something else about them.
_ENDING_BY_DEFAULT = ("SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGXCPU")


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
    with raising_on_signals() as signals:
        children = Children()
        try:
            with signals.held():
                child = children.start(command, env, cwd, stdin=None)
            deadline = time.monotonic() + (math.inf if timeout is None else timeout)
            while (code := children.end_of(child)) is None:
                left = deadline - time.monotonic()
                if left < 0:
                    raise TimedOut
                children.wait(min(left, _LONGEST_WAIT))
        except BaseException:
            children.end(children.running, signal.SIGTERM)
            raise
        finally:
            children.close()
    return code if code >= 0 else 128 - code


@dataclass(frozen=True, slots=True)
class CompletedRun:
    """The end of a command that ran out of sight.

    Attributes:
        code: Its exit code, negative for the signal that ended it; None if it ran out of time.
        output: The end of what it wrote to stdout and stderr.
        seconds: How long it ran.
    """

    code: int | None
    output: str
    seconds: float = 0.0


def run_silently(command: Sequence[str], timeout: float) -> CompletedRun:
    """Run a command to its end, or for `timeout` seconds; what it writes is kept, not shown.

    Whatever it has started ends with it, at once.
    """
    return run_all_silently([command], timeout)[0]


def run_all_silently(
    commands: Sequence[Sequence[str]],
    timeout: float,
    at_once: int = 1,
    on_end: Callable[[int, CompletedRun], None] = lambda index, done: None,
    variables: Sequence[Mapping[str, str]] = (),
) -> list[CompletedRun]:
    """Run commands as `run_silently` does, several side by side; return their ends in order.

    Args:
        commands: The commands.
        timeout: Seconds that each may take.
        at_once: How many run at the same time.
        on_end: Called with the index and the end of each command when it has ended.
        variables: Added to the environment of each command; none for all if left out.
    """
    ended: dict[int, CompletedRun] = {}
    waiting = list(enumerate(commands))
    running: dict[int, _SilentCommand] = {}
    children = Children()
    with raising_on_signals() as signals:
        try:
            while waiting or running:
                while waiting and len(running) < at_once:
                    index, command = waiting.pop(0)
                    with signals.held():
                        env = variables[index] if variables else {}
                        running[index] = _SilentCommand(children, command, timeout, env)
                for index, one in [*running.items()]:
                    if one.has_ended():
                        ended[index] = one.end()
                        del running[index]
                        on_end(index, ended[index])
                if running:
                    pipes = [one.pipe for one in running.values() if not one.at_end]
                    children.wait(min(one.seconds_left for one in running.values()), pipes)
        finally:
            for one in running.values():
                one.end()
            children.close()
    return [ended[index] for index in range(len(commands))]


class _SilentCommand:
    """A command that runs out of sight; of what it writes, only the end is kept."""

    def __init__(
        self,
        children: Children,
        command: Sequence[str],
        timeout: float,
        env: Mapping[str, str],
    ) -> None:
        self._children = children
        self._started = time.monotonic()
        self._deadline = self._started + timeout
        self._kept = b""
        self._code: int | None = None
        self.at_end = False
        # A pipe that is read without waiting for its end: what outlives the command may hold it.
        self.pipe, end = os.pipe()
        try:
            os.set_blocking(self.pipe, False)
            self._child = children.start(command, env, output=end)
        except BaseException:
            os.close(self.pipe)
            raise
        finally:
            os.close(end)

    @property
    def seconds_left(self) -> float:
        """Seconds until it has run out of time, at most a long while."""
        return max(0.0, min(self._deadline - time.monotonic(), _LONGEST_WAIT))

    def has_ended(self) -> bool:
        """Return whether it has ended, or has run out of time."""
        self._code = self._children.end_of(self._child)
        self._read()
        return self._code is not None or time.monotonic() > self._deadline

    def end(self) -> CompletedRun:
        """End all that it has started; return how it ended."""
        try:
            self._children.kill(self._child)
        finally:
            self._read()
            os.close(self.pipe)
        seconds = time.monotonic() - self._started
        return CompletedRun(self._code, self._kept.decode(errors="replace"), seconds)

    def _read(self) -> None:
        for _ in range(64):  # so that one that writes without end does not hold up the others
            try:
                found = os.read(self.pipe, _READ)
            except BlockingIOError:
                return
            if not found:
                self.at_end = True
                return
            self._kept = (self._kept + found)[-TAIL:]


def start_detached(command: Sequence[str], log: str) -> int:
    """Start a command that goes on by itself, with its output in a file; return its process id."""
    with open(log, "ab", opener=appended) as file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    return process.pid


class raising_on_signals:  # noqa: N801 (used like a function)
    """While it is entered, signals that end this process raise SystemExit, so that it cleans up."""

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._is_held = False
        self._noted: int | None = None

    def __enter__(self) -> Self:
        try:
            for name in (*_ENDING, *_ENDING_BY_DEFAULT, "SIGINT"):
                number = getattr(signal, name, None)
                if number is not None and self._is_taken(number, name):
                    self._before[number] = signal.signal(number, self._end)
        except ValueError:
            pass  # not the main thread, which alone gets signals
        return self

    @staticmethod
    def _is_taken(number: int, name: str) -> bool:
        handler = signal.getsignal(number)
        if name == "SIGINT":
            return handler is signal.default_int_handler
        if name in _ENDING:
            return handler is not signal.SIG_IGN  # nohup
        return handler is signal.SIG_DFL

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._raise_noted()

    @contextmanager
    def held(self) -> Generator[None]:
        """Note signals while it is entered; raise at its end for one that came."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
        self._raise_noted()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._noted = number
        if not self._is_held:
            self._raise_noted()

    def _raise_noted(self) -> None:
        number, self._noted = self._noted, None
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        if number is not None:
            raise SystemExit(128 + number)
