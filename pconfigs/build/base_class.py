"""The base class of configs: what every config class has besides its fields.

`PConfig` holds them, as a base that a class may name; a class that does not is given the same
functions. What each of them needs is loaded when it is first called: building needs none of it.
"""

from __future__ import annotations

import sys

from pconfigs import build as deferred, errors
from pconfigs.errors.declare import DeclarationError, dataclass_above
from pconfigs.errors.formatting import class_name
from pconfigs.markers import GenericAlias
from pconfigs.schema.build_record import getframe
from pconfigs.schema.class_schema import SCHEMA, schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from collections.abc import Iterator
    from types import FrameType
    from typing import Any, NoReturn, Self


class DataclassFields:
    """`__dataclass_fields__`: what makes a config class a dataclass for those who ask.

    Fields that only code sets are `init=False`, so that `dataclasses.replace` leaves them to the
    properties.
    """

    def __get__(self, instance: Any, owner: type) -> dict[str, Any]:
        import dataclasses

        _refuse_decorating(getframe(1))
        found: dict[str, dataclasses.Field[Any]] = {}
        schema = schema_of(owner)
        for name, field in schema.fields.items():
            described: dataclasses.Field[Any] = dataclasses.field(
                init=not field.pinned, kw_only=True
            )
            described.name = name
            described.type = field.annotation
            described._field_type = dataclasses._FIELD  # type: ignore[attr-defined]
            found[name] = described
        for name in schema.class_vars:
            described = dataclasses.field()
            described.name = name
            described.type = "ClassVar"
            described._field_type = dataclasses._FIELD_CLASSVAR  # type: ignore[attr-defined]
            found[name] = described
        return found


def _refuse_decorating(frame: FrameType) -> None:
    """Raise DeclarationError where `@dataclass` asks for the fields of an ancestor."""
    cls: Any = frame.f_locals.get("cls")
    if frame.f_globals.get("__name__") != "dataclasses" or frame.f_code.co_name != "_process_class":
        return
    if SCHEMA in vars(cls):
        raise dataclass_above(cls)
    raise DeclarationError(
        f"{class_name(cls)} is derived from a config class\n"
        f"    put @pconfig above class {cls.__name__}, in the place of @dataclass"
    )


class Signature:
    """`__signature__`: `(*bases, field: type = default, …)`."""

    def __get__(self, instance: Any, owner: type) -> inspect.Signature:
        if instance is not None or "__pconfig_schema__" not in owner.__dict__:
            raise AttributeError("__signature__")
        return deferred.signatures.signature_of(schema_of(owner))


class DefaultConfig:
    """`Class.default_config`: the registered default, or None."""

    def __get__(self, instance: Any, owner: type) -> Any:
        return schema_of(owner).default


class PConfig:
    """Base of a config class, for type checkers: `class TrainerConfig(PConfig[Trainer])`.

    `PConfig[Trainer]` declares what `construct()` returns, and means the same as
    `@pconfig(constructs=Trainer)`.
    """

    __dataclass_fields__ = DataclassFields()
    __signature__ = Signature()
    default_config = DefaultConfig()
    __pconfig_depth__ = 1
    __pconfig_record__ = None
    if TYPE_CHECKING:
        __pconfig_hash__: int

    def __class_getitem__(cls, argument: Any) -> Any:
        return GenericAlias(cls, argument if isinstance(argument, tuple) else (argument,))

    def __init__(self, *bases: Any, **fields: Any) -> None:
        raise DeclarationError(
            f"{type(self).__qualname__} is not a config class yet: put @pconfig above the class"
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise errors.access.frozen_config(self, name, "set", schema_of(self).fields)

    def __delattr__(self, name: str) -> NoReturn:
        raise errors.access.frozen_config(self, name, "deleted", schema_of(self).fields)

    def __repr__(self) -> str:
        return deferred.code.code_of(self)

    def __str__(self) -> str:
        return deferred.code.code_of(self)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        schema = schema_of(self)
        if schema.same is not None and schema.cls is type(self):
            # Known since the first comparison; going on from here halves the cost of small configs.
            return schema.same(self, other)
        return deferred.values.same_fields(self, other)

    def __hash__(self) -> int:
        try:
            # Kept once known: a config never changes.
            found: int = self.__pconfig_hash__
            return found
        except AttributeError:
            pass  # not in here, where it would be the context of an error of the hash
        return deferred.values.hash_of(self)

    def __reduce__(self) -> Any:
        return deferred.values.reduce_config(self)

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: object) -> Any:
        return self

    def __replace__(self, /, **changes: Any) -> Any:
        return type(self)(self, **changes)

    def asdict(self) -> dict[str, Any]:
        """Return the values by field, in field order, one level deep; secrets are hidden.

        Lists, dicts, sets and arrays are ordinary copies; configs in them are as they are.
        """
        return deferred.values.shown_values(self)

    def print_code(self) -> None:
        """Print the config as code, with the imports that it needs."""
        print(deferred.code.listing_of(self))  # noqa: T201

    def _repr_html_(self) -> str:
        """Return what notebooks show: a collapsible tree."""
        return deferred.html.to_html(self)

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        return deferred.html.rich_parts(self)


def construct(self: Any) -> Any:
    """Return a new object of the class that this config configures.

    Raises:
        OpenConfigError: Values are still `Required`.
        DeclarationError: The class has been defined again since.
    """
    schema = schema_of(self)
    if schema.constructs is None:
        name = type(self).__qualname__
        raise DeclarationError(
            f"{name} constructs nothing: it was declared with inherit_constructable_type=False\n"
            f"    declare @pconfig(constructs=...) above {name}"
        )
    deferred.values.refuse_open(self, "be constructed")
    _refuse_redefined(type(self), schema.constructs)
    return schema.constructs.__pconfigured__.make(self)  # type: ignore[attr-defined]


class NothingToConstruct:
    """The attribute `construct` of configs that construct nothing: the reason why it is missing.

    Not a method, so that `hasattr` answers whether a config constructs something.
    """

    def __get__(self, instance: Any, owner: type) -> Self:
        if instance is None:
            return self  # to code that looks at the attributes of a class
        name = owner.__qualname__
        raise AttributeError(
            f"{name} constructs nothing: it names no class\n"
            f"    write class {name}(PConfig[Trainer]), with @pconfiged above class Trainer"
        )


def _refuse_redefined(cls: type, constructs: type) -> None:
    """Refuse to construct what is not the class of that name any more: a cell that ran again."""
    module: Any = sys.modules.get(constructs.__module__)
    newer = getattr(module, constructs.__qualname__, constructs)
    if newer is not constructs and "__pconfigured__" in getattr(newer, "__dict__", ()):
        made, name = cls.__qualname__, constructs.__qualname__
        raise DeclarationError(
            f"{made} constructs {name} as it was before it was defined again\n"
            f"    run again the code that defines {made}, and what makes this config"
        )


for _name in ("__setattr__", "__delattr__", "__repr__", "__str__", "__eq__", "__hash__"):
    getattr(PConfig, _name).__pconfig_member__ = True

MEMBERS = {
    name: value
    for name, value in PConfig.__dict__.items()
    if name
    not in (
        "__module__",
        "__qualname__",
        "__doc__",
        "__dict__",
        "__weakref__",
        "__init__",
        "__class_getitem__",
    )
}


def install(cls: type) -> None:
    """Give a config class its members, save those that it or an ancestor has defined otherwise."""
    defined = {name for c in cls.__mro__ if c not in (object, PConfig) for name in c.__dict__}
    for name, member in MEMBERS.items():
        if name not in defined and PConfig not in cls.__mro__:
            setattr(cls, name, member)
    if getattr(cls, "__parameters__", ()) and "__class_getitem__" not in cls.__dict__:
        cls.__class_getitem__ = classmethod(deferred.generic_alias.subscripted)  # type: ignore[attr-defined]
