"""Code of types and names in one module, which imports what it mentions."""

from __future__ import annotations

from dataclasses import dataclass, field

from pconfigs.adoption.description import Kind
from pconfigs.adoption.nodes import Variable
from pconfigs.adoption.writing.imports import Imports

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
        return self.imports.add(module, name)

    def kind(self, kind: Kind) -> str:
        """Return the code of a type."""
        if kind.text:
            return self.imports.added(kind.text, kind.imports)
        if kind.any or (kind.is_empty and not kind.none):
            return self.add("typing", "Any")
        parts = [self.imports.of_class(one) for one in kind.classes]
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
