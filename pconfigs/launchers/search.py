"""A search in progress: trials of a study, each of which is a run of the store."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pconfigs.atomic_files import own_folder
from pconfigs.clients.optuna import Dimension, KnownTrial, Study
from pconfigs.errors.base import PConfigError
from pconfigs.launchers.engines.parts import ExecutorConfig
from pconfigs.launchers.launch import Launch, Options
from pconfigs.launchers.points import Survey
from pconfigs.runs.folder import RunFolder, appended
from pconfigs.runs.planning import Plan
from pconfigs.runs.reading.rows import logged_values
from pconfigs.runs.reading.runs import run_in
from pconfigs.runs.reading.shapes import PROCESS, misfit
from pconfigs.runs.status import DONE, is_alive, process_facts
from pconfigs.runs.store import Store
from pconfigs.serialization.fingerprint import pfingerprint
from pconfigs.sweeps.distributions import Choice, Distribution, Integers, LogUniform, Uniform
from pconfigs.sweeps.search import Search
from pconfigs.sweeps.settings import setting_words

FOLDER = ".search"
PRUNED = "pruned"
SAME = 100
"""Points in a row that have run before, after which the space counts as used up."""
_RUN = {"of": str, "by": PROCESS}
TRIES = 4
"""Trials for each run that is wanted, after which a search gives up."""


class SearchLaunch(Launch):
    """Asks for a point whenever a run may start, and reports the value of each that is done."""

    def __init__(
        self,
        store: Store,
        search: Search[Any],
        executor: ExecutorConfig,
        name: str,
        options: Options,
        smoke: bool,
        arguments: Sequence[str],
        facts: Mapping[str, Any],
    ) -> None:
        super().__init__(store, [], executor, name, options)
        self._arguments, self._facts = tuple(arguments), facts
        self.search, self.smoke = search, smoke
        self.progress.total = search.runs
        folder = Path(own_folder(store.folder, FOLDER))
        identity = search.identity(pfingerprint(search.base))
        journal = str(folder / f"{identity}.journal")
        os.close(appended(journal, os.O_RDWR))  # Optuna would write through a link
        self.study = Study(
            journal,
            identity,
            maximize=search.maximize,
            space={path: _dimension(one) for path, one in search.space.items()},
            seed=search.seed,
            prune=search.prune,
        )
        self._trials: dict[int, int] = {}
        self._reported: dict[int, int] = {}
        self._pruned: set[int] = set()
        self._tried = 0
        self._is_used_up = self._has_given_up = False

    @property
    def done(self) -> int:
        """How many runs have a value; points that came twice are one."""
        known = self.study.trials()
        return len({_run_of(trial).get("of") for trial in known if trial.state == "complete"})

    @property
    def is_complete(self) -> bool:
        """Whether as many runs are done as are wanted, or as there are points."""
        return self.done >= self.search.runs or self._is_used_up

    def counts(self) -> dict[str, int]:
        """Return the numbers of trials by what has become of them, those of all launches."""
        states = Counter(t.state for t in self.study.trials() if "repeats" not in t.facts)
        retried = sum("retry_of" in trial.facts for trial in self.study.trials())
        return {"done": self.done, "pruned": states["pruned"], "failed": states["fail"] - retried}

    def best(self) -> KnownTrial | None:
        """Return the best trial so far, or None where no run is done."""
        known = [trial for trial in self.study.trials() if trial.value is not None]
        sign = 1 if self.search.maximize else -1
        return max(known, key=lambda trial: sign * (trial.value or 0.0), default=None)

    def run_of(self, trial: KnownTrial) -> str:
        """Return the name of the run of a trial; "" where it is gone."""
        config = self.search.point(self._values(trial))
        run = Survey(self.store, self.smoke, accept_changes=True).find(Plan(config, "")).run
        return "" if run is None else run.name

    def _sort_points(self) -> None:
        """Let trials whose launcher has died come again; then ask for the first points."""
        for trial in list(self.study.trials()):
            if trial.state == "running" and is_alive(_run_of(trial).get("by", {})) is not True:
                self.study.retry(trial)
        self.progress.note(f"{self.search.runs} runs: {self.done} done")
        self._ask()

    def _fill(self) -> None:
        self._ask()
        super()._fill()

    def _collect(self) -> None:
        super()._collect()
        if self.search.prune is not None:
            self._prune()
        self._ask()

    def _ask(self) -> None:
        """Ask for points until as many are in progress as may run at a time."""
        same = 0
        while not self._is_used_up:
            if len(self._todo) + len(self._active) >= self.search.parallel:
                return
            running = sum(trial.state == "running" for trial in self.study.trials())
            if self.search.runs - self.done - running <= 0:
                return
            if self._tried >= TRIES * self.search.runs:
                if not self._has_given_up:
                    self.progress.note(f"gave up after {self._tried} trials")
                self._has_given_up = True
                return
            self._tried += 1
            same = 0 if self._took_up() else same + 1
            if same >= SAME:
                self.progress.note(f"{SAME} points in a row have run before: the space is used up")
                self._is_used_up = True

    def _took_up(self) -> bool:
        """Start a trial; return whether its point is new to this search."""
        trial = self.study.ask()
        values = self._values(trial)
        try:
            config = self.search.point(values)
        except PConfigError as error:
            self.study.tell(trial.number, None)
            self.progress.note(f"trial {trial.number} cannot be built: {error}")
            return True
        fingerprint = pfingerprint(config)
        repeats = fingerprint in self._fingerprints()
        self.study.note(trial.number, "run", {"of": fingerprint, "by": process_facts()})
        words = tuple(setting_words(config, values))
        point = Plan(
            config,
            self.name,
            words=words,
            arguments=self._arguments,
            smoke=self.smoke,
            facts=self._facts,
        )
        if repeats:
            self._tried -= 1
            self.study.note(trial.number, "repeats", True)
            self.study.tell(trial.number, self._value_of(self.survey.find(point).run))
            return False
        index = len(self.points)
        self.points.append(point)
        self._trials[index] = trial.number
        found = self.survey.find(point)
        if found.standing == "done" and found.run is not None:
            self._end(index, found.run, DONE)
        else:
            self._todo.append((index, found))
        return True

    def _fingerprints(self) -> set[Any]:
        """Return the fingerprints of points that have run or are running."""
        known = self.study.trials()
        return {_run_of(t).get("of") for t in known if t.state in ("running", "complete")}

    def _values(self, trial: KnownTrial) -> dict[str, Any]:
        """Return the values of a trial by path: a choice is known by its index."""
        return {
            path: one.values[trial.params[path]] if isinstance(one, Choice) else trial.params[path]
            for path, one in self.search.space.items()
        }

    def _end(self, index: int, run: RunFolder | None, state: str) -> None:
        if index in self._pruned and state != DONE:  # it may have been faster
            state = PRUNED
        super()._end(index, run, state)
        number = self._trials[index]
        if state in (DONE, PRUNED):
            value = self._value_of(run) if state == DONE else None
            self.study.tell(number, value, pruned=state == PRUNED)
            if state == DONE and value is None and run is not None:
                self.progress.note(f"{run.name} has not logged {self.search.metric!r}")
        elif state in ("to run", "held", "stopped"):
            self.study.retry(self.study.known(number))
        else:
            self.study.tell(number, None)

    def _value_of(self, run: RunFolder | None) -> float | None:
        """Return the last value of the goal's metric in a run."""
        recorded = None if run is None else run_in(run.path)
        value = None if recorded is None else recorded.last.get(self.search.metric)
        return float(value) if isinstance(value, (int, float)) else None

    def _prune(self) -> None:
        """Report what running trials have logged, and stop those that are not promising."""
        for handle, (index, active) in list(self._active.items()):
            recorded = run_in(active.run.path)
            if recorded is None or index in self._pruned:
                continue
            rows = logged_values(recorded, [self.search.metric])
            seen = self._reported.get(index, -1)
            values = [(step, float(value)) for _, step, value in rows if step is not None]
            new = [(step, value) for step, value in values if step > seen]
            if new:
                self._reported[index] = new[-1][0]
            if self.study.report(self._trials[index], new):
                self._pruned.add(index)
                self.engine.cancel([handle])


def _run_of(trial: KnownTrial) -> Mapping[str, Any]:
    """Return the fingerprint of a trial's config, `of`, and the process that runs it, `by`."""
    found: Mapping[str, Any] = trial.facts.get("run", {})
    return {} if misfit(found, _RUN) else found


def _dimension(one: Distribution[Any]) -> Dimension:
    """Return a distribution as a dimension of a study."""
    if isinstance(one, Choice):
        return Dimension("choice", 0, len(one.values))
    if isinstance(one, Integers):
        return Dimension("int", one.low, one.high, one.log)
    assert isinstance(one, (Uniform, LogUniform))  # psearch refuses any other
    return Dimension("float", one.low, one.high, isinstance(one, LogUniform))
