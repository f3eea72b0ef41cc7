"""Recorded blocks: runs of scripts and notebooks, which no command starts."""

from __future__ import annotations

import os

from pconfigs.errors.runs import RunUseError
from pconfigs.imports.holding_modules import names_of
from pconfigs.runs.attempts import active
from pconfigs.runs.capture.sources import is_project_file
from pconfigs.runs.folder import RUN, RunFolder
from pconfigs.runs.lineage.consumption import consume, resolve_alone
from pconfigs.runs.location import FOLDER, project_folder
from pconfigs.runs.planning import Plan, run_name
from pconfigs.runs.ranks import launched_folder
from pconfigs.runs.recorder import Recording, resume, start
from pconfigs.runs.store import find_store, make_store
from pconfigs.runs.streams import warn
from pconfigs.schema.build_record import CODE, record_of
from pconfigs.serialization.fingerprint import pfingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.runs.store import Store


def begin_block(config: Any, name: str | None) -> Recording:
    """Begin to record a block as a run of `config`; return what ends it. Its folder is printed.

    Args:
        config: What the block runs.
        name: Of the run; the experiment's own name by default.

    Raises:
        RunUseError: This process records a run already.
        UnresolvedArtifactsError: Artifacts of the config cannot be resolved.
    """
    active.refuse_second()
    folder = launched_folder()
    resolved = None
    if folder is not None:
        recording = _launched(folder, config)
    else:
        store = _store()
        resolved = resolve_alone(config, store)
        own, target = own_name(config)
        recording = start(store, Plan(config, name or own, target))
    if recording.rank == 0 and not recording.is_own_log:
        warn(recording.folder.shown)
    recording.__enter__()
    try:
        consume(recording, resolved)
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


def own_name(config: Any) -> tuple[str, str | None]:
    """Return the name and the dotted path of an experiment in a module that is loaded.

    A config that no module holds has the name of its class, and no path.
    """
    for module_name, attribute, file in names_of(config, record_of(config)[CODE]):
        if not is_project_file(file):
            continue
        if module_name == "__main__":
            stem = os.path.basename(file).removesuffix(".py")
            return run_name(f"{stem}.{attribute}"), None
        path = f"{module_name}.{attribute}"
        return run_name(path), path
    return type(config).__name__, None
