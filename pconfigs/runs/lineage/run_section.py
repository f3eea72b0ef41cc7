"""The `run` section of a YAML file: the artifacts that it reads, and where it is to run.

    run:
      data: tokens:latest                  an artifact: ${art:data,path}, ${art:data,pack_size}
      env: {container: nvcr.io/...:25.11}  resources, for the executor
    logger:
      project: ${run.wandb.project}        from [wandb] of env.toml

It is read where the class of the config has no field `run`. `${mul:a,b}` and the other arithmetic
work in every such file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pconfigs.artifacts.artifact import PArtifact
from pconfigs.artifacts.reference import NAME, looks_like_reference
from pconfigs.artifacts.resolve import Finder, Found
from pconfigs.errors.artifacts import (
    ArtifactError,
    ArtifactNotFoundError,
    UnresolvedArtifactsError,
)
from pconfigs.errors.base import Problem
from pconfigs.errors.formatting import did_you_mean, listed
from pconfigs.errors.serialization import FormatError, LoadError
from pconfigs.runs.lineage.finder import entry_of
from pconfigs.schema.class_schema import schema_of
from pconfigs.serialization.formats.arithmetic import ARITHMETIC
from pconfigs.serialization.formats.references import resolved
from pconfigs.serialization.load import pload
from pconfigs.serialization.overlay import file_layer, merged, values_of

SECTION, ENVIRONMENT, WANDB = "run", "env", "wandb"
CONTAINER = ("container", "container_image")
RESOURCES = ("nodes", "gpus_per_node", "ntasks_per_node", "nproc_per_node")


@dataclass(slots=True)
class RunSection:
    """The requests of a file with a `run` section.

    Attributes:
        consumed: A JSON object for each artifact, as `consumed.json` has it.
        container: The image, or "".
        resources: `nodes`, `gpus_per_node` and their kin.
    """

    consumed: list[dict[str, Any]] = field(default_factory=list)
    container: str = ""
    resources: dict[str, Any] = field(default_factory=dict)


def has_run_section(path: str, of: type) -> bool:
    """Return whether a file has a section of this kind, for a class without a field `run`."""
    if SECTION in schema_of(of).fields:
        return False
    data = file_layer(path, of, ())
    return isinstance(data, dict) and isinstance(data.get(SECTION), dict)


def load_run_section(
    path: str, of: type, base: Any, finder: Finder, known: Callable[[str], bool],
    wandb: Mapping[str, Any],
) -> tuple[Any, RunSection]:  # fmt: skip
    """Return the config of a file, and what its section asks for.

    Args:
        path: The file; files that it extends by `defaults:` are read, too.
        of: The class of the config.
        base: The config that the file is laid over.
        finder: Finds artifacts.
        known: Whether the store has an artifact of a name.
        wandb: The table `[wandb]` of env.toml, which wins over `run.wandb` of the file.

    Raises:
        UnresolvedArtifactsError: Some artifacts cannot be found; all of them are named.
        LoadError: The file does not fit the class.
    """
    data: dict[str, Any] = dict(file_layer(path, of, ()))
    section = dict(data[SECTION])
    section[WANDB] = {**(section.get(WANDB) or {}), **wandb}
    found = _found(section, finder, known)
    whole = merged(values_of(base), {**data, SECTION: section})
    try:
        values = resolved(whole, {**ARITHMETIC, "art": _art(found)})
    except FormatError as error:
        raise FormatError(error.problems, path) from error
    own = {key: values[key] for key in data if key != SECTION}
    try:
        config = pload(own, of, base=base)
    except LoadError as error:
        raise LoadError(error.problems, path) from error
    asked = values[SECTION].get(ENVIRONMENT) or {}
    container = next((str(asked[key]) for key in CONTAINER if asked.get(key)), "")
    resources = {key: _count(path, key, asked[key]) for key in RESOURCES if key in asked}
    entries = [
        entry_of(one, f"{SECTION}.{name}", name, section[name]) for name, one in found.items()
    ]
    return config, RunSection(entries, container, resources)


def _found(
    section: Mapping[str, Any], finder: Finder, known: Callable[[str], bool]
) -> dict[str, Found]:
    found: dict[str, Found] = {}
    problems: list[tuple[str, ArtifactError]] = []
    for name, text in section.items():
        if not isinstance(text, str) or not _is_reference(text, known):
            continue
        try:
            found[str(name)] = finder.find(PArtifact(ref=str(text)), str(name))
        except ArtifactError as error:
            problems.append((f"{SECTION}.{name}", error))
    if problems:
        raise UnresolvedArtifactsError(problems)
    return found


def _is_reference(text: str, known: Callable[[str], bool]) -> bool:
    """Return whether a value of the section is one; a bare name is, if the store knows it."""
    return looks_like_reference(text) or bool(NAME.fullmatch(text) and known(text))


def _art(found: Mapping[str, Found]) -> Callable[..., Any]:
    """Return the resolver of `${art:NAME,FIELD}`; the field is `path` where it is left out."""

    def art(name: str, field: str = "path") -> Any:
        if name not in found:
            names = listed(list(found)) if found else "none"
            hint = did_you_mean(str(name), found, otherwise=f"the section has {names}")
            raise ArtifactNotFoundError(str(name), f"{SECTION}.{name} is not an artifact", hint)
        version = found[name].version
        values = {
            **version.metadata,
            "path": str(version.path),
            "version": version.version,
            "name": version.name,
            "type": version.type,
        }
        wanted = str(field).removeprefix("metadata.")
        if wanted != field and wanted in version.metadata:
            return version.metadata[wanted]
        if wanted not in values:
            hint = did_you_mean(wanted, values, otherwise=f"it has {listed(sorted(values))}")
            raise ArtifactNotFoundError(found[name].qualified, f"it has no field {wanted!r}", hint)
        return values[wanted]

    return art


def _count(path: str, key: str, value: Any) -> int:
    """Return a number of the section; the file holds it as text until it is asked for."""
    if not str(value).isdecimal():
        place = f"{SECTION}.{ENVIRONMENT}.{key}"
        raise LoadError([Problem(place, f"must be a whole number, got {value!r}")], path)
    return int(str(value))
