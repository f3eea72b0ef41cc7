"""`python -m pconfigs.runs artifacts [NAME]`: the artifacts of a store and their versions."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from pconfigs.artifacts.manifests import Manifests
from pconfigs.artifacts.reference import parse_reference
from pconfigs.artifacts.version import Version
from pconfigs.cli.output import no_store, print_error, write, write_json
from pconfigs.errors.artifacts import ArtifactError, ArtifactNotFoundError
from pconfigs.errors.targets import UsageError
from pconfigs.reports.tables import columns
from pconfigs.runs.lineage.location import manifests_of, writable
from pconfigs.runs.store import find_store


def command(asked: Namespace) -> int:
    """List artifacts, the versions of one, or let an alias point to a version."""
    store = find_store()
    if store is None:
        return no_store([] if asked.json else None)
    manifests = manifests_of(store, asked.smoke)
    if asked.alias is not None:
        return _set_alias(writable(store, asked.smoke), asked.names, asked.alias)
    found, problems = _versions(manifests, asked.names)
    for problem in problems:
        print_error(str(problem))
    if asked.json:
        write_json([_data(manifests, one) for one in found])
    elif not found:
        if not problems:
            print_error(f"no artifact has been logged in {store.shown}/")
    elif asked.names and all(parse_reference(name).name != name for name in asked.names):
        write("\n\n".join(_details(manifests, version) for version in found))
    else:
        rows = [_row(manifests, version) for version in found]
        write("\n".join(columns([("artifact", "type", "created", "producer"), *rows])))
    return 2 if problems else 0


def _set_alias(manifests: Manifests, names: Sequence[str], alias: str) -> int:
    if len(names) != 1:
        hint = f"write python -m pconfigs.runs artifacts NAME:vN --alias {alias}"
        raise UsageError("runs artifacts", "--alias takes one version", [hint])
    version = manifests.find(parse_reference(names[0]))
    manifests.set_alias(version.name, alias, version.version)
    print_error(f"{version.name}@{alias} is {version}")
    return 0


def _versions(
    manifests: Manifests, names: Sequence[str]
) -> tuple[list[Version], list[ArtifactError]]:
    """Return the newest version of each artifact, or all versions of those that are named.

    Last come the errors of versions that cannot be read: one that is damaged hides no other.
    """
    read: list[Version] = []
    problems: list[ArtifactError] = []
    for name in names or manifests.names():
        reference = parse_reference(name)
        every = manifests.versions(name) if names and reference.name == name else []
        for one in [parse_reference(f"{name}:{at}") for at in reversed(every)] or [reference]:
            try:
                read.append(manifests.find(one))
            except ArtifactNotFoundError:
                raise
            except ArtifactError as error:
                problems.append(error)
    return read, problems


def _row(manifests: Manifests, version: Version) -> tuple[str, ...]:
    name = " ".join([str(version), *(f"@{alias}" for alias in _aliases(manifests, version))])
    created = version.created_at[:16].replace("T", " ")
    return (name, version.type, created, version.producer)


def _details(manifests: Manifests, version: Version) -> str:
    data = _data(manifests, version)
    metadata = data.pop("metadata")
    shown = [(key, ", ".join(v) if isinstance(v, list) else str(v)) for key, v in data.items() if v]
    shown += [("metadata", f"{key} = {value!r}") for key, value in metadata.items()]
    return "\n".join(columns(shown))


def _data(manifests: Manifests, version: Version) -> dict[str, Any]:
    return {
        "ref": str(version),
        "name": version.name,
        "version": version.version,
        "aliases": _aliases(manifests, version),
        "type": version.type,
        "path": version.place,
        "digest": version.digest,
        "metadata": dict(version.metadata),
        "producer": version.producer,
        "inputs": list(version.inputs),
        "created_at": version.created_at,
    }


def _aliases(manifests: Manifests, version: Version) -> list[str]:
    known = manifests.aliases(version.name).items()
    return [alias for alias, points_to in known if points_to == version.version]
