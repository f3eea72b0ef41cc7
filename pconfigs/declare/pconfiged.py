"""`@pconfiged`: makes a class that a config constructs."""

from __future__ import annotations

from pconfigs import declare as deferred
from pconfigs.annotations.resolve import declare
from pconfigs.errors.base import show_as_users
from pconfigs.errors.declare import DeclarationError, NotConfiguredError
from pconfigs.errors.formatting import class_name, given_words
from pconfigs.schema.class_schema import is_config, schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

CONFIGURED = "__pconfigured__"
_super: Any = super
"""`super` under a name that type checkers take for a class that is not known yet, too."""


class Configured:
    """The facts of a class under `@pconfiged`.

    Attributes:
        cls: The class.
        config_annotation: Its annotation `config: …`, as written.
        runnable: Whether a command may run it.
        mock: Whether it extends an outside class, whose parameters its config gives.
        own_init: Its own `__init__`, before it was wrapped; None where it has none.
    """

    def __init__(
        self,
        cls: type,
        config_annotation: Any,
        runnable: bool,
        mock: bool = False,
        own_init: Any = None,
    ) -> None:
        self.cls = cls
        self.config_annotation = config_annotation
        self.runnable = runnable
        self.mock = mock
        self.own_init = own_init

    @property
    def config_name(self) -> str:
        """The config class in words."""
        annotation = self.config_annotation
        if isinstance(annotation, str):
            # Quoted, and postponed besides.
            return annotation.strip("\"' ")
        return getattr(annotation, "__name__", None) or repr(annotation)

    def make(self, config: Any, *args: Any, **given: Any) -> Any:
        """Return a new object of the class, which has its config before its `__init__` runs."""
        cls: Any = self.cls
        if cls.__new__ is object.__new__:
            made = cls.__new__(cls)
        else:
            made = cls.__new__(cls, *args, **given)
        object.__setattr__(made, "config", config)
        cls.__init__(made, *args, **given)
        return made


def pconfiged(cls: type | None = None, /, *, runnable: bool = False, mock: bool = False) -> Any:
    """Make a class one that a config constructs, in place.

    The class has an annotation `config: SomeConfig`, and an `__init__` without parameters, or
    none; `self.config` is there when it runs.

    Args:
        cls: The class; absent where the decorator is written with arguments.
        runnable: `python -m pconfigs.run` may run it; it has a method `main`.
        mock: It extends a class that cannot be changed: the parameters of the `__init__` it
            inherits, or of its own, are fields of its config, too.

    Raises:
        DeclarationError: The class has no `config` annotation of its own, or its `__init__` has
            parameters and it is not a mock.
    """
    if cls is None:

        def decorate(found: Any) -> type:
            return _configure(found, runnable, mock)

        return decorate
    return _configure(cls, runnable, mock)


def _configure(cls: Any, runnable: bool, mock: bool) -> type:
    if not isinstance(cls, type):
        raise DeclarationError(f"@pconfiged goes on a class, but was put on {cls!r}")
    annotation = _own_config_annotation(cls)
    runnable = runnable or any(
        getattr(base, CONFIGURED, _NOT_RUNNABLE).runnable for base in cls.__bases__
    )
    if runnable and not hasattr(cls, "main"):
        raise DeclarationError(
            f"{class_name(cls)} is runnable, but has no main\n"
            "    add to its body: def main(self, namespace, args), or def main(self)"
        )
    mock = mock or any(getattr(base, CONFIGURED, _NOT_RUNNABLE).mock for base in cls.__bases__)
    own = cls.__dict__.get("__init__")
    if own is not None and not mock:
        _refuse_parameters(cls, own)
    setattr(cls, CONFIGURED, Configured(cls, annotation, runnable, mock, own))
    made: Any = cls
    made.__init__ = _initializer(cls, own, mock)
    return cls


_NOT_RUNNABLE = Configured(object, None, False)


def _own_config_annotation(cls: type) -> Any:
    declared = declare(cls, None)
    if "config" not in declared.names:
        name = class_name(cls)
        raise DeclarationError(
            f"{name} does not declare the config that it is made from\n"
            f"    add to its body: config: {cls.__name__}Config"
        )
    return declared.names["config"]


def _refuse_parameters(cls: type, init: Any) -> None:
    code: CodeType | None = getattr(init, "__code__", None)
    if code is None:
        return
    count = (
        code.co_argcount
        + code.co_kwonlyargcount
        + bool(code.co_flags & 4)
        + bool(code.co_flags & 8)
    )
    if count > 1:
        from inspect import signature

        raise DeclarationError(
            f"{class_name(cls)}.__init__{signature(init)} has parameters, but a configured"
            f" class takes everything from self.config\n"
            "    write def __init__(self), and make the parameters fields of its config; what is"
            " known only at run time goes to a method, def build(self, ...), or to construct(...)"
            " of a class under @pconfiged(mock=True)"
        )


def _initializer(cls: Any, own: Callable[..., None] | None, mock: bool) -> Callable[..., None]:
    """Return the `__init__` of a configured class: it takes the config, and calls its own."""
    take = _taken_by_mock if mock else _taken

    def __init__(self: Any, /, *args: Any, **given: Any) -> None:
        args, given = take(self, args, given)
        try:
            if own is not None:
                own(self, *args, **given)
            else:
                _super(cls, self).__init__(*args, **given)
        except Exception as error:
            show_as_users(error)
            raise

    named: Callable[..., None] = _named_like(__init__, own, cls)
    return named


def _taken(made: Any, args: Any, given: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Give an object the config that it is made from; return what else its `__init__` takes.

    Raises:
        NotConfiguredError: There is no config, or more than that.
    """
    config = given.get("config")
    if len(given) == 1 and is_config(config) and not args:
        object.__setattr__(made, "config", config)
    elif args or given or not _has_config(made):
        others = [config] if "config" in given else [*args, *given.values()]
        action = f"was given {given_words(others[0])}" if others else "was given no config"
        raise _not_configured(made, action)
    return (), {}


def _taken_by_mock(made: Any, args: Any, given: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the same for a class that extends an outside one, whose arguments its config gives."""
    if _has_config(made):
        return args, given
    config = given.pop("config", None)
    if not is_config(config):
        raise _not_configured(made, "was given no config")
    object.__setattr__(made, "config", config)
    if schema_of(config).outside is not None:
        given = deferred.calling.arguments(config, args, given, "be constructed")
    return args, given


def _not_configured(made: Any, action: str) -> NotConfiguredError:
    cls = type(made)
    return NotConfiguredError(cls, getattr(cls, CONFIGURED).config_name, action)


def _named_like(init: Any, own: Any, cls: type) -> Any:
    """Return an `__init__` under the name of the one that it wraps, which `inspect` then shows."""
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__doc__ = None if own is None else own.__doc__
    if own is not None:
        init.__wrapped__ = own
    return init


def _has_config(instance: Any) -> bool:
    try:
        return is_config(object.__getattribute__(instance, "config"))
    except AttributeError:
        return False


def check_constructs(config_class: type, constructs: Any) -> None:
    """Raise DeclarationError unless a config class can construct `constructs`."""
    name = class_name(config_class)
    if not isinstance(constructs, type):
        raise DeclarationError(
            f"{name} constructs a class, but got constructs={given_words(constructs)}"
        )
    if CONFIGURED not in constructs.__dict__:
        raise DeclarationError(
            f"{name} cannot construct {class_name(constructs)}, which is not a configured class\n"
            f"    put @pconfiged above {class_name(constructs)}, with the annotation config:"
            f" {config_class.__name__}"
        )
    configured: Configured = getattr(constructs, CONFIGURED)
    annotation = configured.config_annotation
    named = configured.config_name.rpartition(".")[2] if isinstance(annotation, str) else annotation
    if isinstance(named, str):
        fits = not named.isidentifier() or named in {c.__name__ for c in config_class.__mro__}
    else:
        fits = not isinstance(named, type) or issubclass(config_class, named)
    if not fits:
        words = named if isinstance(named, str) else class_name(named)
        raise DeclarationError(
            f"{name} cannot construct {class_name(constructs)}, which is made from {words}\n"
            f"    write config: {config_class.__name__} in {class_name(constructs)}, or"
            f" constructs= its own class"
        )
