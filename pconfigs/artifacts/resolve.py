"""Resolve artifacts: a config whose artifacts are open -> the same config with what was logged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Protocol

from pconfigs.artifacts.artifact import PArtifact, metadata_fields
from pconfigs.artifacts.digest import content_digest
from pconfigs.artifacts.version import Version
from pconfigs.errors.artifacts import (
    ArtifactError,
    DigestError,
    MetadataError,
    UnresolvedArtifactsError,
    missing_metadata,
    other_metadata,
)
from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import listed
from pconfigs.markers import Required
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.schema.fields import Field
from pconfigs.tree.edit import pset
from pconfigs.tree.paths import ROOT, Path
from pconfigs.tree.walk import has_inside, inside
from pconfigs.validation.base import InvalidValue


@dataclass(slots=True, frozen=True)
class Found:
    """A version, and where it came from.

    Attributes:
        version: What was logged.
        qualified: The reference to this very version: "tokens:v3", "wandb:team/proj/tokens:v3".
        producer: The config of the run that produced it, as it ran; None where it is not known.
        run: The name of that run, or "".
    """

    version: Version
    qualified: str
    producer: Any = None
    run: str = ""


class Finder(Protocol):
    """Finds versions; what a store and the outside services have in common."""

    def find(self, artifact: PArtifact, name: str) -> Found:
        """Return the version that an artifact means, where it is called `name` if it has no name.

        Raises:
            ArtifactError: Nothing was logged that it could mean.
        """
        ...


@dataclass(slots=True, frozen=True)
class Consumed:
    """One artifact of a resolved config.

    Attributes:
        path: Where it is in the config.
        found: What it was resolved to.
    """

    path: str
    found: Found


def artifacts_in(config: Any) -> Iterator[tuple[Path, str, PArtifact]]:
    """Yield the path, the name and the artifact of each artifact in a config.

    The experiment that produces an artifact has artifacts of its own; they are resolved when that
    experiment runs, and are not yielded.
    """
    if isinstance(config, PArtifact):
        yield ROOT, config.name or type(config).__name__, config
        return
    yield from _inside(config, ROOT, None)


def _inside(value: Any, path: Path, field: Field | None) -> Iterator[tuple[Path, str, PArtifact]]:
    for inner_path, inner_field, inner in inside(value, path, field):
        if isinstance(inner, PArtifact):
            named = inner.name or (inner_field.name if inner_field is not None else "")
            yield inner_path, named, inner
        elif has_inside(inner):
            yield from _inside(inner, inner_path, inner_field)


def is_resolved(artifact: PArtifact) -> bool:
    """Return whether nothing about an artifact is open, the experiment it comes from aside."""
    return not _open(artifact, "path", "version", "digest", *metadata_fields(artifact))


def is_by_hand(artifact: PArtifact) -> bool:
    """Return whether an artifact is files at a path that no run has logged."""
    if artifact.ref or artifact.of is not None or _open(artifact, "path"):
        return False
    return not (artifact.name and _open(artifact, *metadata_fields(artifact)))


def resolve(config: Any, finder: Finder, check: bool = True) -> tuple[Any, list[Consumed]]:
    """Return a config with its artifacts resolved, and what they were resolved to.

    The finder finds those that are not files given by hand; with `check`, the latter are looked at.

    Raises:
        UnresolvedArtifactsError: Some cannot be; all of them are named.
    """
    changes: dict[str, Any] = {}
    consumed: list[Consumed] = []
    problems: list[tuple[str, ArtifactError]] = []
    for path, name, artifact in artifacts_in(config):
        try:
            if is_by_hand(artifact):
                changes[str(path)] = _with_files(artifact, name)
            elif not is_resolved(artifact):
                found = finder.find(artifact, name)
                changes[str(path)] = with_version(artifact, found)
                consumed.append(Consumed(str(path), found))
            if check and not _open(artifact, "path"):
                made = changes.get(str(path), artifact)
                _check_files(artifact.ref or name, made.path, made.digest)
        except ArtifactError as error:
            problems.append((str(path) or "the artifact", error))
    if problems:
        raise UnresolvedArtifactsError(problems)
    if "" in changes:
        return changes[""], consumed
    return (pset(config, changes) if changes else config), consumed


def _open(artifact: PArtifact, *names: str) -> list[str]:
    """Return the fields of these names that nothing has given."""
    return [name for name in names if getattr(artifact, name) is Required]


def _with_files(artifact: PArtifact, name: str) -> PArtifact:
    """Return files given by hand as an artifact without a version, and without digest by default.

    Raises:
        MetadataError: Metadata is not given.
    """
    missing = _open(artifact, *metadata_fields(artifact))
    if missing:
        named = listed([repr(one) for one in missing])
        raise MetadataError(
            f"{name}: metadata {named} must be given where path is\n"
            f"    give {missing[0]}=..., or name what a run has logged: ref=..."
        )
    unknown: dict[str, Any] = dict.fromkeys(_open(artifact, "version", "digest"), "")
    return type(artifact)(artifact, **unknown)


def _check_files(name: str, path: FilePath, digest: str) -> None:
    """Refuse files given by hand that are not there, or not those of a digest.

    Raises:
        ArtifactError: They are not there.
        DigestError: They are others.
    """
    if not path.exists():
        raise ArtifactError(
            f"{name}: its files must be at {path}, which does not exist\n"
            "    correct path=..., or write the files"
        )
    found = content_digest(path) if digest else ""
    if digest != found:
        hint = "restore the files, or correct path=... or digest=..."
        raise DigestError(name, str(path), digest, found, hint)


def with_version(artifact: PArtifact, found: Found) -> PArtifact:
    """Return an artifact with the path, version, digest and metadata of what was found.

    Raises:
        MetadataError: Metadata is missing, is not of its type, or differs from what was given.
    """
    version = found.version
    logged = version.metadata
    names = metadata_fields(artifact)
    missing = [name for name in _open(artifact, *names) if name not in logged]
    if missing:
        raise missing_metadata(found.qualified, missing, sorted(logged))
    values: dict[str, Any] = {"version": version.version, "digest": version.digest}
    problems: list[str] = []
    for name in names:
        if name not in logged:
            continue
        try:
            values[name] = _typed(schema_of(artifact).fields[name], logged[name])
        except InvalidValue as error:
            problems.append(f"{name} must be {error.expected}, got {logged[name]!r}")
    if problems:
        raise MetadataError(
            f"{found.qualified}: {'; '.join(problems)}\n    log a version whose metadata fits"
            f" {type(artifact).__qualname__}"
        )
    for name, value in values.items():
        given = getattr(artifact, name)
        if given is not Required and not same_value(given, value):
            raise other_metadata(found.qualified, name, given, value)
    if _open(artifact, "path"):
        values["path"] = version.path
    if artifact.of is not None and found.producer is not None:
        # The experiment as it ran: its own artifacts are not open any more.
        values["of"] = found.producer
    try:
        return type(artifact)(artifact, **values)
    except PConfigError as error:
        raise MetadataError(f"{found.qualified}: {error}") from error


def _typed(field: Field, value: Any) -> Any:
    """Return a JSON value as its field holds it; paths and tuples have no JSON form of their own.

    Raises:
        InvalidValue: It does not fit.
    """
    attempts = [value]
    if isinstance(value, str):
        attempts.append(FilePath(value))
    if isinstance(value, list):
        attempts.append(tuple(value))
    refused: InvalidValue | None = None
    for attempt in attempts:
        try:
            return field.validator.validate(attempt)
        except InvalidValue as error:
            refused = refused or error
    assert refused is not None
    raise refused


def without_producer(config: Any) -> list[str]:
    """Return the paths of artifacts that are open and name no experiment, also in producers."""
    found: list[str] = []
    for path, _, artifact in artifacts_in(config):
        if artifact.of is not None:
            inner = without_producer(artifact.of)
            found += [f"{path}.of.{one}" if str(path) else f"of.{one}" for one in inner]
        elif not (is_by_hand(artifact) or is_resolved(artifact)):
            found.append(str(path) or "the artifact")
    return found


def producers_of(config: Any) -> Sequence[tuple[str, str, Any]]:
    """Return (path of the artifact, its name, experiment) for each artifact with `of`."""
    return [
        (str(path), name, artifact.of)
        for path, name, artifact in artifacts_in(config)
        if artifact.of is not None and is_config(artifact.of)
    ]
