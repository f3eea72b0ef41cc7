"""Calls: configs of functions are called, configs of outside classes construct with arguments.

What the config holds and what the call gives make one call together; nothing may be given twice.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import ATOMS
from pconfigs.build.methods.values import open_paths
from pconfigs.errors.access import OpenConfigError
from pconfigs.errors.base import show_as_users
from pconfigs.errors.declare import DeclarationError
from pconfigs.errors.wrapping import (
    CallError,
    by_position,
    given_by_position_too,
    given_twice,
    missing_argument,
    too_many,
    unknown_argument,
)
from pconfigs.markers import Omitted, Pinned, Required
from pconfigs.provenance.origins import built_at, place_of, shown_value, user_call_site
from pconfigs.schema.class_schema import SCHEMA, schema_of
from pconfigs.validation.frozen import thaw
from pconfigs.wrapping.adopted_fields import is_passed
from pconfigs.wrapping.built_parts import build_parts, built_names
from pconfigs.wrapping.signatures import NO_DEFAULT, ExternalCallable, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pconfigs.errors.base import Problem
    from pconfigs.schema.class_schema import Schema
_set = object.__setattr__
_READY = "__pconfig_ready__"


class _CallableType(type):
    """Takes every config of a function for an instance: their classes have no bases."""

    def __instancecheck__(cls, instance: object) -> bool:
        return cls.__subclasscheck__(type(instance))

    def __subclasscheck__(cls, subclass: type) -> bool:
        # A class that extends PCallable is an ordinary class.
        if cls is not PCallable:
            return type.__subclasscheck__(cls, subclass)
        schema = getattr(subclass, SCHEMA, None)
        outside = None if schema is None else schema.outside
        return subclass is cls or (outside is not None and outside.how in ("calls", "own"))


class PCallable(metaclass=_CallableType):
    """The type of configs that are called: `@pconfig(calls=f)`, or `@pconfig` on a function."""

    __pconfig_advice__ = "give a config of a function, or annotate the field with Callable"

    def __init__(self, *bases: Any, **fields: Any) -> None:
        raise DeclarationError(
            "PCallable is the type of configs that are called; it makes none\n"
            "    put @pconfig above a function, or @pconfig(calls=f) above a class"
        )


def install_calls(cls: Any, schema: Schema, own: bool) -> None:
    """Give a config class what it needs to be called, or to construct with arguments."""
    members: dict[str, Any] = {"construct": _construct}
    if schema.outside.how in ("calls", "own"):
        cls.__call__ = _call
        members = {"construct": _itself}
        if own and schema.outside.how == "calls":
            members["funcname"] = staticmethod(schema.outside.target)
    for name, member in members.items():
        if name not in cls.__dict__ and name not in schema.field_names:
            setattr(cls, name, member)


def _call(self: Any, /, *args: Any, **given: Any) -> Any:
    """Return the result of the function for configured and given arguments.

    Raises:
        CallError: Parameters are missing, given twice, or unknown.
        OpenConfigError: Values inside the config are still `Required`.
    """
    outside = schema_of(self).outside
    ready = getattr(self, _READY, None)
    if ready is not None and not given and len(args) == ready.count:
        passed = ready.values()
    else:
        passed = arguments(self, args, given, "be called")
    try:
        return outside.target(*args, **passed)
    except Exception as error:
        show_as_users(error)
        raise


def _itself(self: Any) -> Any:
    """Return the config itself, which is called."""
    return self


def _construct(self: Any, /, *args: Any, **given: Any) -> Any:
    """Return a new object of the class, from the configured parameters and those given here.

    Raises:
        CallError: Parameters are missing, given twice, or unknown.
        OpenConfigError: Values inside the config are still `Required`.
    """
    schema = schema_of(self)
    outside = schema.outside
    if args:
        known = passed_names(self)
        names = [name for name in outside.parameters if name not in known] or ["name"]
        problem = by_position(len(args), names)
        raise CallError(type(self), place_of(*user_call_site()), "be constructed", [problem])
    passed = arguments(self, (), given, "be constructed")
    positions = _by_position_only(outside, passed)
    if outside.how != "mocks":
        return outside.target.__pconfigured__.make(self, *positions, **passed)
    try:
        return outside.target(*positions, **passed)
    except Exception as error:
        show_as_users(error)
        raise


def arguments(
    config: Any, args: tuple[Any, ...], given: dict[str, Any], action: str
) -> dict[str, Any]:
    """Return the keywords of a call: configured and given ones. The config comes first.

    Containers are ordinary copies, the outside code's own.
    """
    ready = getattr(config, _READY, None)
    own = ready or PassedValues(config)
    misfits = _misfits(config, args, given, own.given, action == "be constructed")
    if misfits:
        raise CallError(type(config), place_of(*user_call_site()), action, misfits)
    if ready is None:
        placed = schema_of(config).outside.positions[: len(args)]
        _refuse_open(config, own, {*given, *placed}, action)
    return {**own.values(), **given}


def passed_names(config: Any) -> tuple[str, ...]:
    """Return the fields whose values go to the outside code."""
    schema = schema_of(config)
    if schema.passed is None:
        fields = schema.fields.values()
        schema.passed = tuple(f.name for f in fields if is_passed(f, schema.outside))
    return schema.passed


def _misfits(
    config: Any, args: tuple[Any, ...], given: dict[str, Any], passed: dict[str, Any], by_name: bool
) -> list[Problem]:
    """Return the problems of a call, in the order of the signature.

    With `by_name`, what the class takes by position only may be given by name, too.
    """
    outside, fields = schema_of(config).outside, schema_of(config).fields
    placed = outside.positions[: len(args)]
    parameters, config_name = outside.parameters, type(config).__name__
    found: list[Problem] = []
    if len(args) > len(outside.positions) and not outside.takes_args:
        found.append(too_many(len(args), len(outside.positions)))
    for name, parameter in parameters.items():
        here = name in placed or (name in given and (parameter.by_keyword or by_name))
        if name in placed and name in given and parameter.by_keyword:
            found.append(given_by_position_too(name))
        elif here and name in passed:
            found.append(given_twice(name, shown_value(config, name), config_name))
        elif not here and name not in passed and _is_missing(config, name, parameter):
            found.append(missing_argument(name, _words(parameter, fields.get(name))))
    for name in given:
        if name in passed and name not in parameters:
            found.append(given_twice(name, shown_value(config, name), config_name))
        elif name not in parameters or not (parameters[name].by_keyword or by_name):
            kept = name in fields and name not in passed_names(config)
            if not outside.takes_kwargs or kept:
                found.append(unknown_argument(name, parameters, kept, config_name, outside.name))
    further = [name for name in passed_names(config) if name not in parameters]
    found += [
        missing_argument(name, fields[name].validator.description)
        for name in further
        if name not in given and getattr(config, name) is Required
    ]
    return found


def _is_missing(config: Any, name: str, parameter: Any) -> bool:
    """Return whether a parameter that neither the config nor the call gives has to be given."""
    if name not in passed_names(config):
        return bool(parameter.required)
    value = getattr(config, name)
    return value is Required or (value is Omitted and bool(parameter.required))


def _words(parameter: Any, field: Any) -> str:
    if field is not None:
        return str(field.validator.description)
    return "" if parameter.annotation is NO_DEFAULT else words_of(parameter.annotation)


def _refuse_open(config: Any, own: PassedValues, given: set[str], action: str) -> None:
    """Refuse a config in which something is not known yet, other than what the call gives."""
    paths = open_paths(config)
    pending = [name for name in passed_names(config) if getattr(config, name) is Pinned]
    left = paths if pending else [path for path in paths if path not in given]
    if left or pending:
        raise OpenConfigError(type(config), action, left or pending, built_at(config))
    if not paths:
        # Kept: a config never changes, and a function may be called often.
        _set(config, _READY, own)


class PassedValues:
    """The values of a config that go to the outside code, ready for many calls.

    Attributes:
        given: The values that it has, by parameter.
        count: How many arguments a call has that gives all others by position; -1 where some can
            be given by keyword only.
    """

    __slots__ = ("_containers", "_owner", "_parts", "count", "given")

    def __init__(self, config: Any) -> None:
        outside, to_build = schema_of(config).outside, built_names(config)
        self._owner = type(config)
        self.given: dict[str, Any] = {}
        self._containers: dict[str, Any] = {}
        self._parts: dict[str, Any] = {}
        for name in passed_names(config):
            value = getattr(config, name)
            if value is not Pinned and value is not Required and value is not Omitted:
                self.given[name] = value
                if type(value) not in ATOMS:
                    (self._parts if name in to_build else self._containers)[name] = value
        left = [
            name
            for name, parameter in outside.parameters.items()
            if parameter.required and name not in self.given
        ]
        simple = tuple(left) == outside.positions[: len(left)]
        self.count = len(left) if simple else -1

    def values(self) -> dict[str, Any]:
        """Return the values in the order of the fields: containers as copies, parts built."""
        if not self._containers and not self._parts:
            return self.given
        found = dict(self.given)
        for name, value in self._containers.items():
            found[name] = thaw(value)
        if self._parts:
            found |= build_parts(self._owner, self._parts)
        return found


def _by_position_only(outside: ExternalCallable, passed: dict[str, Any]) -> list[Any]:
    """Take from `passed` what the class takes by position only, which is given here by name."""
    names = [name for name, found in outside.parameters.items() if not found.by_keyword]
    last = max((index for index, name in enumerate(names) if name in passed), default=-1)
    return [passed.pop(name, outside.parameters[name].default) for name in names[: last + 1]]
