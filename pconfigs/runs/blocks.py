"""Recorded blocks: runs of scripts and notebooks, which no command starts."""

from __future__ import annotations

import os
from typing import Any

from pconfigs.errors.runs import RunUseError
from pconfigs.runs.attempts import active
from pconfigs.runs.capture.followers import trackers_of, trackers_to_continue
from pconfigs.runs.folder import RUN, RunFolder
from pconfigs.runs.lineage.consumption import resolve_alone
from pconfigs.runs.lineage.experiment_names import own_name
from pconfigs.runs.location import FOLDER, project_folder
from pconfigs.runs.planning import Plan
from pconfigs.runs.ranks import launched_folder
from pconfigs.runs.recorder import Recording, begin, resume, start
from pconfigs.runs.store import Store, find_store, make_store
from pconfigs.runs.streams import warn
from pconfigs.serialization.fingerprint import pfingerprint


def begin_block(config: Any, name: str | None) -> Recording:
    """Begin to record a block as a run of `config`; return what ends it. Its folder is printed.

    Args:
        config: What the block runs.
        name: Of the run; the experiment's own name by default.

    Raises:
        RunUseError: This process records a run already.
        UnresolvedArtifactsError: Artifacts of the config cannot be resolved.
        TrackerError: The project's settings name a tracker that there is not.
    """
    active.refuse_second()
    folder = launched_folder()
    resolved = None
    if folder is not None:
        trackers = trackers_to_continue(RunFolder(folder), (), config)
        recording = _launched(folder, config)
    else:
        store = _store()
        trackers = trackers_of(project_folder(os.path.dirname(store.folder)), config=config)
        resolved = resolve_alone(config, store)
        own, target = own_name(config)
        recording = start(store, Plan(config, name or own, target))
    if recording.rank == 0 and not recording.is_own_log:
        warn(recording.folder.shown)
    recording.__enter__()
    try:
        begin(recording, recording.folder.read(RUN) or {}, resolved, trackers)
    except BaseException as error:
        recording.__exit__(type(error), error, error.__traceback__)
        raise
    return recording


def _store() -> Store:
    """Return the project's store, made where there is none."""
    store = find_store()
    if store is None:
        store = make_store(os.path.join(project_folder(), FOLDER))
        warn(f"created {store.shown}/ (ignored by git)")
    return store


def _launched(folder: str, config: Any) -> Recording:
    """Return what records the block as the run that a launcher has planned.

    Raises:
        RunUseError: The run is one of another config.
    """
    record = RunFolder(folder)
    planned = (record.read(RUN) or {}).get("fingerprint")
    if planned != pfingerprint(config):
        hint = "record the config that was launched, or unset PCONFIGS_RUN"
        raise RunUseError(record.name, "PCONFIGS_RUN names a run of another config", [hint])
    return resume(record, config)
