"""Placeholders: what a source leaves open is given on both sides, so that the rest is compared."""

from __future__ import annotations

from collections.abc import Iterator
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
        # Computed anew after the placeholders: what follows from them is known then.
        values = Values(whole, variables)
        found = [
            (name, sample, field)
            for name, sample, field in _leaves(root, Sample(whole, (), whole))
            if name not in given and _is_source(values, sample)
        ]
        if not found:
            return whole, {name: value for name, value in given.items() if value is not NOTHING}
        for name, sample, field in found:
            value = given[name] = _placeholder(field, sample.path)
            holder = at(whole, sample.path[:-1])
            if value is not NOTHING and isinstance(holder, Mapping):
                holder.items[sample.path[-1]] = Scalar(place=Place("", 0), value=value)


def without_unknown(root: ConfigClass, tree: Mapping) -> tuple[Mapping, set[Path]]:
    """Return a tree whose values that no class computes are missing, and the paths of these.

    Such a value reads an environment variable where the field follows something else, or nothing.
    """
    whole = copied(tree)
    assert isinstance(whole, Mapping)
    inputs = Inputs(tree)
    unknown: set[Path] = set()
    for _, sample, field in _leaves(root, Sample(tree, (), tree)):
        holder = at(whole, sample.path[:-1])
        if isinstance(sample.node, Interpolation) and isinstance(holder, Mapping):
            if inputs.field(field, sample) is REQUIRED:
                holder.items[sample.path[-1]] = Missing(place=sample.node.place)
                unknown.add(sample.path)
    return whole, unknown


def _leaves(
    one: ConfigClass, sample: Sample, above: str = ""
) -> Iterator[tuple[str, Sample, Field]]:
    """Yield the fields below a config that hold no config, each after its path by names."""
    for key, field in one.fields.items():
        if key in sample.items:
            inner, name = sample.inside(key, sample.items[key]), f"{above}{field.name}"
            if not isinstance(inner.node, Mapping):
                yield name, inner, field
            elif (chosen := class_for(field.kind, inner.node)) is not None:
                yield from _leaves(chosen, inner, f"{name}.")


def _is_source(values: Values, sample: Sample) -> bool:
    """Return whether a value is open by itself, and not because of one that it follows from."""
    value = values.of(sample.node, sample.path)
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
