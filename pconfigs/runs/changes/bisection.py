"""Bisection: the smallest set of settings that moves a metric, found by runs in between.

Source: Zeller, Yesterday, my program worked. Today, it does not. Why? (1999), the algorithm `dd`:
halves of the settings are tried on top of what is known to be needed; where neither half moves the
metric by itself, both hold a part of the cause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pconfigs.errors.build import BuildError, CheckError
from pconfigs.errors.paths import EditError, PathError
from pconfigs.tree.diff import pdiff
from pconfigs.tree.edit import pset
from pconfigs.tree.walk import pget

_STRUCTURE = ("added", "removed", "moved")


def differing_settings(good: Any, bad: Any) -> dict[str, Any]:
    """Return what was set differently in `bad`, by path; a list that changed its items is one."""
    found: dict[str, Any] = {}
    for change in pdiff(good, bad).inputs:
        path = str(change.path)
        while change.kind in _STRUCTURE and path.endswith("]"):
            path = path.rpartition("[")[0]
        found[path] = None
    # A part that is replaced as a whole brings what is in it.
    whole = [path for path in found if not any(_is_inside(path, other) for other in found)]
    return {path: pget(bad, path) for path in whole}


def _is_inside(path: str, other: str) -> bool:
    return path != other and path.startswith((f"{other}.", f"{other}["))


def between(good: Any, settings: Mapping[str, Any], chosen: Sequence[str]) -> Any | None:
    """Return `good` with the chosen settings of the other config; None where that is impossible."""
    try:
        return pset(good, {path: settings[path] for path in chosen})
    except (BuildError, CheckError, EditError, PathError):
        return None


def culprits(names: Sequence[str], moves: Callable[[Sequence[str]], bool]) -> list[str]:
    """Return the smallest set of names found that moves the result, in their order.

    Args:
        names: All of them together move it; none of them does not.
        moves: Whether the result is moved by some of them.
    """
    known: dict[frozenset[str], bool] = {frozenset(names): True, frozenset(): False}

    def asked(chosen: Sequence[str]) -> bool:
        key = frozenset(chosen)
        if key not in known:
            known[key] = moves([name for name in names if name in key])
        return known[key]

    def search(candidates: list[str], needed: list[str]) -> list[str]:
        if len(candidates) == 1:
            return candidates
        middle = len(candidates) // 2
        first, second = candidates[:middle], candidates[middle:]
        if asked([*needed, *first]):
            return search(first, needed)
        if asked([*needed, *second]):
            return search(second, needed)
        return [*search(first, [*needed, *second]), *search(second, [*needed, *first])]

    found = search(list(names), []) if names else []
    return [name for name in names if name in set(found)]
