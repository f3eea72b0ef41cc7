"""Environment variables that a source reads: their names in the result, and their values."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any

from pconfigs.adoption.description import ConfigClass, all_classes
from pconfigs.adoption.formulas import variables
from pconfigs.adoption.names import free_name, is_field, module_name
from pconfigs.adoption.nodes import Variable
from pconfigs.declare.env_parsing import parsed, parser_for

_TYPES: dict[str, Any] = {
    "bool": bool, "int": int, "float": float, "str": str, "str | None": str | None,
}  # fmt: skip


def attributes_of(root: ConfigClass) -> dict[Variable, str]:
    """Return the variables that formulas of classes read, with their attributes."""
    found: dict[Variable, str] = {}
    for one in all_classes(root):
        for field in one.fields.values():
            for variable in variables(field.formula) if field.formula is not None else ():
                if variable not in found:
                    name = variable.name if is_field(variable.name) else module_name(variable.name)
                    found[variable] = free_name(name, found.values(), "_")
    return found


@contextmanager
def all_set(found: Iterable[Variable]) -> Generator[list[str]]:
    """Set the required variables that are not set, and yield their names.

    What follows from them is compared with the source then.
    """
    names = [one.name for one in found if one.is_required and one.name not in os.environ]
    try:
        os.environ.update({name: f"<{name}>" for name in names})
        yield list(dict.fromkeys(names))
    finally:
        for name in names:
            os.environ.pop(name, None)


def value_of(variable: Variable) -> Any:
    """Return the value of a variable now."""
    text = os.environ.get(variable.name)
    return variable.default if text is None else parsed(parser_for(_TYPES[variable.kind]), text)
