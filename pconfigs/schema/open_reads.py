"""Open reads: whether a property may have read an open value inside of a part.

An open value refuses every operation that Python lets it refuse. `is`, `match`, `type(x)` and what
C code does are not among them, so a property could go on with the marker unnoticed. Where its code
names a field that is open in a part that it read, build/evaluation.py looks at what it reads.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import CONTAINERS
from pconfigs.markers import Pinned, Required, ValueMarker
from pconfigs.schema.attribute_reads import codes_of, names_read_on_others
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.properties import member_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType
    from typing import Any

    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.properties import pcheck, pproperty

_MODULE = type(sys)
# What reads attributes whose names are not in the code.
_ANY_NAME = frozenset("__dict__ vars getattr attrgetter methodcaller asdict astuple pget".split())
_MOST_FOLLOWED = 30


class AskedNames:
    """The names that a property may read on anything but its own config.

    Those in the functions that it calls and in the methods of what it reads count, too.
    """

    __slots__ = ("_of_class", "names")

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self._of_class: dict[type, tuple[AskedNames, tuple[str, ...]]] = {}

    def may_be_open(self, value: Any) -> bool:
        """Return whether a value that the property read holds something open that it may read."""
        cls = type(value)
        if hasattr(cls, "__pconfig_schema__"):
            asked, fields = self._of_class.get(cls) or self._below(cls)
            held = value.__dict__
            return any([asked.is_open(held.get(name)) for name in fields]) if fields else False
        if not issubclass(cls, CONTAINERS):
            return False
        items = [*value, *value.values()] if issubclass(cls, dict) else value
        kinds = [kind for kind in set(map(type, items)) if self._may_hold_open(kind)]
        return bool(kinds) and any([self.is_open(item) for item in items])

    def is_open(self, value: Any) -> bool:
        """Return whether a value inside of a part is open, or holds something that may be read."""
        return value is Required or value is Pinned or self.may_be_open(value)

    def _may_hold_open(self, cls: type) -> bool:
        if hasattr(cls, "__pconfig_schema__"):
            return bool((self._of_class.get(cls) or self._below(cls))[1])
        return cls is ValueMarker or issubclass(cls, CONTAINERS)

    def _below(self, cls: type) -> tuple[AskedNames, tuple[str, ...]]:
        """Return the names with those in the methods of a part, and its fields among them."""
        members = [member_of(cls, name) for name in sorted(self.names)]
        names = self.names | _names_reached(members, cls)
        asked = self if names == self.names else AskedNames(names)
        fields = schema_of(cls).fields
        asks_any = not names.isdisjoint(_ANY_NAME)
        found = asked, tuple(name for name in fields if asks_any or name in names)
        self._of_class[cls] = found
        return found


def may_read_open(schema: Schema, found: pproperty | pcheck, values: Iterable[Any]) -> bool:
    """Return whether a property or check may read something open inside of some values."""
    nested = [value for value in values if _may_hold_parts(type(value))]
    if not nested:
        return False
    if (found.name, False) not in schema.asked:
        # Names alone overstate: only where they are met is the bytecode worth reading.
        if not any(map(asked_names(schema, found, quickly=True).may_be_open, nested)):
            return False
    return any(map(asked_names(schema, found).may_be_open, nested))


def holding_open(schema: Schema, values: Iterable[Any]) -> list[Any]:
    """Return those of some values that hold something open inside, whatever it is named."""
    key = "", True
    asked = schema.asked.get(key)
    if asked is None:
        asked = schema.asked[key] = AskedNames(_ANY_NAME)
    return [value for value in values if asked.may_be_open(value)]


def _may_hold_parts(cls: type) -> bool:
    return hasattr(cls, "__pconfig_schema__") or issubclass(cls, CONTAINERS)


def asked_names(schema: Schema, found: pproperty | pcheck, quickly: bool = False) -> AskedNames:
    """Return the names that a property or check may read on anything but its own config.

    Args:
        schema: Of the class that it is evaluated for.
        found: The property or check.
        quickly: The names that it reads on its config may be among them; its bytecode is not read.
    """
    key = found.name, quickly
    asked: AskedNames | None = schema.asked.get(key)
    if asked is None:
        function: Any = found.function
        names = _names_in(function.__code__) if quickly else names_read_on_others(function)
        names |= _ANY_NAME.intersection(function.__code__.co_names)
        names |= _names_reached(_named_in(function, schema.cls), schema.cls)
        asked = schema.asked[key] = AskedNames(frozenset(names))
    return asked


def _names_reached(values: Iterable[Any], cls: type) -> set[str]:
    """Return the names in the functions among some values, and in those that they call in turn.

    Those of this library and of installed ones are left out: what they read is named in calls.
    Where there are many, any name may be asked.
    """
    names: set[str] = set()
    reached: set[CodeType] = set()
    pending = list(values)
    while pending:
        for function in _functions_of(pending.pop()):
            code = function.__code__
            if code in reached or _is_installed(function):
                continue
            reached.add(code)
            names |= _names_in(code)
            if len(reached) > _MOST_FOLLOWED:
                return names | _ANY_NAME
            pending += _named_in(function, cls)
    return names


def _functions_of(value: Any) -> list[Any]:
    """Return the functions that calling a value may run: itself, or those of an ordinary class.

    The value itself is asked nothing: it may be anything.
    """
    kind = type(value)
    if issubclass(kind, property):
        value = value.fget
    elif issubclass(kind, (classmethod, staticmethod)):
        value = value.__func__
    elif kind.__name__ == "_lru_cache_wrapper":
        value = value.__wrapped__
    is_class = issubclass(kind, type) and not hasattr(value, "__pconfig_schema__")
    members = vars(value).values() if is_class else (value,)
    return [one for one in members if hasattr(type(one), "__code__")]


def _named_in(function: Any, cls: type) -> Iterator[Any]:
    """Yield what the names in a function may be: globals, closures, and members of a class."""
    names = _names_in(function.__code__)
    for name in sorted(names):
        value = function.__globals__.get(name)
        yield value
        yield member_of(cls, name)
        if issubclass(type(value), _MODULE):
            yield from [vars(value)[inner] for inner in names if inner in vars(value)]
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not assigned yet
            continue


def _names_in(code: CodeType) -> set[str]:
    """Return the names of all globals and attributes in a code and the code inside it."""
    return {name for inner in codes_of(code) for name in inner.co_names}


def _is_installed(function: Any) -> bool:
    package = str(function.__module__).partition(".")[0]
    is_library = package == "pconfigs" or package in sys.stdlib_module_names
    return is_library or "site-packages" in function.__code__.co_filename
