"""Combinations: which values are set together, and the config that they make."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from pconfigs.errors.formatting import given_words, listed
from pconfigs.schema.class_schema import is_config
from pconfigs.sweeps.distributions import Distribution
from pconfigs.sweeps.settings import given_for, may_be_secret
from pconfigs.tree.edit import edited
from pconfigs.tree.edit_tree import Call
from pconfigs.tree.paths import parse_pattern


def combinations(
    grid: Mapping[str, Iterable[Any]], zipped: Mapping[str, Iterable[Any]]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the settings of each point, and what is wrong with the arguments.

    The loops of `grid` are nested, its last key is the fastest; the values of `zipped` advance
    together, inside all of them.
    """
    problems: list[str] = []
    loops = _lists("grid", grid, problems)
    inner = _lists("zip", zipped, problems)
    twice = [path for path in inner if path in loops]
    if twice:
        problems.append(f"grid and zip must set different paths, but both set {listed(twice)}")
    lengths = {path: len(values) for path, values in inner.items()}
    if len(set(lengths.values())) > 1:
        shown = listed([f"{path} has {length}" for path, length in lengths.items()])
        problems.append(f"the lists of zip must have equal lengths, but {shown}")
    if problems:
        return [], problems
    rows = [dict(zip(inner, row, strict=True)) for row in zip(*inner.values(), strict=True)] or [{}]
    return [
        {**dict(zip(loops, values, strict=True)), **row}
        for values in itertools.product(*loops.values())
        for row in rows
    ], []


def _lists(name: str, given: object, problems: list[str]) -> dict[str, list[Any]]:
    """Return the values for each path of `grid` or `zip`."""
    if not isinstance(given, Mapping):
        problems.append(f"{name} must be a dict of paths and lists, got {given_words(given)}")
        return {}
    return {path: _values(name, path, values, problems) for path, values in given.items()}


def _values(name: str, path: object, given: Any, problems: list[str]) -> list[Any]:
    """Return the values that are to be set at a path."""
    where = f"{name}[{path!r}]"
    if not isinstance(path, str):
        problems.append(f"{name}: a path must be a string, got {given_words(path)}")
        return []
    if isinstance(given, Distribution):
        shown = f"{type(given).__name__}(...)" if may_be_secret(path) else repr(given)
        advice = f"draw values from it: {shown}.sample(8, seed=0)"
        problems.append(f"{where} must be a list of values, got a distribution\n    {advice}")
        return []
    is_single = isinstance(given, (str, bytes, Mapping)) or is_config(given)
    if is_single or not isinstance(given, Iterable):
        problems.append(f"{where} must be a list of values, got {given_for(path, given)}")
        return []
    if isinstance(given, (set, frozenset)):
        problems.append(f"{where} must be a list of values, got a set, which has no order")
        return []
    values = list(given)
    if not values:
        problems.append(f"{where} must have at least one value, got none")
    return values


def point_of(base: Any, changes: Mapping[str, Any], call: Call) -> Any:
    """Build a variant of `base`; what is set inside another value that is set is set after it."""
    for stage in _stages(changes):
        base = edited(base, stage, call)
    return base


def _stages(changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the changes in the order of how many others they lie in."""
    if len(changes) < 2:
        return [dict(changes)] if changes else []
    steps = {path: parse_pattern(path) for path in changes}
    stages: dict[int, dict[str, Any]] = {}
    for path, value in changes.items():
        own = steps[path]
        around = sum(1 for other in steps.values() if other != own and own[: len(other)] == other)
        stages.setdefault(around, {})[path] = value
    return [stages[count] for count in sorted(stages)]
