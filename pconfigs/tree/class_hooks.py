"""Hooks on the attribute reads of config classes, while they are recorded.

Reading a field of a config costs what reading any attribute costs. Code that wants to know what is
read replaces `__getattribute__` on the classes in question for a while; configs keep their class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Read: TypeAlias = Callable[[Any, str], Any]
HOOK = "__getattribute__"


class ClassHooks:
    """The hooks that one recorder has put on classes."""

    def __init__(self, wrap: Callable[[type, Read], Read]) -> None:
        """Create hooks that `wrap` makes of a class and its present way to read."""
        self._wrap = wrap
        self._before: dict[type, Any] = {}

    def install(self, cls: type) -> None:
        """Put a hook on a class, unless it has one."""
        if cls not in self._before:
            self._before[cls] = cls.__dict__.get(HOOK)
            setattr(cls, HOOK, self._wrap(cls, getattr(cls, HOOK)))

    def remove(self) -> None:
        """Give all classes back what they had."""
        for cls, before in reversed(self._before.items()):
            if before is None:
                delattr(cls, HOOK)
            else:
                setattr(cls, HOOK, before)
        self._before.clear()
