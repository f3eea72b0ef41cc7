"""A launch: points are started by an executor and followed to their end.

Points are claimed one by one where the executor has slots of its own, so that two launches of the
same sweep share the work; otherwise all at once. What has become of a run is read from its folder;
the engine is only asked whether its job is still there.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pconfigs.errors.formatting import counted
from pconfigs.launchers.claims import LOCAL, claim, first_claim, last_number
from pconfigs.launchers.ends import end_text, settle, stop_unsettled
from pconfigs.launchers.engines.job import Executor, Job, Seen
from pconfigs.launchers.engines.parts import ExecutorConfig, container_mounts
from pconfigs.launchers.points import Found, Survey, next_number, refuse_unsent_secrets
from pconfigs.launchers.progress import Progress, counts_text
from pconfigs.launchers.records import LaunchRecord, ends_with_launcher, kind_of, new_record
from pconfigs.launchers.snapshots import import_path, take_snapshot
from pconfigs.runs.folder import GONE, RunFolder
from pconfigs.runs.lineage.location import MOUNTS, folders_of
from pconfigs.runs.location import project_folder
from pconfigs.runs.planning import Plan, plan_run
from pconfigs.runs.status import DONE, FAILED, LOST, REQUEUED, STOPPED
from pconfigs.runs.store import Store

POLL = 1.0
"""Seconds between two questions to an engine, and between two looks at runs that are held."""
RAREST = 30.0
"""The same where nothing has changed for ten minutes: others use the engine, too."""
STOPPING = 15.0
"""Seconds to wait for an engine to end what was cancelled."""
PATIENCE = 5.0
"""Seconds that the end of a run on another machine may take to show in its folder."""


@dataclass(slots=True)
class Options:
    """How a launch goes on.

    Attributes:
        retry_failed: Whether runs that failed before are run again, in new folders.
        fail_fast: Whether the first failure stops everything.
        again: Whether points are run although they are done.
        accept_changes: Whether points that are done count also where their code differs today.
    """

    retry_failed: bool = False
    fail_fast: bool = False
    again: bool = False
    accept_changes: bool = False


@dataclass(slots=True)
class _Active:
    """A run that this launch has started."""

    run: RunFolder
    attempt: int
    gone: float | None = None
    shown: str = ""


@dataclass(slots=True)
class Outcome:
    """The states of all points.

    Attributes:
        counts: Number of points by state.
        runs: The run of each point that has one, by index.
    """

    counts: Counter[str] = field(default_factory=Counter)
    runs: dict[int, RunFolder] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 where all are done, else 1."""
        return int(any(count for state, count in self.counts.items() if state != DONE))


class Launch:
    """Runs points by an executor until each of them has ended."""

    def __init__(
        self,
        store: Store,
        points: Sequence[Plan],
        executor: ExecutorConfig,
        name: str,
        options: Options,
    ) -> None:
        for point in points:
            refuse_unsent_secrets(point)
        config: Any = executor
        self.engine: Executor = config.construct()
        self.store, self.points, self.executor = store, list(points), executor
        self.name, self.options = name, options
        self._kind = LOCAL if ends_with_launcher(executor) else kind_of(executor)
        self.outcome = Outcome()
        self.progress = Progress(len(points))
        smoke = any(point.smoke for point in points)
        self.survey = Survey(store, smoke, options.accept_changes)
        self._todo: deque[tuple[int, Found]] = deque()
        self._active: dict[str, tuple[int, _Active]] = {}
        self._held: dict[int, RunFolder] = {}
        self._asked = self._looked = 0.0
        self._changed = time.monotonic()

    @cached_property
    def record(self) -> LaunchRecord:
        """The record of this launch, made when the first run is started."""
        return new_record(self.store.folder, self.name, self.executor)

    @cached_property
    def snapshot(self) -> str:
        """The copy of the code that all runs of this launch use."""
        return take_snapshot(project_folder(), self.store.folder)

    @cached_property
    def _import_path(self) -> str:
        return os.pathsep.join(import_path(project_folder(), self.snapshot))

    @property
    def is_idle(self) -> bool:
        """Whether nothing had to be started."""
        return "record" not in vars(self)

    def run(self) -> Outcome:
        """Run all points; return what has become of them.

        Raises:
            EngineError: The engine refuses.
            KeyboardInterrupt: The launch was interrupted; what it has started is stopped.
        """
        try:
            self._sort_points()
            while self._todo or self._active or self._held:
                self._fill()
                self._collect()
                self._look_at_held()
                if self._active or self._held:
                    self.progress.tick()
                    self.engine.wait(POLL if self._active else POLL / 4)
        except BaseException:
            self.stop()
            raise
        finally:
            self.progress.close()
            self.engine.close()
        return self.outcome

    def submit(self) -> Outcome:
        """Hand all points over to the engine, and return without waiting for their end."""
        self._sort_points()
        self._fill()
        for index, active in self._active.values():
            self._end(index, active.run, "queued")
        for index, run in self._held.items():
            self._end(index, run, "held")
        return self.outcome

    def stop(self) -> None:
        """Stop what this launch has started; count it, and what was not started yet."""
        handles = list(self._active)
        self.engine.cancel(handles)
        deadline = time.monotonic() + STOPPING
        still: dict[str, Seen] = self.engine.poll(handles)
        while time.monotonic() < deadline and any(s.state == "running" for s in still.values()):
            self.engine.wait(POLL)
            still = self.engine.poll(handles)
        for handle, (index, active) in self._active.items():
            # A run that an engine still ends writes its own status.
            is_over = still[handle].state == "gone"
            state = stop_unsettled(active.run, active.attempt) if is_over else STOPPED
            self._end(index, active.run, state)
        self._active.clear()
        for index, found in self._todo:
            self._end(index, found.run, "to run")
        self._todo.clear()
        for index, run in self._held.items():
            self._end(index, run, "held")
        self._held.clear()

    def _sort_points(self) -> None:
        """Find out which points are done, which are held, and which are to run."""
        stale: Counter[str] = Counter()
        elsewhere: Counter[str] = Counter()
        for index, point in enumerate(self.points):
            found = Found("new") if self._repeats(point) else self.survey.find(point)
            if found.standing == "done":
                self._end(index, found.run, DONE)
            elif found.standing == "failed" and not self.options.retry_failed:
                self._end(index, found.run, FAILED)
            elif found.standing == "held" and found.run is not None:
                self._held[index] = found.run
                elsewhere[found.words] += 1
            else:
                stale.update(found.words.split(", ") if found.standing == "stale" else ())
                self._todo.append((index, found))
        before = dict(self.outcome.counts)
        held = {"elsewhere": len(self._held)} if self._held else {}
        todo = {"to run": len(self._todo)}
        counts = counts_text({**before, **held, **todo})
        self.progress.note(f"{counted(len(self.points), 'run')}: {counts}")
        for words, count in elsewhere.most_common(5):
            self.progress.note(f"    elsewhere: {words} ({count})")
        if stale:
            names = ", ".join(f"{name} ({count})" for name, count in stale.most_common(5))
            self.progress.note(f"    changed since they ran: {names}; --accept-changes keeps them")

    def _repeats(self, point: Plan) -> bool:
        return self.options.again or point.again

    def _fill(self) -> None:
        """Claim and submit as many points as the executor takes."""
        capacity = self.engine.capacity
        free = len(self._todo) if capacity is None else capacity - len(self._active)
        if not self._todo or free <= 0:
            return
        path = self._import_path  # before anything is claimed: its copy of the code may be refused
        self.survey.forget()  # what engines have answered is of a while ago
        jobs: list[Job] = []
        claimed: list[tuple[int, _Active]] = []
        while self._todo and len(jobs) < free:
            index, found = self._todo.popleft()
            active = self._claimed(index, found)
            if active is not None:
                claimed.append((index, active))
                jobs.append(self._job(active, path))
        if not jobs:
            return
        jobs = self.record.add_jobs(jobs)
        try:
            handles = self.engine.submit(jobs, self.record.folder)
        except BaseException:
            for index, active in claimed:
                self._end(index, active.run, stop_unsettled(active.run, active.attempt))
            raise
        for handle, (index, active) in zip(handles, claimed, strict=True):
            self.record.handles[active.run.name] = handle
            self._active[handle] = (index, active)
        if capacity is None:
            self.record.write()

    def _claimed(self, index: int, found: Found) -> _Active | None:
        """Claim the next attempt of a point; None where another launch was faster."""
        point = self.points[index]
        if found.standing == "resume" and found.run is not None:
            return self._resumed(index, found.run)
        number = None
        if not self._repeats(point):
            number = next_number(self.survey.runs_of(point), point.stem)
        first = first_claim(self.record.name, self._kind)
        run = plan_run(self.store, point, number, more=first)
        if run is None:
            taken = os.path.join(self.store.runs_folder(point.smoke), f"{point.stem}.{number}")
            self._held[index] = RunFolder(taken)
            return None
        return _Active(run, 1)

    def _resumed(self, index: int, run: RunFolder) -> _Active | None:
        """Claim the next attempt of a run that was free; None where it is not any more."""
        after = last_number(run)  # before it is looked at: a later claim makes this one fail
        found = self.survey.look(run)
        if found.standing == "resume":
            attempt = run.status().attempt + 1
            if claim(run, self.record.name, self._kind, attempt, after):
                return _Active(run, attempt)
        elif found.standing != "held":
            self._end_elsewhere(index, found)
            return None
        self._held[index] = run
        return None

    def _job(self, active: _Active, path: str) -> Job:
        run = active.run.path
        env = {"PYTHONPATH": path, "PCONFIGS_RUN": run}
        env.update(self.executor.env_vars)
        folders = [*folders_of(self.store), self.snapshot, os.getcwd()]
        mounts = container_mounts(self.executor, folders)
        if mounts:
            env[MOUNTS] = json.dumps(mounts)
        words = ["-m", "pconfigs.run", "--into", run]
        return Job(run, self.engine.command(words, env, folders), env, cwd=os.getcwd())

    def _collect(self) -> None:
        """Note what has changed of the runs that this launch has started."""
        if self.engine.capacity is None and time.monotonic() - self._asked < self._pause:
            return
        self._asked = time.monotonic()
        seen = self.engine.poll(list(self._active))
        for handle, (index, active) in list(self._active.items()):
            answer = seen[handle]
            if answer.state == "gone":
                self._changed = time.monotonic()
                self._note_end(handle, index, active, answer)
                if self.options.fail_fast and self.outcome.exit_code:
                    self.stop()
                    return
            elif answer.state != active.shown:
                active.shown = answer.state
                self._report(answer.state, active.run, answer.word)

    @property
    def _pause(self) -> float:
        """Seconds to the next question: a twentieth of the time for which nothing has changed."""
        return min((time.monotonic() - self._changed) / 20, RAREST)

    def _note_end(self, handle: str, index: int, active: _Active, answer: Seen) -> None:
        state = settle(active.run, active.attempt, answer, late=self._is_late(active))
        if state is None:
            return  # its folder does not show its end yet
        del self._active[handle]
        if state == LOST:
            active.run.write(GONE, {"attempt": active.attempt, "word": answer.word})
        if state == REQUEUED and not self.engine.requeues:
            self._todo.append((index, Found("resume", active.run)))
            self._report(state, active.run)
            return
        self._end(index, active.run, state)
        self._report(state, active.run, end_text(active.run, state, answer.word))

    def _is_late(self, active: _Active) -> bool:
        """Return whether the folder of a run has had time to show its end."""
        if self.engine.capacity is not None:
            return True
        active.gone = active.gone or time.monotonic()
        return time.monotonic() - active.gone > PATIENCE

    def _look_at_held(self) -> None:
        """Take over points whose launch has died; count those that have ended elsewhere."""
        if not self._held or time.monotonic() - self._looked < max(self._pause, POLL):
            return
        self._looked = time.monotonic()
        self.survey.forget()
        for index, run in list(self._held.items()):
            found = self.survey.look(run)
            if found.standing == "held":
                continue
            del self._held[index]
            if found.standing == "resume":
                self._todo.append((index, found))
            else:
                self._end_elsewhere(index, found)

    def _end_elsewhere(self, index: int, found: Found) -> None:
        """Count a run that another launch has brought to its end."""
        assert found.run is not None
        state = DONE if found.standing == "stale" else found.standing
        self._end(index, found.run, state)
        self._report(state, found.run, "elsewhere")

    def _report(self, state: str, run: RunFolder, words: str = "") -> None:
        """Print that a run has changed its state."""
        self._changed = time.monotonic()
        self.progress.changed(state, run.name, sum(self.outcome.counts.values()), words)

    def _end(self, index: int, run: RunFolder | None, state: str) -> None:
        self.outcome.counts[state] += 1
        if run is not None:
            self.outcome.runs[index] = run
