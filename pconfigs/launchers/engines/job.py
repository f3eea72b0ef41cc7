"""Jobs: one run to be started by an executor, and the verbs of an executor.

A job is plain data: a line of JSON in the folder of its launch. Its result is read from the folder
of its run; an executor only answers whether a job is still there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, Protocol

JOBS = "jobs.jsonl"
LOG = "log.txt"
State = Literal["queued", "running", "gone", "unknown"]


@dataclass(frozen=True, slots=True)
class Job:
    """One run to be started.

    Attributes:
        folder: The folder of the run; its log is `log.txt` there.
        command: The program and its arguments.
        env: Added to the environment.
        needs: Folders of the runs that must be done before it starts.
        cwd: Where it runs.
        index: Its line in `jobs.jsonl`, from 0.
    """

    folder: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    cwd: str | None = None
    index: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer of an engine about a job.

    Attributes:
        state: Whether it waits, runs, or has ended; `unknown` where the engine does not answer.
        word: The engine's own word: `TIMEOUT`, `killed by SIGKILL`, the reason for waiting.
        code: The exit code where the engine knows it; negative for a signal.
    """

    state: State
    word: str = ""
    code: int | None = None


class Executor(Protocol):
    """An engine that starts jobs.

    Attributes:
        capacity: How many jobs run at a time; None where the engine decides.
        requeues: Whether the engine starts a job again that asks to be continued.
    """

    capacity: int | None
    requeues: bool

    def command(
        self, words: Sequence[str], env: Mapping[str, str], folders: Sequence[str]
    ) -> tuple[str, ...]:
        """Return the command of a job that runs Python with some words.

        Args:
            words: What follows the interpreter: `-m pconfigs.run --into FOLDER`.
            env: Environment variables that reach into a container.
            folders: What the run reads and writes, to be mounted where it is.
        """
        ...

    def submit(self, jobs: Sequence[Job], folder: Path) -> list[str]:
        """Hand over jobs; return a handle for each.

        Args:
            jobs: In the order in which they are to start.
            folder: The folder of the launch, which has `jobs.jsonl`.
        """
        ...

    def poll(self, handles: Sequence[str]) -> dict[str, Seen]:
        """Return what is known about jobs, by handle."""
        ...

    def cancel(self, handles: Sequence[str]) -> None:
        """Stop jobs; return when nothing of them runs any more, or the engine has taken it over."""
        ...

    def log(self, handle: str) -> Path | None:
        """Return the file with the output of a job, or None where the engine keeps it."""
        ...

    def wait(self, seconds: float) -> None:
        """Return after some seconds, or earlier where something has happened."""
        time.sleep(seconds)

    def script(self, jobs: Sequence[Job], folder: Path) -> str:
        """Return what `submit` would execute, as text."""
        ...

    def close(self) -> None:
        """Free what the executor holds; jobs that it has handed over go on."""


def job_line(job: Job) -> str:
    """Return a job as a line of `jobs.jsonl`."""
    return json.dumps(asdict(job)) + "\n"
