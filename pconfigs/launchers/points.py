"""Points: the plans of runs that a launch is asked for, and what the store knows about them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pconfigs.errors.base import with_hints
from pconfigs.errors.runs import LaunchError
from pconfigs.launchers.claims import Claim, is_held, last_claim, may_live
from pconfigs.launchers.engines.job import Seen
from pconfigs.launchers.records import open_record
from pconfigs.runs.changes.reasons import Today
from pconfigs.runs.folder import RUN, RunFolder, number_in
from pconfigs.runs.masking import has_same_secrets, has_secrets
from pconfigs.runs.planning import DIGITS, Plan
from pconfigs.runs.reading.configs import names_in
from pconfigs.runs.reading.runs import run_in
from pconfigs.runs.status import DONE, FAILED, RUNNING, is_alive
from pconfigs.runs.store import Store
from pconfigs.serialization.dump import plain
from pconfigs.serialization.load import load

Standing = Literal["done", "failed", "held", "resume", "stale", "new"]


def distinct(points: Iterable[Plan]) -> list[Plan]:
    """Return the first of all points whose configs are equal, in their order."""
    found: dict[str, Plan] = {}
    for point in points:
        found.setdefault(point.fingerprint, point)
    return list(found.values())


def refuse_unsent_secrets(point: Plan) -> None:
    """Refuse a point whose run would have other secrets: those of the default, or none.

    They are not recorded; a run that is launched reads them from the module of its experiment.

    Raises:
        LaunchError: It has no name there.
    """
    if point.target is not None or point.smoke or not has_secrets(point.config):
        return
    data = plain(point.config)
    packages = {name.partition(".")[0] for name in names_in(data)}
    again = load(data, type(point.config), "accept", packages, "<plan>", "")
    if not has_same_secrets(point.config, again):
        problem = f"{point.name} has secrets, which are not passed to launched runs"
        hint = "let a @penv class read them, or give them to pdefaults"
        raise LaunchError(with_hints(problem, hint))


@dataclass(slots=True)
class Found:
    """The knowledge of a store about a point.

    Attributes:
        standing: `new`: never run; `resume`: to go on in its folder; `held`: it waits or runs
            elsewhere; `stale`: done with code, variables or artifacts that differ today.
        run: The run that this is about, or None.
        words: More about it: where it is held, why it failed.
    """

    standing: Standing
    run: RunFolder | None = None
    words: str = ""


class Survey:
    """The knowledge of a store about points; folders are listed once, files read when asked for."""

    def __init__(self, store: Store, smoke: bool = False, accept_changes: bool = False) -> None:
        self.store, self.smoke, self.accept_changes = store, smoke, accept_changes
        self._by_fingerprint: dict[str, list[str]] = {}
        self._asked: dict[str, dict[str, Seen]] = {}
        for name in store.names(smoke):
            digits = name.rpartition("-")[2].partition(".")[0]
            self._by_fingerprint.setdefault(digits, []).append(name)

    def runs_of(self, point: Plan) -> list[RunFolder]:
        """Return the runs of a point's config, newest first."""
        fingerprint = point.fingerprint
        names = self._by_fingerprint.get(fingerprint[:DIGITS], ())
        folder = self.store.runs_folder(self.smoke)
        found: list[tuple[float, RunFolder]] = []
        for name in names:
            run = RunFolder(os.path.join(folder, name))
            facts = run.read(RUN)
            if facts is not None and facts.get("fingerprint") == fingerprint:
                found.append((facts.get("planned", 0.0), run))
        return [run for _, run in sorted(found, key=lambda pair: pair[0], reverse=True)]

    def find(self, point: Plan) -> Found:
        """Return what the store knows about a point: the most final of its runs."""
        found = [self.look(run) for run in self.runs_of(point)]
        order: list[Standing] = ["done", "held", "resume", "stale", "failed"]
        found.sort(key=lambda one: order.index(one.standing))
        return found[0] if found else Found("new")

    def look(self, run: RunFolder) -> Found:
        """Return what is known about one run."""
        status = run.status()
        if status.state == DONE:
            reasons = () if self.accept_changes else self._reasons(run)
            return Found("stale" if reasons else "done", run, ", ".join(reasons))
        if status.state == FAILED:
            error = status.error or {}
            words = f"{error.get('type')}: {error.get('text')}" if error else ""
            return Found("failed", run, words or f"exit code {status.exit_code}")
        claim = last_claim(run)
        held = is_held(claim, status)
        words = ""
        if held is None and claim is not None:
            seen = self._ask_engine(run, claim)
            held = seen.state != "gone"
            if not held and run.status().state in (DONE, FAILED):
                return self.look(run)  # it has ended since its status was read
            words = f"{claim.kind}: {seen.state} {seen.word}".strip()
            if not held and status.state == RUNNING and is_alive(status.process):
                held, words = True, ""  # its engine has lost it, and it was resumed by hand
        if held:
            host = status.process.get("host", "")
            return Found("held", run, words or (f"on {host}" if host else "starting"))
        words = f"{status.state} ({status.word})" if status.word else status.state
        return Found("resume", run, words)

    @cached_property
    def _today(self) -> Today:
        return Today(self.store.folder)

    def _reasons(self, run: RunFolder) -> list[str]:
        """Return the names of what a run that is done ran with and that differs today."""
        recorded = run_in(run.path)
        return [] if recorded is None else [one.name for one in self._today.reasons(recorded)]

    def _ask_engine(self, run: RunFolder, claim: Claim) -> Seen:
        """Return what the engine of a launch answers about a run; each launch is asked once."""
        if claim.launch not in self._asked:
            record = open_record(self.store.folder, claim.launch)
            answers: dict[str, Seen] = {}
            if record is not None and record.handles:
                seen = record.engine().poll(list(record.handles.values()))
                answers = {name: seen[handle] for name, handle in record.handles.items()}
            self._asked[claim.launch] = answers
        known = self._asked[claim.launch].get(run.name)
        if known is not None:
            return known
        return Seen("queued", "being submitted") if may_live(claim) else Seen("gone")

    def forget(self) -> None:
        """Ask engines anew from now on."""
        self._asked.clear()


def next_number(runs: Sequence[RunFolder], stem: str) -> int:
    """Return the number of the next run with a stem."""
    numbers = [run.name.removeprefix(f"{stem}.") for run in runs]
    return max(map(number_in, numbers), default=0) + 1
