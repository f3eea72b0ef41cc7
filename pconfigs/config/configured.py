"""Configured classes: `@pconfiged` makes a class that a config constructs."""

from __future__ import annotations

from pconfigs.errors.declaring import DeclarationError, NotConfiguredError
from pconfigs.errors.words import given_words
from pconfigs.schema.table import is_config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

CONFIGURED = "__pconfigured__"
_UNSET: Any = type("Unset", (), {"__repr__": lambda self: "<no config>"})()


class Configured:
    """What `@pconfiged` knows of a class.

    Attributes:
        cls: The class.
        config_annotation: Its annotation `config: …`, as written.
        runnable: Whether a command may run it.
    """

    def __init__(self, cls: type, config_annotation: Any, runnable: bool) -> None:
        self.cls = cls
        self.config_annotation = config_annotation
        self.runnable = runnable

    @property
    def config_name(self) -> str:
        """The config class in words."""
        annotation = self.config_annotation
        return (
            annotation
            if isinstance(annotation, str)
            else getattr(annotation, "__name__", repr(annotation))
        )

    def make(self, config: Any) -> Any:
        """A new object of the class, which has its config before its `__init__` runs."""
        made = self.cls.__new__(self.cls)
        object.__setattr__(made, "config", config)
        made.__init__()
        return made


def pconfiged(cls: type | None = None, /, *, runnable: bool = False) -> Any:
    """Make a class one that a config constructs, in place.

    The class has an annotation `config: SomeConfig`, and an `__init__` without parameters, or
    none; `self.config` is there when it runs.

    Args:
        cls: The class; absent where the decorator is written with arguments.
        runnable: `python -m pconfigs.run` may run it; it has a method `main`.

    Raises:
        DeclarationError: The class has no `config` annotation of its own, or its `__init__` has
        parameters.
    """
    if cls is None:
        return lambda found: _configure(found, runnable)
    return _configure(cls, runnable)


def _configure(cls: Any, runnable: bool) -> type:
    if not isinstance(cls, type):
        raise DeclarationError(f"@pconfiged goes on a class, but was put on {cls!r}")
    annotation = _own_config_annotation(cls)
    runnable = runnable or any(
        getattr(base, CONFIGURED, _NOT_RUNNABLE).runnable for base in cls.__bases__
    )
    own = cls.__dict__.get("__init__")
    if own is not None:
        _refuse_parameters(cls, own)
    setattr(cls, CONFIGURED, Configured(cls, annotation, runnable))
    cls.__init__ = _initializer(cls, own)  # type: ignore[misc]
    return cls


_NOT_RUNNABLE = Configured(object, None, False)


def _own_config_annotation(cls: type) -> Any:
    from pconfigs.schema.hints import declare

    declared = declare(cls, None)
    if "config" not in declared.names:
        name = cls.__qualname__
        raise DeclarationError(
            f"{name} does not say which config it is made from\n"
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
            f"{cls.__qualname__}.__init__{signature(init)} has parameters, but a configured"
            f" class takes everything"
            " from self.config\n"
            "    write def __init__(self), and make the parameters fields of its config"
        )


def _initializer(cls: type, own: Callable[[Any], None] | None) -> Callable[..., None]:
    def __init__(self: Any, *args: Any, config: Any = _UNSET, **kwargs: Any) -> None:
        if config is not _UNSET and is_config(config) and not args and not kwargs:
            object.__setattr__(self, "config", config)
        elif config is not _UNSET or args or kwargs or not _has_config(self):
            given = [*args, *kwargs.values()] if config is _UNSET else [config]
            action = f"was given {given_words(given[0])}" if given else "was given no config"
            raise NotConfiguredError(
                type(self), getattr(type(self), CONFIGURED).config_name, action
            )
        if own is not None:
            own(self)
        else:
            super(cls, self).__init__()

    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    __init__.__doc__ = None if own is None else own.__doc__
    return __init__


def _has_config(instance: Any) -> bool:
    try:
        return is_config(object.__getattribute__(instance, "config"))
    except AttributeError:
        return False


def check_constructs(config_class: type, constructs: Any) -> None:
    """Raise DeclarationError unless a config class can construct `constructs`."""
    name = config_class.__qualname__
    if not isinstance(constructs, type):
        raise DeclarationError(
            f"{name} constructs a class, but got constructs={given_words(constructs)}"
        )
    if CONFIGURED not in constructs.__dict__:
        raise DeclarationError(
            f"{name} cannot construct {constructs.__qualname__}, which is not a configured class\n"
            f"    put @pconfiged above {constructs.__qualname__}, with the annotation config:"
            f" {config_class.__name__}"
        )
    annotation = getattr(constructs, CONFIGURED).config_annotation
    named = annotation.rpartition(".")[2].strip() if isinstance(annotation, str) else annotation
    if isinstance(named, str):
        fits = not named.isidentifier() or named in {c.__name__ for c in config_class.__mro__}
    else:
        fits = not isinstance(named, type) or issubclass(config_class, named)
    if not fits:
        words = named if isinstance(named, str) else named.__qualname__
        raise DeclarationError(
            f"{name} cannot construct {constructs.__qualname__}, which is made from {words}\n"
            f"    write config: {config_class.__name__} in {constructs.__qualname__}, or"
            f" constructs= its own class"
        )
