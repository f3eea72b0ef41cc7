"""The local executor: jobs as processes of this machine, some at a time.

Each job is a child with its output in `log.txt`. Stopping it means SIGINT, a time to end, SIGKILL.
"""

from __future__ import annotations

import os
import shlex
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pconfigs.declare.pconfig import pconfig
from pconfigs.declare.pconfiged import pconfiged
from pconfigs.launchers.engines.children import Child, Children
from pconfigs.launchers.engines.devices import deal, visible_devices
from pconfigs.launchers.engines.job import LOG, Executor, Job, Seen
from pconfigs.launchers.engines.parts import ExecutorConfig, job_command
from pconfigs.runs.folder import appended
from pconfigs.schema.properties import pcheck
from pconfigs.wrapping.adopted_fields import give_default


@dataclass(slots=True)
class _Started:
    """A job that was started: its process and the slot that it takes."""

    child: Child
    slot: int


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
        self._started: dict[str, _Started] = {}
        self._ended: dict[str, Seen] = {}
        self._children = Children()

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
        for handle in list(self._started):
            self._collect(handle)
        self._start_waiting()
        return {handle: self._seen(handle) for handle in handles}

    def cancel(self, handles: Sequence[str]) -> None:
        for handle in handles:
            if handle in self._waiting:
                self._waiting.remove(handle)
                self._ended[handle] = Seen("gone", "cancelled before it started")
        chosen = [handle for handle in handles if handle in self._started]
        try:
            self._children.end([self._started[handle].child for handle in chosen], _interruption())
        finally:
            for handle in chosen:
                self._collect(handle)

    def log(self, handle: str) -> Path | None:
        return Path(self._jobs[handle].folder, LOG)

    def wait(self, seconds: float) -> None:
        """Return when a job has ended, or after some seconds."""
        self._children.wait(seconds)

    def script(self, jobs: Sequence[Job], folder: Path) -> str:
        return "\n".join(shlex.join(job.command) for job in jobs)

    def close(self) -> None:
        """Stop what still runs."""
        try:
            self.cancel([*self._waiting, *self._started])
        finally:
            self._children.close()

    def _start_waiting(self) -> None:
        for handle in list(self._waiting):
            if len(self._started) >= self.config.slots:
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
        taken = {one.slot for one in self._started.values()}
        slot = next(slot for slot in range(self.config.slots) if slot not in taken)
        env = {**job.env, **self._devices[slot]}
        try:
            with open(os.path.join(job.folder, LOG), "ab", opener=appended) as log:
                child = self._children.start(job.command, env, job.cwd, output=log)
        except OSError as error:
            self._ended[handle] = Seen("gone", f"not started: {error}")
            return
        self._started[handle] = _Started(child, slot)

    def _collect(self, handle: str) -> None:
        """Note the end of a job whose leader has ended."""
        code = self._children.end_of(self._started[handle].child)
        if code is not None:
            del self._started[handle]
            self._ended[handle] = Seen("gone", _end_word(code), code)

    def _seen(self, handle: str) -> Seen:
        if handle in self._ended:
            return self._ended[handle]
        if handle in self._started:
            return Seen("running")
        return Seen("queued") if handle in self._waiting else Seen("unknown")


def _interruption() -> int:
    """Return SIGINT, or SIGTERM where children would inherit that SIGINT is ignored."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return signal.SIGTERM if ignored else signal.SIGINT


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
LocalExecutor.__module__ = "pconfigs.executors"
