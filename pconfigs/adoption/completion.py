"""Placeholders: what a source leaves open is given on both sides, so that the rest is compared."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

from pconfigs.adoption.description import ConfigClass, Field, Sample
from pconfigs.adoption.given import REQUIRED, Inputs
from pconfigs.adoption.infer import class_for
from pconfigs.adoption.nodes import (
    Interpolation,
    Mapping,
    Missing,
    Path,
    Place,
    Scalar,
    at,
    copied,
    dotted,
)
from pconfigs.adoption.resolved import Known, Open, Values

NOTHING = object()


def completed(root: ConfigClass, tree: Mapping, variables: Known) -> tuple[Mapping, dict[str, Any]]:
    """Return a tree without open values, and the placeholders by path of the config.

    Values are left open where no placeholder can be of their type.
    """
    whole = copied(tree)
    assert isinstance(whole, Mapping)
    given: dict[str, Any] = {}
    while True:
        values = Values(whole, variables)
        found = next(
            (
                (path, names, field)
                for path, names, field in _leaves(root, whole, (), ())
                if names_text(names) not in given and _is_source(values, whole, path)
            ),
            None,
        )
        if found is None:
            return whole, {key: value for key, value in given.items() if value is not NOTHING}
        path, names, field = found
        value = given[names_text(names)] = _placeholder(field, path)
        holder = at(whole, path[:-1])
        if value is not NOTHING and isinstance(holder, Mapping):
            holder.items[path[-1]] = Scalar(place=Place("", 0), value=value)


def without_unknown(root: ConfigClass, tree: Mapping) -> tuple[Mapping, set[Path]]:
    """Return a tree whose values that no class computes are missing, and the paths of these.

    Such a value reads an environment variable where the field follows something else, or nothing.
    """
    whole = copied(tree)
    assert isinstance(whole, Mapping)
    inputs = Inputs(tree)
    unknown: set[Path] = set()
    for path, _, field in _leaves(root, tree, (), ()):
        node, holder = at(tree, path), at(whole, path[:-1])
        if isinstance(node, Interpolation) and isinstance(holder, Mapping):
            if inputs.field(field, Sample(node, path, tree)) is REQUIRED:
                holder.items[path[-1]] = Missing(place=node.place)
                unknown.add(path)
    return whole, unknown


def names_text(names: Path) -> str:
    """Return names of fields as a path of a config."""
    return ".".join(map(str, names))


def _leaves(
    one: ConfigClass, node: Mapping, path: Path, names: Path
) -> list[tuple[Path, Path, Field]]:
    """Return the fields below a config that hold no config: path, names, field."""
    found: list[tuple[Path, Path, Field]] = []
    for key, field in one.fields.items():
        child = node.items.get(key)
        if child is None:
            continue
        chosen = class_for(field.kind, child) if isinstance(child, Mapping) else None
        if chosen is not None and isinstance(child, Mapping):
            found += _leaves(chosen, child, (*path, key), (*names, field.name))
        elif not isinstance(child, Mapping):
            found.append(((*path, key), (*names, field.name), field))
    return found


def _is_source(values: Values, tree: Mapping, path: Path) -> bool:
    """Return whether a value is open by itself, and not because of one that it follows from."""
    node = at(tree, path)
    assert node is not None
    value = values.of(node, path)
    return isinstance(value, Open) and not value.follows


def _placeholder(field: Field, path: Path) -> Any:
    """Return a value for an open field, or NOTHING."""
    if field.kind.any or "str" in field.kind.names:
        return f"<{dotted(path)}>"
    if "pathlib.Path" in field.kind.names:
        return FilePath(f"<{dotted(path)}>")
    for name, value in (("int", 1), ("float", 1.0), ("bool", True)):
        if name in field.kind.names:
            return value
    return NOTHING
