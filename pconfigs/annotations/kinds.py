"""Kinds: of which sort a value or class is, in forms that type checkers follow."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeGuard

blank: Callable[[type[Any]], Any] = object.__new__
"""An object of a class with nothing in it yet."""

NUMBERS: frozenset[type] = frozenset((int, float))
JSON_SCALARS: frozenset[type] = frozenset((int, float, bool, str, type(None)))
"""Types of values of JSON that hold no others; subclasses are not among them."""
ATOMS: frozenset[type] = JSON_SCALARS | {bytes}
"""Types of values that hold no others, and have a form in JSON."""
SCALARS: frozenset[type] = ATOMS | {complex}
"""Types of values of Python that hold no others and that a literal makes."""
CONTAINERS: tuple[type[Any], ...] = (list, tuple, set, frozenset, dict)
"""Types whose objects, those of subclasses included, are looked into for configs."""

SCRIPTS: frozenset[str] = frozenset(("__main__", "__mp_main__"))
"""Names of the module of a script: processes that multiprocessing spawns have the second."""


class Sentinel:
    """An object in the place of a value, equal to nothing but itself; it is shown as its name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


MISSING: Any = Sentinel("MISSING")
"""What is not there, in a lookup; never held by a config, nor handed to a caller."""


def is_dict(value: object) -> TypeGuard[dict[Any, Any]]:
    """Return whether a value is a dict, of anything."""
    return isinstance(value, dict)


def is_sequence(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Return whether a value is a list or tuple, of anything."""
    return isinstance(value, (list, tuple))


def is_enum_class(cls: type) -> bool:
    """Return whether a class is an enum; none is if enum is not loaded."""
    enum = getattr(sys.modules.get("enum"), "Enum", None)
    return enum is not None and issubclass(cls, enum)


def is_array_class(cls: type) -> bool:
    """Return whether objects of a class are numpy arrays; none are if numpy is not loaded."""
    array = getattr(sys.modules.get("numpy"), "ndarray", None)
    return array is not None and issubclass(cls, array)
