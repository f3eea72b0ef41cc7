"""Methods that the plugin adds to a class."""

from __future__ import annotations

from collections.abc import Iterable

from mypy.nodes import ArgKind, Argument, Var
from mypy.plugin import ClassDefContext
from mypy.plugins.common import add_attribute_to_class, add_method_to_class
from mypy.types import CallableType, Type


def argument(name: str, type_: Type, kind: ArgKind) -> Argument:
    """Return a parameter, as mypy has them in signatures."""
    return Argument(Var(name, type_), type_, None, kind)


def add_method(
    context: ClassDefContext, name: str, arguments: Iterable[Argument], result: Type
) -> None:
    """Let a class have a method, unless its body defines one of that name."""
    if not _is_own(context, name):
        add_method_to_class(context.api, context.cls, name, list(arguments), result)


def add_callable(
    context: ClassDefContext, name: str, arguments: Iterable[Argument], result: Type
) -> None:
    """Let a class have something callable that mypy does not hold against its ancestors.

    The keywords of a derived config, and what it constructs, rightly differ from theirs.
    """
    if _is_own(context, name):
        return
    given = list(arguments)
    signature = CallableType(
        [each.type_annotation for each in given if each.type_annotation is not None],
        [each.kind for each in given],
        [each.variable.name for each in given],
        result,
        context.api.named_type("builtins.function"),
        name=name,
    )
    add_attribute_to_class(context.api, context.cls, name, signature, overwrite_existing=True)


def _is_own(context: ClassDefContext, name: str) -> bool:
    existing = context.cls.info.names.get(name)
    return existing is not None and not existing.plugin_generated
