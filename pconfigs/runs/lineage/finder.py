"""Finding the version that an artifact of a config means."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pconfigs.artifacts.artifact import PArtifact
from pconfigs.artifacts.digest import content_digest, files_signature
from pconfigs.artifacts.manifests import Manifests
from pconfigs.artifacts.reference import parse_reference
from pconfigs.artifacts.remote import fetched
from pconfigs.artifacts.resolve import Finder, Found, artifacts_in
from pconfigs.artifacts.version import Version
from pconfigs.errors.artifacts import (
    ArtifactError,
    ArtifactNotFoundError,
    DigestError,
    no_run_done,
    produced_nothing,
)
from pconfigs.errors.formatting import listed
from pconfigs.runs.folder import CONFIG
from pconfigs.runs.lineage.experiment_names import titled
from pconfigs.runs.lineage.files import RESOLVED, read_produced
from pconfigs.runs.lineage.location import manifests_of
from pconfigs.runs.lineage.services import outside_services
from pconfigs.runs.reading.configs import recorded_config
from pconfigs.runs.reading.runs import Run
from pconfigs.runs.reading.summaries import read_runs
from pconfigs.runs.status import DONE
from pconfigs.runs.store import Store
from pconfigs.serialization.fingerprint import pfingerprint


class StoreFinder:
    """Finds versions in a store, and in the services that a reference names.

    Args:
        store: The project's store; None where nothing is recorded.
        services: Finders by the name of their service: "wandb", "mlflow"; all if left out.
        smoke: Whether artifacts of smoke runs are meant.
    """

    def __init__(
        self, store: Store | None, services: Mapping[str, Finder] | None = None, smoke: bool = False
    ) -> None:
        self._store, self._smoke = store, smoke
        self._services = outside_services(store) if services is None else services

    def find(self, artifact: PArtifact, name: str) -> Found:
        """Return the version that an artifact means.

        Raises:
            ArtifactError: There is no such version, or its files are not those that were logged.
        """
        if artifact.of is not None:
            return self._produced_by(artifact.of, name)
        reference = parse_reference(artifact.ref or name)
        if reference.service != "store":
            return self._services[reference.service].find(artifact, name)
        version = self._manifests(str(reference)).find(reference)
        return Found(checked_files(version), str(version))

    def _manifests(self, wanted: str) -> Manifests:
        if self._store is None:
            raise ArtifactNotFoundError(
                wanted,
                "the project has no store of runs",
                "record a run that logs it: python -m pconfigs.run --record TARGET",
            )
        return manifests_of(self._store, self._smoke)

    def _produced_by(self, experiment: Any, name: str) -> Found:
        """Return the newest version that a run of an experiment logged under a name."""
        manifests = self._manifests(name)
        run = newest_run_of(experiment, self._runs)
        _, title, target = titled(experiment)
        if run is None:
            other = next(runs_of(experiment, self._runs), None)
            seen = (None, "") if other is None else (other.id, other.state)
            raise no_run_done(name, title, target, *seen)
        lines = read_produced(run.record)
        produced = [entry for entry in lines if {"name", "version"} <= entry.keys()]
        logged = [entry for entry in produced if entry["name"] == name]
        if not logged:
            others = sorted({str(entry["name"]) for entry in produced})
            raise produced_nothing(name, title, run.id, others)
        version = manifests.read(name, str(logged[-1]["version"]))
        return Found(checked_files(version), str(version), resolved_config(run), run.id)

    def config_of(self, name: str) -> Any:
        """Return the config of a run as it ran; None if the run is gone."""
        run = next((run for run in self._runs if run.id == name), None)
        return None if run is None else resolved_config(run)

    @cached_property
    def _runs(self) -> list[Run]:
        """The runs of the store, newest first."""
        return [] if self._store is None else read_runs(self._store, self._smoke)


class RecordedFinder:
    """Finds the versions that a run consumed, by where they are in its config.

    Args:
        finder: Finds a version by its reference.
        config: Of the run.
        consumed: A JSON object for each artifact, as `consumed.json` has it.
    """

    def __init__(self, finder: StoreFinder, config: Any, consumed: list[dict[str, Any]]) -> None:
        self._finder = finder
        by_field = {str(entry["field"]): entry for entry in consumed}
        self._entries = {
            (name, artifact): by_field[str(path)]
            for path, name, artifact in artifacts_in(config)
            if str(path) in by_field
        }

    def find(self, artifact: PArtifact, name: str) -> Found:
        """Return the version of then.

        Raises:
            ArtifactError: The run consumed nothing of the name, or the version is gone.
        """
        entry = self._entries.get((name, artifact))
        if entry is None:
            known = sorted(str(one["ref"]) for one in self._entries.values())
            raise ArtifactNotFoundError(
                name, "the run did not consume it", f"it consumed {listed(known) or 'nothing'}"
            )
        found = self._version(entry, artifact, name)
        if artifact.of is None:
            return found
        run = str(entry.get("producer") or found.version.producer)
        return Found(found.version, found.qualified, self._finder.config_of(run), run)

    def _version(self, entry: Mapping[str, Any], artifact: PArtifact, name: str) -> Found:
        return self._finder.find(type(artifact)(artifact, of=None, ref=str(entry["ref"])), name)


class AnsweredFinder(RecordedFinder):
    """Repeats what rank 0 has found: it asks neither the store nor a service."""

    def _version(self, entry: Mapping[str, Any], artifact: PArtifact, name: str) -> Found:
        version = Version(
            str(entry["ref"]).rpartition("/")[2].partition(":")[0],
            str(entry["version"]),
            Path(str(entry.get("here") or entry["path"])),
            str(entry["path"]),
            digest=str(entry["digest"]),
            metadata=dict(entry["metadata"]),
        )
        return Found(version, str(entry["ref"]))


def entry_of(found: Found, field: str, name: str, asked: str) -> dict[str, Any]:
    """Return the JSON object of a version in `consumed.json`.

    Args:
        found: The version.
        field: Where its artifact is in the config.
        name: Of the artifact.
        asked: The reference that was looked up, or the name.
    """
    version = found.version
    path = str(version.path)
    return {
        "ref": found.qualified,
        "name": name,
        "field": field,
        "asked": asked,
        "version": version.version,
        "digest": version.digest,
        "path": version.place,
        **({"here": path} if path != version.place else {}),
        "metadata": dict(version.metadata),
        "producer": found.run or version.producer,
    }


def newest_run_of(experiment: Any, runs: list[Run]) -> Run | None:
    """Return the newest run of an experiment that is done, by the fingerprint of its config."""
    return next((run for run in runs_of(experiment, runs) if run.state == DONE), None)


def runs_of(experiment: Any, runs: list[Run]) -> Iterator[Run]:
    """Yield the runs of an experiment, by the fingerprint of its config."""
    fingerprint = pfingerprint(experiment)
    return (run for run in runs if run.fingerprint == fingerprint)


def resolved_config(run: Run) -> Any:
    """Return the config of a run with its artifacts resolved, and the values of then."""
    name = RESOLVED if os.path.isfile(run.record.file(RESOLVED)) else CONFIG
    return recorded_config(run, name=name)


def checked_files(version: Version) -> Version:
    """Return a version whose files are here, and are those that were logged.

    Names, sizes and times are compared; contents are read again only where these differ. Other
    programs write manifests without a digest: their files are there, and nothing more is known.

    Raises:
        ArtifactError: The files are gone or cannot be read, or their content is another.
    """
    folder, version = version.path, fetched(version)
    try:
        return _compared(version, folder)
    except FileNotFoundError as error:
        missing = str(error.filename)
        what = ", which" if missing == str(version.path) else f"; {missing}"
        raise ArtifactError(
            f"{version}: its files must be at {version.place}{what} does not exist\n"
            "    restore the files, or run the experiment that produces them again"
        ) from error
    except OSError as error:
        raise ArtifactError(
            f"{version}: its files cannot be read: {error}\n"
            "    let this user read them, or give the path of a copy: path=..."
        ) from error


def _compared(version: Version, folder: Path) -> Version:
    """Return a version whose files are those that were logged.

    Args:
        version: Its files are here.
        folder: Where they were logged.
    """
    version.path.stat()
    if not version.digest:
        return version
    if version.signature and files_signature(version.path) == version.signature:
        return version
    digest = content_digest(version.path)
    if digest != version.digest:
        facts = (str(version), str(folder), version.digest, digest)
        if folder != version.path:
            raise DigestError(*facts, f"remove {folder}: the files are downloaded again")
        raise DigestError(*facts)
    return version
