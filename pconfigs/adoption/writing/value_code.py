"""Code of values: inputs as calls of config classes, which state what differs from the default."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from pconfigs.adoption.given import LEFT_OUT, OMITTED, REQUIRED, Given, Inputs
from pconfigs.adoption.writing.imports import Imports

STANDARD = frozenset(
    (
        "date", "datetime", "time", "timedelta", "timezone", "Decimal", "Fraction", "UUID",
    )
)  # fmt: skip
"""Classes of the standard library whose values are written as their repr."""


@dataclass(frozen=True, slots=True)
class Code:
    """A value by its code, with the module and name of all that it needs."""

    text: str
    imports: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs between brackets."""

    opening: str
    closing: str
    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function of a module, with inputs."""

    module: str
    name: str
    words: tuple[Any, ...]
    named: dict[str, Any]


def standard_code(value: Any) -> Code | None:
    """Return the code of a date, a duration, a decimal number and the like."""
    cls = type(value)
    if cls.__name__ not in STANDARD or cls.__module__ not in (
        "datetime", "decimal", "fractions", "uuid",
    ):  # fmt: skip
        return None
    text = repr(value).replace("datetime.", "")
    names = set(re.findall(r"\b[A-Za-z]\w*(?=[(.])", text))
    if not names <= STANDARD:
        return None  # such as the time zone of another library
    modules = {"Decimal": "decimal", "Fraction": "fractions", "UUID": "uuid"}
    return Code(text, tuple((modules.get(name, "datetime"), name) for name in sorted(names)))


class ValueCode:
    """Write values of one module."""

    def __init__(self, imports: Imports) -> None:
        self.imports = imports

    def whole(self, given: Given) -> str:
        """Return a call that states every input, as a default does."""
        return self.call(given, given.inputs)

    def delta(self, given: Given) -> str:
        """Return a call that states the inputs that differ from the default of the class."""
        one = given.config_class
        if one.default is None:
            # Classes that are not made from a tree give what differs already.
            return self.whole(given)
        default = Inputs(one.default.tree).config(one, one.default)
        changed = {
            name: value
            for name, value in given.inputs.items()
            if not same(value, default.inputs[name])
        }
        return self.call(given, changed)

    def call(self, given: Given, inputs: dict[str, Any]) -> str:
        """Return a call of a class with some inputs."""
        name = self.imports.of_class(given.config_class)
        words = [f"{field}={self.of(value)}" for field, value in inputs.items()]
        return f"{name}({', '.join(words)})"

    def of(self, value: Any) -> str:
        """Return the code of a value."""
        if isinstance(value, Given):
            return self.delta(value)
        if value is OMITTED or value is LEFT_OUT or value is REQUIRED:
            return self.imports.add("pconfigs", "Required" if value is REQUIRED else "Omitted")
        value = standard_code(value) or value
        if isinstance(value, Code):
            return self.imports.added(value.text, value.imports)
        if isinstance(value, Call):
            words = [self.of(one) for one in value.words]
            words += [f"{name}={self.of(one)}" for name, one in value.named.items()]
            return f"{self.imports.add(value.module, value.name)}({', '.join(words)})"
        if isinstance(value, Group):
            inner = ", ".join(map(self.of, value.items))
            comma = "," if value.opening == "(" and len(value.items) == 1 else ""
            if not value.items and value.opening == "{":
                return "set()"
            return f"{value.opening}{inner}{comma}{value.closing}"
        if isinstance(value, list):
            return f"[{', '.join(map(self.of, value))}]"
        if isinstance(value, dict):
            pairs = [f"{key!r}: {self.of(inner)}" for key, inner in value.items()]
            return f"{{{', '.join(pairs)}}}"
        if isinstance(value, PurePath):
            return f"{self.imports.add('pathlib', 'Path')}({str(value)!r})"
        if isinstance(value, float) and not math.isfinite(value):
            return f'float("{value}")'
        return repr(value)


def same(one: Any, other: Any) -> bool:
    """Return whether two inputs are equal, types included: 1, 1.0 and True all differ."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Given):
        return one.config_class is other.config_class and same(one.inputs, other.inputs)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return bool(one == other or (one != one and other != other))
