"""Runs as objects: their facts, their config, and whether they are stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pconfigs.errors.runs import StoreError
from pconfigs.runs import reading
from pconfigs.runs.folder import RUN, RunFolder
from pconfigs.runs.reading.run_facts import RunFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pconfigs.runs.changes.reasons import Reason

DAMAGED = "damaged"
"""In the facts of a run whose run.json cannot be read: why."""


class Run(RunFacts):
    """One recorded run."""

    @property
    def config(self) -> Any:
        """Its config as the object, with the values of then.

        Raises:
            RunUseError: It cannot be loaded today.
        """
        return reading.repeating.config_of(self)

    def stale(self) -> list[Reason]:
        """Return why it is stale today, each reason with its place; nothing if it is up to date."""
        return reading.reasons.stale_reasons(self)


def newest_first(runs: Iterable[Run | None]) -> list[Run]:
    """Return the runs among these, the one that started last first."""
    found = [run for run in runs if run is not None]
    return sorted(found, key=lambda run: (run.when, run.id), reverse=True)


def run_in(folder: str) -> Run | None:
    """Return the run in a folder, or None where none is."""
    record = RunFolder(folder)
    try:
        facts = record.read(RUN)
    except StoreError as error:
        # A power cut may leave any file empty: the other runs are listed all the same.
        facts = {"name": record.name.rpartition("-")[0], DAMAGED: str(error)}
    return None if facts is None else Run(record, facts)
