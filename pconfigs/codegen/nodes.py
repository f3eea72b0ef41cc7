"""Nodes: one level of a value as code, before the layout of its lines.

A node is one of

    str           a scalar or a name: never divided
    Group         brackets around entries: on one line, or one entry on each
    Operators     operands that break before their operators
    ReprCode      the value's own repr, where that is an expression
    Unprintable   a value that no code makes: printed as `...` with a comment
"""

from __future__ import annotations

from pconfigs.codegen.imports import is_name
from pconfigs.codegen.literals import block_code, quoted
from pconfigs.imports import DEFAULT_ATTRIBUTE
from pconfigs.validation.frozen import FrozenDict, FrozenList, FrozenSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    from pconfigs.codegen.imports import ImportNames

Node: TypeAlias = "str | Group | Operators | ReprCode | Unprintable"


class Group:
    """`open`, entries, `close`.

    Attributes:
        entries: What precedes each value (`"steps="`, or nothing), and the value. In a dict, keys
            and values.
        kind: "dict" has keys; a "tuple" of one needs its comma; the order of a "set" is still to
            be settled; a "config" has one entry on each line.
    """

    __slots__ = ("close", "entries", "kind", "open")

    def __init__(
        self,
        open: str,
        entries: list[tuple[Any, Any]],
        close: str = ")",
        kind: str = "call",
    ) -> None:
        self.open = open
        self.entries = entries
        self.close = close
        self.kind = kind


class Operators:
    """`A.x`, `| A.y`: each operand but the first begins with its operator."""

    __slots__ = ("operands",)

    def __init__(self, operands: list[str]) -> None:
        self.operands = operands


class ReprCode:
    """The repr of a value, which may or may not be code."""

    __slots__ = ("text", "type_name")

    def __init__(self, text: str, type_name: str) -> None:
        self.text = text
        self.type_name = type_name


class Notation:
    """A value that is printed in the place of another one."""

    __slots__ = ()

    def node(self, names: ImportNames) -> Node:
        """Return its code."""
        raise NotImplementedError


class Unprintable(Notation):
    """A value that has no code; `note` describes it."""

    __slots__ = ("note",)

    def __init__(self, note: str) -> None:
        self.note = note

    def node(self, names: ImportNames) -> Node:
        return self

    @property
    def comment(self) -> str:
        return f"  # {self.note}: has no code form"


class Hidden(Notation):
    """A value that is not to be shown: `Secret(...)`."""

    __slots__ = ()

    def node(self, names: ImportNames) -> Node:
        return call(names.imported("pconfigs", "Secret"), ...)


class Imported(Notation):
    """A value by its name in a module."""

    __slots__ = ("attribute", "module")

    def __init__(self, module: str, attribute: str) -> None:
        self.module, self.attribute = module, attribute

    def node(self, names: ImportNames) -> Node:
        package, _, module = self.module.rpartition(".")
        if package and self.attribute == DEFAULT_ATTRIBUTE:
            # Most experiments are called `config`; their modules tell them apart.
            return f"{names.imported(package, module)}.{self.attribute}"
        return names.imported(self.module, self.attribute)


class Text(Notation):
    """A text of many lines, printed as such where that is exact."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def node(self, names: ImportNames) -> Node:
        return block_code(self.value) or quoted(self.value)


class Collapsed(Notation):
    """A config of which only the class is shown: `Name(...)`."""

    __slots__ = ("cls",)

    def __init__(self, cls: type) -> None:
        self.cls = cls

    def node(self, names: ImportNames) -> Node:
        return call(names.of_class(self.cls) or "...", ...)


def call(name: str, /, *args: Any, **kwargs: Any) -> Group:
    """Return `name(1, key=2)`; words that cannot be keywords are unpacked from a dict."""
    entries: list[tuple[str, Any]] = [("", arg) for arg in args]
    entries += [(f"{key}=", value) for key, value in kwargs.items() if is_name(key)]
    others = {key: value for key, value in kwargs.items() if not is_name(key)}
    if others:
        entries.append(("**", others))
    return Group(f"{name}(", entries)


def items(values: Iterable[Any]) -> list[tuple[str, Any]]:
    """Return entries of a list."""
    return [("", value) for value in values]


def _list(value: list[Any], names: ImportNames) -> Node:
    return Group("[", items(value), "]", "list")


def _tuple(value: tuple[Any, ...], names: ImportNames) -> Node:
    return Group("(", items(value), ")", "tuple")


def _dict(value: dict[Any, Any], names: ImportNames) -> Node:
    return Group("{", list(value.items()), "}", "dict")


def _set(value: set[Any], names: ImportNames) -> Node:
    return Group("{", items(value), "}", "set") if value else "set()"


def _frozenset(value: frozenset[Any], names: ImportNames) -> Node:
    return call("frozenset", set(value)) if value else "frozenset()"


def _range(value: range, names: ImportNames) -> Node:
    step = () if value.step == 1 else (value.step,)
    return call("range", value.start, value.stop, *step)


def _slice(value: slice, names: ImportNames) -> Node:
    return call("slice", value.start, value.stop, value.step)


def _float(value: float, names: ImportNames) -> Node:
    return call("float", repr(value))


def _complex(value: complex, names: ImportNames) -> Node:
    real, imaginary = repr(value.real), repr(value.imag)
    negative = real == "-0.0" and imaginary[0] == "-" and imaginary != "-0.0"
    if (real == "0.0" and imaginary[0] != "-") or negative:
        # `-2j` is the negative of `2j`, real part and all.
        text = imaginary.removesuffix(".0").replace("e+", "e")
        return f"{text}j" if text[-1] not in "nf" else call("complex", value.real, value.imag)
    if real[-1] in "nf" or imaginary[-1] in "nf" or real == "-0.0" or imaginary == "-0.0":
        # No sum of a float and an imaginary literal keeps these apart.
        return call("complex", value.real, value.imag)
    left, right = (part.removesuffix(".0").replace("e+", "e") for part in (real, imaginary))
    return Operators([left, f"- {right[1:]}j" if right[0] == "-" else f"+ {right}j"])


def _ellipsis(value: object, names: ImportNames) -> Node:
    return "..."


def _not_implemented(value: object, names: ImportNames) -> Node:
    return "NotImplemented"


def _bytearray(value: bytearray, names: ImportNames) -> Node:
    return call("bytearray", bytes(value))


NODE_MAKERS: dict[type, Callable[[Any, ImportNames], Node]] = {
    list: _list,
    tuple: _tuple,
    dict: _dict,
    set: _set,
    FrozenList: _list,
    FrozenDict: _dict,
    FrozenSet: _set,
    frozenset: _frozenset,
    range: _range,
    slice: _slice,
    float: _float,
    complex: _complex,
    type(...): _ellipsis,
    type(NotImplemented): _not_implemented,
    bytearray: _bytearray,
}
