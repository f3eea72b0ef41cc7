"""Errors of environment variables and enums: declarations, texts, values."""

from __future__ import annotations

from pconfigs.errors.access import FrozenError
from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import (
    class_name,
    did_you_mean,
    given_words,
    listed,
    nearest,
    shorten,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class EnvironmentReadError(PConfigError, RuntimeError):
    """A variable cannot be read.

    Attributes:
        environment_class: The `@penv` class.
        attribute: The name in that class.
        variable: The name of the environment variable.
    """

    def __init__(
        self, environment_class: type, attribute: str, variable: str, problem: str, advice: str
    ) -> None:
        self.environment_class, self.attribute = environment_class, attribute
        self.variable = variable
        where = f"{class_name(environment_class)}.{attribute}"
        super().__init__(f"{where}: the environment variable {variable} {problem}", advice)


class UnsetVariableError(EnvironmentReadError):
    """A variable without a default is not set."""

    def __init__(
        self, environment_class: type, attribute: str, variable: str, allowed: str, help: str
    ) -> None:
        about = f" ({help})" if help else ""
        super().__init__(
            environment_class,
            attribute,
            variable,
            f"is not set{about}, and has no default",
            f"it may be {allowed}: export {variable}=...,"
            f" or give {attribute} a default in the class",
        )


class VariableValueError(EnvironmentReadError, ValueError):
    """The text of a variable is not what it may be.

    Attributes:
        text: Its text; None if it is secret.
        allowed: What may, in words.
    """

    def __init__(
        self,
        environment_class: type,
        attribute: str,
        variable: str,
        text: str | None,
        allowed: str,
        advice: str,
    ) -> None:
        self.text, self.allowed = text, allowed
        given = "the secret in it is not" if text is None else f"is {shorten(text)}"
        super().__init__(
            environment_class, attribute, variable, f"must be {allowed}, but {given}", advice
        )


class ConventionError(PConfigError, ValueError):
    """An unknown convention for the names of variables.

    Attributes:
        convention: What was given.
    """

    def __init__(self, environment_class: type, convention: object) -> None:
        self.convention = convention
        super().__init__(
            f"{class_name(environment_class)}: @penv has no convention {given_words(convention)}",
            'write convention="uppercase", or a function that turns the name of an attribute into'
            " that of its variable",
        )


def assigned_variable(
    environment_class: type, attribute: str, variable: str, text: str | None
) -> FrozenError:
    """Return the error for setting or deleting a variable; `text` is None if unknown."""
    shown = "..." if text is None or len(text) > 60 else repr(text)
    return FrozenError(
        f"{class_name(environment_class)}.{attribute} is read from the environment variable"
        f" {variable}, and cannot be assigned or deleted",
        f"set the variable: os.environ[{variable!r}] = {shown};"
        f" in a test: monkeypatch.setenv({variable!r}, {shown})",
    )


def no_variable(environment_class: type, name: str, known: Iterable[str]) -> FrozenError:
    """Return the error for setting an unknown attribute of a class of variables."""
    advice = did_you_mean(name, known, otherwise="declare it in the class")
    return FrozenError(f"{class_name(environment_class)} has no variable {name!r}", advice)


class NoMemberError(PConfigError, ValueError):
    """A value was to be made a member of an enum that has no such member.

    Attributes:
        enum: The enum.
        value: What was given.
    """

    def __init__(self, enum: Any, value: object) -> None:
        self.enum, self.value = enum, value
        values = {str(member.value): repr(member.value) for member in enum}
        meant = nearest(str(value), values)
        advice = f"its values are {listed([*values.values()], most=12)}"
        if meant is not None:
            advice = f"did you mean {values[meant]}?"
        super().__init__(f"no {class_name(enum)} has the value {given_words(value)}", advice)

    def __reduce__(self) -> Any:
        return (type(self), (self.enum, self.value))
