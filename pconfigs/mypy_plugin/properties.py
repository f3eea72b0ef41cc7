"""Properties against the fields they compute, once their types are known."""

from __future__ import annotations

from mypy.errorcodes import ErrorCode
from mypy.messages import format_type
from mypy.nodes import Decorator, TypeInfo, Var
from mypy.plugin import FunctionContext
from mypy.subtypes import is_subtype
from mypy.types import Instance, Type, get_proper_type

from pconfigs.mypy_plugin.bodies import statements_of
from pconfigs.mypy_plugin.names import PINNED

WRONG_PROPERTY = ErrorCode("pproperty", "A property must fit the field it computes", "pconfigs")


def check_property(context: FunctionContext) -> Type:
    """Return the type that `pproperty` gives; reports a property of another type than its field."""
    scope = getattr(context.api, "scope", None)
    info = scope.active_class() if scope else None
    decorator = info and _decorated(info, context)
    if info and decorator:
        _compare(info, decorator, context)
    return context.default_return_type


def _decorated(info: TypeInfo, context: FunctionContext) -> Decorator | None:
    for statement in statements_of(info.defn):
        if isinstance(statement, Decorator) and (
            statement is context.context or context.context in statement.decorators
        ):
            return statement
    return None


def _compare(info: TypeInfo, decorator: Decorator, context: FunctionContext) -> None:
    symbol = info.names.get(decorator.name)
    field = symbol.node if symbol else None
    signature = get_proper_type(decorator.func.type)
    if not isinstance(field, Var) or field.type is None or signature is None:
        return
    declared = value_type(field.type)
    returned = getattr(signature, "ret_type", None)
    if returned is not None and not is_subtype(returned, declared):
        options = context.api.options
        context.api.fail(
            f'Property "{decorator.name}" gives {format_type(returned, options)}, '
            f"but its field is declared {format_type(declared, options)}",
            decorator.func,
            code=WRONG_PROPERTY,
        )


def value_type(declared: Type) -> Type:
    """Return `T` of `Pinned[T]`; any other type as it is."""
    pinned = get_proper_type(declared)
    if isinstance(pinned, Instance) and pinned.type.fullname == PINNED:
        return pinned.args[0]
    return declared
