"""Field names: which a config class may have, and what its body may hold of them."""

from __future__ import annotations

from pconfigs.errors.declare import DeclarationError, ReservedNameError
from pconfigs.errors.formatting import class_name, shorten
from pconfigs.markers import Marker
from pconfigs.schema.class_schema import SCHEMA
from pconfigs.schema.properties import pproperty

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.schema.class_schema import Schema


KEYWORDS = frozenset(
    "False None True and as assert async await break class continue def del elif else except"
    " finally for from global if import in is lambda nonlocal not or pass raise return try while"
    " with yield".split()
)
"""`keyword.kwlist`, which would be one more module to import before the first class is made."""


def refuse_bad_names(cls: type, schema: Schema) -> None:
    """Refuse fields with a reserved name, or with a value in the class body.

    Raises:
        DeclarationError: A field has a value in the class body, or is a ClassVar that is computed.
        ReservedNameError: A name that Python or the class has for something else.
    """
    name = class_name(cls)
    if "__dataclass_fields__" in cls.__dict__:
        raise DeclarationError(
            f"{name} is a dataclass already\n    remove @dataclass below @pconfig"
        )
    if "__init__" in cls.__dict__:
        raise DeclarationError(
            f"{name} has an __init__ of its own, but a config is built from its fields\n"
            "    derive values with @pproperty, check them with @pcheck"
        )
    for field in (*schema.declared.names, *schema.own_properties):
        _refuse_non_identifier(name, field)
    for field in schema.declared.names:
        if field in schema.declared.class_vars:
            continue
        if field.startswith("__") and field.endswith("__"):
            raise ReservedNameError(
                f"{name}.{field}: a field cannot have the form __name__, which is Python's own"
            )
        if field.startswith(f"_{cls.__name__.lstrip('_')}__"):
            short = field[len(cls.__name__.lstrip("_")) + 1 :]
            raise ReservedNameError(
                f"{name}.{short}: Python renames names that begin with two underscores; use one"
            )
        if (
            field in cls.__dict__
            and not isinstance(cls.__dict__[field], pproperty)
            and field != "environment"
        ):
            value = cls.__dict__[field]
            if type(value).__name__ == "member_descriptor":
                raise DeclarationError(
                    f"{name} has __slots__, but a config class cannot have them\n    remove them"
                )
            _refuse_method(cls, field, value)
            raise DeclarationError(
                f"{name}.{field} has a value in the class body, but defaults are registered"
                f" below the class\n"
                f"    write {field}: ... in the class, and below it: pdefaults +="
                f" {cls.__name__}({field}={_default_words(value)})"
            )
        _refuse_hidden_field(cls, field)
    _refuse_hiding_values(cls, schema)
    for field, found in schema.properties.items():
        if field in schema.declared.class_vars:
            raise DeclarationError(
                f"{name}.{field} is a ClassVar and cannot be computed by {found!r}"
            )


def _refuse_hiding_values(cls: type, schema: Schema) -> None:
    """Refuse what a class body puts under the name of an inherited field: it would be ignored."""
    owners = {
        name: ancestor
        for ancestor in reversed(cls.__mro__[1:])
        if SCHEMA in ancestor.__dict__
        for name in ancestor.__dict__[SCHEMA].field_names
    }
    for field, value in cls.__dict__.items():
        is_declared = field in schema.declared.names or isinstance(value, pproperty)
        if field not in owners or is_declared or field in _MEMBERS:
            continue
        name, owner = class_name(cls), class_name(owners[field])
        if hasattr(value, "__code__") or hasattr(value, "__get__"):
            kind = type(value).__name__
            advice = f"write @pproperty in place of @{kind}"
            advice = "put @pproperty above it" if hasattr(value, "__code__") else advice
            raise DeclarationError(
                f"{name}.{field} is a {kind}, but a field of {owner} has that name\n"
                f"    {advice} to compute the field, or give it another name"
            )
        raise DeclarationError(
            f"{name}.{field} has a value in the class body, but is a field of {owner}\n"
            f"    register it as a default, below the class: pdefaults += {cls.__name__}("
            f"{field}={_default_words(value)})"
        )


def _default_words(value: Any) -> str:
    """Return a value of a class body as the keyword of a call that registers it."""
    if type(value).__module__ == "dataclasses":
        return "..."
    return value.__name__ if isinstance(value, Marker) else shorten(value)


def _refuse_method(cls: type, field: str, value: Any) -> None:
    """Refuse a method, or a property of Python, that was to compute a field."""
    code: Any = value.fget if isinstance(value, property) else value
    written_here = f"{cls.__qualname__}.{field}"
    if hasattr(type(code), "__code__") and code.__qualname__ == written_here:
        hint = f"put @pproperty above def {field}"
        hint = hint if code is value else "write @pproperty in place of @property"
        raise DeclarationError(
            f"{class_name(cls)}.{field} is a {type(value).__name__} in the class body, which"
            f" computes nothing\n    {hint}"
        )


_MEMBERS = frozenset(("environment", "construct", "constructable_type"))


def _refuse_non_identifier(class_name: str, field: Any) -> None:
    """Raise ReservedNameError for what could not be a keyword of a call.

    Only a class that was made by `type()`, or that fills its `__annotations__`, has such a field.
    """
    if not isinstance(field, str) or not field.isidentifier():
        rule = "must be an identifier"
    elif field in KEYWORDS:
        rule = "must not be a keyword of Python"
    elif not field.isascii() and field != _normalized(field):
        rule = f"must be {_normalized(field)!r}, the form in which Python reads the identifier"
    else:
        return
    raise ReservedNameError(f"a field name of {class_name} {rule}, got {field!r}")


def _normalized(name: str) -> str:
    from unicodedata import normalize

    return normalize("NFKC", name)


def _refuse_hidden_field(cls: type, field: str) -> None:
    """Refuse a field of which an ancestor makes a property: no value could be put there."""
    for ancestor in cls.__mro__[1:]:
        found = ancestor.__dict__.get(field)
        if found is not None:
            if hasattr(type(found), "__set__"):
                raise ReservedNameError(
                    f"{class_name(cls)}.{field} is a {type(found).__name__} of"
                    f" {class_name(ancestor)}, which would hide the field\n"
                    "    give the field another name, or make it a @pproperty there"
                )
            return


def refuse_names_of_constructing(cls: type, schema: Schema) -> None:
    """Refuse fields that would hide what a config that constructs something has of that name."""
    if schema.constructs is None:
        return
    for name in ("construct", "constructable_type"):
        if name in schema.field_names:
            raise ReservedNameError(
                f"{class_name(cls)}.{name} would hide what a config that constructs"
                f" {class_name(schema.constructs)} has of that name\n"
                "    give the field another name"
            )
