"""Signatures: what a function or class from elsewhere takes.

Read once, when the config class is declared; `inspect` is loaded then and not before.
"""

from __future__ import annotations

import sys

from pconfigs.annotations.kinds import Sentinel
from pconfigs.annotations.resolve import split
from pconfigs.annotations.scopes import Namespace, Scope, UndefinedName
from pconfigs.annotations.typing_forms import evaluated, missing_in
from pconfigs.errors.formatting import class_name, cut
from pconfigs.errors.wrapping import (
    abstract_class,
    cannot_be_outside,
    no_signature,
)
from pconfigs.schema.class_schema import is_config, is_config_class

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from pconfigs.annotations.resolve import ResolvedAnnotation


NO_DEFAULT: Any = Sentinel("NO_DEFAULT")
"""Represents the default of a parameter that has none."""


class Factory:
    """Represents a default that is made anew for each call: that of a dataclass or attrs field."""

    def __init__(self, make: Any) -> None:
        self.make = make

    def __repr__(self) -> str:
        return f"<made by {getattr(self.make, '__qualname__', self.make)}>"


class Parameter:
    """One parameter that has a name.

    Attributes:
        name: Its name.
        annotation: As the signature holds it; NO_DEFAULT where there is none.
        default: NO_DEFAULT where it has none, a Factory where each call makes one.
        by_keyword: Whether it may be given by name.
    """

    __slots__ = ("annotation", "by_keyword", "default", "name")

    def __init__(self, name: str, annotation: Any, default: Any, by_keyword: bool) -> None:
        self.name, self.annotation, self.default = name, annotation, default
        self.by_keyword = by_keyword

    @property
    def required(self) -> bool:
        return self.default is NO_DEFAULT

    @property
    def written(self) -> str:
        """It and its default, as a signature shows them."""
        hint = "" if self.annotation is NO_DEFAULT else f": {words_of(self.annotation)}"
        if self.required:
            return f"{self.name}{hint}"
        equals = f" = {self.default!r}" if hint else f"={self.default!r}"
        return cut(" ".join(f"{self.name}{hint}{equals}".split()), 60)


class ExternalCallable:
    """A function or class that a config calls or makes.

    Attributes:
        how: "calls", "mocks" or "constructs"; "own" for a function under the decorator itself.
        target: What is called: the function or class.
        name: Its dotted name.
        parameters: Those that have a name, in order.
        positions: Names that positional arguments fill, in order.
        takes_args, takes_kwargs: Whether it has `*args`, `**kwargs`.
    """

    def __init__(self, how: str, target: Any, signature: Any, scope: Scope) -> None:
        self.how, self.target, self.name = how, target, dotted_name(target)
        self.scope = scope
        self.parameters: dict[str, Parameter] = {}
        self.takes_args = self.takes_kwargs = False
        positions: list[str] = []
        for found in signature.parameters.values():
            if found.kind is found.VAR_POSITIONAL:
                self.takes_args = True
            elif found.kind is found.VAR_KEYWORD:
                self.takes_kwargs = True
            else:
                self.parameters[found.name] = _parameter(target, found)
                if found.kind is not found.KEYWORD_ONLY:
                    positions.append(found.name)
        self.positions = tuple(positions)

    @property
    def is_dataclass(self) -> bool:
        """Return whether the target is a dataclass, whose parameters are its fields."""
        return isinstance(self.target, type) and "__dataclass_fields__" in vars(self.target)

    def resolved(self, parameter: Parameter) -> tuple[ResolvedAnnotation, list[str]]:
        """Return the annotation of a parameter, and names in it that cannot be found."""
        names = Namespace(None, self.scope, _typing_name)
        try:
            found = split(evaluated(parameter.annotation, names))
            return found, missing_in(found.hint)
        except (TypeError, AttributeError, SyntaxError):
            return split(UndefinedName("")), [words_of(parameter.annotation)]


def words_of(annotation: Any) -> str:
    """Return an annotation as one writes it."""
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, type) and not hasattr(annotation, "__args__"):
        return annotation.__qualname__
    return repr(annotation).replace("typing.", "")


def dotted_name(thing: Any) -> str:
    """Return the name of a function or class in messages."""
    if hasattr(thing, "func") and not hasattr(thing, "__qualname__"):
        return f"a partial of {dotted_name(thing.func)}"
    if not hasattr(thing, "__qualname__"):
        return f"an object of {dotted_name(type(thing))}"
    module = getattr(thing, "__module__", None)
    name: str = class_name(thing)
    return name if module in (None, "builtins") else f"{module}.{name}"


def function_outside(config_class: type, target: Any, frame: FrameType) -> ExternalCallable:
    """Return the function that `@pconfig(calls=target)` calls.

    Raises:
        DeclarationError: It is not a function, or its parameters are unknown.
    """
    if isinstance(target, staticmethod):
        target = target.__func__
    why = ""
    if is_config_class(target):
        why = "it is a config class already: call its configs"
    elif isinstance(target, type):
        why = "a class is made, not called: write mocks="
    elif isinstance(target, classmethod):
        why = "get it from its class: calls=SomeClass.method"
    elif not callable(target) or is_config(target):
        why = "it has to be a function"
    if why:
        raise cannot_be_outside(config_class, "calls", target, why)
    return _read(config_class, "calls", target, target, frame)


def own_outside(function: Any, frame: FrameType) -> ExternalCallable:
    """Return the function that a function under the decorator calls: itself."""
    return ExternalCallable("own", function, _signature(function), _scope(function, frame))


def class_outside(config_class: type, target: Any, frame: FrameType) -> ExternalCallable:
    """Return the class that `@pconfig(mocks=target)` constructs.

    Raises:
        DeclarationError: It is not a class, or its parameters are unknown.
    """
    why = ""
    if not isinstance(target, type):
        why = "it has to be a class; for a function write calls="
    elif is_config_class(target):
        why = "it is a config class already"
    elif "__pconfigured__" in target.__dict__:
        why = "it is made from a config already: write constructs="
    if why:
        raise cannot_be_outside(config_class, "mocks", target, why)
    methods = getattr(target, "__abstractmethods__", None)
    if methods:
        raise abstract_class(config_class, dotted_name(target), list(methods))
    return _read(config_class, "mocks", target, target, frame)


def extended_outside(config_class: type, target: type, frame: FrameType) -> ExternalCallable:
    """Return the class that a config of a `@pconfiged(mock=True)` class constructs."""
    source: Any = next(c for c in target.__mro__ if "__init__" in c.__dict__)
    for ancestor in target.__mro__:
        configured = ancestor.__dict__.get("__pconfigured__")
        init = ancestor.__dict__.get("__init__") if configured is None else configured.own_init
        if init is not None:
            source = ancestor if configured is None else init
            break
    return _read(config_class, "constructs", target, source, frame)


def _read(
    config_class: type, how: str, target: Any, source: Any, frame: FrameType
) -> ExternalCallable:
    """Return what a config calls or makes, as `source` takes it."""
    try:
        signature = _signature(source)
    except (ValueError, TypeError) as error:
        raise no_signature(config_class, dotted_name(source), how, error) from None
    if source is not target and not isinstance(source, type):
        signature = _without_self(signature)
    return ExternalCallable(how, target, signature, _scope(source, frame))


def _signature(source: Any) -> Any:
    """Return the signature, its annotations evaluated as far as that is possible.

    Of a class whose `__new__` or metaclass passes everything on, that of its `__init__`.
    """
    import inspect

    options: dict[str, Any] = {}
    if sys.version_info >= (3, 14):
        import annotationlib

        options["annotation_format"] = annotationlib.Format.FORWARDREF
    signature = inspect.signature(source, **options)
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    passes_on = [inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD]
    initializer: Any = getattr(source, "__init__", None)
    if kinds == passes_on and isinstance(source, type) and hasattr(initializer, "__code__"):
        return _without_self(inspect.signature(initializer, **options))
    return signature


def _without_self(signature: Any) -> Any:
    return signature.replace(parameters=[*signature.parameters.values()][1:])


def _scope(source: Any, frame: FrameType) -> Scope:
    """Return where the names in the annotations of a function or class are looked up."""
    # Names are those of the module in which the code is written: below decorators and partials.
    function = source
    if isinstance(source, type):
        home = next((c for c in source.__mro__ if "__init__" in c.__dict__), source)
        function = home.__dict__.get("__init__", home)
    while True:
        inner = getattr(function, "__wrapped__", None) or getattr(function, "__func__", None)
        inner = inner or getattr(function, "func", None)
        if inner is None:
            break
        function = inner
    if not hasattr(function, "__globals__"):
        function = type(function).__call__
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    found = getattr(function, "__globals__", None) or (vars(module) if module else {})
    frames = (frame,) if frame.f_globals is found else ()
    return Scope(found, frames)


def _typing_name(name: str) -> Any:
    """Return a name that annotations of library code take from typing without import."""
    import collections.abc
    import typing

    return (
        getattr(typing, name, None) or getattr(collections.abc, name, None) or UndefinedName(name)
    )


def _parameter(target: Any, found: Any) -> Parameter:
    default = NO_DEFAULT if found.default is found.empty else found.default
    factory = _factory(target, found.name, default)
    return Parameter(
        found.name,
        NO_DEFAULT if found.annotation is found.empty else found.annotation,
        default if factory is None else Factory(factory),
        found.kind is not found.POSITIONAL_ONLY,
    )


def _factory(target: Any, name: str, default: Any) -> Any:
    """Return the factory of the default of a dataclass or attrs field, if it has one."""
    if default is NO_DEFAULT or not isinstance(target, type):
        return None
    if type(default).__name__ == "_HAS_DEFAULT_FACTORY_CLASS":
        field = getattr(target, "__dataclass_fields__", {}).get(name)
        return getattr(field, "default_factory", default)
    if type(default).__name__ == "_Nothing":
        for field in getattr(target, "__attrs_attrs__", ()):
            if name in (field.name, getattr(field, "alias", None)):
                return getattr(field.default, "factory", default)
        return default
    return None
