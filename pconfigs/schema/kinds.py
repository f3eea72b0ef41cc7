"""Kinds: what a value is, told so that type checkers know what may be inside it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeGuard

kind_of: Callable[[object], type[Any]] = type
"""`type(value)` itself, under a name that is typed for values which may be anything."""

is_a: Callable[[object, type[Any] | tuple[type[Any], ...]], bool] = isinstance
"""`isinstance` itself, where a container stays for checkers what it was: a value of any kind."""


extends: Callable[[type[Any], type[Any] | tuple[type[Any], ...]], bool] = issubclass
"""`issubclass` itself, in the same way."""

blank: Callable[[type[Any]], Any] = object.__new__
"""An object of a class with nothing in it yet."""


def is_dict(value: object) -> TypeGuard[dict[Any, Any]]:
    """Whether a value is a dict, of anything."""
    return isinstance(value, dict)


def is_sequence(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Whether a value is a list or tuple, of anything."""
    return isinstance(value, (list, tuple))
