"""Which names of the library the expressions of a program refer to."""

from __future__ import annotations

from collections.abc import Iterable

from mypy.nodes import (
    CallExpr,
    Decorator,
    Expression,
    MemberExpr,
    NameExpr,
    PlaceholderNode,
    RefExpr,
    SymbolNode,
)
from mypy.plugin import SemanticAnalyzerPluginInterface

BASE_FOR = "pconfigs.pinnable._BaseFor"
PCALLABLE = "pconfigs.pinnable.PCallable"
PCONFIG = "pconfigs.pinnable.pconfig"
PCONFIGED = "pconfigs.pinnable.pconfiged"
PCONFIG_BASE = "pconfigs.pinnable.PConfig"
PENUM_BASE = "pconfigs.pinnable.PEnum"
PENUM = "pconfigs.pinnable.penum"
PIN = "pconfigs.pinnable.Pin"
PINNED = "pconfigs.pinnable.Pinned"
PPROPERTY = "pconfigs.pinnable.pproperty"
SETTER = "pconfigs.pinnable._Setter"


def called(expression: Expression) -> Expression:
    """Return `f` of `f(...)`; anything else as it is."""
    return expression.callee if isinstance(expression, CallExpr) else expression


def node_of(expression: Expression, api: SemanticAnalyzerPluginInterface) -> SymbolNode | None:
    """Return the symbol of a dotted name, also before mypy has bound the expression."""
    if isinstance(expression, RefExpr) and expression.node is not None:
        return expression.node
    name = _dotted(expression)
    symbol = api.lookup_qualified(name, expression, suppress_errors=True) if name else None
    return symbol.node if symbol else None


def _dotted(expression: Expression) -> str | None:
    if isinstance(expression, NameExpr):
        return expression.name
    if isinstance(expression, MemberExpr):
        owner = _dotted(expression.expr)
        return f"{owner}.{expression.name}" if owner else None
    return None


def decorator_named(
    fullname: str, decorators: Iterable[Expression], api: SemanticAnalyzerPluginInterface
) -> Expression | None:
    """Return the one of `decorators` that is `fullname`, called or not."""
    for decorator in decorators:
        node = node_of(called(decorator), api)
        if isinstance(node, PlaceholderNode):
            if not api.final_iteration:
                api.defer()
        elif node is not None and node.fullname == fullname:
            return decorator
    return None


def is_property(statement: object, api: SemanticAnalyzerPluginInterface) -> bool:
    """Return whether a statement is a method under `@pproperty`, with or without arguments."""
    return (
        isinstance(statement, Decorator)
        and decorator_named(PPROPERTY, statement.original_decorators, api) is not None
    )


def keyword(decorator: Expression, name: str) -> Expression | None:
    """Return the value of a keyword in `@decorator(name=value)`."""
    if not isinstance(decorator, CallExpr):
        return None
    for given, value in zip(decorator.arg_names, decorator.args, strict=True):
        if given == name:
            return value
    return None


def is_true(expression: Expression | None) -> bool:
    """Return whether an expression is the word `True`."""
    return isinstance(expression, NameExpr) and expression.name == "True"
