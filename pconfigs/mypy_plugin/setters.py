"""The type of a name of a `psetter` view: the view of a part, or the type of a field.

mypy asks no plugin about names that are set; those are checked when the config is built.
"""

from __future__ import annotations

from mypy.errorcodes import ATTR_DEFINED
from mypy.expandtype import expand_type_by_instance
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import Decorator, Var
from mypy.plugin import AttributeContext
from mypy.types import AnyType, Instance, Type, UnionType, get_proper_type

from pconfigs.mypy_plugin.fields import declared_type
from pconfigs.mypy_plugin.names import PCONFIG_BASE
from pconfigs.mypy_plugin.properties import value_type


def read_of(name: str, context: AttributeContext) -> Type:
    """Return the type of `view.name`; reports a name that the viewed config does not have."""
    view = get_proper_type(context.type)
    config = get_proper_type(view.args[0]) if isinstance(view, Instance) and view.args else None
    if (
        not isinstance(view, Instance)
        or not isinstance(config, Instance)
        or name in view.type.names
    ):
        return context.default_attr_type
    found = config.type.get(name)
    if found is None:
        if not config.type.fallback_to_any and not config.type.get("__getattr__"):
            message = f'"{config.type.name}" has no field "{name}" to set'
            context.api.fail(message, context.context, code=ATTR_DEFINED)
        return context.default_attr_type
    node = found.node
    declared = declared_type(node)
    if declared is None or not isinstance(node, (Var, Decorator)):
        return context.default_attr_type
    owner = map_instance_to_supertype(config, node.info)
    part = _part(value_type(expand_type_by_instance(declared, owner)))
    return Instance(view.type, [part]) if part else context.default_attr_type


def _part(declared: Type) -> Instance | None:
    """Return the config class of a field that can be entered: the only one among its types."""
    proper = get_proper_type(declared)
    members = proper.items if isinstance(proper, UnionType) else [proper]
    configs = [
        member
        for member in map(get_proper_type, members)
        if isinstance(member, Instance) and member.type.has_base(PCONFIG_BASE)
    ]
    if any(isinstance(member, AnyType) for member in members):
        return None
    named = [config for config in configs if not config.type.name.startswith("_")]
    return named[0] if len(named) == 1 else None
