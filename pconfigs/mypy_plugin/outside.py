"""Fields that come from the signature of a function or class: `calls=`, `mocks=`, `mock=True`."""

from __future__ import annotations

from mypy.nodes import (
    ARG_NAMED_OPT,
    ARG_OPT,
    ARG_POS,
    ARG_STAR,
    ARG_STAR2,
    FuncDef,
    SymbolNode,
    TypeInfo,
)
from mypy.plugin import ClassDefContext
from mypy.plugins.common import add_attribute_to_class
from mypy.types import AnyType, CallableType, Type, TypeOfAny, get_proper_type
from mypy.typevars import fill_typevars

from pconfigs.mypy_plugin.fields import METADATA
from pconfigs.mypy_plugin.methods import add_method, argument
from pconfigs.mypy_plugin.names import keyword, node_of


def add_outside_fields(context: ClassDefContext) -> bool:
    """Make fields of what the outside code takes; False while its types are not known."""
    for name in ("calls", "mocks", "constructs"):
        given = keyword(context.reason, name)
        if given is not None:
            target = node_of(given, context.api)
            if name == "constructs" and not _is_mock(target):
                return True
            return _add(context, target, name)
    return True


def _is_mock(target: SymbolNode | None) -> bool:
    return isinstance(target, TypeInfo) and bool(target.metadata.get("pconfiged", {}).get("mock"))


def _add(context: ClassDefContext, target: SymbolNode | None, how: str) -> bool:
    function = target.get_method("__init__") if isinstance(target, TypeInfo) else target
    signature = get_proper_type(function.type) if isinstance(function, FuncDef) else None
    if isinstance(function, FuncDef) and function.type is None and function.unanalyzed_type:
        return False
    metadata = context.cls.info.metadata[METADATA]
    if isinstance(signature, CallableType):
        for kind, name, type_ in zip(
            signature.arg_kinds, signature.arg_names, signature.arg_types, strict=True
        ):
            if name and kind in (ARG_OPT, ARG_NAMED_OPT) and name not in metadata["fields"]:
                add_attribute_to_class(context.api, context.cls, name, type_)
                metadata["fields"][name] = "plain"
    else:
        metadata["open"] = True
        text = argument("name", context.api.named_type("builtins.str"), ARG_POS)
        add_method(context, "__getattr__", [text], AnyType(TypeOfAny.special_form))
    if how == "calls" and isinstance(signature, CallableType):
        _add_lenient(context, "__call__", signature.ret_type)
    if how != "calls" and isinstance(target, TypeInfo):
        _add_lenient(context, "construct", fill_typevars(target))
    return True


def _add_lenient(context: ClassDefContext, name: str, result: Type) -> None:
    """Return a method that takes what is not configured yet, by position or keyword."""
    anything = AnyType(TypeOfAny.special_form)
    rest = [argument("args", anything, ARG_STAR), argument("kwargs", anything, ARG_STAR2)]
    add_method(context, name, rest, result)
