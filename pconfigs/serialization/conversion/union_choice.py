"""Choice in a union: which class a mapping is, by the fields that it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pconfigs.errors.formatting import class_names, did_you_mean, shorten
from pconfigs.markers import Omitted
from pconfigs.schema.class_schema import derived_classes, schema_of
from pconfigs.schema.format_history import history_of
from pconfigs.schema.inheritance import ABSENT, fallback_of, inherited_input
from pconfigs.serialization.allowlist import NotPermittedError
from pconfigs.serialization.conversion.plain_forms import plain_forms_of
from pconfigs.serialization.conversion.scalar_codecs import qualified_name
from pconfigs.serialization.conversion.tags import PLAIN
from pconfigs.serialization.conversion.text_values import untyped
from pconfigs.serialization.formats.yaml_scalar import PlainText


def choose(node: dict[str, Any], classes: Sequence[type]) -> type:
    """Return the one of `classes` whose config a mapping without a class name is.

    Values of `Literal` fields decide first, then the names of the fields.

    Raises:
        NotPermittedError: None of them, or more than one.
    """
    possible = [cls for cls in classes if not _other_literals(node, cls)]
    fitting = [cls for cls in possible if not _unknown(node, cls) and not _missing(node, cls)]
    if len(fitting) == 1:
        return fitting[0]
    if len(fitting) > 1:
        named = [cls for cls in fitting if _has_literals(node, cls)]
        if len(named) == 1:
            return named[0]
        raise NotPermittedError(
            f"it can be {_listed(fitting)}", f"name one: $type: {qualified_name(fitting[0])}"
        )
    if len(possible) == 1:
        return possible[0]
    if not possible:
        raise _no_such_literal(node, classes)
    reasons: list[str] = []
    for cls in possible:
        unknown, missing = _unknown(node, cls), _missing(node, cls)
        if unknown:
            reasons.append(f"{cls.__qualname__} has no field {shorten(unknown[0])}")
        else:
            reasons.append(f"{cls.__qualname__} needs {missing[0]!r}")
    raise NotPermittedError(
        f"must be {_listed(classes)}, but {'; '.join(reasons)}",
        f"name the class that is meant: $type: {qualified_name(possible[0])}",
    )


def _no_such_literal(node: dict[str, Any], classes: Sequence[type]) -> NotPermittedError:
    """Return the refusal of a mapping with a literal that none of `classes` has in its place."""
    name, value = next(iter(_other_literals(node, classes[0]).items()))
    known = [
        literal
        for cls in classes
        if name in schema_of(cls).fields
        for literal in plain_forms_of(schema_of(cls).fields[name].validator).literals
    ]
    allowed = list(dict.fromkeys(known))
    words = [literal for literal in allowed if isinstance(literal, str)]
    return NotPermittedError(
        f"{name} must be {' or '.join(map(repr, allowed))}, got {shorten(value)}",
        did_you_mean(value, words) if isinstance(value, str) else "",
    )


def _listed(classes: Sequence[type]) -> str:
    return " or ".join(class_names(classes))


def _fields(node: dict[Any, Any], cls: type) -> dict[str, Any]:
    history = history_of(schema_of(cls))
    return {
        history.name_today(key): value
        for key, value in node.items()
        if isinstance(key, str) and key[:1] != "$" and key not in history.removed
    }


def _other_literals(node: dict[str, Any], cls: type) -> dict[str, Any]:
    """Return values for `Literal` fields of a class that are not among theirs, by name."""
    fields = schema_of(cls).fields
    found: dict[str, Any] = {}
    for name, value in _fields(node, cls).items():
        if name in fields and not isinstance(value, (dict, list)):
            forms = plain_forms_of(fields[name].validator)
            if forms.literals and forms.scalars <= PLAIN and not forms.texts:
                if not any(_is_literal(value, literal) for literal in forms.literals):
                    found[name] = value
    return found


def _is_literal(value: Any, literal: Any) -> bool:
    if type(value) is PlainText:
        # Without quotes it may be a string or what it looks like.
        return str(value) == literal or _is_literal(untyped(str.__str__(value)), literal)
    return type(value) is type(literal) and bool(value == literal)


def _has_literals(node: dict[str, Any], cls: type) -> bool:
    fields = schema_of(cls).fields
    return any(
        name in fields and plain_forms_of(fields[name].validator).literals
        for name in _fields(node, cls)
    )


def _unknown(node: dict[str, Any], cls: type) -> list[str]:
    schema = schema_of(cls)
    if history_of(schema).extra:
        return []
    return [name for name in _fields(node, cls) if name not in schema.fields]


def _missing(node: dict[str, Any], cls: type) -> list[str]:
    schema = schema_of(cls)
    defaults = fallback_of(schema)
    given = _fields(node, cls)
    return [
        name
        for name, field in schema.fields.items()
        if name not in given
        and not (field.pinned and field.derived)
        and Omitted not in field.markers
        and inherited_input(field, defaults)[0] is ABSENT
    ]


def chosen_by_literal(node: dict[Any, Any], cls: type) -> type:
    """Return the loaded class derived from `cls` that a `Literal` of its own chooses in a mapping.

    A plugin adds `type: Literal["act"]` to what it derives from a class. Without such a key, or
    where several classes have it, the class is `cls`.
    """
    fields = schema_of(cls).fields
    if fields.keys() >= {key for key in node if isinstance(key, str) and key[:1] != "$"}:
        return cls
    found = [one for one in derived_classes(cls) if _is_chosen(node, one, fields)]
    return found[0] if len(found) == 1 else cls


def _is_chosen(node: dict[Any, Any], cls: type, known: Any) -> bool:
    chosen = False
    for name, field in schema_of(cls).fields.items():
        if name in node and name not in known:
            literals = plain_forms_of(field.validator).literals
            if literals and not any(_is_literal(node[name], one) for one in literals):
                return False
            chosen = chosen or bool(literals)
    return chosen
