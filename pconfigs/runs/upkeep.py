"""Upkeep of a store: notes, runs that are kept, runs that are stopped, what may be removed."""

from __future__ import annotations

import glob
import os
import shutil
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import PurePath
from typing import Any

from pconfigs.atomic_files import own_folder
from pconfigs.errors.runs import RunUseError
from pconfigs.runs.folder import CODE_FILE, GONE, STATUS, RunFolder, append_line, appended
from pconfigs.runs.lineage.files import read_consumed, read_produced
from pconfigs.runs.lineage.location import manifests_of
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.status import ENDED, LOST, RUNNING, STOPPED, ended, is_alive
from pconfigs.runs.store import Store

NOTES, KEEP = "notes.jsonl", "keep"
GRACE = 10.0
"""Seconds that a run has to end after it was asked to."""
_DAY = 86400.0
_PAUSE = 0.05
DRAFTS = (
    ".claims/*", ".artifacts/.downloads/.draft-*",
    *(
        f"{artifacts}/*/{draft}"
        for artifacts in (".artifacts", ".smoke/.artifacts")
        for draft in (".draft-*", ".*.tmp", "aliases/.*.tmp")
    ),
    *(
        f"{runs}*/{folder}*.json.*.tmp"
        for runs in ("", ".smoke/")
        for folder in ("", "attempts/", "launches/", "trackers/")
    ),
)  # fmt: skip
"""What processes leave in a store that are killed while they write."""


def add_note(folder: RunFolder, text: str) -> None:
    """Append a note to a run."""
    append_line(folder.file(NOTES), {"time": round(time.time(), 3), "text": text})


def keep(folder: RunFolder, kept: bool = True) -> None:
    """Mark a run so that cleaning leaves it, or remove the mark."""
    path = folder.file(KEEP)
    if kept:
        os.close(appended(path, os.O_WRONLY))
    elif os.path.exists(path):
        os.unlink(path)


def stop(run: Run) -> str:
    """Ask a run to stop, and return its state once its process has ended.

    A program that reads `prun.stop_requested` ends by itself; any other is ended by the signal, and
    its state is written here, because nothing else is left to write it.

    Raises:
        RunUseError: It is not running, runs elsewhere, or does not end.
    """
    process = run.status.process
    if run.state != RUNNING:
        raise RunUseError(run.id, f"the run is not running, it is {run.state}")
    if is_alive(process) is None:
        hints = [
            f"stop process {process.get('pid')} there, or cancel its job",
            f"where it has ended without a word: python -m pconfigs.runs stop @{run.id} --lost",
        ]
        raise RunUseError(run.id, f"the run is running on {process.get('host')}", hints)
    ask_to_end(run.id, process["pid"])
    deadline = time.monotonic() + GRACE
    while is_alive(process):
        if time.monotonic() > deadline:
            hint = f"end it: kill -KILL {process['pid']}"
            raise RunUseError(run.id, f"the run has not ended within {GRACE:.0f} s", [hint])
        time.sleep(_PAUSE)
    status = run.record.status()
    if status.state != LOST:
        return status.state
    took = round(status.took + max(0.0, time.time() - (status.started or time.time())), 3)
    end = {**ended(STOPPED, None), "took": took}
    run.record.write(STATUS, {**status.data, **end}, final=True)
    return STOPPED


def ask_to_end(name: str, pid: int) -> None:
    """Send SIGTERM to the process of a run, unless it has ended meanwhile.

    Raises:
        RunUseError: The process belongs to another user.
    """
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return
    except PermissionError as error:
        problem = f"process {pid} belongs to another user"
        raise RunUseError(name, problem, ["let its owner stop it"]) from error


def note_lost(run: Run) -> str:
    """Note that a run has ended whose process cannot be seen from here; return its state.

    Raises:
        RunUseError: It is not running, or its process is alive on this machine.
    """
    process = run.status.process
    if run.state != RUNNING:
        raise RunUseError(run.id, f"the run is not running, it is {run.state}")
    if is_alive(process):
        hint = f"stop it: python -m pconfigs.runs stop @{run.id}"
        raise RunUseError(run.id, f"the run is alive (process {process['pid']})", [hint])
    word = f"noted by hand; it ran on {process.get('host')}"
    run.record.write(GONE, {"attempt": run.status.attempt, "word": word})
    return LOST


def removable(
    store: Store, *, older: float | None = None, states: Sequence[str] = ()
) -> list[tuple[Run, str | None]]:
    """Return the runs that cleaning means, each with the reason why it stays, if it does.

    Args:
        store: Where they are.
        older: Only runs that started at least that many seconds ago.
        states: Only runs in these states; those that have ended by default.
    """
    runs = read_runs(store)
    now = time.time()
    wanted = [
        run
        for run in runs
        if run.state in (states or ENDED)
        and run.state in ENDED
        and (older is None or now - run.when >= older)
    ]
    reasons = {run: f"{alias} is in it" for run, alias in _aliased(store, wanted).items()}
    reasons |= {run.id: "kept" for run in wanted if os.path.exists(run.record.file(KEEP))}
    going = {run.id for run in wanted} - reasons.keys()
    needed = _needed([run for run in runs if run.id not in going], runs)
    return [(run, reasons.get(run.id) or needed.get(run.id)) for run in wanted]


def held_versions(run: Run) -> list[Mapping[str, Any]]:
    """Return the versions of artifacts whose files are in the folder of a run, and go with it."""
    return [
        entry
        for entry in read_produced(run.record)
        if {"name", "version", "path"} <= entry.keys()
        and PurePath(str(entry["path"])).is_relative_to(run.record.path)
    ]


def _aliased(store: Store, runs: Sequence[Run]) -> dict[str, str]:
    """Return the runs whose folders have files that an alias points to, with the alias.

    Raises:
        ArtifactError: The root of the artifacts cannot be reached.
    """
    aliases_of = cache(manifests_of(store).aliases)
    found: dict[str, str] = {}
    for run in runs:
        for entry in held_versions(run):
            name = str(entry["name"])
            for alias, version in aliases_of(name).items():
                if version == entry["version"]:
                    found[run.id] = f"{name}@{alias}"
    return found


def _needed(staying: Sequence[Run], runs: Sequence[Run]) -> dict[str, str]:
    """Return the runs that produced what staying runs consumed, with the reason."""
    by_name = {run.id: run for run in runs}
    found: dict[str, str] = {}
    pending = list(staying)
    while pending:
        run = pending.pop()
        for entry in read_consumed(run.record):
            producer = entry.get("producer")
            if producer in by_name and producer not in found:
                found[producer] = f"{run.id} consumes from it"
                pending.append(by_name[producer])
    return found


def remove(store: Store, runs: Sequence[Run]) -> dict[str, str]:
    """Remove runs, and sources that no other run has; return why runs stay that others own."""
    store.refuse_newer()
    stays: dict[str, str] = {}
    for run in runs:
        # Renamed first: a run is there as a whole, or not at all.
        aside = own_folder(store.folder, ".claims")
        aside = os.path.join(aside, f"removed-{time.monotonic_ns()}-{run.id}")
        try:
            os.rename(run.record.path, aside)
        except FileNotFoundError:
            continue  # another process has just removed it
        except PermissionError as error:
            stays[run.id] = str(error.strerror)
            continue
        delete(aside)
    for path in (*unused_sources(store), *old_drafts(store)):
        delete_own(path)
    return stays


def delete(path: str) -> None:
    """Delete a folder with what is in it, a file, or a link alone; others may do so meanwhile."""
    while os.path.lexists(path):
        try:
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)
        except FileNotFoundError:
            continue


def delete_own(path: str) -> None:
    """Delete what no run needs; what belongs to another user is left to be deleted by that one."""
    with suppress(PermissionError):
        delete(path)


def unused_sources(store: Store) -> Iterator[str]:
    """Yield the paths of kept sources that no run has, and that are a day old."""
    used: set[str] = set()
    for smoke in (False, True):
        for run in read_runs(store, smoke):
            for name in run.record.of_ranks(CODE_FILE):
                files = (run.record.read(name) or {}).get("files", {})
                used |= {facts["content"] for facts in files.values()}
    kept = os.path.join(store.folder, ".code")
    for folder, _, names in os.walk(kept if is_own(store, kept) else ""):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.basename(folder) + name not in used and is_old(path):
                yield path


def old_drafts(store: Store) -> Iterator[str]:
    """Yield what killed claims, ranks, removals and writers have left, a day ago or more."""
    for pattern in DRAFTS:
        for path in glob.iglob(os.path.join(glob.escape(store.folder), pattern)):
            if is_own(store, os.path.dirname(path)) and _is_old_throughout(path):
                yield path


def is_own(store: Store, folder: str) -> bool:
    """Return whether a folder lies in a store, and no link leads from there to elsewhere.

    A store may be one that others write to: what a link in it leads to is not to be cleaned.
    """
    real = os.path.realpath(folder)
    return PurePath(real).is_relative_to(os.path.realpath(store.folder))


def _is_old_throughout(path: str) -> bool:
    """Return whether nothing has changed for a day: a download may take as long."""
    inside = (os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names)
    return is_old(path) and all(map(is_old, inside))


def is_old(path: str) -> bool:
    """Return whether a file or a folder is there, and has not changed for a day."""
    try:
        return time.time() - os.lstat(path).st_mtime > _DAY
    except FileNotFoundError:
        return False
