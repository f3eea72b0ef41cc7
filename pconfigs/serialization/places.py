"""Places: the line of a file that a problem of its data comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pconfigs.errors.base import Problem
from pconfigs.errors.paths import PathError
from pconfigs.imports.path_syntax import Item, parse_steps


def place_in_data(problems: Iterable[Problem], data: Any, file: str) -> None:
    """Set the places of problems, where the data knows its lines (YAML)."""
    for problem in problems:
        problem.place = place_of(data, keys_of(problem.path), file, 0)


def keys_of(path: str) -> list[Any]:
    """Return the keys of a path; none where it is not one."""
    try:
        return [step.key if isinstance(step, Item) else step for step in parse_steps(path)]
    except PathError:
        return []


def place_of(data: Any, keys: list[Any], file: str, line: int) -> str:
    """Return `file:line` of the innermost value on the way that has a known line."""
    for key in keys:
        line = getattr(data, "lines", {}).get(str(key), line)
        try:
            data = data[key]
        except (LookupError, TypeError):
            break
    return f"{file}:{line}" if line else ""
