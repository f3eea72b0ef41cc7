"""`python -m pconfigs.runs note|keep|stop|clean`: what changes a store."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from pconfigs.cli.commands import DONE, FAILED
from pconfigs.cli.output import print_error, write, write_json
from pconfigs.errors.formatting import counted
from pconfigs.errors.runs import RunNotFoundError
from pconfigs.errors.targets import UsageError
from pconfigs.launchers.leftovers import remove_leftovers
from pconfigs.launchers.stopping import ACTIVE, give_up, is_launched, stop_runs
from pconfigs.runs.reading.lookup import MARK, find_run
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.selection import runs_named
from pconfigs.runs.store import Store, find_store, open_store
from pconfigs.runs.upkeep import (
    add_note,
    held_versions,
    keep,
    note_lost,
    removable,
    remove,
    stop,
)

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}


def note(asked: Namespace) -> int:
    """Append a note to a run."""
    run = _writable(asked.run)
    text = " ".join(asked.text)
    add_note(run.record, text)
    if asked.json:
        write_json({"run": run.id, "note": text})
    return 0


def keep_run(asked: Namespace) -> int:
    """Mark a run to be kept."""
    run = _writable(asked.run)
    keep(run.record, not asked.undo)
    if asked.json:
        write_json({"run": run.id, "kept": not asked.undo})
    return 0


def stop_run(asked: Namespace) -> int:
    """Stop a run, or all runs of a sweep that wait or run."""
    store = find_store()
    runs = [] if store is None else _runs_of(store, asked.run)
    whole_sweep = bool(runs)
    if not runs:
        run = _writable(asked.run)
        if not is_launched(run):
            _write_ends([(run.id, note_lost(run) if asked.lost else stop(run))], asked.json)
            return 0
        store, runs = open_store(run.record.store_folder), [run]
    assert store is not None
    store.refuse_newer()
    active = [run for run in runs if run.state in ACTIVE]
    if not active:
        print_error(f"nothing of {asked.run} waits or runs")
    ends = give_up(store, active) if asked.lost else stop_runs(store, active, whole_sweep)
    _write_ends(ends, asked.json)
    return 0


def _write_ends(ends: Iterable[tuple[str, str]], as_json: bool) -> None:
    """Write what became of each run that was stopped."""
    if as_json:
        write_json([{"run": name, "state": state} for name, state in ends])
        return
    for name, state in ends:
        write(f"{name}: {state}")


def _runs_of(store: Store, name: str) -> list[Run]:
    """Return the runs of an experiment or a sweep; nothing where a name is that of a run."""
    if name.startswith(MARK):
        return []
    try:
        return runs_named(store, [name])
    except RunNotFoundError:
        return []


def clean(asked: Namespace) -> int:
    """List the runs that may be removed; with --yes, remove them."""
    if asked.older is None and not asked.state:
        hints = ["such as runs clean --older 30d, or runs clean --state failed"]
        raise UsageError("runs clean", "which runs? give --older or --state", hints)
    store = find_store()
    if store is None:
        raise UsageError("runs clean", "the project has no store of runs")
    older = None if asked.older is None else _seconds(asked.older)
    found = removable(store, older=older, states=asked.state)
    going = [run for run, why in found if why is None]
    listed: list[dict[str, Any]] = [
        {
            "run": run.id,
            "state": run.state,
            "stays": why,
            "artifacts": [str(version["ref"]) for version in held_versions(run)],
        }
        for run, why in found
    ]
    kept: dict[str, str] = {}
    if asked.yes:
        kept = remove(store, going)
        remove_leftovers(store)
    for one in listed:
        one["stays"] = kept.get(one["run"], one["stays"])
    if asked.json:
        write_json(listed)
        return FAILED if kept else DONE
    for one in listed:
        more = f"  stays: {one['stays']}" if one["stays"] else ""
        if one["artifacts"] and not more:
            more = f"  with the files of {', '.join(one['artifacts'])}"
        write(f"{one['run']}  {one['state']}{more}")
    if not asked.yes and going:
        print_error(f"{counted(len(going), 'run')} to remove; --yes removes them")
    return FAILED if kept else DONE


def _writable(words: str) -> Run:
    """Return a run in a store that this version may write into."""
    run = find_run(words)
    open_store(run.record.store_folder).refuse_newer()
    return run


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw])", text)
    if match is None:
        problem = f"--older must be a number and one of s m h d w, got {text!r}"
        raise UsageError("runs clean", problem, ["such as --older 30d"])
    return float(match[1]) * _UNITS[match[2]]
