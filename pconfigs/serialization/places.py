"""Places: the line of a file that a problem of its data comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pconfigs.errors.paths import PathError
from pconfigs.imports.path_syntax import Item, parse_steps

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    from pconfigs.errors.base import Problem

    class Entry(Protocol):
        """The part of an entry of an overlay that is read here; see overlay.py."""

        file: str
        line: int
        node: Any
        inner: Any


def place_in_data(problems: Iterable[Problem], data: Any, file: str) -> None:
    """Set the places of problems, where the data knows its lines (YAML)."""
    for problem in problems:
        problem.place = _place(data, _keys(problem.path), file, 0)


def place_in_entry(problems: Iterable[Problem], top: Entry) -> None:
    """Set the places of problems of an overlay, which may be made of several files."""
    for problem in problems:
        entry, keys = top, _keys(problem.path)
        while keys and entry.inner is not None and keys[0] in entry.inner:
            entry = entry.inner[keys.pop(0)]
        # JSON and TOML know no lines; an overlay counts them as line 1.
        line = entry.line if entry is not top and entry.file.endswith((".yaml", ".yml")) else 0
        problem.place = _place(entry.node, keys, entry.file, line)


def _keys(path: str) -> list[Any]:
    try:
        return [step.key if isinstance(step, Item) else step for step in parse_steps(path)]
    except PathError:
        return []


def _place(data: Any, keys: list[Any], file: str, line: int) -> str:
    """Return `file:line` of the innermost value on the way that has a known line."""
    for key in keys:
        line = getattr(data, "lines", {}).get(str(key), line)
        try:
            data = data[key]
        except (LookupError, TypeError):
            break
    return f"{file}:{line}" if line else ""
