"""The members that `@pconfig` adds to a class: a constructor, read-only fields, `construct()`."""

from __future__ import annotations

from mypy.errorcodes import ErrorCode
from mypy.nodes import ARG_NAMED_OPT, ARG_STAR, ARG_STAR2, TypeInfo, Var
from mypy.plugin import ClassDefContext
from mypy.server.trigger import make_wildcard_trigger
from mypy.types import AnyType, Instance, NoneType, Type, TypeOfAny, get_proper_type
from mypy.typevars import fill_typevars

from pconfigs.mypy_plugin.fields import METADATA, fields_of, own_fields
from pconfigs.mypy_plugin.methods import add_callable, add_method, argument
from pconfigs.mypy_plugin.names import BASE_FOR, PCONFIG_BASE, keyword, node_of
from pconfigs.mypy_plugin.outside import add_outside_fields

WRONG_CONSTRUCTS = ErrorCode(
    "constructs", "A class that is constructed names the config it takes", "pconfigs"
)
MEMBERS = frozenset({"asdict", "default_config", "print_code"})


def complete_class(context: ClassDefContext) -> bool:
    """Add what the decorator adds; False asks mypy to come again when more is known."""
    info = context.cls.info
    for ancestor in info.mro[1:-1]:
        # In the daemon, an edit of the ancestor is a reason to look at this class again.
        context.api.add_plugin_dependency(make_wildcard_trigger(ancestor.fullname))
    own = own_fields(context)
    if own is None:
        return False
    info.metadata[METADATA] = {"fields": own}
    if not (add_outside_fields(context) and _add_construct(context)):
        return False
    _add_constructor(context, fields_of(context))
    for name in own:
        node = info.names[name].node
        if isinstance(node, Var):
            node.is_property = True
            # At run time a field wins over a member of its name, such as `asdict`.
            node.allow_incompatible_override = name in MEMBERS
    return True


def _add_constructor(context: ClassDefContext, fields: dict[str, Type]) -> None:
    itself = fill_typevars(context.cls.info)
    keywords = [argument(name, accepts, ARG_NAMED_OPT) for name, accepts in fields.items()]
    if context.cls.info.metadata[METADATA].get("open"):
        keywords.append(argument("fields", AnyType(TypeOfAny.special_form), ARG_STAR2))
    bases = argument("bases", context.api.named_type(BASE_FOR, [itself]), ARG_STAR)
    add_method(context, "__init__", [bases, *keywords], NoneType())
    add_callable(context, "__replace__", keywords, itself)


def _add_construct(context: ClassDefContext) -> bool:
    """Set the type that `construct()` returns; False while the class is not known."""
    promised = _promised(context.cls.info)
    given = keyword(context.reason, "constructs")
    made = node_of(given, context.api) if given is not None else promised
    if not isinstance(made, TypeInfo):
        return True
    context.api.add_plugin_dependency(make_wildcard_trigger(made.fullname))
    symbol = made.get("config")
    config = symbol.node if symbol else None
    if not isinstance(config, Var):
        return True
    if config.type is None:
        return False
    _check_config(context, made, config)
    if promised and not made.has_base(promised.fullname):
        message = f'The base names "{promised.name}" as the class to construct, not "{made.name}"'
        context.api.fail(message, context.reason, code=WRONG_CONSTRUCTS)
    add_callable(context, "construct", [], fill_typevars(made))
    return True


def _promised(info: TypeInfo) -> TypeInfo | None:
    """Return `Trainer` of `class TrainerConfig(PConfig[Trainer])`."""
    for base in info.bases:
        if base.type.fullname == PCONFIG_BASE:
            named = get_proper_type(base.args[0])
            return named.type if isinstance(named, Instance) else None
    return None


def _check_config(context: ClassDefContext, made: TypeInfo, config: Var) -> None:
    named = get_proper_type(config.type)
    if isinstance(named, Instance) and named.type not in context.cls.info.mro:
        context.api.fail(
            f'"{made.name}" is configured by "{named.type.name}", not by "{context.cls.name}"',
            context.reason,
            code=WRONG_CONSTRUCTS,
        )
