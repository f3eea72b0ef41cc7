"""Drafts: inputs of a property, whose own properties wait until somebody asks for them.

Where D configs inside one another are each made anew by a property of the one around them, changing
the innermost would compute the properties of D inputs that every property then computes again: a
cost of D squared. The properties mostly read what was given to them, so what they are given is a
draft: a config of a hidden subclass, without the values of its properties. Reading one of these
completes it: it becomes an ordinary config of its class. What ends up as a value is complete.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import blank
from pconfigs.build.construction import (
    Construction,
    compute_properties,
    resolve_inputs,
    run_post_build,
)
from pconfigs.markers import Pinned, Required, is_deferred
from pconfigs.schema.build_record import (
    BASES,
    CODE,
    FALLBACK,
    INHERITED,
    LASTI,
    RAW,
    RECORD,
    record_of,
)
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.inheritance import fallback_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from pconfigs.schema.class_schema import Schema

_set = object.__setattr__


def draft(config: Any, changes: dict[str, Any], call: tuple[CodeType, int]) -> Any:
    """A variant of `config` whose properties are not computed yet.

    None where there would be nothing to wait for, or where the class has reading in its own hands.

    Raises:
        BuildError: Something about the changes is wrong.
    """
    schema = schema_of(config)
    cls = schema.cls
    if not schema.properties or not (type(config) is cls or type(config) is schema.draft_class):
        return None
    if schema.draft_class is None and not _can_wait(schema):
        schema.draft = None
        return None
    made = Construction(schema, *call, changes, (config,), fallback_of(schema))
    resolve_inputs(made)
    if made.problems or made.missing:
        from pconfigs.build.problems import refusal

        raise refusal(made)
    new = blank(_draft_class(schema))
    for name, value in made.values.items():
        _set(new, name, value)
    inputs = [*made.values.values(), *made.raw.values()]
    is_open = any([value is Required or value is Pinned for value in inputs])
    inherited = (made.inherited, made.bases, made.fallback)
    _set(new, RECORD, (*call, *inherited, made.raw or None, None, is_open))
    return new


def complete(config: Any) -> Any:
    """Compute the properties of a draft, which becomes an ordinary config; itself."""
    schema = schema_of(config)
    record: Any = record_of(config)
    inherited = record[INHERITED]
    # Only the names of what was given matter now, and only where a property fails.
    given = {n: None for n, field in schema.fields.items() if not inherited >> field.index & 1}
    made = Construction(schema, record[CODE], record[LASTI], given, record[BASES], record[FALLBACK])
    made.inherited, made.raw = inherited, dict(record[RAW] or {})
    inputs = [name for name in schema.fields if name not in schema.properties]
    made.values = {name: object.__getattribute__(config, name) for name in inputs}
    new = blank(schema.cls)
    for name, value in made.values.items():
        _set(new, name, value)
    reads = compute_properties(made, new)
    is_open = any([is_deferred(getattr(new, name)) for name in schema.fields])
    _set(new, RECORD, (*record[:RAW], record[RAW], reads, is_open))
    run_post_build(schema, new, is_open)
    for name in (*schema.properties, RECORD):
        _set(config, name, object.__getattribute__(new, name))
    _set(config, "__class__", schema.cls)
    return config


class _Waiting:
    """Stands on a draft's class for a property whose name means something else there, too."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else _read(instance, self.name)


def _read(config: Any, name: str) -> Any:
    """An attribute that a draft does not have yet."""
    if name not in schema_of(config).properties:
        raise AttributeError(
            f"{type(config).__name__!r} object has no attribute {name!r}", name=name, obj=config
        )
    return getattr(complete(config), name)


def _after(name: str) -> Any:
    """A method that completes the draft first."""

    def method(self: Any, *args: Any) -> Any:
        return getattr(complete(self), name)(*args)

    return method


class _Quiet:
    """First base of every draft class, hiding it from the user's `__init_subclass__`.

    It has a `__dict__`, so that drafts are laid out as configs are and can become one.
    """

    def __init_subclass__(cls, **kwargs: object) -> None:
        pass


_WHOLE = ("__eq__", "__hash__", "__repr__", "__str__", "__reduce__", "__reduce_ex__")


def _draft_class(schema: Schema) -> type:
    """The class of the drafts of a config class, made once."""
    found = schema.draft_class
    if found is None:
        cls = schema.cls
        namespace: dict[str, Any] = {
            name: _Waiting(name) for name in schema.properties if hasattr(cls, name)
        }
        namespace.update({name: _after(name) for name in _WHOLE})
        namespace.update(
            __getattr__=_read,
            __qualname__=cls.__qualname__,
            __module__=cls.__module__,
            __pconfig_complete__=complete,
        )
        # Calling `type(given)` calls the class itself, with no frame in between: what is built
        # there counts as built by the line that calls.
        kind: Any = type(type(cls).__name__, (type(cls),), {"__call__": cls})
        found = schema.draft_class = kind(cls.__name__, (_Quiet, cls), namespace)
    return found


def _can_wait(schema: Schema) -> bool:
    """Whether a draft can stand for a config of the class, and become one.

    Not where the class has reading in its own hands, or a base that is written in C.
    """
    cls = schema.cls
    own = {name for ancestor in cls.__mro__[:-1] for name in ancestor.__dict__}
    if "__getattr__" in own or "__getattribute__" in own:
        return False
    config: Any = blank(_draft_class(schema))
    try:
        _set(config, "__class__", cls)
    except TypeError:
        return False
    return True
