"""Errors of functions and classes that cannot be changed: declared wrongly, called wrongly."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError, Problem
from pconfigs.errors.declare import DeclarationError
from pconfigs.errors.formatting import (
    aligned,
    class_name,
    clauses,
    did_you_mean,
    given_words,
    listed,
    pointed,
    sentence,
    shorten,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pconfigs.errors.place import Place


class UnsettledParameter:
    """A parameter that cannot become a field by itself.

    Attributes:
        name: The parameter.
        written: It and its default, as a signature shows them: `size: Size = None`.
        why: What is not simple about it.
        hint: A type that a declaration of it may have, in words.
    """

    def __init__(self, name: str, written: str, why: str, hint: str) -> None:
        self.name, self.written, self.why, self.hint = name, written, why, hint


class ParameterError(DeclarationError):
    """Parameters of an outside function or class are too involved to become fields by themselves.

    Attributes:
        config_class: The class that was to be made.
        outside: The dotted name of the function or class.
        parameters: All that have to be settled.
    """

    def __init__(
        self,
        config_class: type,
        outside: str,
        parameters: Sequence[UnsettledParameter],
        how: str = "",
    ) -> None:
        self.config_class, self.outside, self.parameters = config_class, outside, tuple(parameters)
        name = class_name(config_class)
        count = len(self.parameters)
        many = "a parameter" if count == 1 else f"{count} parameters"
        lines = aligned((parameter.written, parameter.why) for parameter in self.parameters)
        first = self.parameters[0]
        lines.append(
            f"in {name}, declare it: {first.name}: {first.hint};"
            f" or leave it out: {first.name}: Omitted[{first.hint}]"
        )
        if count > 1 and how in ("calls", "mocks"):
            called = outside.rpartition(".")[2]
            lines.append(f"to leave all of them out: @pconfig({how}={called}, rest=Omitted)")
        super().__init__(f"{name} must declare {many} of {outside}", *lines)


class UnresolvedParameterError(ParameterError, NameError):
    """Among them, one whose annotation names something that cannot be found."""


def no_signature(config_class: type, outside: str, how: str, reason: object) -> DeclarationError:
    """Return the error for a function or class whose parameters cannot be read."""
    call = "calls" if how == "calls" else "makes"
    return DeclarationError(
        f"{config_class.__qualname__}: the parameters of {outside} cannot be read: {reason}",
        f"write a function of your own that {call} it, and put @pconfig above that",
    )


def cannot_be_outside(config_class: type, how: str, value: object, why: str) -> DeclarationError:
    """Return the error for something that `calls=` or `mocks=` cannot take."""
    return DeclarationError(f"{config_class.__qualname__}: {how}= got {given_words(value)}", why)


def not_a_parameter(
    config_class: type, field: str, marker: str, outside: str, names: Iterable[str]
) -> DeclarationError:
    """Return the error for a marker on a field without a parameter in the outside code."""
    others = "it takes no further keywords; NotMock[...] keeps a field to the config"
    return DeclarationError(
        f"{config_class.__qualname__}.{field} is declared {marker}, but {outside} has no"
        f" parameter {field!r}",
        did_you_mean(field, names, otherwise=others),
    )


def positional_field(config_class: type, field: str, outside: str) -> DeclarationError:
    """Return the error for a declared parameter that cannot be passed by name."""
    return DeclarationError(
        f"{config_class.__qualname__}.{field}: {outside} takes {field!r} by position only,"
        " so it is given at the call",
        "remove the declaration",
    )


def missing_argument(name: str, known: str) -> Problem:
    """Return the problem of a missing argument."""
    return Problem(name, f"{name} is missing{known and f' ({known})'}")


def by_position(count: int, names: Sequence[str]) -> Problem:
    """Return the problem of positional arguments of `construct`, which takes keywords."""
    keywords = ", ".join(f"{name}=..." for name in names[:5])
    given = "an argument is" if count == 1 else f"{count} arguments are"
    return Problem("", f"{given} given by position: write construct({keywords})")


def given_twice(name: str, value: object, config_name: str) -> Problem:
    """Return a parameter that is configured, and given at the call again."""
    return Problem(
        name,
        f"{name} is configured already, as {shorten(value)};"
        f" for another make a variant: {config_name}(config, {name}=...)",
    )


def given_by_position_too(name: str) -> Problem:
    """Return a parameter that a call gives by position and by keyword."""
    return Problem(name, f"{name} is given by position and by keyword")


def too_many(count: int, allowed: int) -> Problem:
    """Return more positional arguments than there are parameters for."""
    return Problem("", f"{count} arguments are given by position, but only {allowed} can be")


def unknown_argument(
    name: str, names: Iterable[str], kept: bool, config_name: str, outside: str
) -> Problem:
    """Return the problem of an unknown keyword, or of a field of the config alone."""
    if kept:
        words = f"{name} is a field of {config_name} only, and no parameter of {outside}"
        return Problem(name, words)
    return Problem(name, clauses(f"{name} is not a parameter", did_you_mean(name, names)))


class CallError(PConfigError, TypeError, ValueError, RuntimeError):
    """The arguments of a call and the fields of its config do not make a call together.

    A TypeError as for any call that does not fit; a ValueError and RuntimeError for those who
    catch what configured parameters have always raised.

    Attributes:
        config_class: Of the config that was called, or that was to construct something.
        misfits: Everything that is wrong; the message of each names the argument.
    """

    def __init__(
        self,
        config_class: type,
        place: Place | None,
        action: str,
        misfits: Sequence[Problem],
    ) -> None:
        self.config_class, self.place, self.misfits = config_class, place, tuple(misfits)
        name = class_name(config_class)
        lines = [
            sentence(place, f"invalid arguments: {name} cannot {action}"),
            *(f"    {misfit.message}" for misfit in self.misfits),
        ]
        super().__init__(lines[0] + pointed(place, "") + "\n" + "\n".join(lines[1:]))


def has_bases(config_class: type, how: str, base: type) -> DeclarationError:
    """Return the error for a function config with a base class."""
    return DeclarationError(
        f"{config_class.__qualname__}: a class under @pconfig({how}=...) has no base classes,"
        f" but it derives from {base.__qualname__}",
        "its fields are the parameters of the function; declare others in its body",
    )


def abstract_class(config_class: type, outside: str, methods: Sequence[str]) -> DeclarationError:
    """Return the error for an outside class that cannot be made because it is abstract."""
    return DeclarationError(
        f"{config_class.__qualname__}: {outside} is abstract, so no object of it can be made",
        f"name a class that defines {listed(sorted(methods))}",
    )


def cannot_build(config_class: type, path: str, part: type) -> DeclarationError:
    """Return the error for a `Built` part that constructs nothing."""
    return DeclarationError(
        f"{class_name(config_class)}.{path}: {class_name(part)} constructs nothing",
        f"declare it as {class_name(part)}, without Built[...], to pass the config itself",
    )
