"""Standalone: what runs by file name, without this package: the reaper and the starter of a job.

`python -I standalone.py reap MARK` waits for its parent to end and then kills what the parent has
started. Its standard input is a pipe that the parent holds: lines `+GROUP` and `-GROUP` while the
parent runs, `done` when there is nothing left to kill, the end of the file when the parent has
died. On Linux all processes whose environment has the parent's mark are killed, also those that
have left their group; elsewhere the groups. It takes 10 ms and 8 MB.

`python -I standalone.py start JOBS INDEX` is what a batch system executes for one job: it reads a
line of `jobs.jsonl`, sends the output to the run's log, sets the environment and runs the command.
SIGUSR1, which the batch script alone receives before a time limit, is passed on. Exit code 85 asks
to be continued: on Slurm the job is requeued, unless it was asked to end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any

ROUNDS = 20
PAUSE = 0.2
REQUEUE = 85
LOG = "log.txt"
MARK = "PCONFIGS_CHILD"
"""Variable by which the processes that a command has started are found."""


def marked(mark: bytes) -> Iterator[int]:
    """Yield the processes that have a mark in their environment, as far as /proc shows it."""
    try:
        names = os.listdir("/proc")
    except OSError:
        return
    for name in names:
        if name.isdecimal():
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    if mark in file.read():
                        yield int(name)
            except OSError:
                continue  # it has ended, or belongs to another user


def kill_marked(mark: bytes) -> None:
    """Kill all processes with a mark in their environment; they may start others meanwhile."""
    for _ in range(ROUNDS):
        found = [number for number in marked(mark) if number != os.getpid()]
        if not found:
            return
        for number in found:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue


def reap(mark: str) -> None:
    """Read the pipe to its end, then kill what is left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        if line.startswith("done"):
            return
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    if os.path.isdir("/proc/self"):
        kill_marked(mark.encode())
        time.sleep(PAUSE)  # a child that was being started has its environment by now
        kill_marked(mark.encode())
        return
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def read_job(path: str, index: int) -> dict[str, Any]:
    """Return one job of a launch."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number == index:
                job: dict[str, Any] = json.loads(line)
                return job
    raise SystemExit(f"{path} has no job {index}")


def start(path: str, index: int) -> int:
    """Run one job; return its exit code, or 128 and the number of the signal that ended it."""
    job = read_job(path, index)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    log = os.open(os.path.join(job["folder"], LOG), flags, 0o666)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    mark = f"{path}.{index}."
    os.environ.update({**job["env"], MARK: os.environ.get(MARK, "") + mark})
    if job["cwd"] is not None:
        os.chdir(job["cwd"])
    words = [_filled_in(word) for word in job["command"]]
    child: list[subprocess.Popen[bytes]] = []
    asked_to_end: list[int] = []

    def warn(number: int, frame: FrameType | None) -> None:
        if child and child[0].poll() is None:
            child[0].send_signal(number)

    def note(number: int, frame: FrameType | None) -> None:
        asked_to_end.append(number)  # the batch system signals the child by itself

    signal.signal(signal.SIGUSR1, warn)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    child.append(subprocess.Popen(words, stdin=subprocess.DEVNULL))
    code = child[0].wait()
    if code and not asked_to_end:
        time.sleep(PAUSE)  # a signal to end comes here, too, maybe later than to the child
    if asked_to_end:
        kill_marked(mark.encode())
    if code == REQUEUE and not asked_to_end and "SLURM_JOB_ID" in os.environ:
        command = ["scontrol", "requeue", os.environ["SLURM_JOB_ID"]]
        subprocess.run(command, check=False, timeout=60)
    return code if code >= 0 else 128 - code


def _filled_in(word: str) -> str:
    """Return a word with facts of the job that are known only once it runs."""
    for name in ("SLURM_JOB_ID", "PCONFIGS_HEAD"):
        word = word.replace(f"{{{name}}}", os.environ.get(name, ""))
    return word


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument names."""
    if arguments[0] == "reap":
        reap(arguments[1])
        return 0
    return start(arguments[1], int(arguments[2]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
