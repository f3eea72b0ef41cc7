"""Slurm's commands: called with a time limit, and their answers about jobs read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pconfigs.errors.launchers import EngineError
from pconfigs.launchers.engines.job import Seen

TIMEOUT = 60.0
"""Seconds that a command of Slurm may take; without a controller clients retry for a minute."""
_WAITING = {
    "PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD",
    "SPECIAL_EXIT",
}  # fmt: skip
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
            text=True,
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
    bases = ",".join(dict.fromkeys(handle.partition("_")[0] for handle in handles))
    found: dict[str, tuple[str, str]] = {}
    try:
        answer = call(["squeue", "-h", "-r", "-t", "all", "-j", bases, "-o", "%i|%T|%r"])
        for line in answer.output.splitlines():
            handle, state, reason = line.split("|", 2)
            found[handle] = (state, reason)
        answered = answer.code == 0 or "Invalid job id" in answer.problem
        missing = [handle for handle in handles if handle not in found]
        if missing and answered:
            _ask_accounting(missing, found)
            _ask_controller([handle for handle in missing if handle not in found], found)
    except EngineError:
        return found, False
    return found, answered


def _ask_accounting(handles: Sequence[str], found: dict[str, tuple[str, str]]) -> None:
    words = ["sacct", "-n", "-X", "-P", "-j", ",".join(handles), "-o", "JobID,State,ExitCode"]
    for line in call(words).output.splitlines():
        handle, _, rest = line.partition("|")
        state, _, code = rest.partition("|")
        if handle in handles:
            found[handle] = (state.split()[0] if state else "", code)


def _ask_controller(handles: Sequence[str], found: dict[str, tuple[str, str]]) -> None:
    for handle in handles:
        answer = call(["scontrol", "-o", "show", "job", handle])
        pairs = (word.partition("=") for word in answer.output.split())
        facts = {name: text for name, _, text in pairs}
        if answer.code == 0 and "JobState" in facts:
            found[handle] = (facts["JobState"], facts.get("Reason", ""))


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
    chosen = list(handles)
    if chosen:
        answer = call(["scancel", *chosen])
        if answer.code and "Invalid job id" not in answer.problem:
            raise EngineError("slurm", answer.problem or f"scancel failed ({answer.code})")


def start_soon(handle: str) -> None:
    """Let a requeued job start in a few seconds; by itself it waits for two minutes.

    A node refuses what starts in the second in which it has ended the job: its credential counts
    as revoked, and the job fails for good.
    """
    call(["scontrol", "update", f"JobId={handle}", "StartTime=now+3"])
