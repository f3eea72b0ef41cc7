"""Artifacts of a config found in a store, in records of runs and in outside services."""

from __future__ import annotations

from typing import Any

from pconfigs.artifacts.resolve import Finder, artifacts_in, resolve
from pconfigs.runs.lineage.finder import AnsweredFinder, RecordedFinder, StoreFinder
from pconfigs.runs.store import Store


def resolve_by(
    config: Any,
    store: Store | None,
    smoke: bool,
    recorded: list[dict[str, Any]] | None,
    answered: bool,
) -> tuple[Any, list[dict[str, Any]]]:
    """Return a config with its artifacts resolved, and a JSON object for each.

    Args:
        config: As planned, with artifacts.
        store: The project's store, or None.
        smoke: Whether artifacts of smoke runs are meant.
        recorded: What a run consumed; the same versions are used again.
        answered: Whether another rank has just found these, and nothing is to be asked again.

    Raises:
        UnresolvedArtifactsError: Some cannot be resolved; all of them are named.
    """
    finder: Finder = StoreFinder(store, smoke=smoke)
    if recorded is not None:
        kind = AnsweredFinder if answered else RecordedFinder
        finder = kind(StoreFinder(store, smoke=smoke), config, recorded)
    found, consumed = resolve(config, finder, check=not answered)
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
    return found, entries
