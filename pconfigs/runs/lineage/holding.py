"""Holding: versions of artifacts whose files are in the folder of a run, and go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from pconfigs.runs.lineage.files import read_produced
from pconfigs.runs.lineage.location import manifests_of
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.store import Store


def held_versions(run: Run) -> list[str]:
    """Return the versions whose files are in the folder of a run: `policy:v1`."""
    return [str(entry["ref"]) for entry in _held(run)]


def aliased(store: Store, runs: Sequence[Run]) -> dict[str, str]:
    """Return the runs whose folders have files that an alias points to, with the alias.

    Raises:
        ArtifactError: The root of the artifacts cannot be reached.
    """
    manifests = manifests_of(store)
    known: dict[str, dict[str, str]] = {}
    found: dict[str, str] = {}
    for run in runs:
        for entry in _held(run):
            name = str(entry["name"])
            if name not in known:
                known[name] = manifests.aliases(name)
            for alias, version in known[name].items():
                if version == entry["version"]:
                    found[run.id] = f"{name}@{alias}"
    return found


def _held(run: Run) -> list[Mapping[str, Any]]:
    folder = run.record.path
    return [
        entry
        for entry in read_produced(run.record)
        if {"name", "version", "path"} <= entry.keys()
        and PurePath(str(entry["path"])).is_relative_to(folder)
    ]
