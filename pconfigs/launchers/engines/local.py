"""The local executor: jobs as processes of this machine, some at a time.

Each job is the leader of a session with its output in `log.txt`. Stopping it means SIGINT to its
group, a time to end, then SIGKILL to whatever is left of it, also to what has left the group. A
reaper does the same when this process dies.
"""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

from pconfigs.declare.pconfig import pconfig
from pconfigs.declare.pconfiged import pconfiged
from pconfigs.launchers.engines import standalone
from pconfigs.launchers.engines.devices import deal, visible_devices
from pconfigs.launchers.engines.job import LOG, Executor, Job, Seen
from pconfigs.launchers.engines.parts import ExecutorConfig, job_command
from pconfigs.launchers.engines.standalone import MARK
from pconfigs.launchers.processes import GRACE, KILL, signal_group
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.properties import pcheck
from pconfigs.wrapping.adopted_fields import give_default

_STEP = 0.02


@dataclass(slots=True)
class _Child:
    """A job that was started.

    Attributes:
        process: Its leader.
        mark: What the environment of everything that it starts has in it.
        slot: The slot that it takes.
        watch: A descriptor that is readable when the leader has ended, where the system has one.
    """

    process: subprocess.Popen[bytes]
    mark: str
    slot: int
    watch: int | None


@pconfiged
class LocalEngine(Executor):
    """Starts jobs as processes of this machine, as many at a time as it has slots."""

    config: LocalExecutor

    def __init__(self) -> None:
        devices = self.config.devices
        self.capacity: int | None = self.config.slots
        self.requeues = False
        self._devices = deal(visible_devices() if devices is None else devices, self.config.slots)
        self._jobs: dict[str, Job] = {}
        self._waiting: list[str] = []
        self._children: dict[str, _Child] = {}
        self._ended: dict[str, Seen] = {}
        self._token = token_hex(8)
        self._reaper: subprocess.Popen[bytes] | None = None
        self._is_starting = False

    def command(
        self, words: Sequence[str], env: Mapping[str, str], folders: Sequence[str]
    ) -> tuple[str, ...]:
        return job_command(self.config, words, env, folders)

    def submit(self, jobs: Sequence[Job], folder: Path) -> list[str]:
        handles = [str(len(self._jobs) + index) for index in range(len(jobs))]
        self._jobs.update(zip(handles, jobs, strict=True))
        self._waiting += handles
        self._start_waiting()
        return handles

    def poll(self, handles: Sequence[str]) -> dict[str, Seen]:
        for handle in list(self._children):
            self._collect(handle)
        self._start_waiting()
        return {handle: self._seen(handle) for handle in handles}

    def cancel(self, handles: Sequence[str]) -> None:
        for handle in handles:
            if handle in self._waiting:
                self._waiting.remove(handle)
                self._ended[handle] = Seen("gone", "cancelled before it started")
        chosen = [handle for handle in handles if handle in self._children]
        try:
            for handle in chosen:
                signal_group(self._children[handle].process, _interruption())
            deadline = time.monotonic() + GRACE
            while time.monotonic() < deadline and any(map(self._is_there, chosen)):
                time.sleep(_STEP)
        finally:
            for handle in chosen:
                self._kill(handle)
                self._collect(handle)

    def log(self, handle: str) -> Path | None:
        return Path(self._jobs[handle].folder, LOG)

    def wait(self, seconds: float) -> None:
        """Return when a job has ended, or after some seconds."""
        watched = [c.watch for c in self._children.values() if c.watch is not None]
        if len(watched) < len(self._children) or not watched:
            time.sleep(min(seconds, _STEP) if self._children else seconds)
            return
        poller = select.poll()
        for descriptor in watched:
            poller.register(descriptor, select.POLLIN)
        poller.poll(seconds * 1000)

    def script(self, jobs: Sequence[Job], folder: Path) -> str:
        return "\n".join(shlex.join(job.command) for job in jobs)

    def close(self) -> None:
        """Stop what still runs, and let the reaper go."""
        self.cancel([*self._waiting, *self._children])
        if self._is_starting:  # a signal came between the start of a job and its entry here
            standalone.kill_marked(f"{MARK}={self._token}.".encode())
        if self._reaper is not None:
            self._write_to_reaper("done\n")
            assert self._reaper.stdin is not None
            self._reaper.stdin.close()
            self._reaper.wait()
            self._reaper = None

    def _start_waiting(self) -> None:
        for handle in list(self._waiting):
            if len(self._children) >= self.config.slots:
                return
            missing = self._unmet(self._jobs[handle])
            if missing is None:
                self._waiting.remove(handle)
                self._start(handle)
            elif missing:
                self._waiting.remove(handle)
                self._ended[handle] = Seen("gone", f"skipped: needs {missing}")

    def _unmet(self, job: Job) -> str | None:
        """Return None where a job may start, "" where it waits, else the run that it lacks."""
        for folder in job.needs:
            handle = next((h for h, other in self._jobs.items() if other.folder == folder), None)
            if handle is None:
                continue  # done before this launch
            seen = self._ended.get(handle)
            if seen is None:
                return ""
            if seen.code != 0:
                return os.path.basename(folder)
        return None

    def _start(self, handle: str) -> None:
        job = self._jobs[handle]
        if self._reaper is None:
            self._reaper = self._start_reaper()
        taken = {child.slot for child in self._children.values()}
        slot = next(slot for slot in range(self.config.slots) if slot not in taken)
        mark = f"{self._token}.{handle}."
        env = {**os.environ, **job.env, **self._devices[slot], MARK: mark}
        self._is_starting = True
        try:
            with open(os.path.join(job.folder, LOG), "ab") as log:
                process = _started(job.command, log, env, job.cwd)
        except OSError as error:
            self._is_starting = False
            self._ended[handle] = Seen("gone", f"not started: {error}")
            return
        self._children[handle] = _Child(process, mark, slot, _watch(process.pid))
        self._is_starting = False
        self._write_to_reaper(f"+{process.pid}\n")

    def _collect(self, handle: str) -> None:
        """Note the end of a job whose leader has ended; kill what is left of its group."""
        child = self._children[handle]
        code = child.process.poll()
        if code is None:
            return
        signal_group(child.process, KILL)
        if child.watch is not None:
            os.close(child.watch)
        self._write_to_reaper(f"-{child.process.pid}\n")
        del self._children[handle]
        self._ended[handle] = Seen("gone", _end_word(code), code)

    def _kill(self, handle: str) -> None:
        child = self._children[handle]
        signal_group(child.process, KILL)
        child.process.wait()
        standalone.kill_marked(f"{MARK}={child.mark}".encode())

    def _is_there(self, handle: str) -> bool:
        child = self._children[handle]
        child.process.poll()  # a leader that has ended does not stay as a zombie
        return signal_group(child.process, 0)

    def _seen(self, handle: str) -> Seen:
        if handle in self._ended:
            return self._ended[handle]
        if handle in self._children:
            return Seen("running")
        return Seen("queued") if handle in self._waiting else Seen("unknown")

    def _start_reaper(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", standalone.__file__, "reap", f"{MARK}={self._token}."],
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
                return  # it was killed; jobs still end with their groups


def _started(
    command: Sequence[str], log: IO[bytes], env: dict[str, str], cwd: str | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env=env,
        cwd=cwd,
    )


def _interruption() -> int:
    """Return SIGINT, or SIGTERM where children would inherit that SIGINT is ignored."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return signal.SIGTERM if ignored else signal.SIGINT


def _watch(pid: int) -> int | None:
    open_descriptor: Any = getattr(os, "pidfd_open", None)
    try:
        return None if open_descriptor is None else int(open_descriptor(pid))
    except OSError:
        return None


def _end_word(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


@pconfig(constructs=LocalEngine)
class LocalExecutor(ExecutorConfig):
    """Runs as processes of this machine.

    Attributes:
        slots: How many run at a time.
        devices: GPUs to deal out to the slots, as CUDA_VISIBLE_DEVICES names them; None for all
            that are visible, an empty list to leave the variable alone.
    """

    slots: int
    devices: list[str] | None

    @pcheck
    def some_slots(self) -> None:
        if self.slots < 1:
            raise ValueError(f"slots must be at least 1, got {self.slots}")


give_default(LocalExecutor, slots=1, devices=None)
assert schema_of(LocalExecutor).fields  # resolved under this module's name
LocalExecutor.__module__ = "pconfigs.executors"
