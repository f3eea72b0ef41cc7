"""Classes as mypy gets to read them: bases and bodies, before the body is analyzed."""

from __future__ import annotations

from collections.abc import Iterator

from mypy.mro import MroError, calculate_mro
from mypy.nodes import (
    AssignmentStmt,
    Block,
    ClassDef,
    Decorator,
    Expression,
    FuncDef,
    IfStmt,
    NameExpr,
    Statement,
)
from mypy.plugin import ClassDefContext, SemanticAnalyzerPluginInterface
from mypy.types import AnyType, CallableType, TypeOfAny

from pconfigs.mypy_plugin.names import (
    PCALLABLE,
    PCONFIG,
    PCONFIG_BASE,
    PCONFIGED,
    PENUM,
    PENUM_BASE,
    decorator_named,
    is_property,
    is_true,
    keyword,
)


def prepare_class(context: ClassDefContext) -> None:
    """Give a decorated class the base and the body that mypy understands.

    mypy calls this again each time it analyzes the class: everything here can be repeated.
    """
    cls, api = context.cls, context.api
    if not cls.decorators:
        return
    if decorator := decorator_named(PCONFIG, cls.decorators, api):
        outside = keyword(decorator, "calls")
        _add_base(cls, PCALLABLE if outside else PCONFIG_BASE, api)
        _let_properties_implement_fields(cls, api)
    elif decorator := decorator_named(PCONFIGED, cls.decorators, api):
        cls.info.metadata["pconfiged"] = {"mock": is_true(keyword(decorator, "mock"))}
        if is_true(keyword(decorator, "runnable")):
            _annotate_main(cls, api)
    elif decorator_named(PENUM, cls.decorators, api):
        _add_base(cls, PENUM_BASE, api)


def _add_base(cls: ClassDef, fullname: str, api: SemanticAnalyzerPluginInterface) -> None:
    if any(ancestor.fullname == fullname for ancestor in cls.info.mro):
        return
    arguments = [AnyType(TypeOfAny.special_form)] if fullname == PCONFIG_BASE else []
    base = api.named_type_or_none(fullname, list(arguments))
    if base is None:
        return
    before, mro = cls.info.bases, cls.info.mro
    own = [other for other in before if other.type.fullname != "builtins.object"]
    cls.info.bases, cls.info.mro = [*own, base], []
    try:
        calculate_mro(cls.info)
    except MroError:
        cls.info.bases, cls.info.mro = before, mro


def _let_properties_implement_fields(cls: ClassDef, api: SemanticAnalyzerPluginInterface) -> None:
    # A definition under a condition may implement a variable declared above it; any other is
    # a redefinition to mypy, whatever the types.
    declared = {name for statement in cls.defs.body for name in _declared(statement)}
    implementing = [
        statement
        for statement in cls.defs.body
        if isinstance(statement, Decorator)
        and statement.name in declared
        and is_property(statement, api)
    ]
    if not implementing:
        return
    rest = [statement for statement in cls.defs.body if statement not in implementing]
    cls.defs.body = [*rest, *(_under_condition(statement) for statement in implementing)]


def statements_of(cls: ClassDef) -> Iterator[Statement]:
    """Yield the statements of a body as written, without the conditions put around properties."""
    for statement in cls.defs.body:
        if isinstance(statement, IfStmt):
            for block in statement.body:
                yield from block.body
        else:
            yield statement


def _declared(statement: Statement) -> list[str]:
    if isinstance(statement, AssignmentStmt) and statement.unanalyzed_type is not None:
        return [lvalue.name for lvalue in statement.lvalues if isinstance(lvalue, NameExpr)]
    return []


def _under_condition(statement: Decorator) -> IfStmt:
    condition: Expression = NameExpr("True")
    block = Block([statement])
    conditional = IfStmt([condition], [block], None)
    for node in (condition, block, conditional):
        node.set_line(statement)
    return conditional


def _annotate_main(cls: ClassDef, api: SemanticAnalyzerPluginInterface) -> None:
    """Return `def main(self, *args, **kwargs)`, whose types are known: a runner calls it."""
    for function in cls.defs.body:
        if isinstance(function, FuncDef) and function.name == "main" and function.type is None:
            anything = AnyType(TypeOfAny.special_form)
            function.type = function.unanalyzed_type = CallableType(
                [anything] * len(function.arguments),
                function.arg_kinds,
                function.arg_names,
                anything,
                api.named_type("builtins.function"),
            )
