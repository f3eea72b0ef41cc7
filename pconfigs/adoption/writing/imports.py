"""Import lines of one module of the result."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from pconfigs.adoption.description import ConfigClass
from pconfigs.adoption.writing.texts import docstring
from pconfigs.codegen.foreign_code import format_module
from pconfigs.codegen.imports import ImportNames

FUTURE = "from __future__ import annotations"


class Imports(ImportNames):
    """Names that a module imports, by the module that they are from.

    Args:
        module: The module that is written.
        own: Names that it defines itself.
        fields: Names of fields of its classes, which would hide imported names there.
    """

    def __init__(self, module: str, own: Iterable[str], fields: Iterable[str] = ()) -> None:
        super().__init__()
        self.home, self.fields = module, set(fields)
        self.names: dict[str, dict[str, str]] = {}
        self.taken = set(own)

    def imported(self, module: str, name: str, scope: str = "") -> str:
        """Return the name by which `name` of `module` is known here.

        Raises:
            ValueError: It is local to the function `scope`.
        """
        if scope:
            raise ValueError(f"{name} is local to {scope}")
        if module in ("builtins", self.home):
            return name
        names = self.names.setdefault(module, {})
        if name not in names:
            alias = name
            # In the body of a class, a field hides what is imported under its name.
            while alias in self.taken or alias in self.fields:
                alias = f"{module.rpartition('.')[2]}_{alias}"
            self.taken.add(alias)
            names[name] = alias
        return names[name]

    def qualified(self, module: str, name: str) -> str:
        """Return the code for `name` of `module`, which may be in a class: `Outer.Inner`."""
        first, dot, rest = name.partition(".")
        return f"{self.imported(module, first)}{dot}{rest}"

    def config_class(self, one: ConfigClass) -> str:
        """Return the name by which a config class of the result is known here."""
        return self.imported(f"{one.package}.{one.module}", one.name)

    def module_text(self, about: str, head: str, parts: Iterable[str]) -> str:
        """Return the text of the module: docstring, `head`, import lines, and parts."""
        body = "\n\n\n".join(filter(None, parts))
        text = "\n\n".join(filter(None, [docstring(about), head, self.text(), body]))
        # Halves of surrogate pairs have no UTF-8; in a string their escape is the same.
        return format_module(f"{text}\n".encode("utf-8", "backslashreplace").decode())

    def text(self) -> str:
        """Return the import lines: the standard library, others, then the project."""
        sections: list[list[str]] = [[], [], []]
        top = self.home.partition(".")[0]
        for module in sorted(self.names):
            names = self.names[module]
            words = [
                name if name == alias else f"{name} as {alias}"
                for name, alias in sorted(names.items())
            ]
            first = module.partition(".")[0]
            place = 0 if first in sys.stdlib_module_names else 2 if first == top else 1
            sections[place].append(f"from {module} import {', '.join(words)}")
        return "\n\n".join("\n".join(section) for section in sections if section)
