"""Work that is deferred to its first use: modules that a package loads, and the locks of such work.

Of `runs.ranks.once(...)`, the module is loaded when it is first asked for. The package imports it
under TYPE_CHECKING, too: checkers know its types, and the edges count where cycles are looked for.
"""

from __future__ import annotations

import os
import sys
from _thread import RLock

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


def thread_lock() -> RLock:
    """Return a lock of threads that is free in a forked process, where its holder does not run."""
    made = RLock()
    if hasattr(os, "register_at_fork"):  # POSIX
        # As the standard library does it, whose stubs leave it out.
        os.register_at_fork(after_in_child=made._at_fork_reinit)  # type: ignore[attr-defined]
    return made
