"""Selecting runs by what they are runs of."""

from __future__ import annotations

from collections.abc import Sequence

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import did_you_mean, some
from pconfigs.errors.runs import RunNotFoundError
from pconfigs.errors.targets import ImportFailedError
from pconfigs.imports import resolve
from pconfigs.runs.reading.lookup import MARK, find_run
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.store import Store, find_store
from pconfigs.runs.streams import warn
from pconfigs.serialization.fingerprint import pfingerprint
from pconfigs.sweeps.sweep import Sweep


def runs_here() -> list[Run]:
    """Return the runs of the project of the current folder, newest first."""
    store = find_store()
    return [] if store is None else read_runs(store)


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
    sweeps = {run.facts.get("sweep") for run in runs}
    for name in names:
        if name.startswith(MARK):
            chosen.add(find_run(name, store).id)
            continue
        matching = [run.id for run in runs if _is_of(run, name)]
        if name in sweeps or not matching:
            points = _points(name)
            matching += [run.id for run in runs if run.fingerprint in points]
        if not matching:
            raise _unknown(name, runs)
        chosen.update(matching)
    return [run for run in runs if run.id in chosen]


def _points(name: str) -> frozenset[str]:
    """Return the fingerprints of a sweep's points: some may have been run before, or by others."""
    if "." not in name:
        return frozenset()
    try:
        found = resolve(name).object
    except ImportFailedError:
        warn(f"{name} cannot be imported: runs that it did not start itself are left out")
        return frozenset()
    except (PConfigError, AttributeError):
        return frozenset()  # it is gone; what was recorded of it is known by its name
    return frozenset(map(pfingerprint, found)) if isinstance(found, Sweep) else frozenset()


def _is_of(run: Run, name: str) -> bool:
    target = run.target or ""
    sweep = run.facts.get("sweep")  # or search, of which the config is an item
    return name in (run.name, target, target.removesuffix(".config"), sweep)


def _unknown(name: str, runs: Sequence[Run]) -> RunNotFoundError:
    known = sorted({run.name for run in runs})
    recorded = f"recorded: {some(known)}" if known else "nothing is recorded yet"
    advice = did_you_mean(name, known, "{}", recorded)
    return RunNotFoundError(name, "no run of an experiment of that name", [advice])
