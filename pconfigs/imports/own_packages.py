"""The project's own packages: all that dotted paths in overrides may lead to."""

from __future__ import annotations

import os
import sys

from pconfigs.errors.targets import TargetError
from pconfigs.imports import make_current_folder_importable, refuse_program, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


BUILTIN_TYPES = frozenset(
    "bool bytes complex dict float frozenset int list object range set str tuple type".split()
)
"""Types that may be named wherever a class may be."""


class OwnPackages:
    """The packages that a project is made of.

    Args:
        modules: Modules that are part of it; so is all that lies in the current folder.
    """

    def __init__(self, modules: Iterable[str]) -> None:
        self._tops = {module.partition(".")[0] for module in modules}

    def find(self, dotted: str) -> Any:
        """Return the class, function or config that a dotted path leads to.

        Raises:
            TargetError: It leads nowhere, or out of the project.
        """
        if dotted in BUILTIN_TYPES:
            return getattr(sys.modules["builtins"], dotted)
        refuse_program(dotted)
        make_current_folder_importable()
        if not self.has(dotted):
            raise self._foreign(dotted, dotted.partition(".")[0])
        found = resolve(dotted).object
        home = found if isinstance(found, type) or callable(found) else type(found)
        module = getattr(home, "__module__", None)
        if not isinstance(module, str) or not self.has(module):
            raise self._foreign(dotted, str(module))
        return found

    def has(self, module: str) -> bool:
        """Return whether a module is of the project."""
        top = module.strip().partition(".")[0]
        return top in self._tops or os.path.isfile(f"{top}.py") or os.path.isdir(top)

    def _foreign(self, dotted: str, home: str) -> TargetError:
        known = sorted(self._tops - {"__main__"})
        advice = [f"overrides reach {', '.join(known)}"] if known else []
        return TargetError(dotted, f"{home} is not of this project", advice)
