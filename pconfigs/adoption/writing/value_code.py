"""Code of values: inputs as calls of config classes, which state what differs from the default."""

from __future__ import annotations

import functools
import inspect
from enum import Enum
from typing import Any

from pconfigs.adoption.given import LEFT_OUT, OMITTED, REQUIRED, Given, Inputs
from pconfigs.adoption.writing.imports import Imports
from pconfigs.codegen.documents import ordered
from pconfigs.codegen.expressions import function_path, known_name, to_node
from pconfigs.codegen.foreign_code import ForeignCode
from pconfigs.codegen.literals import SCALARS
from pconfigs.codegen.nodes import Group, Node, Operators, Unprintable

PLAIN = (list, tuple, set, frozenset, dict, float, complex, functools.partial)
STANDARD = ("datetime", "decimal", "fractions", "pathlib", "uuid")
"""Modules whose values have code."""


class ValueWithoutCodeError(ValueError):
    """A value that no code makes."""


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
        name = self.imports.config_class(given.config_class)
        words = [f"{field}={self.of(value)}" for field, value in inputs.items()]
        return f"{name}({', '.join(words)})"

    def of(self, value: Any) -> str:
        """Return the code of a value."""
        if isinstance(value, Given):
            return self.delta(value)
        if value is OMITTED or value is LEFT_OUT or value is REQUIRED:
            return self.imports.imported("pconfigs", "Required" if value is REQUIRED else "Omitted")
        scalar = SCALARS.get(type(value))
        if scalar is not None and (code := scalar(value)) is not None:
            return code
        node = self.node(value)
        if isinstance(node, str):
            return node
        if isinstance(node, Operators):
            return " ".join(node.operands)
        if not isinstance(node, Group):
            raise ValueWithoutCodeError(type(value).__name__)
        if node.kind == "dict":
            parts = [f"{self.of(key)}: {self.of(inner)}" for key, inner in node.entries]
        elif node.kind == "set":
            members = ordered([inner for _, inner in node.entries], ForeignCode())
            parts = [self.of(member) for member in members]
        else:
            parts = [f"{before}{self.of(inner)}" for before, inner in node.entries]
        comma = "," if node.kind == "tuple" and len(parts) == 1 else ""
        return f"{node.open}{', '.join(parts)}{comma}{node.close}"

    def node(self, value: Any) -> Node:
        """Return one level of a value as code; of a function, its name without its module."""
        if isinstance(value, Group):
            return value
        if inspect.isroutine(value):
            found = function_path(value)
            return found if isinstance(found, Unprintable) else self.imports.qualified(*found)
        kind = type(value)
        if kind in PLAIN or issubclass(kind, (Enum, type)) or known_name(kind)[0] in STANDARD:
            return to_node(value, self.imports)
        return Unprintable(kind.__name__)


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
