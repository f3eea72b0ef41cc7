"""Simple types and values: those that parameters of outside code may have to become fields.

Numbers, texts, bytes, paths, enums and containers of them: what a config holds read-only, prints
as code and gives out as an ordinary copy. Function configs are simple, too.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import SCALARS, is_enum_class
from pconfigs.annotations.typing_forms import form_of
from pconfigs.schema.class_schema import is_config, is_config_class
from pconfigs.validation.frozen import FrozenDict, FrozenList, FrozenSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NoneType = type(None)
_CONTAINERS = (list, tuple, set, frozenset, FrozenList, FrozenSet)
_DICTS = (dict, FrozenDict)
_ABSTRACT = frozenset(
    {"Sequence", "MutableSequence", "Mapping", "MutableMapping", "Set", "MutableSet"}
)


def is_simple_value(value: object) -> bool:
    """Return whether a default can be taken over from a signature."""
    kind = type(value)
    if kind in SCALARS:
        return True
    if kind in _CONTAINERS:
        return all(map(is_simple_value, value))  # type: ignore[call-overload]
    if kind in _DICTS:
        pairs: Any = value
        return all(is_simple_value(one) for pair in pairs.items() for one in pair)
    return _is_path(kind) or is_enum_class(kind) or is_config(value)


def is_simple_hint(hint: Any, inside: bool = False) -> bool:
    """Return whether a parameter of that type can become a field by itself.

    A union is simple where one of its members is; inside of a container, where all are.
    """
    if hint is None or hint is NoneType:
        return inside
    form = form_of(hint)
    if form == "Literal":
        return True
    if form == "Union":
        found = [is_simple_hint(member, inside) for member in hint.__args__]
        return all(found) if inside else any(found)
    if form == "Annotated":
        return is_simple_hint(hint.__origin__, inside)
    if form in ("NewType", "TypeAliasType"):
        return is_simple_hint(getattr(hint, "__supertype__", None) or hint.__value__, inside)
    origin = getattr(hint, "__origin__", None)
    if origin is None or not isinstance(origin, type):
        return isinstance(hint, type) and _is_simple_class(hint)
    if not _is_simple_container(origin):
        return False
    arguments = [one for one in getattr(hint, "__args__", ()) if one is not ...]
    return all(is_simple_hint(one, True) for one in arguments)


def type_of_value(value: object) -> Any:
    """Return the type that a parameter without an annotation has, by its simple default."""
    kind = type(value)
    if _is_path(kind):
        pathlib = sys.modules["pathlib"]
        return pathlib.Path if issubclass(kind, pathlib.Path) else pathlib.PurePath
    return kind


def _is_simple_class(cls: type) -> bool:
    return (
        cls in SCALARS
        or _is_simple_container(cls)
        or _is_path(cls)
        or is_enum_class(cls)
        or is_config_class(cls)
        or cls is _callable_configs()
    )


def _callable_configs() -> Any:
    return getattr(sys.modules.get("pconfigs.wrapping.calling"), "PCallable", None)


def _is_simple_container(cls: type) -> bool:
    return cls in (*_CONTAINERS, *_DICTS) or (
        cls.__module__ == "collections.abc" and cls.__name__ in _ABSTRACT
    )


def _is_path(cls: type) -> bool:
    path = getattr(sys.modules.get("pathlib"), "PurePath", None)
    return path is not None and issubclass(cls, path)
