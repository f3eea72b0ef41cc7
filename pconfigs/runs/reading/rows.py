"""Rows of metrics of recorded runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pconfigs.runs.metrics import files_of, rows_of
from pconfigs.runs.reading.run_facts import RunFacts


@dataclass(slots=True)
class Value:
    """One logged value.

    Attributes:
        attempt: That logged it.
        step: Of the training, or None.
        name: Of the metric.
        value: A number, string or boolean.
        time: When it was logged, in seconds since 1970.
    """

    attempt: int
    step: int | None
    name: str
    value: Any
    time: float


def logged_values(
    run: RunFacts, names: Sequence[str] = (), *, rank: int = 0, all_attempts: bool = False
) -> list[Value]:
    """Return what a run has logged, in the order of attempts and rows.

    Args:
        run: The run.
        names: Of metrics; all by default.
        rank: Which process of the run.
        all_attempts: Keep values that a later attempt logged again for their step.
    """
    wanted = set(names)
    found = [value for value in _values(run, rank) if not wanted or value.name in wanted]
    if all_attempts or all(value.attempt == 1 for value in found):
        return found
    latest: dict[tuple[str, int | None], int] = {}
    for value in found:
        key = value.name, value.step
        latest[key] = max(latest.get(key, 0), value.attempt)
    return [
        value
        for value in found
        if value.step is None or value.attempt == latest[value.name, value.step]
    ]


def _values(run: RunFacts, rank: int) -> Iterator[Value]:
    for path, of_rank in files_of(run.record):
        if of_rank != rank:
            continue
        for row in rows_of(path):
            attempt, step, time = row.get("attempt", 1), row.get("step"), row.get("time", 0.0)
            for name, value in row["values"].items():
                yield Value(attempt, step, name, value, time)
