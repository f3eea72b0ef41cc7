"""Columns: runs, and what they logged, as lists of equal length by name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

from pconfigs.clients import pandas, polars
from pconfigs.runs.reading.columns import differing_fields, metric_names
from pconfigs.runs.reading.rows import logged_values
from pconfigs.runs.reading.runs import Run

FACTS = ("run", "state", "started", "took", "exit_code")
ROW_FACTS = ("run", "attempt", "step", "name", "value")
Columns = dict[str, list[Any]]


class Rows:
    """Columns of equal length, which become a frame of the library of one's choice.

    Attributes:
        columns: Lists of values by name.
    """

    __slots__ = ("columns",)

    def __init__(self, columns: Columns) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __repr__(self) -> str:
        return f"<{len(self)} rows of {', '.join(self.columns)}>"

    def to_pandas(self) -> Any:
        """Return a DataFrame of pandas (extra `results`)."""
        return pandas.data_frame(self.columns)

    def to_polars(self) -> Any:
        """Return a DataFrame of polars (extra `results`)."""
        return polars.data_frame(self.columns)


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
    for run in runs:
        logged = logged_values(run, names)
        count = len(logged)
        columns["run"].extend(repeat(run.id, count))
        for name, column in zip(ROW_FACTS[1:], logged.columns()):
            columns[name].extend(column)
        for path in fields:
            columns[field_column(path)].extend(repeat(run.values.get(path), count))
    return columns
