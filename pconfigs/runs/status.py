"""States of runs, and which process works on one.

`lost` is never written: a reader finds that the process of a running attempt has ended.
"""

from __future__ import annotations

import os
import time
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

QUEUED, RUNNING, DONE, FAILED, STOPPED, REQUEUED, LOST = (
    "queued", "running", "done", "failed", "stopped", "requeued", "lost",
)  # fmt: skip
STATES = (QUEUED, RUNNING, DONE, FAILED, STOPPED, REQUEUED, LOST)
ENDED = (DONE, FAILED, STOPPED, LOST)
REQUEUE = 85
"""Exit code of a run that is to be continued."""


class Status:
    """The content of status.json, read at one moment.

    Attributes:
        state: One of `STATES`; `lost` where the process is known to have ended.
        attempt: Number of the latest attempt, 0 before the first.
        started: Start of the latest attempt, in seconds since 1970; None before the first.
        ended: Its end, or None.
        took: Seconds of all attempts that have ended, measured by a clock that never jumps.
        exit_code: Of the latest attempt, or None.
        error: `type`, `text` and `place` of the exception that ended it, or None.
        process: The process that wrote it: see `process_facts`.
        word: The word of the engine that has lost it: `TIMEOUT`; "" where none is known.
        data: The whole file.
    """

    __slots__ = (
        "attempt", "data", "ended", "error", "exit_code", "process", "started", "state", "took",
        "word",
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any], gone: Mapping[str, Any] | None = None) -> None:
        self.data = data
        self.state: str = data.get("state", LOST)
        self.attempt: int = data.get("attempt", 0)
        self.started: float | None = data.get("started")
        self.ended: float | None = data.get("ended")
        self.took: float = data.get("took", 0.0)
        self.exit_code: int | None = data.get("exit_code")
        self.error: Mapping[str, str] | None = data.get("error")
        self.process: Mapping[str, Any] = data.get("process") or {}
        self.word: str = ""
        if self.state not in (RUNNING, LOST):
            return
        if gone is not None and gone.get("attempt", 0) >= self.attempt:
            self.state, self.word = LOST, gone.get("word", "")
        elif self.state == RUNNING and is_alive(self.process) is False:
            self.state = LOST


def process_facts() -> dict[str, Any]:
    """Return what identifies this process: pid, its start, boot, host, pid namespace."""
    pid = os.getpid()
    return {
        "pid": pid,
        "start": _start_of(pid),
        "boot": _boot(),
        "host": _host(),
        "namespace": _namespace(),
    }


def running(attempt: int, started: float) -> dict[str, Any]:
    """Return the status of an attempt that runs in this process."""
    return {
        "state": RUNNING,
        "attempt": attempt,
        "started": round(started, 3),
        "process": process_facts(),
    }


def ended(state: str, exit_code: int | None) -> dict[str, Any]:
    """Return what is known of the end of an attempt that ends now."""
    return {"state": state, "ended": round(time.time(), 3), "exit_code": exit_code}


def is_alive(process: Mapping[str, Any]) -> bool | None:
    """Return whether a process is still alive; None where that cannot be known from here."""
    pid = process.get("pid")
    if not isinstance(pid, int) or process.get("host") != _host():
        return None
    # The same host, started again: none of its processes is left.
    if process.get("boot") != _boot():
        return False
    # In another container, the number is that of another process here.
    if process.get("namespace") != _namespace():
        return None
    start = _start_of(pid)
    # A later process may have the same number, and another start.
    if start is not None or os.path.isdir("/proc/self"):
        return start is not None and start == process.get("start")
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _start_of(pid: int) -> int | None:
    """Return when a process started, in clock ticks since boot; None where it is not known.

    A process that has ended and was not waited for counts as ended.
    """
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            # The name, in parentheses, may hold spaces and parentheses itself.
            facts = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if facts[0] in (b"Z", b"X") else int(facts[19])


@cache
def _boot() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


@cache
def _host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else ""


@cache
def _namespace() -> str:
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""
