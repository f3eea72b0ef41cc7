"""Columns: runs, and what they logged, as lists of equal length by name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

from pconfigs.atomic_files import regular
from pconfigs.runs.metrics import files_of, parsed
from pconfigs.runs.reading.columns import differing_fields, metric_names
from pconfigs.runs.reading.runs import Run

FACTS = ("run", "state", "started", "took", "exit_code")
ROW_FACTS = ("run", "attempt", "step", "name", "value")
Columns = dict[str, list[Any]]


def run_columns(runs: Sequence[Run]) -> Columns:
    """Return a row for each run: its facts, every field, the last value of every metric.

    A metric with the name of a field or fact is called `metric.NAME`.
    """
    columns: Columns = {"run": [run.id for run in runs]}
    for fact in FACTS[1:]:
        columns[fact] = [getattr(run, fact) for run in runs]
    fields = dict.fromkeys(path for run in runs for path in run.values)
    for path in fields:
        columns[field_column(path)] = [run.values.get(path) for run in runs]
    for name in metric_names(runs):
        columns[metric_column(name, columns)] = [run.last.get(name) for run in runs]
    return columns


def field_column(path: str) -> str:
    """Return the name of the column of a field."""
    return f"config.{path}" if path in FACTS or path in ROW_FACTS else path


def metric_column(name: str, taken: Columns) -> str:
    """Return the name of the column of a metric."""
    return f"metric.{name}" if name in taken else name


def metric_columns(runs: Sequence[Run], names: Sequence[str] = ()) -> Columns:
    """Return a row for each logged value: run, attempt, step, name, value, fields that differ.

    Rows that a later attempt logged again for their step are left out.
    """
    columns: Columns = {name: [] for name in ROW_FACTS}
    fields = differing_fields(runs)
    for path in fields:
        columns[field_column(path)] = []
    wanted = frozenset(names)
    for run in runs:
        before = len(columns["step"])
        _add_values(columns, run, wanted)
        count = len(columns["step"]) - before
        columns["run"].extend(repeat(run.id, count))
        for path in fields:
            columns[field_column(path)].extend(repeat(run.values.get(path), count))
    return columns


def _add_values(columns: Columns, run: Run, wanted: frozenset[str]) -> None:
    """Add what rank 0 of a run has logged; a loop that a million rows go through."""
    attempts, steps, names, values = (columns[name] for name in ROW_FACTS[1:])
    start = len(steps)
    several = False
    for path, rank in files_of(run.record):
        if rank:
            continue
        with open(path, "rb", opener=regular) as file:
            for line in file:
                row = parsed(line)
                if row is None:
                    continue
                attempt, step = row.get("attempt", 1), row.get("step")
                several = several or attempt > 1
                for name, value in row["values"].items():
                    if not wanted or name in wanted:
                        attempts.append(attempt)
                        steps.append(step)
                        names.append(name)
                        values.append(value)
    if several:
        _drop_repeated([attempts, steps, names, values], start)


def _drop_repeated(columns: Sequence[list[Any]], start: int) -> None:
    """Keep, from an index on, what the latest attempt logged for each name and step."""
    attempts, steps, names = columns[0], columns[1], columns[2]
    latest: dict[tuple[str, int], int] = {}
    for index in range(start, len(steps)):
        key = names[index], steps[index]
        latest[key] = max(latest.get(key, 0), attempts[index])
    kept = [
        index
        for index in range(start, len(steps))
        if steps[index] is None or attempts[index] == latest[names[index], steps[index]]
    ]
    for column in columns:
        column[start:] = [column[index] for index in kept]
