"""Production: files that a run logs become a version of an artifact."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pconfigs.artifacts.container import Places
from pconfigs.artifacts.manifests import check_name
from pconfigs.artifacts.remote import is_there
from pconfigs.artifacts.version import Version, is_url
from pconfigs.errors.artifacts import ArtifactError, missing_files
from pconfigs.errors.formatting import listed, shorten
from pconfigs.runs.attempts import Attempt
from pconfigs.runs.folder import append_line, of_rank
from pconfigs.runs.lineage.files import PRODUCED, read_consumed
from pconfigs.runs.lineage.location import writable
from pconfigs.runs.store import open_store
from pconfigs.runs.streams import warn

DEFAULT_TYPE = "artifact"
_DEEPEST = 100  # as configs; readers of records refuse what is twice as deep
_PLAIN = (str, int, float, bool, type(None))


def checked_artifact(name: str, path: object, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return metadata as JSON data.

    Raises:
        ArtifactError: The name, the path or a value cannot be logged.
    """
    check_name(name)
    if not isinstance(path, (str, Path)):
        raise ArtifactError(
            f"{name}: its path must be a file or a folder, got {shorten(path)}\n"
            "    write the files, and log the path of them"
        )
    place = str(path)
    if not is_there(place):
        raise missing_files(name, place, place)
    return {key: _plain(name, key, value) for key, value in metadata.items()}


def log_artifact(
    attempt: Attempt, name: str, path: str | Path, metadata: Mapping[str, Any], *, copy: bool
) -> Version:
    """Add the files to the artifacts of the store, and note that the run produced them.

    Raises:
        ArtifactError: The URL of the files holds a secret of the config, which no file may hold.
    """
    shown = attempt.masked(str(path))
    if is_url(str(path)) and shown != str(path):
        raise ArtifactError(
            f"{name}: its URL must have no secret in it, got {shown}\n"
            "    set the variables of the service, or write its file of accounts"
        )
    store = open_store(attempt.folder.store_folder)
    store.refuse_newer()
    held = attempt.masked(dict(metadata))
    kind = str(held.pop("type", DEFAULT_TYPE))
    inputs = [str(entry["ref"]) for entry in read_consumed(attempt.folder)]
    manifests = writable(store, attempt.folder.is_smoke)
    if not copy and not is_url(str(path)):
        _report_unmapped(name, os.path.abspath(path), manifests.places)
    version = manifests.add(
        name,
        path,
        metadata=held,
        type=kind,
        producer=attempt.folder.name,
        inputs=inputs,
        copy=copy,
    )
    entry = {
        "ref": str(version),
        "name": version.name,
        "version": version.version,
        "digest": version.digest,
        "path": version.place,
        "type": version.type,
        "metadata": dict(version.metadata),
        "attempt": attempt.number,
        "logged": round(time.time(), 3),
    }
    append_line(attempt.folder.file(of_rank(PRODUCED, attempt.rank)), entry)
    return version


def _report_unmapped(name: str, path: str, places: Places) -> None:
    """Print that a path of a container cannot be found from the outside, where that is the case."""
    if places.host(path) is None:
        known = listed(sorted(places.mounts)) or "none"
        warn(
            f"{name}: {path} is inside a container, and no mount leads to it from the host\n"
            f"    write the files below a mount ({known}), or log them with copy=True"
        )


def _plain(name: str, key: str, value: Any, depth: int = 0) -> Any:
    """Return a value as JSON data; scalars of other libraries by `.item()`."""
    if depth > _DEEPEST:  # it may hold itself
        top = key.partition(".")[0].partition("[")[0]
        raise ArtifactError(
            f"{name}: metadata {top} must not be nested so deeply\n"
            "    log it as a file of its own, next to the others"
        )
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():
        value = item()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping) and all(isinstance(one, str) for one in value):
        return {one: _plain(name, f"{key}.{one}", held, depth + 1) for one, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(name, f"{key}[{at}]", held, depth + 1) for at, held in enumerate(value)]
    if not isinstance(value, _PLAIN) or (isinstance(value, float) and not math.isfinite(value)):
        raise ArtifactError(
            f"{name}: metadata {key} must be a JSON value, got {shorten(value)}\n"
            "    log a number, string, boolean, list or dict; nan and inf as strings"
        )
    plain: Any = json.loads(json.dumps(value))  # a subclass of str or int as its plain value
    return plain
