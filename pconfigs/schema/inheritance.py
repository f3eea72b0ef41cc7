"""Inherited inputs: what a field takes over from configs below a call, and from which of them."""

from __future__ import annotations

from pconfigs.annotations.kinds import Sentinel
from pconfigs.markers import Omitted, Pin, Pinned, is_deferred
from pconfigs.schema.build_record import INHERITED, raw_inputs, record_of
from pconfigs.schema.class_schema import held_value, schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field


ABSENT: Any = Sentinel("ABSENT")
"""The input of a field that was not given."""


def fallback_of(schema: Schema) -> tuple[Any, ...]:
    """Return the defaults that fill in what is not given: of the class, else of its ancestors."""
    if schema.fallback is None:
        own = schema.default
        schema.fallback = (own,) if own is not None else ancestor_defaults(schema)
    return schema.fallback


def ancestor_defaults(schema: Schema) -> tuple[Any, ...]:
    """Return the defaults of the ancestors of a class, nearest first."""
    defaults = [ancestor.default for ancestor in reversed(schema.lineage[:-1])]
    return tuple(default for default in defaults if default is not None)


def inherited_input(field: Field, sources: Iterable[Any]) -> tuple[Any, Any]:
    """Return the first input for `field` among configs and its source, or (ABSENT, None).

    A pin that is not known yet gives way to one that is. In a field that users set, `Pinned` is an
    input like any other: it asks for what the property computes, and hides the default.
    """
    unknown: tuple[Any, Any] = ABSENT, None
    for source in sources:
        value = _input_from(field, source)
        if value is Pinned and field.pinned:
            if unknown[0] is ABSENT:
                unknown = value, source
        elif value is not ABSENT:
            return value, source
    return unknown


def _input_from(field: Field, source: Any) -> Any:
    name = field.name
    theirs = schema_of(source).fields.get(name)
    if theirs is None or (field.pinned and not theirs.pinned):
        return ABSENT
    if theirs.property is None:
        value = getattr(source, name)
        if type(raw_inputs(source).get(name)) is Pin and is_soft(field):
            return Pin(value)
        return ABSENT if value is Pinned and not field.pinned else value
    if field.property is None and not field.pinned:
        # What was computed for the ancestor is an ordinary input where nothing is computed.
        return getattr(source, name)
    return raw_inputs(source).get(name, ABSENT)


def is_soft(field: Field) -> bool:
    """Return whether a `Pin` for a field is the value that it has unless one is given."""
    return Omitted in field.markers and field.property is None and not field.pinned


def input_of(config: Any, field: Field) -> Any:
    """Return what was given for a field, before its property; `Pinned` where nothing was.

    A field that may be left out and has its value from a `Pin` was left out.
    """
    if field.property is None:
        if type(raw_inputs(config).get(field.name)) is Pin:
            return Omitted
        return held_value(config, field.name)
    return raw_inputs(config).get(field.name, Pinned)


def named_inputs(config: Any) -> dict[str, Any]:
    """Return the fields that the call which made a config named, with their inputs."""
    inherited = record_of(config)[INHERITED]
    found: dict[str, Any] = {}
    for name, field in schema_of(config).fields.items():
        if not inherited >> field.index & 1:
            value = input_of(config, field)
            if not is_deferred(value):
                found[name] = Pin(value) if field.pinned else value
    return found
