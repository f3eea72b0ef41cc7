"""Finding one run by what a user types: `@80f4`, `@digits_hidden`, `@`, or a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence

from pconfigs.errors.formatting import at_most, did_you_mean, some
from pconfigs.errors.runs import RunNotFoundError
from pconfigs.runs.folder import RUN
from pconfigs.runs.reading.runs import Run, newest_first, run_in
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.store import Store, find_store

MARK = "@"
_SHOWN = 6


def names_run(words: str) -> bool:
    """Return whether a target is a reference to a run: `@...`, or a run's folder."""
    return words.startswith(MARK) or os.path.isfile(os.path.join(words, RUN))


def find_run(words: str, store: Store | None = None) -> Run:
    """Return the run that a reference names.

    Args:
        words: `@` with any unique part of a run's name, with the name of an experiment (its newest
            run), or alone (the newest run); without `@` the same; or a run's folder.
        store: Where it is looked for; the project's store by default.

    Raises:
        RunNotFoundError: It names no run, or several.
    """
    if not words.startswith(MARK) and os.path.isdir(words):
        run = run_in(words)
        if run is None:
            raise RunNotFoundError(
                words, "the folder is not a run", ["a run's folder contains run.json"]
            )
        return run
    store = store or find_store()
    if store is None:
        advice = ["record a run: python -m pconfigs.run --record TARGET"]
        raise RunNotFoundError(words, "the project has no store of runs", advice)
    part = words.removeprefix(MARK)
    if not part:
        runs = read_runs(store)
        if not runs:
            raise RunNotFoundError(words, "no run is recorded yet", [f"see {store.shown}/"])
        return runs[0]
    # Names first: files are read of those runs only that it can mean.
    folders = store.names()
    names = [part] if part in folders else [name for name in folders if part in name]
    runs = newest_first(run_in(os.path.join(store.folder, name)) for name in names)
    named = [run for run in runs if run.name == part]
    if named:
        return named[0]
    for found in ([run for run in runs if run.id.endswith(part)], runs):
        if len(found) == 1:
            return found[0]
    raise _ambiguous(words, runs) if runs else _unknown(words, part, folders, store)


def _ambiguous(words: str, runs: Sequence[Run]) -> RunNotFoundError:
    names = [run.id for run in runs]
    shown = at_most([f"{MARK}{name}" for name in names], _SHOWN)
    problem = f"{len(names)} runs match; name one of them"
    return RunNotFoundError(words, problem, shown, names)


def _unknown(words: str, part: str, folders: Sequence[str], store: Store) -> RunNotFoundError:
    stems = {name.rpartition("-")[0].partition(",")[0] for name in folders}
    hints = [did_you_mean(part, [*folders, *stems], f"{MARK}{{}}")]
    if not folders:
        hints = [f"no run is recorded yet in {store.shown}/"]
    elif not hints[0]:
        recorded = f"recorded: {some(sorted(stems), _SHOWN)}"
        hints = [recorded, "list them: python -m pconfigs.runs"]
    return RunNotFoundError(words, "no recorded run matches", hints)
