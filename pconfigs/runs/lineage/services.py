"""Finders of outside services: W&B and MLflow."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pconfigs.artifacts.artifact import PArtifact, metadata_fields
from pconfigs.artifacts.reference import Reference, parse_reference
from pconfigs.artifacts.resolve import Finder, Found
from pconfigs.artifacts.version import Version
from pconfigs.errors.artifacts import ArtifactNotFoundError
from pconfigs.runs.lineage.location import download_folder, places_here
from pconfigs.runs.store import Store
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.fields import Field
from pconfigs.validation.base import InvalidValue

PROJECT, ENTITY = "WANDB_PROJECT", "WANDB_ENTITY"


def outside_services(store: Store | None, settings: Mapping[str, Any] = {}) -> dict[str, Finder]:
    """Return the finders of all services; a client is imported when it is asked.

    Args:
        store: The project's store, or None.
        settings: Of W&B: `project` and `entity`, where the variables are not set.
    """
    return {"wandb": WandbFinder(settings), "mlflow": MLflowFinder(str(download_folder(store)))}


class WandbFinder:
    """Finds artifacts of W&B.

    Where a run of W&B is active in this process, that run consumes them at once; elsewhere they
    are read before any run, and the follower records that they were consumed.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings

    def find(self, artifact: PArtifact, name: str) -> Found:
        """Return the version that the service has.

        Raises:
            ArtifactNotFoundError: It has none, or cannot be reached.
            MissingExtraError: Its client is not installed.
        """
        from pconfigs.clients.wandb import active_run_version, registered_version

        wanted = self._qualified(parse_reference(artifact.ref or name))
        places = places_here()
        found = active_run_version(wanted) or registered_version(
            wanted, lambda path: str(places.here(path)) if path else ""
        )
        number, path, metadata, qualified = found
        base = qualified.rpartition("/")[2].rpartition(":")[0]
        path, metadata = _where_it_was_saved(path, metadata)
        version = Version(base, number, Path(path), metadata=metadata)
        return Found(version, f"wandb:{qualified}")

    def _qualified(self, reference: Reference) -> str:
        project = reference.project or os.environ.get(PROJECT) or self._settings.get("project")
        entity = reference.entity or os.environ.get(ENTITY) or self._settings.get("entity")
        if not project:
            raise ArtifactNotFoundError(
                str(reference),
                "it names no project of W&B",
                f"write wandb:PROJECT/{reference.qualified}, or set {PROJECT}",
            )
        version = reference.alias or reference.version
        parts = [part for part in (entity, project, reference.name) if part]
        return f"{'/'.join(map(str, parts))}:{version}"


class MLflowFinder:
    """Finds models of MLflow's registry, and files of its runs."""

    def __init__(self, cache: str) -> None:
        self._cache = cache

    def find(self, artifact: PArtifact, name: str) -> Found:
        """Return the version that the service has.

        Raises:
            ArtifactNotFoundError: It has none, or cannot be reached.
            MissingExtraError: Its client is not installed.
        """
        from pconfigs.clients.mlflow import registered_version

        reference = parse_reference(artifact.ref)
        number, path, metadata, uri = registered_version(reference.name, self._cache)
        base = reference.name.partition("/")[2].partition("@")[0].partition("/")[0]
        typed = _typed_tags(artifact, metadata)
        version = Version(base, number, Path(path), type="model", metadata=typed)
        return Found(version, f"mlflow:{uri}")


def _typed_tags(artifact: PArtifact, tags: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return tags as the fields of an artifact hold them: the service keeps strings alone."""
    names = [name for name in metadata_fields(artifact) if name in tags]
    typed = {name: _json_value(schema_of(artifact).fields[name], tags[name]) for name in names}
    return {**tags, **typed}


def _json_value(field: Field, text: str) -> Any:
    """Return the JSON value in a string, where the field takes no such string."""
    try:
        field.validator.validate(text)
    except InvalidValue:
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return text


def _where_it_was_saved(path: str, metadata: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the folder of a checkpoint, and its number as `iteration`.

    Training frameworks save below `.../iter_0010000`, and load from the folder around it.
    """
    folder, name = os.path.split(path.rstrip("/"))
    number = name.removeprefix("iter_")
    if name != number and number.isdecimal():
        return folder, {"iteration": int(number), **metadata}
    return path, metadata
