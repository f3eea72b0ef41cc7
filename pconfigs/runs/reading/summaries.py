"""Summaries of runs that have ended, kept in the user's cache folder; they may always be deleted.

A summary is used while the run's status.json has the time of modification that it had. It holds
what differs from the first run of the same class, because parsing is most of what a list takes.
"""

from __future__ import annotations

import json
import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pconfigs.annotations.kinds import MISSING
from pconfigs.atomic_files import cache_folder, read_cache, write_cache
from pconfigs.runs.folder import STATUS, RunFolder
from pconfigs.runs.reading.runs import Run, newest_first, run_in
from pconfigs.runs.status import DONE, FAILED, STOPPED, Status
from pconfigs.serialization.fingerprint import hex_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pconfigs.runs.store import Store

FORMAT = 2
FEWEST = 200
"""Runs from which on a store has a cache; fewer are read within a tenth of a second."""
_ENDED = (DONE, FAILED, STOPPED)


def read_runs(store: Store, smoke: bool = False) -> list[Run]:
    """Return the runs of a store, newest first; claimed folders without a record are left out."""
    folder = store.runs_folder(smoke)
    names = store.names(smoke)
    cache = _Cache(folder) if len(names) >= FEWEST else None
    if cache is None:
        return newest_first(run_in(f"{folder}/{name}") for name in names)
    paths = ((name, f"{folder}/{name}") for name in names)
    runs = newest_first(cache.run(name, path) or run_in(path) for name, path in paths)
    cache.keep(runs)
    return runs


class _Cache:
    """The summaries of one store.

    Args:
        folder: That holds the folders of the runs.
    """

    def __init__(self, folder: str) -> None:
        name = hex_digest(os.fsencode(os.path.realpath(folder)))[:16]
        self._path = os.path.join(cache_folder(), "pconfigs", f"runs-{name}.json")
        self._entries: dict[str, dict[str, Any]] = {}
        self._classes: dict[str, dict[str, Any]] = {}
        self._new: dict[str, int] = {}
        try:
            data = json.loads(read_cache(self._path))
            if data.get("format") == FORMAT:
                self._entries, self._classes = data["runs"], data["classes"]
        except OSError:
            pass  # it is made anew

    def run(self, name: str, path: str) -> Run | None:
        """Return a run out of its summary, where that is current."""
        try:
            time = os.stat(f"{path}/{STATUS}").st_mtime_ns
        except OSError:
            return None
        entry = self._entries.get(name)
        if entry is None or entry["time"] != time:
            self._new[name] = time
            return None
        base = self._classes[entry["class"]]
        return _SummarizedRun(path, entry, base)

    def keep(self, runs: list[Run]) -> None:
        """Write the summaries of runs that have ended and are new, and forget those gone."""
        added = [run for run in runs if run.id in self._new and run.state in _ENDED]
        if not added:
            return
        there = {run.id for run in runs}
        self._entries = {name: one for name, one in self._entries.items() if name in there}
        for run in added:
            self._entries[run.id] = self._summary(run, self._new[run.id])
        data = {"format": FORMAT, "classes": self._classes, "runs": self._entries}
        write_cache(self._path, json.dumps(data).encode("utf-8", "backslashreplace"))

    def _summary(self, run: Run, time: int) -> dict[str, Any]:
        name = str(run.facts.get("class"))
        # The process of a run that has ended is of no use.
        status = {**run.status.data, "last": None, "process": {}}
        whole = {"facts": dict(run.facts), "status": status, "values": run.values}
        base = self._classes.setdefault(name, {**whole, "given": sorted(run.given)})
        return {
            "time": time,
            "class": name,
            **{part: _difference(base[part], data) for part, data in whole.items()},
            "last": run.last,
            "given": None if run.given == set(base["given"]) else sorted(run.given),
        }


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Any]:
    """Return what is set differently, then the names of what is gone, where anything is."""
    changed = {k: one for k, one in after.items() if not _is_same(one, before.get(k, MISSING))}
    gone = [key for key in before if key not in after]
    return [changed, gone] if gone else [changed]


def _is_same(one: Any, other: Any) -> bool:
    """Return whether two values are written alike; 1, 1.0 and true are equal and are not."""
    if type(one) is not type(other) or one != other:
        return False
    return not isinstance(one, (list, dict)) or repr(one) == repr(other)


def _applied(before: Mapping[str, Any], difference: Sequence[Any]) -> dict[str, Any]:
    """Return what `difference` was made of."""
    if len(difference) == 1:
        return {**before, **difference[0]}
    changed, gone = difference
    return {**{key: one for key, one in before.items() if key not in gone}, **changed}


class _SummarizedRun(Run):
    """A run whose files are read for its summary no more."""

    def __init__(self, path: str, entry: Mapping[str, Any], base: Mapping[str, Any]) -> None:
        super().__init__(RunFolder(path), _applied(base["facts"], entry["facts"]))
        self._entry, self._base = entry, base
        self.__dict__["status"] = Status(_applied(base["status"], entry["status"]))
        self.__dict__["last"] = entry["last"]

    @cached_property
    def _flat(self) -> tuple[dict[str, Any], set[str]]:
        values = _applied(self._base["values"], self._entry["values"])
        given = self._entry["given"]
        return values, set(self._base["given"] if given is None else given)
