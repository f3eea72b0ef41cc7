"""Errors of one construction: its problems, all reported together."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import (
    at_most,
    class_name,
    counted,
    given_words,
    listed,
    pointed,
    sentence,
    some,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pconfigs.errors.place import Place


class BuildProblem:
    """One thing that is wrong with one construction."""

    is_type_error = True
    is_value_error = False
    place: Place | None = None
    advice = ""
    # Names that were probably meant for secrets: what the line gives to them is not shown.
    hides: frozenset[str] = frozenset()

    def headline(self, config_name: str) -> str:
        """Return what is wrong with a construction of a class of this name."""
        raise NotImplementedError(type(self).__name__)

    def line(self, config_name: str) -> str:
        """Return the line that it is on, with the advice."""
        return pointed(self.place, self.advice, self.hides, config_name)

    def words(self, config_name: str, place: Place | None) -> str:
        """Return all of it; without a place of its own, it is at that of the construction."""
        headline = self.headline(config_name)
        return sentence(self.place or place, headline) + self.line(config_name)


class UnknownField(BuildProblem):
    """A keyword that names no field."""

    def __init__(
        self,
        name: str,
        place: Place | None,
        suggestion: str | None,
        known: Sequence[str],
        pinned: str | None = None,
        near_secret: bool = False,
        reason: str = "",
    ) -> None:
        self.name, self.place, self.near_secret = name, place, near_secret
        if reason:
            self.advice = reason
        elif suggestion:
            self.advice = f"did you mean {suggestion}?"
        elif pinned:
            self.advice = f"did you mean {pinned!r}? that is a pinned field and cannot be set"
        else:
            self.advice = f"its fields are {some(known)}" if known else "it has no fields"

    def headline(self, config_name: str) -> str:
        return f"{config_name} has no field {self.name!r}"


class EnvironmentGiven(BuildProblem):
    """The class of environment variables, given as a keyword."""

    advice = "leave it out; the variables are set where the program is started"

    def __init__(self, place: Place | None) -> None:
        self.place = place

    def headline(self, config_name: str) -> str:
        return f"{config_name}.environment is read from the environment and cannot be set"


class WrongType(BuildProblem):
    """A value that does not fit its field: given for it, or returned by its property."""

    returned = secret = False

    def __init__(
        self,
        path: str,
        place: Place | None,
        expected: str,
        value: object,
        advice: str,
        constraint: bool,
    ) -> None:
        self.path, self.place, self.value = path, place, value
        self.expected, self.advice = expected, advice
        self.is_value_error = constraint

    def headline(self, config_name: str) -> str:
        words = f"{config_name}.{self.path} must be {self.expected}"
        if self.secret:
            return f"{words} (the value is secret and not shown)"
        verb = "its property returned" if self.returned else "got"
        return f"{words}, but {verb} {given_words(self.value)}"

    def line(self, config_name: str) -> str:
        return "" if self.secret else pointed(self.place, self.advice, self.hides)


class PinnedSet(BuildProblem):
    """A user set a field that code pins."""

    is_type_error = False
    is_value_error = True

    def __init__(
        self, name: str, place: Place | None, computed_by: str, reads: Sequence[str]
    ) -> None:
        self.name, self.place = name, place
        if not computed_by:
            only = "only the default of its class can set it, as Pin(...)"
            self.advice = f"remove it; {only}"
        elif reads:
            self.advice = f"remove it; {computed_by} computes it from {listed(reads)}: set those"
        else:
            self.advice = f"remove it; {computed_by} computes it"

    def headline(self, config_name: str) -> str:
        return f"{config_name}.{self.name} is a pinned field and cannot be set"


class MissingFields(BuildProblem):
    """Fields without an input."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        self.fields = fields

    def headline(self, config_name: str) -> str:
        return f"{config_name} is missing {counted(len(self.fields), 'field')}"

    def words(self, config_name: str, place: Place | None) -> str:
        """Return all of it, with the fields and what they take below the line of the call."""
        width = max(len(name) for name, _ in self.fields)
        advice = f"give as keywords, or register a default: pdefaults += {config_name}(...)"
        shown = [f"{name + ':':{width + 1}} {hint}" for name, hint in self.fields]
        start = sentence(place, self.headline(config_name))
        start += pointed(place, advice, self.hides, config_name)
        return "\n      ".join([start, *at_most(shown, 20)])


class BadBase(BuildProblem):
    """A positional argument that cannot be inherited from."""

    def __init__(
        self, place: Place | None, headline: str, advice: str, is_value_error: bool
    ) -> None:
        self.place, self.advice, self._headline = place, advice, headline
        self.is_type_error, self.is_value_error = not is_value_error, is_value_error

    def headline(self, config_name: str) -> str:
        return self._headline

    def line(self, config_name: str) -> str:
        return pointed(self.place, self.advice, self.hides)


class BuildError(PConfigError):
    """A config could not be built.

    Attributes:
        config_class: The class that was to be built.
        place: Where the call is.
        problems: Everything that is wrong with it.
    """

    def __init__(
        self, config_class: type, place: Place | None, problems: Sequence[BuildProblem]
    ) -> None:
        self.config_class, self.place, self.problems = config_class, place, tuple(problems)
        hides = {one.name for one in problems if isinstance(one, UnknownField) and one.near_secret}
        for problem in problems:
            problem.hides = frozenset(hides)
        name = class_name(config_class)
        super().__init__("\n".join(problem.words(name, place) for problem in problems))


class BuildTypeError(BuildError, TypeError):
    """Unknown names, missing fields, wrong types."""


class BuildValueError(BuildError, ValueError):
    """Pinned fields that were set."""


class BuildTypeValueError(BuildTypeError, BuildValueError):
    """Problems of both kinds, or a value of the right type that breaks a rule."""


def build_error(
    config_class: type, place: Place | None, problems: Sequence[BuildProblem]
) -> BuildError:
    """Return the error that reports `problems`: a TypeError, a ValueError, or both."""
    types = any(problem.is_type_error for problem in problems)
    values = any(problem.is_value_error for problem in problems)
    if types and values:
        return BuildTypeValueError(config_class, place, problems)
    return (BuildTypeError if types else BuildValueError)(config_class, place, problems)


class NestingError(PConfigError, ValueError):
    """Configs were nested too deep.

    Attributes:
        config_class: The class of the outermost config.
        place: Where that was to be built.
        limit: How many levels there may be.
    """

    def __init__(self, config_class: type, place: Place | None, limit: int) -> None:
        self.config_class, self.place, self.limit = config_class, place, limit
        headline = (
            f"{class_name(config_class)} must be nested at most {limit} configs deep,"
            f" got {limit + 1}"
        )
        advice = "put the configs into a list, each next to the others"
        super().__init__(sentence(place, headline) + pointed(place, advice))


class CheckError(PConfigError, ValueError):
    """Checks of one config failed.

    Attributes:
        config_class: The class whose checks they are.
        failures: (check name, exception) of each.
    """

    def __init__(
        self, config_class: type, place: Place | None, failures: Sequence[tuple[str, BaseException]]
    ) -> None:
        self.config_class, self.place, self.failures = config_class, place, tuple(failures)
        lines = []
        for check, error in self.failures:
            said = str(error) or type(error).__name__
            is_plain = isinstance(error, (ValueError, AssertionError))
            kind = "" if is_plain else f" ({type(error).__name__})"
            lines.append(f"{check}{kind}: {said}")
        headline = f"{class_name(config_class)} fails {counted(len(lines), 'check')}"
        super().__init__(sentence(place, headline), *lines)
