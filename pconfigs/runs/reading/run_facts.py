"""Facts of a run: what the files of its folder hold, read when it is asked for."""

from __future__ import annotations

from functools import cached_property
from time import time
from typing import TYPE_CHECKING, Any

from pconfigs.annotations.kinds import is_dict
from pconfigs.errors.runs import StoreError
from pconfigs.runs.capture.git import git_facts
from pconfigs.runs.folder import CODE_FILE, CONFIG, FILES, RunFolder
from pconfigs.runs.lineage.files import read_consumed, read_produced
from pconfigs.runs.metrics import METRICS, last_values
from pconfigs.runs.reading.flat_config import flatten
from pconfigs.runs.status import RUNNING, Status

# Every launched run imports this module: pathlib and datetime are a quarter of it.
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


class RunFacts:
    """One recorded run.

    Attributes:
        record: Its folder, for reading single files.
        facts: What run.json holds.
    """

    def __init__(self, record: RunFolder, facts: Mapping[str, Any]) -> None:
        self.record, self.facts = record, facts

    def __repr__(self) -> str:
        return f"<run {self.id}: {self.state}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RunFacts) and self.record.path == other.record.path

    def __hash__(self) -> int:
        return hash(self.record.path)

    @property
    def id(self) -> str:
        """The name of its folder, unique in the store."""
        return self.record.name

    @property
    def name(self) -> str:
        """The name of the experiment."""
        return str(self.facts.get("name", ""))

    @property
    def target(self) -> str | None:
        """Dotted path of the experiment, or None."""
        return self.facts.get("target")

    @property
    def overrides(self) -> list[str]:
        """The overrides that were applied to it."""
        return list(self.facts.get("overrides", ()))

    @property
    def fingerprint(self) -> str:
        """The fingerprint of its config."""
        return str(self.facts.get("fingerprint", ""))

    @property
    def folder(self) -> Path:
        """The run's folder."""
        from pathlib import Path

        return Path(self.record.path)

    @property
    def dir(self) -> Path:
        """The folder of the run's own files."""
        from pathlib import Path

        return Path(self.record.path, FILES)

    @cached_property
    def status(self) -> Status:
        """Its status when it was first asked for."""
        try:
            return self.record.status()
        except StoreError:
            return Status({})

    @property
    def state(self) -> str:
        """One of queued, running, done, failed, stopped, requeued, lost."""
        return self.status.state

    @property
    def exit_code(self) -> int | None:
        """Exit code of its latest attempt, or None."""
        return self.status.exit_code

    @property
    def started(self) -> datetime | None:
        """When its latest attempt started, in local time; None before the first."""
        from datetime import datetime

        started = self.status.started
        return None if started is None else datetime.fromtimestamp(started).astimezone()

    @property
    def when(self) -> float:
        """Seconds since 1970 by which runs are ordered: its start, or when it was planned."""
        return self.status.started or self.facts.get("planned", 0.0)

    @property
    def took(self) -> float | None:
        """Seconds that its attempts have run; None where that is not known."""
        status = self.status
        if status.started is None:
            return None
        if status.state == RUNNING:
            return round(status.took + max(0.0, time() - status.started), 3)
        return status.took if status.ended is not None else None

    @cached_property
    def last(self) -> dict[str, Any]:
        """The last value of each metric."""
        known = self.status.data.get("last")
        if is_dict(known):
            return known
        return last_values(self.record.file(METRICS))

    @cached_property
    def _flat(self) -> tuple[dict[str, Any], set[str]]:
        return flatten(self.record.read_whole(CONFIG))

    @property
    def values(self) -> dict[str, Any]:
        """The values of its config by dotted path."""
        return self._flat[0]

    @property
    def given(self) -> set[str]:
        """The paths of the values that are not at the default of their class."""
        return self._flat[1]

    @cached_property
    def code(self) -> dict[str, Any]:
        """Commit, branch, changed and untracked files; sources and functions that ran."""
        code = self.record.read_whole(CODE_FILE)
        return {
            **git_facts(self.record.path),
            "traced": code.get("traced", False),
            "files": {path: facts["content"] for path, facts in code.get("files", {}).items()},
            "functions": code.get("functions", {}),
        }

    @property
    def produces(self) -> list[str]:
        """References to the artifacts that it logged: `["policy:v7"]`."""
        return [str(entry["ref"]) for entry in read_produced(self.record)]

    @property
    def consumes(self) -> list[str]:
        """References to the artifacts that it read."""
        return [str(entry["ref"]) for entry in read_consumed(self.record)]

    @property
    def attempts(self) -> list[dict[str, Any]]:
        """Facts of each attempt, oldest first."""
        return self.record.attempts()

    @property
    def latest(self) -> dict[str, Any]:
        """Facts of its latest attempt; nothing before the first."""
        attempts = self.attempts
        return attempts[-1] if attempts else {}

    def summary(self) -> dict[str, Any]:
        """Return the object that `runs --json` lists."""
        started = self.started
        return {
            "run": self.id,
            "state": self.state,
            "started": None if started is None else started.isoformat(timespec="milliseconds"),
            "took": self.took,
            "target": self.target,
            "exit_code": self.exit_code,
            "config": self.values,
            "metrics": self.last,
        }
