"""Recorded blocks: runs of scripts and notebooks, which no command starts."""

from __future__ import annotations

import os

from pconfigs.errors.runs import RunUseError
from pconfigs.imports.holding_modules import names_of
from pconfigs.runs.capture.sources import is_project_file
from pconfigs.runs.current import prun
from pconfigs.runs.folder import RUN, RunFolder
from pconfigs.runs.location import FOLDER, project_folder
from pconfigs.runs.planning import Plan, run_name
from pconfigs.runs.ranks import launched_folder
from pconfigs.runs.recorder import Recording, resume, start
from pconfigs.runs.store import find_store, make_store
from pconfigs.runs.streams import warn
from pconfigs.schema.build_record import CODE, record_of
from pconfigs.schema.class_schema import is_config
from pconfigs.serialization.fingerprint import pfingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from pconfigs.runs.current import CurrentRun


class RecordedBlock:
    """Records the block of a `with` statement as a run.

    Args:
        config: What the block runs.
        name: Of the run; the experiment's own name by default.
    """

    def __init__(self, config: Any, name: str | None = None) -> None:
        if not is_config(config):
            raise TypeError(f"prun.record takes a config, got {type(config).__qualname__}")
        self._config, self._name = config, name
        self._recording: Recording | None = None

    def __enter__(self) -> CurrentRun:
        prun._refuse_second()  # pyright: ignore[reportPrivateUsage]
        folder = launched_folder()
        if folder is not None:
            return self._enter(_launched(folder, self._config))
        store = find_store()
        if store is None:
            store = make_store(os.path.join(project_folder(), FOLDER))
            warn(f"created {store.shown}/ (ignored by git)")
        name, target = own_name(self._config)
        return self._enter(start(store, Plan(self._config, self._name or name, target)))

    def _enter(self, recording: Recording) -> CurrentRun:
        self._recording = recording
        if recording.rank == 0 and not recording.is_own_log:
            warn(recording.folder.shown)
        recording.__enter__()
        return prun

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._recording is not None
        self._recording.__exit__(kind, error, trace)


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
