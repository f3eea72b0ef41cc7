"""Stopping of launched runs: by their launcher, by the engine that runs them, or by a signal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pconfigs.errors.runs import RunUseError
from pconfigs.launchers.claims import LOCAL, Claim, claim as take_over, last_claim
from pconfigs.launchers.engines.job import Seen
from pconfigs.launchers.records import open_record
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.status import QUEUED, REQUEUED, RUNNING, is_alive
from pconfigs.runs.store import Store
from pconfigs.runs.upkeep import ask_to_end, note_lost, stop

ACTIVE = (QUEUED, RUNNING, REQUEUED)


def stop_runs(store: Store, runs: Sequence[Run], whole_sweep: bool) -> Iterator[tuple[str, str]]:
    """Stop runs that wait or run; yield the name of each and what was done.

    Args:
        store: Where they are recorded.
        runs: The runs.
        whole_sweep: Whether launchers that are alive are stopped, too: they would start the next
            points.

    Raises:
        RunUseError: A run was started elsewhere, or does not end; the others are stopped first.
        EngineError: An engine refuses.
    """
    launchers: dict[int, list[str]] = {}
    launches: dict[str, list[str]] = {}
    single: list[Run] = []
    for run in runs:
        claim = last_claim(run.record)
        if claim is not None and claim.kind != LOCAL and not _is_by_hand(store, claim, run):
            launches.setdefault(claim.launch, []).append(run.id)
        elif claim is not None and whole_sweep and is_alive(claim.process):
            launchers.setdefault(claim.process["pid"], []).append(run.id)
        else:
            single.append(run)
    for pid, names in launchers.items():
        ask_to_end(names[0], pid)
        yield from ((name, f"stopped by its launcher, process {pid}") for name in names)
    for launch, names in launches.items():
        yield from _cancelled(store, launch, names)
    errors: list[RunUseError] = []
    for run in single:
        try:
            state = stop(run) if run.state == RUNNING else f"{run.state}, nothing runs"
        except RunUseError as error:
            errors.append(error)
            state = "not stopped"
        yield run.id, state
    if errors:
        raise errors[0]


def _cancelled(store: Store, launch: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Cancel the jobs of runs by the engine of their launch."""
    record = open_record(store.folder, launch)
    known = {} if record is None else record.handles
    handles = [known[name] for name in names if name in known]
    if record is not None and handles:
        record.engine().cancel(handles)
    for name in names:
        if record is not None and name in known:
            yield name, f"cancelled: {record.kind} {known[name]}"
        else:
            yield name, "not submitted yet"


def give_up(store: Store, runs: Sequence[Run]) -> Iterator[tuple[str, str]]:
    """Note that runs have ended which cannot be seen from here; yield the name and state of each.

    That is a run on a host, or a job of an engine, that is gone. It goes on with the next launch.

    Raises:
        RunUseError: A run or its job is there, or waits for nothing.
    """
    for run in runs:
        claim = last_claim(run.record)
        if claim is None or claim.kind == LOCAL:
            yield run.id, note_lost(run)
            continue
        seen = _job_of(store, claim, run)
        if seen.state in ("queued", "running"):
            problem = f"the job of the run is {seen.state} ({claim.kind})"
            hint = f"stop it: python -m pconfigs.runs stop @{run.id}"
            raise RunUseError(run.id, problem, [hint])
        state = note_lost(run) if run.state == RUNNING else run.state
        # A claim of this process, which ends, takes the place of that of the engine.
        take_over(run.record, claim.launch, LOCAL, run.status.attempt + 1, claim.number)
        yield run.id, state


def _is_by_hand(store: Store, claim: Claim, run: Run) -> bool:
    """Return whether a process of this machine has resumed a run that its engine had lost."""
    is_here = run.state == RUNNING and is_alive(run.status.process)
    return bool(is_here) and _job_of(store, claim, run).state == "gone"


def _job_of(store: Store, claim: Claim, run: Run) -> Seen:
    record = open_record(store.folder, claim.launch)
    handle = None if record is None else record.handles.get(run.id)
    if record is None or handle is None:
        return Seen("unknown")
    return record.engine().poll([handle])[handle]


def is_launched(run: Run) -> bool:
    """Return whether an engine other than this machine runs a run."""
    claim = last_claim(run.record)
    return claim is not None and claim.kind != LOCAL
