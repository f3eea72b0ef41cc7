"""Methods that the plugin adds to a class."""

from __future__ import annotations

from collections.abc import Iterable

from mypy.nodes import ARG_POS, MDEF, ArgKind, Argument, Block, FuncDef, PassStmt, SymbolTableNode, Var
from mypy.plugin import ClassDefContext
from mypy.semanal_shared import set_callable_name
from mypy.types import CallableType, Type
from mypy.typevars import fill_typevars


def argument(name: str, type_: Type, kind: ArgKind) -> Argument:
    return Argument(Var(name, type_), type_, None, kind)


def add_method(
    context: ClassDefContext, name: str, arguments: Iterable[Argument], result: Type
) -> None:
    """Let a class have a method, unless its body defines one of that name.

    It gets into the class's names only, not into its body: there mypy would hold it against the
    ancestors' method, and the keywords of a derived config rightly differ from theirs.
    """
    info = context.cls.info
    existing = info.names.get(name)
    if existing is not None and not existing.plugin_generated:
        return
    every = [argument("self", fill_typevars(info), ARG_POS), *arguments]
    signature = CallableType(
        [given.type_annotation for given in every if given.type_annotation is not None],
        [given.kind for given in every],
        [given.variable.name for given in every],
        result,
        context.api.named_type("builtins.function"),
    )
    method = FuncDef(name, every, Block([PassStmt()]))
    method.info = info
    method.type = set_callable_name(signature, method)
    method._fullname = f"{info.fullname}.{name}"
    method.line = info.line
    info.names[name] = SymbolTableNode(MDEF, method, plugin_generated=True)
