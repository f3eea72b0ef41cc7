"""Optuna: the trials of a study, kept in a journal file that survives any kill."""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from pconfigs.atomic_files import read_regular
from pconfigs.clients import imported
from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import shorten, shown_file
from pconfigs.errors.runs import StoreError

State = Literal["running", "complete", "pruned", "fail", "waiting"]
_STRIDE = 1_000_003  # a search with the next seed has other seeds for a million trials


def module(name: str = "optuna") -> Any:
    """Return Optuna, or a module of it.

    Raises:
        MissingExtraError: Optuna is not installed.
    """
    return imported(name, "optuna", "search", "psearch")


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that is searched.

    Attributes:
        kind: `float`, `int`, or `choice`, which is an index below `high`.
        low, high: Its range; both ends are included, but for that of a choice.
        log: Whether each factor of ten is equally likely.
    """

    kind: Literal["float", "int", "choice"]
    low: float
    high: float
    log: bool = False


@dataclass(frozen=True, slots=True)
class KnownTrial:
    """A trial as the journal has it.

    Attributes:
        number: From 0.
        state: What has become of it.
        params: Values by name; indices for choices.
        facts: What was noted with it.
        value: The value of the goal, or None.
    """

    number: int
    state: State
    params: Mapping[str, Any]
    facts: Mapping[str, Any]
    value: float | None


@contextmanager
def _reading(path: str) -> Generator[None]:
    """Raise what Optuna raises for a file that it cannot read as an error that names the file."""
    try:
        yield
    except (PConfigError, OSError):
        raise
    except Exception as error:  # whatever its code trips over
        problem = f"the search cannot be read: {type(error).__name__}: {shorten(str(error), 200)}"
        hint = "remove this file: runs that are done are not run again"
        raise StoreError(shown_file(path), problem, hint) from error


def _journal(path: str) -> Any:
    """Return the storage of a journal; a line that a writer did not complete is cut off first.

    Optuna leaves such a line out, and would add the next one to it.
    """
    journal = module("optuna.storages.journal")
    lock = journal.JournalFileSymlinkLock(path)
    if _torn(path):
        lock.acquire()  # another process may be writing just now
        try:
            torn = _torn(path)
            if torn:
                os.truncate(path, os.path.getsize(path) - torn)
        finally:
            lock.release()
    return module("optuna.storages").JournalStorage(journal.JournalFileBackend(path, lock))


def _torn(path: str) -> int:
    """Return the number of bytes after the last whole line of a file."""
    try:
        return len(read_regular(path).rpartition(b"\n")[2])
    except FileNotFoundError:
        return 0


class Study:
    """A study in a journal file.

    Args:
        path: The file; made where it is missing.
        name: Of the study in it.
        maximize: Whether large values are good.
        space: What is searched, by name.
        seed: Points depend on it, and on the values of earlier trials.
        prune: The name of a pruner, or None.

    Raises:
        MissingExtraError: Optuna is not installed.
        StoreError: The file is damaged.
    """

    def __init__(
        self,
        path: str,
        name: str,
        *,
        maximize: bool,
        space: Mapping[str, Dimension],
        seed: int,
        prune: str | None,
    ) -> None:
        optuna = module()
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._optuna = optuna
        self._seed = seed
        self._space = {name: self._distribution(one) for name, one in space.items()}
        with _reading(path):
            self._study: Any = optuna.create_study(
                storage=_journal(path),
                study_name=name,
                direction="maximize" if maximize else "minimize",
                load_if_exists=True,
                pruner=self._pruner(prune),
            )
            for trial in self._study.get_trials(deepcopy=False):
                self._known(trial)
        self._trials: dict[int, Any] = {}

    def ask(self) -> KnownTrial:
        """Start the next trial.

        The sampler is seeded anew for each, so that a study that goes on in another process draws
        neither the same points again nor others than it would have drawn.
        """
        count = len(self._study.get_trials(deepcopy=False))
        self._study.sampler = self._optuna.samplers.TPESampler(
            seed=(self._seed * _STRIDE + count) % 2**32
        )
        trial = self._study.ask(self._space)
        self._trials[trial.number] = trial
        return self.known(trial.number)

    def note(self, number: int, name: str, fact: object) -> None:
        """Keep a fact, which is JSON, with a trial that this process has started."""
        self._trials[number].set_user_attr(name, fact)

    def tell(self, number: int, value: float | None, pruned: bool = False) -> None:
        """End a trial: with the value of the goal, as pruned, or as failed where there is none."""
        states = self._optuna.trial.TrialState
        if pruned:
            self._study.tell(number, state=states.PRUNED, skip_if_finished=True)
        elif value is None or math.isnan(value):
            self._study.tell(number, state=states.FAIL, skip_if_finished=True)
        else:
            self._study.tell(number, value, skip_if_finished=True)

    def retry(self, trial: KnownTrial) -> None:
        """Fail a trial that has lost its process, and let its point come again."""
        self.tell(trial.number, None)
        self._study.enqueue_trial(dict(trial.params), user_attrs={"retry_of": trial.number})

    def report(self, number: int, values: Sequence[tuple[int, float]]) -> bool:
        """Report values of the goal by step; return whether the trial is to be pruned."""
        trial = self._trials[number]
        for step, value in values:
            trial.report(value, step)
        return bool(values) and bool(trial.should_prune())

    def trials(self) -> Iterator[KnownTrial]:
        """Yield all trials, in the order of their numbers."""
        for trial in self._study.get_trials(deepcopy=False):
            yield self._known(trial)

    def known(self, number: int) -> KnownTrial:
        """Return one trial."""
        return self._known(self._study.get_trials(deepcopy=False)[number])

    def _known(self, trial: Any) -> KnownTrial:
        value = trial.value if trial.state.name == "COMPLETE" else None
        state: Any = trial.state.name.lower()
        return KnownTrial(trial.number, state, trial.params, trial.user_attrs, value)

    def _distribution(self, one: Dimension) -> Any:
        distributions = self._optuna.distributions
        if one.kind == "choice":
            return distributions.CategoricalDistribution(range(int(one.high)))
        if one.kind == "int":
            return distributions.IntDistribution(int(one.low), int(one.high), log=one.log)
        return distributions.FloatDistribution(one.low, one.high, log=one.log)

    def _pruner(self, name: str | None) -> Any:
        pruners = self._optuna.pruners
        if name is None:
            return pruners.NopPruner()
        return {
            "median": pruners.MedianPruner(n_startup_trials=3),
            "halving": pruners.SuccessiveHalvingPruner(),
            "hyperband": pruners.HyperbandPruner(),
        }[name]
