"""Selecting runs by what they are runs of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pconfigs.errors.formatting import nearest
from pconfigs.errors.runs import RunNotFoundError
from pconfigs.runs.reading.lookup import MARK, find_run
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.summaries import read_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pconfigs.runs.store import Store


def runs_named(store: Store, names: Sequence[str], smoke: bool = False) -> list[Run]:
    """Return the runs that any of `names` means, newest first; all runs without names.

    Args:
        store: Where they are recorded.
        names: Names of experiments and sweeps, dotted targets, or references `@...` to single runs.
        smoke: Whether the runs of small variants are meant.

    Raises:
        RunNotFoundError: A name means no run.
    """
    runs = read_runs(store, smoke)
    if not names:
        return runs
    chosen: set[str] = set()
    for name in names:
        if name.startswith(MARK):
            chosen.add(find_run(name, store).id)
            continue
        matching = [run.id for run in runs if _is_of(run, name)]
        if not matching:
            raise _unknown(name, runs)
        chosen.update(matching)
    return [run for run in runs if run.id in chosen]


def _is_of(run: Run, name: str) -> bool:
    target = run.target or ""
    sweep = run.facts.get("sweep")  # or search, of which the config is an item
    return name in (run.name, target, target.removesuffix(".config"), sweep)


def _unknown(name: str, runs: Sequence[Run]) -> RunNotFoundError:
    known = sorted({run.name for run in runs})
    match = nearest(name, known)
    if match:
        advice = f"did you mean {match}?"
    else:
        advice = f"recorded: {', '.join(known[:8])}" if known else "nothing is recorded yet"
    return RunNotFoundError(name, "no run of an experiment of that name", [advice])
