"""Leftovers: copies of code and records of launches in a store that no run refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pconfigs.atomic_files import read_regular
from pconfigs.launchers.claims import claims_of
from pconfigs.launchers.engines.job import JOBS
from pconfigs.launchers.records import FOLDER
from pconfigs.runs.capture.sources import SNAPSHOTS
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.status import QUEUED, REQUEUED, RUNNING
from pconfigs.runs.store import Store
from pconfigs.runs.upkeep import delete_own, is_old, is_own

_COPY = re.compile(rf"{re.escape(SNAPSHOTS)}[/\\]+([\w-]+)")


def remove_leftovers(store: Store) -> None:
    """Remove records of launches that no run has a claim of, and copies of code for no job.

    All stay for a day: a launch may be about to refer to them.
    A copy of code that no launch made is of `run --as-recorded`; it stays while a run waits or
    runs.
    """
    runs = [run for smoke in (False, True) for run in read_runs(store, smoke)]
    launches = {claim.launch for run in runs for claim in claims_of(run.record)}
    is_active = any(run.state in (QUEUED, REQUEUED, RUNNING) for run in runs)
    for record in _old_folders(store, FOLDER):
        if record.name not in launches:
            delete_own(str(record))
    # After the records that go: what only those refer to goes with them.
    used: set[str] = set()
    for file in Path(store.folder, FOLDER).glob(f"*/{JOBS}"):
        with suppress(FileNotFoundError):  # another process removes it
            used.update(_COPY.findall(read_regular(str(file)).decode("utf-8", "replace")))
    for copy in _old_folders(store, SNAPSHOTS):
        is_of_launch = "-" not in copy.name
        if copy.name not in used and (is_of_launch or not is_active):
            delete_own(str(copy))


def _old_folders(store: Store, name: str) -> Iterator[Path]:
    """Yield the folders in a folder of a store that have not changed for a day."""
    folder = Path(store.folder, name)
    for path in sorted(folder.glob("*")) if is_own(store, str(folder)) else ():
        if path.is_dir() and not path.is_symlink() and is_old(str(path)):
            yield path
