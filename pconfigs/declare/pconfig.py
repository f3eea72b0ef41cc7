"""`@pconfig`: makes a config class."""

from __future__ import annotations

import sys

from pconfigs import declare as deferred
from pconfigs.annotations.resolve import declare, resolve
from pconfigs.build.base_class import NothingToConstruct, PConfig, construct, install
from pconfigs.declare.field_names import refuse_bad_names, refuse_names_of_constructing
from pconfigs.declare.pconfiged import Configured, check_constructs
from pconfigs.errors.declare import DeclarationError, InheritanceError, ReservedNameError
from pconfigs.errors.formatting import class_name, listed
from pconfigs.markers import Omitted
from pconfigs.schema.attribute_reads import mentioned_names
from pconfigs.schema.build_record import getframe
from pconfigs.schema.class_schema import SCHEMA, Schema
from pconfigs.schema.properties import pproperty, refuse_visible_cycle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType
    from typing import Any

    from pconfigs.schema.format_history import History, Upgrade

BUILDS_BEFORE_COMPILING = 12
"""Compiling costs about as much as fifty builds by `build`, and saves most of each build after it.
Classes are built a few times, which is when it would only cost, or by the hundred."""

MOST_FIELDS = 1000
"""Python finds keywords among so many parameters in time that grows with the square of them."""


def pconfig(
    cls: Any = None,
    /,
    *,
    constructs: type | None = None,
    calls: Callable[..., Any] | None = None,
    mocks: type | None = None,
    rest: Any = None,
    inherit_constructable_type: bool | None = None,
    renamed: Mapping[str, str] | None = None,
    removed: Mapping[str, Any] | None = None,
    added: Mapping[str, Any] | None = None,
    version: int = 1,
    upgrade: Upgrade | None = None,
    formerly: str | tuple[str, ...] = (),
    extra: str = "",
) -> Any:
    """Make a class of annotations a config class, in place; or a function one that is configured.

    Args:
        cls: The class, or a function: the parameters with a default become fields, and its name
            the class of configs that are called. Absent where the decorator is written with
            arguments.
        constructs: The `@pconfiged` class that its configs construct.
        calls: A function that cannot be changed. Its parameters with simple types and defaults
            are fields, and the configs are called: `config(x=3)`.
        mocks: A class that cannot be changed. The same, and `config.construct(x=3)` makes one.
        rest: `Omitted` leaves out parameters of the outside code that would need a declaration.
        inherit_constructable_type: For a class derived from a config class that constructs
            something: whether it constructs the same.
        renamed: For configs saved before: old names of fields, and their names today.
        removed: Names of fields that are gone: a function from the saved value to fields of today,
            the one value that made no difference, or `...` where none did.
        added: Fields that came later, and the values that mean their absence.
        version: What configs are saved as; 1 if not given.
        upgrade: `upgrade(data, version)` gives the plain data of the next version.
        formerly: Dotted names that the class has had, the first one last.
        extra: The field, a dict, that takes the keys of loaded data that the class does not have.

    Raises:
        DeclarationError: The declaration cannot work.
        ParameterError: A parameter of the outside code has no simple type or default.
        CycleError: Properties are seen to need each other.
    """
    made = {"constructs": constructs, "calls": calls, "mocks": mocks}
    asked = {how: thing for how, thing in made.items() if thing is not None}
    if len(asked) > 1:
        raise DeclarationError(f"@pconfig takes one of {', '.join(asked)}, not several at once")
    if rest is not None:
        if rest is not Omitted or not {"calls", "mocks"} & asked.keys():
            raise DeclarationError("rest must be Omitted, and go with calls= or mocks=")
        asked["rest"] = rest
    past = None
    if renamed or removed or added or version != 1 or upgrade or formerly or extra:
        past = deferred.format_history.History(
            renamed, removed, added, version, upgrade, formerly, extra
        )
    if cls is None:

        def decorate(found: Any) -> type:
            return _make(found, asked, inherit_constructable_type, getframe(1), past)

        return decorate
    return _make(cls, asked, inherit_constructable_type, getframe(1), past)


def _make(
    cls: Any,
    asked: dict[str, Any],
    inherits: bool | None,
    frame: FrameType,
    past: History | None = None,
) -> type:
    outside = None
    if isinstance(cls, type):
        declared = declare(cls, frame)
        if asked:
            how, thing = next(iter(asked.items()))
            if how != "constructs" or _is_mocked(thing):
                outside = deferred.outside_code.taken_over(
                    cls, declared, how, thing, frame, "rest" in asked
                )
    elif asked or not callable(cls):
        raise DeclarationError(f"@pconfig goes on a class, but was put on {cls!r}")
    else:
        cls, declared, outside = deferred.outside_code.function_class(cls, frame)
    schema = Schema(cls, declared, lambda: deferred.building)
    refuse_bad_names(cls, schema)
    refuse_visible_cycle(cls, schema.properties)
    _set_constructed(cls, schema, asked, inherits)
    schema.outside = outside or _inherited_outside(schema)
    made: Any = cls
    setattr(made, SCHEMA, schema)
    if past is not None:
        past.refuse_contradictions(cls, schema.field_names)
        schema.history = past
    refuse_names_of_constructing(cls, schema)
    _take_properties_out(cls, schema)
    _take_environment_out(cls, schema)
    install(cls)
    if schema.outside is not None:
        deferred.outside_code.install_outside(cls, schema, outside is not None, frame)
    if schema.constructs is not None or schema.declines:
        made.constructable_type = schema.constructs
        if "construct" not in cls.__dict__:
            made.construct = construct
    elif "construct" not in schema.field_names and not hasattr(cls, "construct"):
        made.construct = NothingToConstruct()
    abstract = [name for name, found in schema.properties.items() if _is_abstract(found)]
    made.__init__ = _abstract_initializer(schema, abstract) if abstract else initializer(schema)
    declared_hook = getattr(made, "__pconfig_declared__", None)
    if declared_hook is not None:
        declared_hook()
    return made  # type: ignore[no-any-return]


def _is_mocked(cls: Any) -> bool:
    """Return whether a class is configured, and comes from elsewhere: its parameters are fields."""
    configured = vars(cls).get("__pconfigured__") if isinstance(cls, type) else None
    return configured is not None and bool(configured.mock)


def _set_constructed(
    cls: type, schema: Schema, asked: dict[str, Any], inherits: bool | None
) -> None:
    if "mocks" in asked:
        schema.constructs = asked["mocks"]
    elif "calls" not in asked:
        schema.constructs, schema.declines = _constructed(cls, asked.get("constructs"), inherits)


def _inherited_outside(schema: Schema) -> Any:
    """Return the outside code of the nearest ancestor, if the class calls the same."""
    for ancestor in reversed(schema.lineage):
        found = ancestor.outside
        if found is not None:
            same = schema.constructs is found.target or found.how in ("calls", "own")
            return found if same else None
    return None


def initializer(schema: Schema) -> Callable[..., None]:
    """Return the `__init__` of a config class."""

    def __init__(self: Any, /, *bases: Any, **given: Any) -> None:
        deferred.building.build_at(schema, self, bases, given, getframe(1))
        schema.built += 1
        # At least: threads that count at the same time may skip a number.
        if (
            schema.built >= BUILDS_BEFORE_COMPILING
            and schema.cls.__dict__["__init__"] is __init__
            and len(schema.fields) <= MOST_FIELDS
        ):
            schema.cls.__init__ = deferred.compiled_init.compiled_initializer(schema)  # type: ignore[misc]

    __init__.__qualname__ = f"{schema.cls.__qualname__}.__init__"
    return __init__


def _is_abstract(found: pproperty) -> bool:
    return getattr(found.function, "__isabstractmethod__", False)


def _abstract_initializer(schema: Schema, abstract: list[str]) -> Callable[..., None]:
    """Return the `__init__` of a class with abstract properties, which makes no configs."""

    def __init__(self: Any, /, *bases: Any, **given: Any) -> None:
        name = class_name(schema.cls)
        raise DeclarationError(
            f"{name} is abstract: it does not define {listed(abstract)}\n"
            f"    derive a config class from {name} that defines it as a @pproperty"
        )

    return __init__


def _constructed(cls: type, constructs: Any, inherits: bool | None) -> tuple[type | None, bool]:
    """Return the class that configs construct, and whether that of the ancestor is declined."""
    if constructs is None:
        constructs = _named_in_base(cls)
    if constructs is not None:
        check_constructs(cls, constructs)
        return constructs, False
    for ancestor in cls.__mro__[1:]:
        inherited: Any = ancestor.__dict__.get(SCHEMA)
        if inherited is None or (inherited.constructs is None and not inherited.declines):
            continue
        if inherits is None and not inherited.declines:
            constructed: Any = inherited.constructs
            name = class_name(cls)
            raise InheritanceError(
                f"{name} derives from {class_name(ancestor)}, which constructs"
                f" {class_name(constructed)}: declare what it constructs\n"
                f"    @pconfig(constructs=...), or @pconfig(inherit_constructable_type=True) for"
                f" {class_name(constructed)}, or =False for nothing"
            )
        if inherits:
            return inherited.constructs, inherited.constructs is None
        return None, True
    return None, False


def _named_in_base(cls: type) -> type | None:
    """Return `Trainer` of `class TrainerConfig(PConfig[Trainer])`."""
    for base in cls.__dict__.get("__orig_bases__", ()):
        if getattr(base, "__origin__", None) is PConfig:
            named = base.__args__[0]
            if isinstance(named, str):
                raise DeclarationError(
                    f"{class_name(cls)}: PConfig[...] takes the class itself, got {named!r}\n"
                    f"    write PConfig[{named}], below class {named}"
                )
            # `Any` is a class since Python 3.11.
            is_any = getattr(named, "__module__", "") == "typing" and named.__name__ == "Any"
            if not isinstance(named, type) or named is type(None) or is_any:
                continue
            if "__pconfigured__" in named.__dict__:
                return named
            check_constructs(cls, named)
    return None


def _take_properties_out(cls: type, schema: Schema) -> None:
    """Remove property objects: a class attribute of a field's name makes reads 3 times slower."""
    for name, value in list(cls.__dict__.items()):
        if isinstance(value, pproperty):
            delattr(cls, name)
    _put_back_for_super(cls, schema)


def _put_back_for_super(cls: type, schema: Schema) -> None:
    """Let `super().name` find the properties of ancestors; theirs are the reads that slow down.

    Also for code of ancestors and mixins, whose super() leads to other classes here than there.
    """
    asked: set[str] = set()
    for ancestor in cls.__mro__:
        inherited = schema if ancestor is cls else ancestor.__dict__.get(SCHEMA)
        own: dict[str, Any] = {} if inherited is None else inherited.own_properties
        for name in asked.intersection(own):
            if ancestor is not cls and name not in ancestor.__dict__:
                setattr(ancestor, name, own[name])
        for value in (*ancestor.__dict__.values(), *own.values()):
            function: Any = getattr(value, "function", value)
            code = getattr(function, "__code__", None)
            if code is not None and "__class__" in code.co_freevars:
                asked |= mentioned_names(code)


def _take_environment_out(cls: type, schema: Schema) -> None:
    """Return the annotation `environment: SomeEnv` becomes a class attribute."""
    if "environment" not in schema.declared.names:
        for ancestor in schema.lineage[:-1]:
            schema.environment = ancestor.environment or schema.environment
        return
    try:
        found = resolve(cls, "environment", schema.declared).hint
    except NameError as error:
        raise DeclarationError(
            f"{class_name(cls)}.environment: its class must be defined above the config class:"
            f" {error}"
        ) from error
    if isinstance(found, str):
        raise DeclarationError(
            f"{class_name(cls)}.environment: {found!r} must be importable when the class is made"
        )
    if not (isinstance(found, type) and hasattr(found, "__penv_entries__")):
        raise ReservedNameError(
            f"{class_name(cls)}.environment is a reserved name: its type must be a @penv"
            f" class, but is {found!r}\n"
            "    put @penv above that class, or give the field another name"
        )
    schema.environment = found
    cls.environment = found  # type: ignore[attr-defined]
    typing: Any = sys.modules.get("typing")
    written = vars(cls).get("__annotations__")
    if typing is not None and written is not None:
        # It is not a field, also for those who ask for the hints of the class, too.
        written["environment"] = typing.ClassVar[typing.Type[found]]


__all__ = ["Configured", "initializer", "pconfig"]
