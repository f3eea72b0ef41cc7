"""`pruns`: recorded runs as a sequence that is filtered, joined and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload

from pconfigs.runs.reading.columns import differing_fields, metric_names, rows_of
from pconfigs.runs.reading.conditions import where
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.selection import runs_named
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.results.curves import Curves, curves_of
from pconfigs.runs.results.frames import Columns, Rows, metric_columns, run_columns
from pconfigs.runs.results.tables import Table, html_table, names_of, table_of
from pconfigs.runs.store import find_store
from pconfigs.schema.class_schema import is_config
from pconfigs.serialization.fingerprint import pfingerprint


class Runs(Sequence[Run]):
    """An immutable sequence of runs, newest first."""

    __slots__ = ("_runs",)

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs = tuple(runs)

    @overload
    def __getitem__(self, index: int) -> Run: ...
    @overload
    def __getitem__(self, index: slice) -> Runs: ...
    def __getitem__(self, index: int | slice) -> Run | Runs:
        found = self._runs[index]
        return Runs(found) if isinstance(found, tuple) else found

    def __len__(self) -> int:
        return len(self._runs)

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs)

    def __repr__(self) -> str:
        return f"<{len(self)} runs>"

    def where(self, *conditions: str) -> Runs:
        """Return the runs of which all conditions hold.

        `where("state=done", "accuracy>0.9", "model.hidden[0]=64")`: facts of a run, fields of its
        config, last values of its metrics.

        Raises:
            UsageError: A condition is malformed, or names what no run has.
        """
        return Runs(where(self._runs, conditions))

    def table(self, *, over: str | Sequence[str] | None = None, by: str | None = None) -> Table:
        """Return a table of the runs that are done.

        Args:
            over: Fields to average over: mean, standard deviation and count.
            by: Metric or field to sort by: `"accuracy"` (descending), `"min loss"`.
        """
        return table_of(self._runs, tuple(names_of(over)), by)

    def metrics(self, *names: str) -> Rows:
        """Return a row for each logged value: run, attempt, step, name, value, fields that differ.

        Args:
            names: Of the metrics; all without.
        """
        return Rows(metric_columns(self._runs, names))

    def plot(self, *names: str, color: str | None = None, smooth: float = 0.0) -> Curves:
        """Return curves of metrics over steps, which a notebook shows.

        Args:
            names: Of the metrics; all without.
            color: The field whose values colour the curves; the run by default.
            smooth: Weight of the past in an exponential average, in [0, 1).
        """
        return curves_of(self._runs, names, color=color, smooth=smooth)

    @property
    def columns(self) -> Columns:
        """A row for each run: facts, every field, the last value of every metric."""
        return run_columns(self._runs)

    def to_pandas(self) -> Any:
        """Return a DataFrame of pandas with a row for each run (extra `results`)."""
        return Rows(self.columns).to_pandas()

    def to_polars(self) -> Any:
        """Return a DataFrame of polars with a row for each run (extra `results`)."""
        return Rows(self.columns).to_polars()

    def _repr_html_(self) -> str:
        rows = rows_of(self._runs, differing_fields(self._runs), metric_names(self._runs))
        return html_table({name: list(cells) for name, *cells in zip(*rows)})


def pruns(of: Any = None, /, *, smoke: bool = False) -> Runs:
    """Return recorded runs, newest first.

    Args:
        of: The name of an experiment (`"digits_hidden"`), a reference to a run (`"@80f4"`), a
            config, a sweep or a list of configs (the runs with their fingerprints); all without.
        smoke: Whether the runs of small variants are meant.

    Raises:
        RunNotFoundError: The name means no run.
    """
    store = find_store()
    if store is None:
        return Runs(())
    if of is None:
        return Runs(read_runs(store, smoke))
    if isinstance(of, str):
        return Runs(runs_named(store, [of], smoke))
    configs = [of] if is_config(of) else list(of)
    for config in configs:
        if not is_config(config):
            raise TypeError(f"pruns takes names and configs, got {type(config).__qualname__}")
    fingerprints = {pfingerprint(config) for config in configs}
    return Runs(run for run in read_runs(store, smoke) if run.fingerprint in fingerprints)
