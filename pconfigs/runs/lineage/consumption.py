"""Consumption: artifacts of a config are resolved before a run, and noted in its folder.

What resolves them raises UnresolvedArtifactsError where some cannot be; it names all of these. On
ranks other than 0 that is a RankError.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from pconfigs.artifacts.resolve import Finder, artifacts_in, resolve
from pconfigs.runs.attempts import Attempt
from pconfigs.runs.folder import RUN, RunFolder
from pconfigs.runs.lineage.detection import PLANNED, has_artifacts
from pconfigs.runs.lineage.files import CONSUMED, RESOLVED, read_consumed
from pconfigs.runs.lineage.finder import AnsweredFinder, RecordedFinder, StoreFinder, entry_of
from pconfigs.runs.location import STORE_FILE, store_folder
from pconfigs.runs.ranks import Meeting, once, rank_and_size, unrecorded_meeting
from pconfigs.runs.store import Store, open_store
from pconfigs.serialization.dump import plain


@dataclass(slots=True)
class Resolved:
    """A config whose artifacts are resolved.

    Attributes:
        config: The config that runs.
        consumed: A JSON object for each artifact that a run has logged.
        differs: Whether the config is another one than was planned.
    """

    config: Any
    consumed: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    differs: bool = False

    def write(self, folder: RunFolder) -> None:
        """Note what a run consumes in its folder."""
        if self.consumed:
            folder.write(CONSUMED, {"artifacts": self.consumed})
        if self.consumed or self.differs:
            folder.write(RESOLVED, plain(self.config))


def resolve_artifacts(
    config: Any,
    store: Store | None,
    *,
    smoke: bool = False,
    recorded: list[dict[str, Any]] | None = None,
    answered: bool = False,
) -> Resolved:
    """Return a config with its artifacts resolved; one without artifacts is returned as it is.

    Args:
        config: As planned.
        store: The project's store, or None.
        smoke: Whether artifacts of smoke runs are meant.
        recorded: What a run consumed; the same versions are used again.
        answered: Whether another rank has just found these, and nothing is to be asked again.
    """
    if not has_artifacts(config):
        return Resolved(config)
    store_finder = StoreFinder(store, smoke=smoke)
    finder: Finder = store_finder
    if recorded is not None:
        kind = AnsweredFinder if answered else RecordedFinder
        finder = kind(store_finder, config, recorded)
    found, consumed = resolve(config, finder, check=not answered)
    given = {
        str(path): (name, artifact.ref or name) for path, name, artifact in artifacts_in(config)
    }
    entries = [entry_of(one.found, one.path, *given[one.path]) for one in consumed]
    return Resolved(found, entries, found is not config)


def resolve_alone(config: Any, store: Store, smoke: bool = False) -> Resolved | None:
    """Return a config with its artifacts resolved, before anything is claimed for its run.

    None is returned where several ranks must agree on the versions first: see `consume`.
    """
    return resolve_artifacts(config, store, smoke=smoke) if rank_and_size()[1] == 1 else None


def resolve_unrecorded(config: Any, smoke: bool = False) -> Any:
    """Return a config with its artifacts resolved for a run that is not recorded.

    The store is read where the project has one.

    Raises:
        RankError: The ranks are on several hosts.
    """
    folder = store_folder()
    store = None
    if folder is not None and os.path.isfile(os.path.join(folder, STORE_FILE)):
        store = open_store(folder)
    return _resolve_on_ranks(unrecorded_meeting(), config, store, smoke).config


def consume(attempt: Attempt, resolved: Resolved | None) -> Any:
    """Note in the folder of an attempt what it consumes; return its config, resolved.

    Args:
        attempt: It has begun; one after the first uses the versions of the one before.
        resolved: Its config with its artifacts resolved; None where that is still to be done.
    """
    folder, config = attempt.folder, attempt.config
    if resolved is None and has_artifacts(config):
        store, before = open_store(folder.store_folder), read_consumed(folder) or None
        resolved = _resolve_on_ranks(attempt.meeting, config, store, folder.is_smoke, before)
    resolved = resolved or Resolved(config)
    resolved.consumed[:0] = (folder.read(RUN) or {}).get(PLANNED, [])
    if attempt.rank == 0:
        resolved.write(folder)
    attempt.config = resolved.config
    return resolved.config


def _resolve_on_ranks(
    meeting: Meeting | None,
    config: Any,
    store: Store | None,
    smoke: bool,
    recorded: list[dict[str, Any]] | None = None,
) -> Resolved:
    """Return a config resolved, the same on all ranks: rank 0 asks, the others get its answer."""
    if meeting is None:
        return resolve_artifacts(config, store, smoke=smoke, recorded=recorded)

    def ask() -> list[dict[str, Any]]:
        return resolve_artifacts(config, store, smoke=smoke, recorded=recorded).consumed

    found = once(meeting, "artifacts", ask)
    return resolve_artifacts(config, store, smoke=smoke, recorded=found, answered=True)
