"""Adopted fields: those that a config class takes over from a function or class, and their default.

A parameter becomes a field where its type and default are simple. What the body of the config class
declares narrows a parameter or adds to them.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import blank
from pconfigs.annotations.resolve import ResolvedAnnotation
from pconfigs.build.construction import build_call
from pconfigs.build.construction_state import Construction
from pconfigs.build.defaults import register
from pconfigs.deferred import thread_lock
from pconfigs.errors.wrapping import (
    ParameterError,
    UnresolvedParameterError,
    UnsettledParameter,
    not_a_parameter,
    positional_field,
)
from pconfigs.markers import Built, Kwarg, NotMock, Omitted, Pin, Pinned, Required
from pconfigs.schema.build_record import getframe
from pconfigs.schema.class_schema import is_config_class, schema_of
from pconfigs.schema.inheritance import ABSENT, ancestor_defaults, inherited_input
from pconfigs.schema.properties import pproperty
from pconfigs.wrapping.signatures import NO_DEFAULT, ExternalCallable, Factory, Parameter, words_of
from pconfigs.wrapping.simple_types import is_simple_hint, is_simple_value, type_of_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from pconfigs.annotations.resolve import ClassAnnotations
    from pconfigs.schema.class_schema import Schema
    from pconfigs.schema.fields import Field
_BUILTINS = (list, dict, set, tuple, frozenset, str, int, float, bool, bytes)
_OMITTED = ResolvedAnnotation(object, markers=frozenset((Omitted,)), annotation=Omitted[object])
_lock = thread_lock()


def adopt_parameters(
    cls: type, declared: ClassAnnotations, outside: ExternalCallable, omits_rest: bool = False
) -> None:
    """Add to what a class declares the parameters that become fields, in their order, first.

    With `omits_rest`, those that would need a declaration are fields that hold `Omitted`.

    Raises:
        ParameterError: Some need a word of the class about what they are.
    """
    own = dict(declared.names)
    names: dict[str, Any] = {}
    unsettled: list[UnsettledParameter] = []
    for name, parameter in outside.parameters.items():
        if name in own:
            if _settle_declared(cls, declared, outside, parameter):
                names[name] = own[name]
        elif _becomes_field(cls, parameter, outside.is_dataclass):
            found = _resolved(outside, parameter)
            if isinstance(found, ResolvedAnnotation):
                names[name], declared.known[name] = found.annotation, found
                default = _declared_default(parameter, may_be_left_out=False)
                if default is not NO_DEFAULT:
                    declared.defaults[name] = default
            elif omits_rest:
                names[name], declared.known[name] = _OMITTED.annotation, _OMITTED
                declared.defaults[name] = Omitted
            else:
                unsettled.append(found)
    if unsettled:
        unresolved = any(isinstance(one, _Unresolved) for one in unsettled)
        error = UnresolvedParameterError if unresolved else ParameterError
        raise error(cls, outside.name, unsettled, outside.how)
    for name in own.keys() - outside.parameters.keys():
        _refuse_lost_marker(cls, declared, outside, name)
    declared.names = {**names, **{name: said for name, said in own.items() if name not in names}}


def _settle_declared(
    cls: type, declared: ClassAnnotations, outside: ExternalCallable, parameter: Parameter
) -> bool:
    """Return whether a declaration is about the parameter of its name, and note its default."""
    name = parameter.name
    if name in declared.class_vars:
        return False
    markers = declared.markers(name)
    if NotMock in markers:
        return False
    if not parameter.by_keyword:
        raise positional_field(cls, name, outside.name)
    default = _declared_default(parameter, Omitted in markers)
    if default is not NO_DEFAULT:
        declared.defaults[name] = default
    return True


def _declared_default(parameter: Parameter, may_be_left_out: bool) -> Any:
    """Return the default of a declared field; NO_DEFAULT where it stays `Required`."""
    default = parameter.default
    if type(default) is Factory:
        if may_be_left_out:
            return Omitted
        is_known: bool = default.make in _BUILTINS
        return default.make() if is_known else NO_DEFAULT
    if may_be_left_out and not is_simple_value(default):
        return Omitted
    return default


def _becomes_field(cls: type, parameter: Parameter, is_dataclass: bool) -> bool:
    """Return whether a parameter that the class does not declare is to be a field of it.

    The fields of a dataclass are, without a default as well: it holds what a config holds.
    """
    from keyword import iskeyword

    name = parameter.name
    if parameter.required and not is_dataclass:
        return False
    if not parameter.by_keyword or name == "environment":
        return False
    if isinstance(cls.__dict__.get(name), pproperty) or not name.isidentifier() or iskeyword(name):
        return False
    if name.startswith("__") and name.endswith("__"):
        return False
    ancestors = [schema_of(c) for c in cls.__mro__[1:] if is_config_class(c)]
    return all(name not in ancestor.field_names for ancestor in ancestors)


class _Unresolved(UnsettledParameter):
    """A parameter whose annotation names something that cannot be found."""


def _resolved(
    outside: ExternalCallable, parameter: Parameter
) -> ResolvedAnnotation | UnsettledParameter:
    """Return the field of a parameter, or the reason why it needs a declaration."""
    name, shown, default = parameter.name, parameter.written, parameter.default
    simple = is_simple_value(default)
    if outside.is_dataclass:
        made = type(default) is Factory and default.make in _BUILTINS
        simple = simple or made or parameter.required
    if parameter.annotation is NO_DEFAULT:
        if simple and default is not None:
            hint = type_of_value(default)
            return ResolvedAnnotation(hint, annotation=hint)
        why = "has no type" if simple else "has no type, and no simple default"
        return UnsettledParameter(name, shown, why, "...")
    found, missing = outside.resolved(parameter)
    if missing:
        return _Unresolved(name, shown, f"names {missing[0]}, which cannot be found", "...")
    found.annotation = parameter.annotation
    if not outside.is_dataclass and not is_simple_hint(found.hint):
        return UnsettledParameter(name, shown, "has no simple type", words_of(parameter.annotation))
    if not simple:
        return UnsettledParameter(
            name, shown, "has no simple default", words_of(parameter.annotation)
        )
    return found


def _refuse_lost_marker(
    cls: type, declared: ClassAnnotations, outside: ExternalCallable, name: str
) -> None:
    """Refuse `Kwarg`, `Omitted` and `Built` where the outside code could not be given the field."""
    if name in declared.class_vars or outside.takes_kwargs:
        return
    markers = declared.markers(name)
    for marker in (Kwarg, Omitted, Built):
        if marker in markers and NotMock not in markers:
            shown = f"{marker.__name__}[...]"
            raise not_a_parameter(cls, name, shown, outside.name, outside.parameters)


def is_passed(field: Field, outside: ExternalCallable) -> bool:
    """Return whether the value of a field goes to the outside code."""
    if NotMock in field.markers:
        return False
    parameter = outside.parameters.get(field.name)
    if parameter is not None:
        return parameter.by_keyword
    return bool({Kwarg, Omitted, Built} & field.markers)


def plan_default(schema: Schema, code: CodeType, lasti: int) -> None:
    """Let the default of a class be made from the signature, once it is needed."""
    building = False

    def make_default() -> None:
        nonlocal building
        with _lock:
            if building or schema.make_default is None:
                return
            building = True
            try:
                register(_default(schema, code, lasti), replaceable=True)
            finally:
                building = False
            schema.make_default = None

    schema.make_default = make_default


def give_default(cls: type, **values: Any) -> None:
    """Register a default that its own checks would refuse, as it leaves open what they ask for."""
    schema = schema_of(cls)
    schema.declared.defaults.update(values)
    frame = getframe(1)
    plan_default(schema, frame.f_code, frame.f_lasti)


def _default(schema: Schema, code: CodeType, lasti: int) -> Any:
    config = blank(schema.cls)
    fallback = ancestor_defaults(schema)
    given: dict[str, Any] = {}
    for field in schema.fields.values():
        value = _default_input(field, schema)
        if value is ABSENT and inherited_input(field, fallback)[0] is ABSENT:
            value = _open_input(field)
        if value is not ABSENT:
            given[field.name] = value
    # Checks are for configs that users build: a signature may leave their fields open.
    build_call(Construction(schema, code, lasti, given, (), fallback), config)
    return config


def _default_input(field: Field, schema: Schema) -> Any:
    """Return the default of a field in the signature, or ABSENT."""
    if field.owner is not schema.cls or field.name not in schema.declared.defaults:
        return ABSENT
    value = schema.declared.defaults[field.name]
    return Pin(value) if field.pinned else value


def _open_input(field: Field) -> Any:
    """Return the placeholder of a field without a default in the signature."""
    if field.pinned:
        return ABSENT if field.property is not None else Pinned
    return Omitted if Omitted in field.markers else Required
