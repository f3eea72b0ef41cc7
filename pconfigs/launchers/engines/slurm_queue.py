"""Slurm's commands: called with a time limit, and their answers about jobs read."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pconfigs.errors.runs import EngineError
from pconfigs.launchers.engines.job import Seen

TIMEOUT = 60.0
"""Seconds that a command of Slurm may take; without a controller clients retry for a minute."""
_WAITING = {
    "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD",
    "SPECIAL_EXIT",
}  # fmt: skip
_UNKNOWN = "Invalid job id"
HANDLE = re.compile(r"[0-9]+(_[0-9]+)?")
_RUNNING = {"RUNNING", "COMPLETING", "RESIZING", "SIGNALING", "STAGE_OUT", "STOPPED", "SUSPENDED"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a command: its exit code and both of its outputs."""

    code: int
    output: str
    problem: str


def call(words: Sequence[str], text: str | None = None, timeout: float = TIMEOUT) -> Answer:
    """Run a command of Slurm; `text` is its standard input.

    Raises:
        EngineError: It is not installed, or does not answer in time.
    """
    try:
        done = subprocess.run(
            words,
            input=text,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
            env=_environment(os.environ),
        )
    except FileNotFoundError:
        hint = "start this on a machine that submits to Slurm, or choose another executor"
        raise EngineError("slurm", f"{words[0]} is not installed", hint) from None
    except subprocess.TimeoutExpired:
        hint = "look at the controller with: scontrol ping"
        problem = f"{words[0]} did not answer within {timeout:g} s"
        raise EngineError("slurm", problem, hint) from None
    return Answer(done.returncode, done.stdout, done.stderr.strip())


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what the job around this process has set, if there is one."""
    kept = ("SLURM_CONF", "SLURM_CLUSTERS", "SLURM_TIME_FORMAT")
    return {k: v for k, v in variables.items() if not k.startswith("SLURM_") or k in kept}


def states_of(handles: Sequence[str]) -> tuple[dict[str, tuple[str, str]], bool]:
    """Return state and reason of jobs, by handle, and whether Slurm answered at all."""
    base_of = {handle: handle.partition("_")[0] for handle in handles}
    bases = ",".join(dict.fromkeys(base_of.values()))
    found: dict[str, tuple[str, str]] = {}
    try:
        answer = call(["squeue", "-h", "-a", "-r", "-t", "all", "-j", bases, "-o", "%i|%T|%r"])
    except EngineError:
        return found, False
    if answer.code and _UNKNOWN not in answer.problem:
        return found, False
    for handle, state, reason in _lines(answer.output):
        found[handle] = (state, reason)
    missing = [handle for handle in handles if handle not in found]
    if missing:
        _ask_accounting(missing, found)
    for handle in missing:
        # Tasks of an array that were cancelled before they started have one line together.
        if handle not in found and base_of[handle] in found:
            found[handle] = found[base_of[handle]]
    return found, True


def _ask_accounting(handles: Sequence[str], found: dict[str, tuple[str, str]]) -> None:
    """Add what the accounting knows, where the cluster has one and it answers."""
    words = ["sacct", "-n", "-X", "-P", "-j", ",".join(handles), "-o", "JobID,State,ExitCode"]
    try:
        answer = call(words)
    except EngineError:
        return  # not installed, or too slow: the controller does not know these jobs any more
    for handle, state, code in _lines(answer.output):
        if handle in handles:
            found[handle] = (state.split()[0], code)


def _lines(output: str) -> Iterator[tuple[str, str, str]]:
    """Yield handle, state and the rest of each line about a job; a site may print others."""
    for line in output.splitlines():
        handle, _, rest = line.partition("|")
        state, _, more = rest.partition("|")
        if HANDLE.fullmatch(handle) and state.strip():
            yield handle, state, more


def id_of_submitted(output: str) -> str:
    """Return the id in what `sbatch --parsable` prints: the last line that is one.

    Raises:
        EngineError: There is none.
    """
    ids = [line.strip().partition(";")[0] for line in output.splitlines()]
    found = list(filter(HANDLE.fullmatch, ids))
    if not found:
        hint = "look for the job with: squeue --me"
        raise EngineError(
            "slurm", f"sbatch must print the id of the job, got {output!r:.200}", hint
        )
    return found[-1]


def seen_as(state: str, reason: str) -> Seen:
    """Return what Slurm's words for a job mean."""
    shown = reason if reason and reason not in ("None", "0:0") else ""
    if state in _WAITING:
        return Seen("queued", shown or state)
    if state in _RUNNING:
        return Seen("running", state if state != "RUNNING" else "")
    return Seen("gone", f"{state} ({shown})" if shown and shown != state else state)


def cancel(handles: Iterable[str]) -> None:
    """Cancel jobs.

    Raises:
        EngineError: Slurm refuses.
    """
    chosen = list(filter(HANDLE.fullmatch, handles))  # not an option, in a damaged record
    if chosen:
        answer = call(["scancel", *chosen])
        if answer.code and _UNKNOWN not in answer.problem:
            raise EngineError("slurm", answer.problem or f"scancel failed ({answer.code})")


def start_soon(handle: str) -> None:
    """Let a requeued job start in a few seconds; by itself it waits for two minutes.

    A node refuses what starts in the second in which it has ended the job: its credential counts
    as revoked, and the job fails for good.
    """
    call(["scontrol", "update", f"JobId={handle}", "StartTime=now+3"])
