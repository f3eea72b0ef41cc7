"""Modules that a package loads when they are first asked for: `runs.ranks.once(...)`.

A package imports the same modules under TYPE_CHECKING: checkers know their types, and the edges
count where cycles are looked for.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def loader_of(package: str, modules: dict[str, str]) -> Callable[[str], object]:
    """Return the `__getattr__` of a package for the modules of a table, by their last names."""

    def load(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        # Set for those of other packages: the next use does not come here.
        found = sys.modules[package].__dict__[name] = __import__(modules[name], fromlist=[name])
        return found

    return load
