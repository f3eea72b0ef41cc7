"""Imports of printed code: how it refers to classes, and the lines that import them."""

from __future__ import annotations

import sys
from keyword import iskeyword

from pconfigs.annotations.kinds import SCRIPTS
from pconfigs.codegen.width import WIDTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

# Printed code calls these without importing them, so a class of the same name needs an alias.
BUILTINS = (
    "bytearray",
    "complex",
    "float",
    "frozenset",
    "range",
    "set",
    "slice",
    "type",
)


class ImportNames:
    """The names used by one printed text.

    Args:
        rename: Whether two classes of one name get aliases: `Name`, `Name_v2`.
    """

    def __init__(self, rename: bool = True) -> None:
        self._rename = rename
        self._owners = {name: ("builtins", name) for name in BUILTINS}
        self._aliases: dict[tuple[str, str], str] = {}
        self._imports: dict[str, dict[str, str]] = {}
        self.assignments: list[str] = []
        """Lines below the imports, for what no import line can name."""
        self._known: dict[int, tuple[object, str | None]] = {}
        # How to describe values of each type met; it lives as long as one printed text.
        self.node_makers: dict[type, Callable[[Any, ImportNames], Any]] = {}

    def of_class(self, cls: type) -> str | None:
        """Return the name of a class: `Trainer`, `Outer.Inner`; None if code cannot name it."""
        known = self._known.get(id(cls))
        if known is None:
            # The class is kept along, so that its id cannot be taken by another one.
            known = self._known[id(cls)] = (cls, self._of_class(cls))
        return known[1]

    def _of_class(self, cls: type) -> str | None:
        module = module_of(cls)
        scope, _, qualname = cls.__qualname__.rpartition("<locals>.")
        head, *inner = qualname.split(".")
        if module is None or not all(map(is_name, (head, *inner))):
            return None
        return ".".join([self.imported(module, head, scope), *inner])

    def imported(self, module: str, name: str, scope: str = "") -> str:
        """Return the name in code of `name` of a module, local to the function `scope` if given."""
        key = (module, scope + name)
        alias = self._aliases.get(key)
        if alias is None:
            alias = self._aliases[key] = self._free_alias(name, key)
            lines = self._imports.setdefault(module, {})
            lines[f"{scope.removesuffix('.')}:{name}" if scope else name] = alias
        return alias

    def imported_as(self, module: str, name: str, alias: str) -> str:
        """Return the name in code of `name` of a module: `alias`, or a free one like it."""
        key = (module, name)
        free = self._aliases[key] = self._free_alias(alias, key)
        self._imports.setdefault(module, {})[name] = free
        return free

    def loaded_as(self, module: str, name: str, alias: str) -> str:
        """Return the name in code of `name` of a module that no import line can name."""
        load = self.imported("importlib", "import_module")
        free = self._free_alias(alias, (module, name))
        self.assignments.append(f'{free} = {load}("{module}").{name}')
        return free

    def reserve(self, name: str) -> None:
        """Keep a name from being given to anything imported."""
        self._owners[name] = ("", name)

    def is_free(self, name: str, module: str) -> bool:
        """Return whether `name` of a module can have that name in code."""
        return self._owners.get(name, (module, name)) == (module, name)

    def module(self, name: str) -> str:
        """Return the dotted name of a module, imported as a whole."""
        self._imports.setdefault(f"import {name}", {})
        return name

    def _free_alias(self, name: str, key: tuple[str, str]) -> str:
        alias, count = name, 1
        while self._rename and self._owners.setdefault(alias, key) != key:
            count += 1
            alias = f"{name}_v{count}"
        return alias

    def import_lines(self) -> list[str]:
        """Return a line for each module in order of first use, aliases on lines of their own.

        Classes that cannot be imported are listed below, in comments.
        """
        lines = [line for statement in self.statements() for line in statement.split("\n")]
        local: list[str] = []
        for module, names in self._imports.items():
            for name, alias in names.items():
                scope, _, called = name.rpartition(":")
                if scope:
                    local.append(_local_line(module, scope.replace(".<locals>", ""), called, alias))
        return [*lines, "", *local] if lines and local else lines + local

    def statements(self, in_order: bool = False) -> list[str]:
        """Return the import statements; with `in_order`, the names of each are sorted."""
        found: list[str] = []
        for module, names in self._imports.items():
            if not names:
                found.append(module)
                continue
            same = [name for name, alias in names.items() if name == alias]
            found += _from_statements(module, sorted(same) if in_order else same)
            for name, alias in names.items():
                if name != alias and ":" not in name:
                    found += _from_statements(module, [f"{name} as {alias}"])
        return found


def module_of(thing: object) -> str | None:
    """Return the importable name of the module that defines a class or function."""
    module = getattr(thing, "__module__", None)
    if not isinstance(module, str) or not all(map(is_name, module.split("."))):
        return None
    return _main_module() if module in SCRIPTS else module


def _main_module() -> str:
    """Return the name by which other modules import `__main__`, if there is one."""
    main: ModuleType | None = sys.modules.get("__main__")
    spec = getattr(main, "__spec__", None)
    name = getattr(spec, "name", None)
    return name if isinstance(name, str) and all(map(is_name, name.split("."))) else "__main__"


def is_name(text: str) -> bool:
    """Return whether `text` can be a name in code."""
    return text.isidentifier() and not iskeyword(text)


def _from_statements(module: str, names: list[str]) -> list[str]:
    if not names:
        return []
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return [line]
    return ["\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])]


def _local_line(module: str, function: str, name: str, alias: str) -> str:
    called = "" if name == alias else f", here called {alias},"
    return f"# {name}{called} is local to {function}() of {module}: it cannot be imported."
