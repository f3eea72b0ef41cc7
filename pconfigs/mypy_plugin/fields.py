"""Fields of a config class, with the types that mypy holds of them."""

from __future__ import annotations

from mypy.expandtype import expand_type_by_instance
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import AssignmentStmt, Decorator, NameExpr, SymbolNode, TypeInfo, Var
from mypy.plugin import ClassDefContext
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Type,
    TypeOfAny,
    TypeType,
    UnboundType,
    UnionType,
    get_proper_type,
)
from mypy.typevars import fill_typevars

from pconfigs.mypy_plugin.bodies import statements_of
from pconfigs.mypy_plugin.names import PIN, PINNED, is_property

METADATA = "pconfig"
# The class attribute through which a config reads environment variables; it is not a field.
ENVIRONMENT = "environment"


def own_fields(context: ClassDefContext) -> dict[str, str] | None:
    """Return how each field of the class itself is declared; None while a type is not known.

    'plain' and 'omitted' are annotations, 'property' is a property without one, 'computed' an
    annotation with a property.
    """
    info = context.cls.info
    own: dict[str, str] = {}
    properties: set[str] = set()
    for statement in statements_of(context.cls):
        if isinstance(statement, AssignmentStmt) and statement.unanalyzed_type is not None:
            for lvalue in statement.lvalues:
                if isinstance(lvalue, NameExpr) and _is_field(info, lvalue.name):
                    own[lvalue.name] = _how(statement.unanalyzed_type)
        elif isinstance(statement, Decorator) and is_property(statement, context.api):
            properties.add(statement.name)
            own.setdefault(statement.name, "property")
    for name in properties:
        if own[name] == "plain":
            own[name] = "computed"
    if any(declared_type(info.names[name].node) is None for name in own):
        return None
    return own


def _is_field(info: TypeInfo, name: str) -> bool:
    node = info.names[name].node if name in info.names else None
    return isinstance(node, Var) and not node.is_classvar and name != ENVIRONMENT


def _how(annotation: Type) -> str:
    name = annotation.name if isinstance(annotation, UnboundType) else ""
    return "omitted" if name.split(".")[-1] == "Omitted" else "plain"


def declared_type(node: SymbolNode | None) -> Type | None:
    """Return the type of an annotated name or of what a property returns; None while unknown."""
    if isinstance(node, Decorator):
        signature = get_proper_type(node.func.type)
        if isinstance(signature, CallableType):
            return signature.ret_type
        return AnyType(TypeOfAny.unannotated)
    return node.type if isinstance(node, Var) else AnyType(TypeOfAny.special_form)


def fields_of(context: ClassDefContext) -> dict[str, Type]:
    """Return what may be given for each field of a class whose own fields are in its metadata.

    Those of its bases come first.
    """
    info = context.cls.info
    itself = fill_typevars(info)
    assert isinstance(itself, Instance)
    fields: dict[str, Type] = {}
    for owner in reversed(info.mro):
        for name, how in owner.metadata.get(METADATA, {}).get("fields", {}).items():
            declared = declared_type(owner.names[name].node)
            if declared is None:
                continue
            declared = expand_type_by_instance(declared, map_instance_to_supertype(itself, owner))
            inherited = fields.get(name)
            if how == "property" and inherited and not _is_pinned(info, name):
                # The property repairs what is given for the inherited field.
                how, declared = "computed", inherited
            fields[name] = _accepted(declared, how, context)
    return fields


def _is_pinned(info: TypeInfo, name: str) -> bool:
    for ancestor in reversed(info.mro):
        if name in ancestor.metadata.get(METADATA, {}).get("fields", {}):
            node = ancestor.names[name].node
            declared = get_proper_type(node.type) if isinstance(node, Var) else None
            return not isinstance(declared, Instance) or declared.type.fullname == PINNED
    return True


def _accepted(declared: Type, how: str, context: ClassDefContext) -> Type:
    """Return the type that the constructor takes for a field."""
    anything = AnyType(TypeOfAny.special_form)
    if how == "omitted":
        return anything
    proper = get_proper_type(declared)
    plain: list[Type] = [declared]
    if isinstance(proper, Instance) and proper.type.fullname == PINNED:
        declared, plain = proper.args[0], []
    elif how == "property":
        plain = []
    elif how == "plain":
        return declared
    compute = TypeType(context.api.named_type(PINNED, [anything]))
    return UnionType.make_union([*plain, compute, context.api.named_type(PIN, [declared])])
