"""Children: commands that this process starts, which end with all that they have started.

A child is the leader of a session. Ending it means a signal to its group, a time to end, then
SIGKILL to what is left of the group and, on Linux, to what has left it, known by a variable that
all inherit. A reaper does the same when this process dies.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import IO, Any

from pconfigs.launchers.engines import standalone
from pconfigs.launchers.engines.standalone import MARK

GRACE = 5.0
"""Seconds that a child has to end by itself, before it is killed."""
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
_GO_ON = getattr(signal, "SIGCONT", 0)
_STEP = 0.02


@dataclass(slots=True, eq=False)
class Child:
    """A command that was started.

    Attributes:
        process: Its leader.
        mark: What the environment of everything that it starts has in it.
        watch: A descriptor that is readable when the leader has ended, where the system has one.
    """

    process: subprocess.Popen[bytes]
    mark: str
    watch: int | None


class Children:
    """Starts commands; none of them outlives this process.

    Attributes:
        running: Those whose end is not known yet.
    """

    def __init__(self) -> None:
        self._token = token_hex(8)
        self._count = 0
        self.running: list[Child] = []
        self._reaper: subprocess.Popen[bytes] | None = None
        self._is_starting = False

    def start(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        cwd: str | None = None,
        stdin: int | None = subprocess.DEVNULL,
        output: IO[bytes] | int | None = None,
    ) -> Child:
        """Start a command.

        Args:
            command: The program and its arguments.
            env: Added to the environment of this process.
            cwd: Where it runs; None for here.
            stdin: As `subprocess.Popen` takes it.
            output: Where it writes; None for where this process writes.

        Raises:
            OSError: It cannot be started.
        """
        if self._reaper is None:
            self._reaper = self._started_reaper()
        self._count += 1
        mark = f"{self._token}.{self._count}."
        # After the marks of those around it, which find it by theirs.
        marked = {**os.environ, **env, MARK: os.environ.get(MARK, "") + mark}
        self._is_starting = True
        try:
            process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=output,
                stderr=None if output is None else subprocess.STDOUT,
                start_new_session=True,
                env=marked,
                cwd=cwd,
            )
        except OSError:
            self._is_starting = False
            raise
        child = Child(process, mark, _watch(process.pid))
        self.running.append(child)
        self._is_starting = False
        self._write_to_reaper(f"+{process.pid}\n")
        return child

    def end_of(self, child: Child) -> int | None:
        """Return the exit code of a child that has ended, and kill what is left of its group."""
        code = child.process.poll()
        if code is not None and child in self.running:
            signal_group(child.process, KILL)
            if child.watch is not None:
                os.close(child.watch)
            self.running.remove(child)
            self._write_to_reaper(f"-{child.process.pid}\n")
        return code

    def wait(self, seconds: float, pipes: Iterable[int] = ()) -> None:
        """Return when a child has ended or a pipe can be read, or after some seconds."""
        watched = [child.watch for child in self.running if child.watch is not None]
        if len(watched) < len(self.running):  # this system does not report the end of a child
            seconds = min(seconds, _STEP)
        watched += pipes
        if not watched:
            time.sleep(seconds)
            return
        poller = select.poll()
        for descriptor in watched:
            poller.register(descriptor, select.POLLIN)
        poller.poll(seconds * 1000)

    def end(self, children: Iterable[Child], number: int) -> None:
        """Ask children to end by a signal; kill what is left after a while, or if interrupted."""
        chosen = list(children)
        try:
            for child in chosen:
                signal_group(child.process, number)
                signal_group(child.process, _GO_ON)  # what is stopped would not hear of it
            deadline = time.monotonic() + GRACE
            while time.monotonic() < deadline and any(map(_is_there, chosen)):
                time.sleep(_STEP)
        finally:
            for child in chosen:
                self.kill(child)

    def kill(self, child: Child) -> None:
        """Kill a child and all that it has started."""
        signal_group(child.process, KILL)
        child.process.wait()
        standalone.kill_marked(child.mark.encode())
        self.end_of(child)

    def close(self) -> None:
        """Kill what still runs, and let the reaper go."""
        for child in list(self.running):
            self.kill(child)
        if self._is_starting:  # an exception came between the start of a child and its entry here
            standalone.kill_marked(f"{self._token}.".encode())
        if self._reaper is not None:
            self._write_to_reaper("done\n")
            assert self._reaper.stdin is not None
            self._reaper.stdin.close()
            self._reaper.wait()
            self._reaper = None

    def _started_reaper(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", standalone.__file__, "reap", f"{self._token}."],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _write_to_reaper(self, line: str) -> None:
        if self._reaper is not None and self._reaper.stdin is not None:
            try:
                self._reaper.stdin.write(line.encode())
                self._reaper.stdin.flush()
            except BrokenPipeError:
                return  # it was killed; children still end with their groups


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


def _is_there(child: Child) -> bool:
    """Return whether anything of the group of a child is still there."""
    child.process.poll()  # so that a leader that has ended does not stay as a zombie
    return signal_group(child.process, 0)


def _watch(pid: int) -> int | None:
    open_descriptor: Any = getattr(os, "pidfd_open", None)
    try:
        return None if open_descriptor is None else int(open_descriptor(pid))
    except OSError:
        return None
