"""Environments: `@penv` classes, whose attributes are read from environment variables.

The only place where values are taken from the environment. Nothing is kept: each read looks again,
and a property that reads one remembers its value.
"""

from __future__ import annotations

import os

from pconfigs.annotations.kinds import Sentinel
from pconfigs.annotations.pep649 import written
from pconfigs.annotations.resolve import ClassAnnotations, declare, resolve
from pconfigs.build.evaluation import note_read
from pconfigs.declare.env_parsing import UnreadableHint, parsed, parser_for, value_for
from pconfigs.declare.remade import body_of, move_methods
from pconfigs.errors.access import DeferredError
from pconfigs.errors.declare import DeclarationError, UnknownNameError
from pconfigs.errors.environment import (
    ConventionError,
    UnsetVariableError,
    VariableValueError,
    assigned_variable,
    no_variable,
)
from pconfigs.errors.formatting import class_name, given_words, note_secrets
from pconfigs.markers import Required, Secret
from pconfigs.provenance.origins import HIDDEN
from pconfigs.schema.build_record import EnvironmentRead, getframe
from pconfigs.schema.properties import member_of
from pconfigs.serialization.conversion.text_words import text_of
from pconfigs.validation.base import InvalidValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any, NoReturn

    from pconfigs.serialization.texts.base import TextParser

VARIABLES = "__penv_variables__"


NO_DEFAULT: Any = Sentinel("no default")


class EnvVar:
    """The variable of a name of a `@penv` class, if the convention does not give its name.

    `shell: str = EnvVar("SHELL", "/bin/sh", "the login shell")`

    Args:
        name: Of the environment variable.
        default: What is read where it is not set; an error without. With `Required`, a property
            that reads it waits.
        help: What it is, shown when it is missing.
    """

    __slots__ = ("default", "help", "name")

    def __init__(self, name: str, default: Any = NO_DEFAULT, help: str = "") -> None:
        self.name, self.default, self.help = name, default, help

    def __repr__(self) -> str:
        return f"EnvVar({self.name!r})"


class Variable:
    """One attribute of a `@penv` class: reading it on the class reads the environment.

    Attributes:
        attribute: Its name in the class.
        name: The environment variable.
        default: What it is where that is not set: a value, `Required`, or NO_DEFAULT.
        help: What it is, in words.
    """

    __slots__ = ("_declared", "_kind", "attribute", "default", "help", "name")

    def __init__(self, attribute: str, said: EnvVar, declared: ClassAnnotations) -> None:
        self.attribute, self._declared = attribute, declared
        self.name, self.default, self.help = said.name, said.default, said.help
        self._kind: tuple[TextParser, bool] | None = None

    def __get__(self, instance: object, owner: type) -> Any:
        value, is_set = self.read(owner)
        in_property = note_read(self.as_read(value, is_set))
        if value is Required:
            if in_property:
                raise DeferredError("Required", f"reading {self.name}")
            raise self.unset(owner)
        return value

    def __set__(self, instance: object, value: Any) -> NoReturn:
        refuse_assignment(type(instance), self.attribute, value)

    def as_read(self, value: Any, is_set: bool) -> EnvironmentRead:
        """Return the record of a read that gave `value`."""
        text = None if self.is_secret and value is not Required else text_of(value)
        return EnvironmentRead(f"environment.{self.attribute}", self.name, is_set, text)

    def overridden(self, said: Any) -> Variable:
        """Return a variable of the same type, with another default or an EnvVar of its own."""
        if not isinstance(said, EnvVar):
            said = EnvVar(self.name, said, self.help)
        return Variable(self.attribute, said, self._declared)

    @property
    def is_secret(self) -> bool:
        """Whether its value must not be shown."""
        return self.settled()[1]

    def read(self, owner: type) -> tuple[Any, bool]:
        """Return the value now, and whether the variable is set.

        Raises:
            UnsetVariableError: It is not set, and there is no default.
            VariableValueError: Its text cannot be read as its type.
        """
        parser, secret = self.settled()
        text = os.environ.get(self.name)
        if text is None:
            if self.default is NO_DEFAULT:
                raise self.unset(owner)
            return self.default, False
        try:
            return parsed(parser, text), True
        except InvalidValue as mismatch:
            problem = (mismatch.expected, "" if secret else mismatch.advice)
            cause = None if secret else mismatch.__cause__
        # Outside of the handler: an error about a secret must not lead to one that quotes it.
        raise VariableValueError(
            owner, self.attribute, self.name, None if secret else text, *problem
        ) from cause

    def unset(self, owner: type) -> UnsetVariableError:
        """Return the error for a variable that must be set, and is not."""
        words = self.settled()[0].description
        return UnsetVariableError(owner, self.attribute, self.name, words, self.help)

    def settled(self) -> tuple[TextParser, bool]:
        """Return the parser of its text and whether it is secret; resolve the default."""
        if self._kind is None:
            owner = self._declared.cls
            where = f"{class_name(owner)}.{self.attribute}"
            found = resolve(owner, self.attribute, self._declared)
            try:
                parser = parser_for(found.hint)
                if self.default is not NO_DEFAULT and self.default is not Required:
                    self.default = value_for(found.hint, self.default)
            except UnreadableHint as error:
                raise DeclarationError(
                    f"{where}: {error}\n"
                    "    environment variables are int, float, bool, str, Path, enums, Literal,"
                    " or | None"
                ) from None
            except InvalidValue as mismatch:
                shown = "a secret" if Secret in found.markers else given_words(self.default)
                raise DeclarationError(
                    f"{where}: its default must be {mismatch.expected}, but is {shown}"
                ) from None
            self._kind = (parser, Secret in found.markers)
            if Secret in found.markers:
                note_secrets(owner.__name__, (self.attribute, self.name))
        return self._kind


class EnvironmentType(type):
    """The type of `@penv` classes: their variables cannot be replaced."""

    def __setattr__(cls, name: str, value: Any) -> None:
        if isinstance(value, Variable) or _is_free(cls, name):
            super().__setattr__(name, value)
        else:
            refuse_assignment(cls, name, value)

    def __delattr__(cls, name: str) -> None:
        if not _is_free(cls, name):
            refuse_assignment(cls, name)
        super().__delattr__(name)


def _is_free(cls: type, name: str) -> bool:
    """Return whether a name of a `@penv` class means no variable, and no misspelt one."""
    if name.startswith("_"):
        return True
    found = member_of(cls, name) if hasattr(cls, VARIABLES) else None
    return found is not None and not isinstance(found, Variable)


def refuse_assignment(cls: type, name: str, value: Any = NO_DEFAULT) -> NoReturn:
    """Raise the error for setting or deleting a variable as an attribute."""
    variable = variables_of(cls).get(name)
    if variable is None:
        raise no_variable(cls, name, variables_of(cls))
    known = value is not NO_DEFAULT and not variable.is_secret
    raise assigned_variable(cls, name, variable.name, text_of(value) if known else None)


def _guarded(cls: type) -> type:
    """Return the class as one of type EnvironmentType: itself, or made again from its body."""
    kind = type(cls)
    if issubclass(kind, EnvironmentType):
        return cls
    guarding: Any = EnvironmentType
    if kind is not type:
        guarding = type(kind.__name__, (EnvironmentType, kind), {})
    body = {**body_of(cls), "__qualname__": cls.__qualname__}
    made: type = guarding(cls.__name__, cls.__bases__, body)
    move_methods(cls, made)
    return made


def penv(
    cls: type | None = None,
    /,
    *,
    convention: str | Callable[[str], str] | None = None,
) -> Any:
    """Make a class of annotated names read them from environment variables, whenever asked.

    `RunEnv.jobs` and `config.environment.jobs` are the variable's text as the annotated type: int,
    float, bool (true, 1, yes, on, false, 0, no, off), str, Path, an enum by name or value, a
    Literal, or None where `| None` allows it. What is assigned in the class is the default. With
    the default `Required`, a property that reads the variable waits until it is set.

    Args:
        cls: The class; absent where the decorator is written with arguments.
        convention: What a variable is called: like its attribute, "uppercase", or what a function
            makes of the attribute's name.

    Raises:
        ConventionError: The convention is unknown.
        DeclarationError: A type or default cannot be that of a variable.
    """
    frame = getframe(1)
    if cls is None:

        def decorate(found: type) -> type:
            return _make(found, convention, frame)

        return decorate
    return _make(cls, convention, frame)


def _make(cls: Any, convention: Any, frame: FrameType) -> type:
    if not isinstance(cls, type):
        raise DeclarationError(f"@penv goes on a class, but was put on {cls!r}")
    name_for = _naming(cls, convention)
    for attribute in [name for name, value in vars(cls).items() if value is Required]:
        # The marker refuses to be asked for attributes, as what follows does.
        type.__setattr__(cls, attribute, EnvVar(name_for(attribute), Required))
    cls = _guarded(cls)
    declared = declare(cls, frame)
    inherited = _collected(cls)
    own: dict[str, Variable] = {}
    for attribute in declared.names:
        if attribute not in declared.class_vars:
            default = cls.__dict__.get(attribute, NO_DEFAULT)
            said = default
            if not isinstance(default, EnvVar):
                said = EnvVar(name_for(attribute), default)
            own[attribute] = Variable(attribute, said, declared)
    for attribute, value in cls.__dict__.items():
        if attribute in inherited and attribute not in own and not hasattr(value, "__get__"):
            own[attribute] = inherited[attribute].overridden(value)
        elif isinstance(value, EnvVar) and attribute not in own:
            raise DeclarationError(
                f"{class_name(cls)}.{attribute} has no type\n    write {attribute}: str = {value!r}"
            )
    for attribute, variable in own.items():
        setattr(cls, attribute, variable)
    setattr(cls, VARIABLES, own)
    made: Any = cls
    made.__penv_entries__ = classmethod(entries_of)
    made.__penv_read__ = classmethod(read_of)
    made.__penv_help__ = classmethod(help_of)
    made.__penv_secrets__ = classmethod(secrets_of)
    for variable in own.values():
        try:
            variable.settled()
        except UnknownNameError:
            continue  # its type is defined further down
    found: type = cls
    return found


def _naming(cls: type, convention: Any) -> Callable[[str], str]:
    """Return the function from the name of an attribute to that of its variable."""
    if convention is None:
        return str
    if isinstance(convention, str) and convention.lower() == "uppercase":
        return str.upper
    if callable(convention):
        return convention  # type: ignore[no-any-return]
    raise ConventionError(cls, convention)


def variables_of(cls: type) -> dict[str, Variable]:
    """Return the variables of a class and its ancestors, most remote first, by attribute."""
    found = _collected(cls)
    return {name: known for name, known in found.items() if member_of(cls, name) is known}


def _collected(cls: type) -> dict[str, Variable]:
    """Return all variables, also those in whose place a derived class has put something else."""
    found: dict[str, Variable] = {}
    for ancestor in reversed(cls.__mro__):
        found.update(ancestor.__dict__.get(VARIABLES, {}))
    return found


def entries_of(cls: type) -> list[tuple[str, Any]]:
    """Return the names of all variables, and their texts now; HIDDEN instead of a secret one.

    A variable that waits to be set has `Required` instead.

    Raises:
        EnvironmentReadError: A variable cannot be read.
        DeclarationError: A derived class names variables of its own, but is not a `@penv` class.
    """
    for ancestor in cls.__mro__:
        if hasattr(ancestor, VARIABLES) and VARIABLES not in ancestor.__dict__:
            if written(ancestor):
                raise DeclarationError(
                    f"{class_name(ancestor)} derives from a @penv class and names variables of"
                    f" its own\n    put @penv above it, too"
                )
    entries: list[tuple[str, Any]] = []
    for variable in variables_of(cls).values():
        value, _ = variable.read(cls)
        if value is not Required:
            value = HIDDEN if variable.is_secret else text_of(value)
        entries.append((variable.name, value))
    return entries


def secrets_of(cls: type) -> list[str]:
    """Return the texts of the secret variables now; of one that is not set, its default."""
    secret = [variable for variable in variables_of(cls).values() if variable.is_secret]
    texts = [os.environ.get(variable.name, variable.default) for variable in secret]
    return [text_of(text) for text in texts if text is not NO_DEFAULT and text is not Required]


def help_of(cls: type) -> list[tuple[str, str, str, str, str]]:
    """Return attribute, variable, type, state and documentation of each variable, for help."""
    entries: list[tuple[str, str, str, str, str]] = []
    for attribute, variable in variables_of(cls).items():
        parser, secret = variable.settled()
        text = os.environ.get(variable.name)
        if text is None and (variable.default is NO_DEFAULT or variable.default is Required):
            state = "is required, and not set"
        else:
            shown = text_of(variable.default) if text is None else text
            state = f"= {'Secret(...)' if secret else ascii(shown)[1:-1]}"
            state += "  (default)" if text is None else ""
        entries.append((attribute, variable.name, parser.description, state, variable.help))
    return entries


def read_of(cls: type, attribute: str) -> EnvironmentRead | None:
    """Return the record of reading an attribute now; None if it is not a variable."""
    variable = variables_of(cls).get(attribute)
    return None if variable is None else variable.as_read(*variable.read(cls))
