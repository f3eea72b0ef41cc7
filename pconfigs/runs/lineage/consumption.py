"""Consumption: artifacts of a config are resolved before a run, and noted in its folder."""

from __future__ import annotations

from pconfigs.runs.folder import RUN, RunFolder, encoded
from pconfigs.runs.lineage.detection import has_artifacts
from pconfigs.runs.lineage.files import CONSUMED, PLANNED, RESOLVED
from pconfigs.runs.ranks import rank_and_size
from pconfigs.runs.store import Store, open_store
from pconfigs.serialization.dump import plain

TYPE_CHECKING = False  # every recorded run imports this: typing and dataclasses take 15 ms
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.runs.attempts import Attempt


class Resolved:
    """A config whose artifacts are resolved.

    Attributes:
        config: The config that runs.
        consumed: A JSON object for each artifact.
    """

    __slots__ = ("config", "consumed")

    def __init__(self, config: Any, consumed: list[dict[str, Any]] | None = None) -> None:
        self.config = config
        self.consumed = [] if consumed is None else consumed

    def files(self) -> dict[str, bytes]:
        """Return the contents of consumed.json and resolved.json; none without artifacts."""
        if not self.consumed:
            return {}
        return {
            CONSUMED: encoded({"artifacts": self.consumed}),
            RESOLVED: encoded(plain(self.config)),
        }

    def write(self, folder: RunFolder) -> None:
        """Note what a run consumes in its folder."""
        if self.consumed:
            folder.write(CONSUMED, {"artifacts": self.consumed})
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

    Raises:
        UnresolvedArtifactsError: Some cannot be resolved; all of them are named.
    """
    if not has_artifacts(config):
        return Resolved(config)
    from pconfigs.artifacts.resolve import Finder, artifacts_in, resolve
    from pconfigs.runs.lineage.finder import AnsweredFinder, RecordedFinder, StoreFinder

    finder: Finder = StoreFinder(store, smoke=smoke)
    if recorded is not None:
        kind = AnsweredFinder if answered else RecordedFinder
        finder = kind(StoreFinder(store, smoke=smoke), config, recorded)
    found, consumed = resolve(config, finder)
    given = {str(path): (name, artifact) for path, name, artifact in artifacts_in(config)}
    entries = []
    for one in consumed:
        name, artifact = given[one.path]
        version = one.found.version
        entries.append(
            {
                "ref": one.found.qualified,
                "name": name,
                "field": one.path,
                "asked": artifact.ref or name,
                "version": version.version,
                "digest": version.digest,
                "path": version.place,
                **({"here": str(version.path)} if str(version.path) != version.place else {}),
                "metadata": dict(version.metadata),
                "producer": one.found.run or version.producer,
            }
        )
    return Resolved(found, entries)


def resolve_alone(config: Any, store: Store, smoke: bool = False) -> Resolved | None:
    """Return a config with its artifacts resolved, before anything is claimed for its run.

    None is returned where several ranks must agree on the versions first: see `consume`.

    Raises:
        UnresolvedArtifactsError: Some cannot be resolved; all of them are named.
    """
    return resolve_artifacts(config, store, smoke=smoke) if rank_and_size()[1] == 1 else None


def consume(attempt: Attempt, resolved: Resolved | None) -> Any:
    """Note in the folder of an attempt what it consumes; return its config, resolved.

    Args:
        attempt: It has begun.
        resolved: Its config with its artifacts resolved; None where that is still to be done.

    Raises:
        UnresolvedArtifactsError: Some cannot be resolved; all of them are named.
        RankError: That happened on rank 0.
    """
    if resolved is None:
        resolved = resolve_on_ranks(attempt.folder, attempt.config)
    resolved.consumed[:0] = (attempt.folder.read(RUN) or {}).get(PLANNED, [])
    if attempt.rank == 0:
        resolved.write(attempt.folder)
    attempt.config = resolved.config
    return resolved.config


def resolve_on_ranks(folder: RunFolder, config: Any) -> Resolved:
    """Return a config with its artifacts resolved, the same versions on all ranks of a run.

    Rank 0 asks, and the others get its answer or its error. An attempt after the first uses the
    versions of the one before.

    Raises:
        UnresolvedArtifactsError: Some cannot be resolved; all of them are named.
        RankError: That happened on rank 0.
    """
    if not has_artifacts(config):
        return Resolved(config)
    from pconfigs.runs.current import prun
    from pconfigs.runs.lineage.files import read_consumed

    store = open_store(folder.store_folder)
    known = read_consumed(folder) or None

    def ask() -> list[dict[str, Any]]:
        return resolve_artifacts(config, store, smoke=folder.is_smoke, recorded=known).consumed

    consumed = prun.once("artifacts", ask)
    return resolve_artifacts(config, store, smoke=folder.is_smoke, recorded=consumed, answered=True)
