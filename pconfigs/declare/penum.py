"""Enums whose repr is code: `Color.red`."""

from __future__ import annotations

from enum import Enum, EnumMeta

from pconfigs.declare.remade import body_of, move_methods
from pconfigs.errors.declare import DeclarationError
from pconfigs.errors.environment import NoMemberError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _code(self: Any) -> str:
    """Return the member as code."""
    cls = type(self)
    name = cls.__qualname__.rpartition("<locals>.")[2]
    # Several flags at once have the names of all: `read|write`; bits without a name are numbers.
    parts = str(self._name_).split("|")
    if all(part in cls.__members__ for part in parts):
        return " | ".join(f"{name}.{part}" for part in parts)
    return f"{name}({self._value_!r})"


def _make(cls: Any, value: object, /) -> Any:
    """Return the member with this value; the same as calling the class.

    Raises:
        NoMemberError: No member has it.
    """
    try:
        return cls(value)
    except ValueError as error:
        if isinstance(error, NoMemberError):
            raise
        raise NoMemberError(cls, value) from None


class PEnum(Enum):
    """The result of `@penum`; a base that lets type checkers know the members."""

    __repr__ = _code
    make = classmethod(_make)


def penum(cls: Any, /) -> Any:
    """Make a class of constants an enum whose members print as code.

    `@penum class Color: red = "red"` gives `Color.red`, `Color("red")` and `Color.make("red")`. An
    Enum stays the same class and is given the repr; a base such as `str` stays a base.

    Raises:
        DeclarationError: The class cannot become an enum.
    """
    if not isinstance(cls, type):
        raise DeclarationError(f"@penum goes on a class, but was put on {cls!r}")
    if isinstance(cls, EnumMeta):
        return _with_members(cls)
    if type(cls) is not type:
        raise DeclarationError(
            f"@penum cannot make {cls.__qualname__} an enum: its metaclass is"
            f" {type(cls).__qualname__}"
        )
    return _enum_of(cls)


def _with_members(cls: Any) -> EnumMeta:
    """Return an enum, with the repr and `make` unless it has its own."""
    if issubclass(cls, PEnum):
        return cls  # type: ignore[no-any-return]
    if _written_in_enum(cls.__repr__):
        cls.__repr__ = _code
    if not hasattr(cls, "make"):
        cls.make = classmethod(_make)
    return cls  # type: ignore[no-any-return]


def _written_in_enum(function: Any) -> bool:
    """Return whether a repr is that of the enum module, or of a builtin base."""
    return getattr(function, "__module__", None) == "enum" or not hasattr(function, "__code__")


def _enum_of(cls: type[Any]) -> EnumMeta:
    bases = tuple(base for base in cls.__bases__ if base is not object)
    if not any(isinstance(base, EnumMeta) for base in bases):
        bases = (*bases, PEnum)
    namespace: Any = EnumMeta.__prepare__(cls.__name__, bases)
    for name, value in body_of(cls).items():
        namespace[name] = value
    try:
        made: Any = EnumMeta(cls.__name__, bases, namespace)
    except (TypeError, ValueError) as error:
        raise DeclarationError(f"@penum cannot make {cls.__qualname__} an enum: {error}") from error
    move_methods(cls, made)
    return _with_members(made)
