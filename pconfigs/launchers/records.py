"""Records of launches: `.jobs/<name>-<id>/` in a store, with jobs, script, executor and handles.

The engine and the handle of a launched run are found here, by which it is followed or stopped, also
after the launcher has ended.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from pconfigs.atomic_files import own_folder, read_regular
from pconfigs.errors.targets import TargetError
from pconfigs.imports import import_defined
from pconfigs.launchers.engines.job import JOBS, Executor, Job, job_line
from pconfigs.launchers.engines.local import LocalExecutor
from pconfigs.launchers.engines.parts import ExecutorConfig
from pconfigs.launchers.engines.ray import LOCAL, RayExecutor, address_of
from pconfigs.launchers.engines.slurm import SlurmExecutor
from pconfigs.runs.folder import encoded, put, replace as replace_file
from pconfigs.runs.reading.shapes import parse
from pconfigs.runs.status import process_facts
from pconfigs.serialization.conversion.scalar_codecs import qualified_name
from pconfigs.serialization.dump import plain
from pconfigs.serialization.load import load

FOLDER = ".jobs"
ENGINE, SCRIPT = "engine.json", "script"
LONGEST_NAME = 60


@dataclass(slots=True)
class LaunchRecord:
    """The record of a launch.

    Attributes:
        folder: Its folder.
        kind: The kind of its executor.
        executor: The executor, as plain data.
        handles: Handle of each run that was submitted, by the name of its folder.
        count: How many jobs it has.
    """

    folder: Path
    kind: str
    executor: Mapping[str, Any]
    handles: dict[str, str] = field(default_factory=dict)
    count: int = 0

    @property
    def name(self) -> str:
        """The name of the folder, unique in the store."""
        return self.folder.name

    def add_jobs(self, jobs: Sequence[Job]) -> list[Job]:
        """Append jobs to `jobs.jsonl`; return them with the numbers of their lines."""
        numbered = [replace(job, index=self.count + at) for at, job in enumerate(jobs)]
        self.count += len(jobs)
        put(str(self.folder / JOBS), "".join(map(job_line, numbered)).encode(), "ab")
        return numbered

    def write(self) -> None:
        """Write `engine.json`."""
        data = {
            "kind": self.kind,
            "executor": self.executor,
            "handles": self.handles,
            "process": process_facts(),
        }
        replace_file(str(self.folder / ENGINE), encoded(data))

    def engine(self) -> Executor:
        """Return an engine that knows the jobs of this launch by their handles.

        Raises:
            TargetError: The class of the executor is gone.
            LoadError: The executor was recorded by a version of the library that differs.
        """
        cls = EXECUTORS.get(self.kind) or _own_executor(self.kind)
        config: Any = load(self.executor, cls, "accept", set(), str(self.folder / ENGINE), "")
        engine: Executor = config.construct()
        return engine


def new_record(store_folder: str, name: str, executor: ExecutorConfig) -> LaunchRecord:
    """Make the folder of a launch."""
    safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)[:LONGEST_NAME]
    stamp = time.strftime("%m%d-%H%M%S")
    folder = Path(own_folder(store_folder, FOLDER), f"{safe}-{stamp}-{token_hex(3)}")
    folder.mkdir()
    return LaunchRecord(folder, kind_of(executor), plain(executor))


def open_record(store_folder: str, name: str) -> LaunchRecord | None:
    """Return the record of a launch, or None where it was never written."""
    folder = Path(store_folder, FOLDER, name)
    if folder.name != name:
        return None  # of a damaged claim: it leads elsewhere
    try:
        data = parse(read_regular(str(folder / ENGINE)), ENGINE)
        return LaunchRecord(folder, data["kind"], data["executor"], data["handles"])
    except (OSError, ValueError, KeyError):
        return None


EXECUTORS: dict[str, type[ExecutorConfig]] = {
    "local": LocalExecutor,
    "slurm": SlurmExecutor,
    "ray": RayExecutor,
}


def _own_executor(kind: str) -> type[ExecutorConfig]:
    """Return the user's class of a dotted name.

    Raises:
        TargetError: It leads to none.
    """
    found = import_defined(kind)
    if not isinstance(found, type) or not issubclass(found, ExecutorConfig):
        raise TargetError(kind, "it is not a class of executors")
    return found


def kind_of(executor: ExecutorConfig) -> str:
    """Return the kind of an executor; of a class of the user's, its dotted name."""
    for name, cls in EXECUTORS.items():
        if type(executor) is cls:
            return name
    return qualified_name(type(executor))


def ends_with_launcher(executor: ExecutorConfig) -> bool:
    """Return whether what an executor runs ends with the process that has launched it."""
    if isinstance(executor, RayExecutor):
        return address_of(executor) == LOCAL
    return isinstance(executor, LocalExecutor)
