"""Searches: a base, what may vary in it, and the metric that is to become best."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Generic, NoReturn, TypeVar

from pconfigs.errors.access import FrozenError
from pconfigs.errors.base import PConfigError, with_hints
from pconfigs.errors.formatting import did_you_mean, given_words, listed
from pconfigs.errors.runs import SearchError
from pconfigs.provenance.locations import place_of
from pconfigs.provenance.origins import user_call_site
from pconfigs.schema.class_schema import is_config
from pconfigs.sweeps.combinations import point_of
from pconfigs.sweeps.distributions import (
    Choice,
    Distribution,
    Integers,
    LogUniform,
    Uniform,
)
from pconfigs.sweeps.settings import given_for, holds_secret
from pconfigs.tree.paths import parse_pattern

C = TypeVar("C")
PRUNERS = ("median", "halving", "hyperband")
_DIRECTIONS = ("max", "min")
_SEARCHED = (Uniform, LogUniform, Integers, Choice)


class Search(Generic[C]):
    """A search: `python -m pconfigs.run` runs it, each trial as a run of its own.

    Attributes:
        base: The config that is varied.
        space: Distributions by path.
        metric: The metric that is looked at: its last value in a run.
        maximize: Whether large values are good.
        runs: How many runs are to be done.
        parallel: How many run at a time.
        seed: What the points depend on.
        prune: The name of a pruner, or None.
    """

    __slots__ = (
        "_call", "base", "maximize", "metric", "parallel", "prune", "runs", "seed", "space",
    )  # fmt: skip

    base: C
    space: Mapping[str, Distribution[Any]]
    metric: str
    maximize: bool
    runs: int
    parallel: int
    seed: int
    prune: str | None

    def __init__(self, **facts: Any) -> None:
        for name, value in facts.items():
            object.__setattr__(self, name, value)

    def point(self, values: Mapping[str, Any]) -> C:
        """Return the config with values at the paths of the space.

        Raises:
            PConfigError: It cannot be built.
        """
        found: C = point_of(self.base, values, self._call)  # type: ignore[attr-defined]
        return found

    @property
    def goal(self) -> str:
        """The goal as it is written: `max accuracy`."""
        return f"{_DIRECTIONS[not self.maximize]} {self.metric}"

    def identity(self, fingerprint: str) -> str:
        """Return a name that is the same for the same search of a base with a fingerprint.

        How many runs are wanted does not count: more of them continue what is there.
        """
        # A hash of a short secret gives it away.
        space = sorted(
            (path, f"{len(one.values)} secrets")
            if isinstance(one, Choice) and holds_secret(self.base, path)
            else (path, repr(one))
            for path, one in self.space.items()
        )
        text = repr((fingerprint, space, self.goal, self.seed, self.prune))
        return sha256(text.encode()).hexdigest()[:12]

    def __repr__(self) -> str:
        return f"<search of {self.runs} runs for {self.goal} over {', '.join(self.space)}>"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenError(f"a search cannot be changed: make another one with psearch({name}=...)")

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenError("a search cannot be changed")


def psearch(
    base: C,
    *,
    space: Mapping[str, Any],
    goal: str = "max accuracy",
    runs: int = 40,
    parallel: int = 4,
    seed: int = 0,
    prune: str | None = None,
) -> Search[C]:
    """Return a search for the variant of a config whose metric becomes best.

    `psearch(config, space={"optimizer.rate": LogUniform(1e-4, 1e-1)}, goal="min loss")`

    Args:
        base: The config that is varied.
        space: Paths, as for `pset`, and `Uniform`, `LogUniform`, `Integers`, `Choice`; a list is a
            choice.
        goal: `max` or `min`, and the name of a metric.
        runs: How many runs are to be done, at least 1.
        parallel: How many run at a time. With 1, the points depend on the seed alone, as far as the
            values of the metric do.
        seed: What the points depend on, an integer from 0.
        prune: `"median"`, `"halving"` or `"hyperband"`: stop runs whose metric is not promising.

    Raises:
        SearchError: An argument is wrong, or the space has values that the base cannot have: all
            that is wrong.
    """
    call = user_call_site()
    problems: list[str] = []
    if not is_config(base):
        problems.append(f"base must be a config, got {given_words(base)}")
    found = _space(space, problems)
    direction, _, metric = goal.strip().partition(" ") if isinstance(goal, str) else ("", "", "")
    if direction not in _DIRECTIONS or not metric.strip():
        problems.append(f"goal must be 'max METRIC' or 'min METRIC', got {goal!r}")
    for name, value, least in (("runs", runs, 1), ("parallel", parallel, 1), ("seed", seed, 0)):
        if type(value) is not int or value < least:
            problems.append(f"{name} must be an integer from {least}, got {given_words(value)}")
    if prune is not None and prune not in PRUNERS:
        names = listed([repr(name) for name in PRUNERS], "or")
        problem = f"prune must be {names}, got {prune!r}"
        problems.append(with_hints(problem, did_you_mean(str(prune), PRUNERS)))
    search: Search[C] = Search(
        base=base,
        space=MappingProxyType(found),
        metric=metric.strip(),
        maximize=direction == "max",
        runs=runs,
        parallel=parallel,
        seed=seed,
        prune=prune,
        _call=call,
    )
    if not problems:
        problems = _refused_values(search)
    if problems:
        raise SearchError(place_of(*call), problems)
    return search


def _space(given: object, problems: list[str]) -> dict[str, Distribution[Any]]:
    """Return the distributions of a space; lists become choices."""
    if not isinstance(given, Mapping) or not given:
        expected = "a dict of paths and distributions"
        problems.append(f"space must be {expected}, got {given_words(given)}")
        return {}
    found: dict[str, Distribution[Any]] = {}
    for path, value in given.items():
        try:
            parse_pattern(path)
            one = Choice(value) if isinstance(value, (list, tuple, range)) else value
        except (PConfigError, TypeError, AttributeError) as error:
            problems.append(f"space[{path!r}]: {error}")
            continue
        if not isinstance(one, _SEARCHED):
            kinds = listed([cls.__name__ for cls in _SEARCHED], "or")
            got = given_for(path, value)
            problems.append(f"space[{path!r}] must be a list, {kinds}, got {got}")
            continue
        found[path] = one
    return found


def _refused_values(search: Search[Any]) -> list[str]:
    """Return why values of the space cannot be set, each reason once.

    Ends of ranges and choices are tried: alone, and with all else in the middle of its range.
    """
    middle = {path: one.at(0.5) for path, one in search.space.items()}
    reasons: dict[str, str] = {}
    for others in ({}, middle):
        for path, one in search.space.items():
            ends = (one.at(0.0), one.at(1 - 2**-53))  # the last float below 1
            for value in one.values if isinstance(one, Choice) else ends:
                try:
                    search.point({**others, path: value})
                except PConfigError as error:
                    shown = "..." if holds_secret(search.base, path) else repr(value)
                    reasons.setdefault(str(error).replace("\n", "\n    "), f"{path}={shown}")
        if reasons:
            break
    return [f"{setting}:\n    {reason}" for reason, setting in reasons.items()]
