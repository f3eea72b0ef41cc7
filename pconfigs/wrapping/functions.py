"""Functions: `@pconfig` on a function of one's own makes its name a config class.

Parameters that have a default and may be given by keyword are fields; the others are given at the
call.
"""

from __future__ import annotations

from types import FrameType
from typing import Any

from pconfigs.annotations.pep649 import written
from pconfigs.annotations.resolve import ClassAnnotations, declare
from pconfigs.errors.declare import DeclarationError
from pconfigs.errors.formatting import given_words
from pconfigs.wrapping.signatures import ExternalCallable, own_outside
from pconfigs.wrapping.simple_types import is_simple_value, type_of_value

Function = type(lambda: None)


def function_class(
    function: Any, frame: FrameType
) -> tuple[type, ClassAnnotations, ExternalCallable]:
    """Return the class of a function's configs, what it declares, and what its configs call.

    Raises:
        DeclarationError: It is not a function that a class can be named after.
    """
    if type(function) is not Function:
        raise DeclarationError(
            f"@pconfig goes on a class or a function, but was put on {given_words(function)}"
        )
    if not function.__name__.isidentifier():
        raise DeclarationError(
            "@pconfig goes on a function with a name: a config prints its class\n"
            "    write def instead of lambda"
        )
    outside = own_outside(function, frame)
    said = written(function)
    defaults = {
        name: found.default
        for name, found in outside.parameters.items()
        if found.by_keyword and not found.required
    }
    fields = {
        name: said[name] if name in said else _type_by_default(default)
        for name, default in defaults.items()
    }
    namespace = {
        "__module__": function.__module__,
        "__qualname__": function.__qualname__,
        "__doc__": function.__doc__,
        "__annotations__": fields,
    }
    cls = type(function.__name__, (), namespace)
    declared = declare(cls, frame)
    declared.defaults.update(defaults)
    return cls, declared, outside


def _type_by_default(default: object) -> Any:
    """Return the type of a parameter without an annotation; `object` where any value may follow."""
    if default is None or not is_simple_value(default):
        return object
    return type_of_value(default)
