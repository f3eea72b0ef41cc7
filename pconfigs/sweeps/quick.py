"""Quick sweeps: `name=value,value` and `name=range(4)` words of a command line, combined."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from typing import Any

from pconfigs.errors.base import PConfigError
from pconfigs.errors.runs import BadPoint, SweepError
from pconfigs.overrides.override import poverride
from pconfigs.overrides.shown import refused_words
from pconfigs.serialization.texts.tokens import split_items
from pconfigs.sweeps.sweep import Sweep, without_duplicates

MOST = 100_000
"""Combinations that words of a command line may make."""
_DIGITS = 18  # of a number in range(): reading ever longer ones takes ever longer
_RANGE = re.compile(r"range\(\s*(-?\d+)\s*(?:,\s*(-?\d+)\s*)?(?:,\s*(-?\d+)\s*)?\)")


def combined_words(words: Sequence[str]) -> list[list[str]]:
    """Return the overrides of each combination: nested loops, the last word fastest.

    `["lr=1e-4,3e-4", "seed=range(2)"]` are four combinations. A comma within brackets or quotes
    does not separate: `hidden=[64,32],[128]` are two values.

    Raises:
        SweepError: They are more than `MOST`.
    """
    choices = [alternatives(word) for word in words]
    _refuse_too_many(math.prod(map(len, choices)))
    return [list(choice) for choice in itertools.product(*choices)]


def alternatives(word: str) -> list[str]:
    """Return the overrides that one word lists: `lr=1,2` is `lr=1` and `lr=2`.

    Raises:
        SweepError: They are more than `MOST`.
    """
    left, sign, text = word.partition("=")
    if not sign:
        return [word]
    values: list[str] = []
    for item in split_items(f"[{text}]"):
        match = _RANGE.fullmatch(item)
        numbers = [number for number in match.groups() if number is not None] if match else []
        if any(len(number) > _DIGITS for number in numbers):
            _refuse_too_many(10**_DIGITS)
        bounds = [int(number) for number in numbers]
        if bounds and bounds[2:] != [0]:
            found = range(*bounds)
            _refuse_too_many(len(found))
            values += map(str, found)
        else:
            values.append(item)
    return [f"{left}={value}" for value in values] or [word]


def _refuse_too_many(count: int) -> None:
    if count > MOST:
        raise SweepError(None, [f"the words must make at most {MOST:,} points, got {count:,}"])


def quick_sweep(base: Any, words: Sequence[str]) -> Sweep[Any]:
    """Return the variants that all combinations of overrides make.

    Raises:
        SweepError: Some cannot be built: all that is wrong with any of them.
    """
    points: list[tuple[Any, dict[str, str]]] = []
    reasons: dict[str, list[str]] = {}
    combinations = combined_words(words)
    bad = 0
    for choice in combinations:
        try:
            points.append((poverride(base, choice), dict(map(_pair, choice))))
        except PConfigError as error:
            bad += 1
            reasons.setdefault(str(error), []).append(" ".join(refused_words(base, choice)))
    if reasons:
        problems = [BadPoint(message, found, None) for message, found in reasons.items()]
        raise SweepError(None, problems, bad, len(combinations))
    return without_duplicates(points)


def _pair(word: str) -> tuple[str, str]:
    left, _, text = word.partition("=")
    return left, text
