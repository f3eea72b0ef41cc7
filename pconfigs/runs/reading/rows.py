"""Rows of metrics of recorded runs, as columns: a loop that a million values go through."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pconfigs.runs.metrics import files_of, rows_of
from pconfigs.runs.reading.run_facts import RunFacts


@dataclass(slots=True)
class LoggedValues:
    """The values that rank 0 of a run has logged, in the order of attempts and rows.

    Attributes:
        attempts: That logged them.
        steps: Of the training, or None.
        names: Of the metrics.
        values: Numbers, strings, booleans.
    """

    attempts: list[int] = field(default_factory=list[int])
    steps: list[int | None] = field(default_factory=list["int | None"])
    names: list[str] = field(default_factory=list[str])
    values: list[Any] = field(default_factory=list[Any])

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[tuple[str, int | None, Any]]:
        """Yield name, step and value of each."""
        return zip(self.names, self.steps, self.values)

    def columns(self) -> tuple[list[Any], ...]:
        """Return attempts, steps, names and values."""
        return self.attempts, self.steps, self.names, self.values


def as_float(value: float) -> float:
    """Return a number as a float; an integer larger than any float is infinity."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def logged_values(run: RunFacts, names: Sequence[str] = ()) -> LoggedValues:
    """Return what a run has logged; of a step that several attempts have, what the latest has.

    Args:
        run: The run.
        names: Of metrics; all by default.
    """
    found = LoggedValues()
    attempts, steps, all_names, values = found.columns()
    several = False
    wanted = frozenset(names)
    for path, rank in files_of(run.record):
        for row in rows_of(path) if rank == 0 else ():
            attempt, step = row.get("attempt", 1), row.get("step")
            several = several or attempt > 1
            for name, value in row["values"].items():
                if not wanted or name in wanted:
                    attempts.append(attempt)
                    steps.append(step)
                    all_names.append(name)
                    values.append(value)
    if several:
        _drop_repeated(found)
    return found


def _drop_repeated(found: LoggedValues) -> None:
    """Keep what the latest attempt has logged for each name and step."""
    latest: dict[tuple[str, int | None], int] = {}
    for attempt, step, name in zip(found.attempts, found.steps, found.names):
        latest[name, step] = max(latest.get((name, step), 0), attempt)
    kept = [
        index
        for index, (attempt, step, name) in enumerate(zip(*found.columns()[:3]))
        if step is None or attempt == latest[name, step]
    ]
    for column in found.columns():
        column[:] = [column[index] for index in kept]
