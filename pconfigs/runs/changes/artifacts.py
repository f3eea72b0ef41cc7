"""Consumed artifacts that are others today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pconfigs.artifacts.manifests import Manifests
from pconfigs.artifacts.reference import parse_reference
from pconfigs.errors.artifacts import ArtifactError
from pconfigs.runs.lineage.files import read_consumed
from pconfigs.runs.lineage.location import manifests_of
from pconfigs.runs.reading.run_facts import RunFacts
from pconfigs.runs.store import open_store


def changed_artifacts(run: RunFacts) -> Iterator[tuple[str, str]]:
    """Yield name and difference of each consumed artifact of the store that is another today.

    What was asked for by a moving reference, such as `tokens:latest`, is looked up again; what an
    experiment produced, and what is a version, must have the content that it had.
    """
    consumed = read_consumed(run.record)
    if not consumed:
        return
    store = open_store(run.record.store_folder)
    manifests = manifests_of(store, bool(run.facts.get("smoke")))
    for entry in consumed:
        problem = _problem(entry, manifests)
        if problem is not None:
            yield str(entry.get("name", entry["ref"])), problem


def _problem(entry: dict[str, Any], manifests: Manifests) -> str | None:
    asked = str(entry.get("asked") or "")
    ref = str(entry["ref"])
    # A bare name is what an experiment produced, which the pipeline looks up.
    moving = any(mark in asked for mark in ":@")
    try:
        reference = parse_reference(asked if moving else ref)
        if reference.service != "store":
            return None
        found = manifests.find(reference)
    except ArtifactError as error:
        return f"{ref} is gone: {str(error).partition(chr(10))[0]}"
    if entry.get("digest") and found.digest != entry["digest"]:
        return f"{asked or ref} was {ref}, is {found}"
    return None
