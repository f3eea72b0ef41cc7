"""Code of types and names in one module, which imports what it mentions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import Parameter
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pconfigs.adoption.description import NO_HINT, ConfigClass, Kind
from pconfigs.adoption.nodes import Variable
from pconfigs.adoption.writing.imports import Imports
from pconfigs.codegen.expressions import known_name

KEYS = ["bool", "int", "float", "str", "None"]
"""Names of types that keys of a dict may have, in the order in which they are written."""


@dataclass(slots=True)
class TypeCode:
    """Write types of one module.

    Attributes:
        imports: Of the module.
        variables: Attributes of the class that declares environment variables.
    """

    imports: Imports
    variables: dict[Variable, str] = field(default_factory=dict)

    def add(self, module: str, name: str) -> str:
        """Import a name."""
        return self.imports.imported(module, name)

    def kind(self, kind: Kind) -> str:
        """Return the code of a type."""
        if kind.hint is not NO_HINT:
            return self.annotated(kind)
        if kind.any or (kind.is_empty and not kind.none):
            return self.add("typing", "Any")
        parts = [self.imports.config_class(one) for one in kind.classes]
        parts += [name for name in ("bool", "int", "float", "str") if name in kind.names]
        for name in sorted(kind.names - {"bool", "int", "float", "str"}):
            module, _, last = name.rpartition(".")
            parts.append(self.add(module or "builtins", last))
        if kind.literals:
            values = ", ".join(map(repr, kind.literals))
            parts.append(f"{self.add('typing', 'Literal')}[{values}]")
        if kind.item is not None:
            parts.append(f"list[{self.kind(kind.item)}]")
        if kind.value is not None:
            keys = " | ".join(sorted(kind.keys, key=KEYS.index)) or "str"
            parts.append(f"dict[{keys}, {self.kind(kind.value)}]")
        if kind.none:
            parts.append("None")
        return " | ".join(parts)

    def annotated(self, kind: Kind) -> str:
        """Return the code of a type that the source has as an annotation."""
        text = self.hint(kind.hint, {one.original: one for one in kind.classes})
        if not kind.constraints:
            return text
        calls = [one.partition("(") for one in kind.constraints]
        words = [f"{self.add('annotated_types', name)}({rest}" for name, _, rest in calls]
        return f"{self.add('typing', 'Annotated')}[{', '.join([text, *words])}]"

    def hint(self, hint: Any, classes: dict[type | None, ConfigClass]) -> str:
        """Return the code of an annotation, with config classes for their originals."""
        origin, arguments = get_origin(hint), get_args(hint)
        if hint in (Any, Final, Parameter.empty):
            return self.add("typing", "Any")
        if hint is None or hint is type(None):
            return "None"
        if hint is Ellipsis:
            return "..."
        if origin in (Annotated, Final):
            return self.hint(arguments[0], classes)
        if origin is Literal:
            return f"{self.add('typing', 'Literal')}[{', '.join(map(repr, arguments))}]"
        words = [self.hint(one, classes) for one in (hint if isinstance(hint, list) else arguments)]
        if origin in (Union, UnionType):
            return " | ".join(words)
        inner = ", ".join(words)
        if isinstance(hint, list):
            return f"[{inner}]"
        if origin is Callable:
            return f"{self.add('collections.abc', 'Callable')}[{inner or '..., object'}]"
        known = origin or hint
        if isinstance(known, type) and known in classes:
            return self.imports.config_class(classes[known])
        name, module = getattr(known, "__qualname__", None), getattr(known, "__module__", None)
        if name is None or module is None:
            return self.add("typing", "Any")
        if isinstance(known, type):
            module, name = known_name(known)
        text = self.imports.qualified(module, name)
        return f"{text}[{inner}]" if origin is not None else text
