"""The factory of validators: one for each type, which decides what fits and what is held."""

from __future__ import annotations

import sys

from pconfigs import annotations as deferred, errors
from pconfigs.annotations.resolve import resolve_all
from pconfigs.annotations.scopes import Namespace, Scope, UndefinedName
from pconfigs.annotations.typing_forms import RecursiveHint, evaluated, form_of, substituted
from pconfigs.errors.formatting import class_name
from pconfigs.markers import Marked, Marker
from pconfigs.validation.base import (
    ANY,
    AnyValidator,
    CallableValidator,
    ClassValidator,
    ExactValue,
    InvalidValue,
    LiteralValidator,
    NeverValidator,
    ProtocolValidator,
    TypeValidator,
    UnionValidator,
    Validator,
)
from pconfigs.validation.constraints import constrained
from pconfigs.validation.containers import (
    AbcContainer,
    DictValidator,
    ListValidator,
    NamedTupleValidator,
    OtherContainer,
    SetValidator,
    TupleValidator,
    TypedDictValidator,
)
from pconfigs.validation.generic import GenericConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    Bindings: TypeAlias = "dict[Any, Any] | None"

__all__ = ["Validator", "InvalidValue", "accepting", "validator_for"]

GenericAlias = type(list[int])


class RecursiveAlias(Validator):
    """The validator of a named type, made when it is first needed: the type may name itself."""

    def __init__(self, alias: Any, bindings: dict[Any, Any], key: Any) -> None:
        self.alias, self.bindings, self.key = alias, bindings, key
        self.description = alias.__name__
        self.validator: Validator | None = None

    def known(self) -> Validator:
        """Return the validator of what the name means."""
        if self.validator is None:
            # Where the type names itself again, it is this one.
            inner = {**self.bindings, self.key: self}
            self.validator = validator_for(_meaning_of(self.alias), inner)
        return self.validator

    def choices(self) -> tuple[Validator, ...]:
        return (self.known(),)

    def item_at(self, container: Any, key: Any) -> Validator:
        return self.known().item_at(container, key)

    def validate(self, value: Any) -> Any:
        try:
            return self.known().validate(value)
        except RecursionError:
            raise InvalidValue(
                "", "", value, f"{self.description}, less deeply nested", constraint=True
            ) from None


def _alias_validator(alias: Any, arguments: Any, bindings: Bindings) -> Validator:
    # The parameters of a callable are a list.
    known_types = bindings or {}
    given = [one if isinstance(one, list) else known_types.get(one, one) for one in arguments or ()]
    key = (alias, tuple(map(repr, given)))
    known = (bindings or {}).get(key)
    if known is not None:
        return known  # type: ignore[no-any-return]
    parameters = dict(zip(getattr(alias, "__type_params__", ()), given, strict=False))
    return RecursiveAlias(alias, {**(bindings or {}), **parameters}, key)


def _meaning_of(alias: Any) -> Any:
    """Return what a named type means, names in quotes replaced by what they name."""
    value = alias.__value__
    if isinstance(alias, RecursiveHint):
        return value
    module = sys.modules.get(getattr(alias, "__module__", None) or "")
    names = Namespace(None, Scope({} if module is None else vars(module)), UndefinedName)
    names.update((one.__name__, one) for one in getattr(alias, "__type_params__", ()))
    names.setdefault(alias.__name__, alias)
    meaning = evaluated(value, names)
    if names.missed:
        known = deferred.source_text.names_for_checkers(names.scope, alias)
        for name in names.missed:
            if name not in known:
                raise errors.annotation.undefined_in_alias(alias, name)
    return meaning


_SCALARS: dict[Any, Validator] = {
    int: ClassValidator(int),
    float: ClassValidator(float, (int,)),
    complex: ClassValidator(complex, (float, int)),
    bool: ClassValidator(bool),
    str: ClassValidator(str),
    bytes: ClassValidator(bytes),
    type(None): ClassValidator(type(None)),
    None: ClassValidator(type(None)),
    object: ANY,
    type: TypeValidator(None, "a class"),
}


def validator_for(hint: Any, bindings: Bindings = None) -> Validator:
    """Return the validator of a resolved hint. `bindings` has the values of type variables."""
    try:
        known = _SCALARS.get(hint)
    except TypeError:
        known = None
    if known is not None:
        return known
    if isinstance(hint, (str, Marker)):
        return AnyValidator(hint) if isinstance(hint, str) else ANY
    if isinstance(hint, Marked):
        return validator_for(hint.argument, bindings)
    form = form_of(hint)
    if form in _FORMS:
        return _FORMS[form](hint, bindings)
    origin = getattr(hint, "__origin__", None)
    if origin is not None and not (isinstance(hint, type) and type(hint) is not GenericAlias):
        return _generic(hint, origin, bindings)
    if isinstance(hint, type):
        return _for_class(hint, bindings)
    return AnyValidator(repr(hint))


def accepting(validator: Validator, value: Any) -> Validator:
    """Return `validator`, or one that also takes `value`, the default in a signature."""
    try:
        validator.validate(value)
    except InvalidValue:
        if type(value) in (list, tuple, dict, set, frozenset, type(None)):
            return UnionValidator((validator, validator_for(type(value))))
        return UnionValidator((validator, ExactValue(value)))
    return validator


def _for_class(cls: type, bindings: Bindings) -> Validator:
    container = _container(cls, None, bindings)
    if container is not None:
        return container
    if getattr(cls, "_is_protocol", False) and not getattr(cls, "_is_runtime_protocol", False):
        return ProtocolValidator(cls)
    if not hasattr(cls, "__pconfig_schema__") and hasattr(cls, "__dataclass_fields__"):
        _refuse_marked_members(cls)
    if cls.__module__ == "typing" and cls.__name__ in ("IO", "TextIO", "BinaryIO"):
        return AnyValidator(cls.__name__)
    return ClassValidator(cls)


def _refuse_marked_members(cls: Any) -> None:
    """Raise AnnotationError where a dataclass declares a member a secret: it would be printed."""
    for name, field in cls.__dataclass_fields__.items():
        said = field.type if isinstance(field.type, str) else repr(field.type)
        if any(f"{marker}[" in said for marker in ("Secret", "NoEffect", "Pinned")):
            marker = said.partition("[")[0].rpartition(".")[2]
            raise errors.annotation.misplaced_in_member(f"{class_name(cls)}.{name}", said, marker)


def _generic(hint: Any, origin: Any, bindings: Bindings) -> Validator:
    arguments = getattr(hint, "__args__", None)
    if form_of(origin) == "TypeAliasType":
        return _alias_validator(origin, arguments, bindings)
    if origin is type:
        return _type_of(arguments, bindings)
    if not isinstance(origin, type):
        return AnyValidator(repr(hint))
    container = _container(origin, arguments, bindings)
    if container is not None:
        return container
    is_generic = getattr(origin, "__parameters__", ()) and hasattr(origin, "__pconfig_schema__")
    if arguments and is_generic:
        given = tuple(substituted(argument, bindings or {}) for argument in arguments)
        return GenericConfig(origin, given, validator_for)
    return _for_class(origin, bindings)


def _container(cls: type, arguments: Any, bindings: Bindings) -> Validator | None:
    """Return the validator of a container class with its type arguments; None for others."""
    given = (
        tuple(validator_for(argument, bindings) for argument in arguments)
        if _simple(arguments)
        else ()
    )
    item = given[0] if given else ANY
    if cls is tuple:
        return _tuple(arguments, bindings)
    if cls is list:
        return ListValidator(item)
    if cls is set or cls is frozenset:
        return SetValidator(cls, item)
    if cls is dict:
        return DictValidator(item, given[1] if len(given) > 1 else ANY)
    if cls.__module__ == "collections.abc":
        return CallableValidator() if cls.__name__ == "Callable" else AbcContainer(cls, given)
    if cls.__module__ == "collections" and cls.__name__ in (
        "deque",
        "OrderedDict",
        "defaultdict",
        "Counter",
    ):
        return OtherContainer(cls, given)
    if hasattr(cls, "__total__") and hasattr(cls, "__required_keys__"):
        required = _required_keys(cls, _member_hints(cls))
        return TypedDictValidator(cls, _member_checks(cls, bindings), required)
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return NamedTupleValidator(cls, _member_checks(cls, bindings))
    return None


def _simple(arguments: Any) -> bool:
    return (
        isinstance(arguments, tuple)
        and ... not in arguments
        and not any(isinstance(one, list) for one in arguments)
    )


def _tuple(arguments: Any, bindings: Bindings) -> Validator:
    if not isinstance(arguments, tuple):
        return TupleValidator((), ANY, ())
    before: list[Validator] = []
    after: list[Validator] = []
    repeated: Validator | None = None
    for position, argument in enumerate(arguments):
        if argument is ...:
            continue
        unpacked = _unpacked(argument)
        if unpacked is not None:
            repeated = validator_for(unpacked, bindings)
        elif position + 1 < len(arguments) and arguments[position + 1] is ...:
            repeated = validator_for(argument, bindings)
        else:
            (before if repeated is None else after).append(validator_for(argument, bindings))
    return TupleValidator(tuple(before), repeated, tuple(after))


def _unpacked(argument: Any) -> Any:
    """Return the item type of `*tuple[T, ...]`; None for anything else in a tuple's brackets."""
    if form_of(argument) == "Unpack":
        argument = argument.__args__[0]
    elif not getattr(argument, "__unpacked__", False):
        return None
    inner: Any = getattr(argument, "__args__", ())
    return inner[0] if len(inner) == 2 and inner[1] is ... else object


def _member_checks(cls: type, bindings: Bindings) -> dict[str, Validator]:
    """Return the validators of the members of a TypedDict, NamedTuple or dataclass.

    Raises:
        AnnotationError: A member has a marker, which only fields of config classes may have.
        UnknownNameError: An annotation names something that is not defined.
    """
    return {name: validator_for(hint, bindings) for name, hint in _member_hints(cls).items()}


def _member_hints(cls: type) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for part in reversed(getattr(cls, "__mro__", (cls,))):
        if part.__module__ == "builtins":
            continue
        for name, found in resolve_all(part).items():
            for marker in found.markers:
                where = f"{class_name(part)}.{name}"
                raise errors.annotation.misplaced_in_member(
                    where, str(found.annotation), marker.__name__
                )
            members[name] = found.hint
    return members


def _required_keys(cls: Any, hints: dict[str, Any]) -> frozenset[str]:
    """Return the keys of a TypedDict that must be given.

    `__required_keys__` does not see `NotRequired` where annotations are postponed.
    """
    required = set(cls.__required_keys__)
    for name, hint in hints.items():
        form = form_of(hint)
        while form == "ReadOnly":
            hint = hint.__args__[0]
            form = form_of(hint)
        if form in ("Required", "NotRequired"):
            (required.add if form == "Required" else required.discard)(name)
    return frozenset(required)


def _type_of(arguments: Any, bindings: Bindings) -> Validator:
    if not arguments:
        return _SCALARS[type]
    (inner,) = arguments
    inner = (bindings or {}).get(inner, inner) if form_of(inner) == "TypeVar" else inner
    if form_of(inner) == "TypeVar":
        bound = getattr(inner, "__bound__", None)
        constraints = getattr(inner, "__constraints__", ())
        options: tuple[Any, ...] = constraints or (bound,)
    else:
        options = getattr(inner, "__args__", ()) if form_of(inner) == "Union" else (inner,)
    bases: list[type] = []
    for option in options:
        option = getattr(option, "__origin__", None) or option
        if not isinstance(option, type) or option is object or form_of(option) == "Any":
            return _SCALARS[type]
        bases.append(option)
    return TypeValidator(tuple(bases), f"type[{' or '.join(base.__qualname__ for base in bases)}]")


def _union(hint: Any, bindings: Bindings) -> Validator:
    arguments = getattr(hint, "__args__", ())
    members: list[Validator] = []
    nothing = [argument for argument in arguments if argument is type(None)]
    for argument in [*(other for other in arguments if other is not type(None)), *nothing]:
        validator = validator_for(argument, bindings)
        if type(validator) is AnyValidator:
            return validator
        members.append(validator)
    return UnionValidator(tuple(members)) if len(members) > 1 else (members or [ANY])[0]


def _type_variable(hint: Any, bindings: Bindings) -> Validator:
    if bindings and hint in bindings:
        # Without the bindings: a variable may be bound to a type that names itself.
        return validator_for(
            bindings[hint], {key: value for key, value in bindings.items() if key is not hint}
        )
    if getattr(hint, "__constraints__", ()):
        return UnionValidator(tuple(validator_for(one, bindings) for one in hint.__constraints__))
    bound = getattr(hint, "__bound__", None)
    return ANY if bound is None else validator_for(bound, bindings)


def _first_argument(hint: Any, bindings: Bindings) -> Validator:
    arguments = getattr(hint, "__args__", None)
    return validator_for(arguments[0], bindings) if arguments else ANY


_FORMS: dict[str, Callable[[Any, Bindings], Validator]] = {
    "Any": lambda hint, bindings: ANY,
    "Annotated": lambda hint, bindings: constrained(
        validator_for(hint.__origin__, bindings), hint.__metadata__
    ),
    "Union": _union,
    "Optional": lambda hint, bindings: ANY,
    "Literal": lambda hint, bindings: LiteralValidator(_flat_literals(hint)),
    "LiteralString": lambda hint, bindings: _SCALARS[str],
    "Never": lambda hint, bindings: NeverValidator(),
    "NoReturn": lambda hint, bindings: NeverValidator(),
    "Self": lambda hint, bindings: ANY,
    "TypeVar": _type_variable,
    "TypeAliasType": lambda hint, bindings: _alias_validator(hint, (), bindings),
    "NewType": lambda hint, bindings: validator_for(hint.__supertype__, bindings),
    "ForwardRef": lambda hint, bindings: AnyValidator(hint.__forward_arg__),
    **dict.fromkeys(["Final", "ClassVar", "Required", "NotRequired", "ReadOnly"], _first_argument),
}


def _flat_literals(hint: Any) -> tuple[Any, ...]:
    values: list[Any] = []
    for value in hint.__args__:
        values.extend(_flat_literals(value) if form_of(value) == "Literal" else (value,))
    return tuple(values)
