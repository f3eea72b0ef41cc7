"""Errors of one construction: its problems, all reported together."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import class_name, given_words, listed, pointed, sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pconfigs.errors.place import Place


class Problem:
    """One thing that is wrong with one construction."""

    is_type_error = True
    is_value_error = False
    place: Place | None = None
    # Names that were probably meant for secrets: what the line gives to them is not shown.
    hides: frozenset[str] = frozenset()

    def words(self, config_name: str, place: Place | None) -> str:
        raise NotImplementedError(type(self).__name__)


class UnknownField(Problem):
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
        self.near_secret, self.reason = near_secret, reason
        self.name, self.place, self.suggestion, self.known = name, place, suggestion, known
        self.pinned = pinned

    def words(self, config_name: str, place: Place | None) -> str:
        if self.reason:
            advice = self.reason
        elif self.suggestion:
            advice = f"did you mean {self.suggestion}?"
        elif self.pinned:
            advice = f"did you mean {self.pinned!r}? that is a pinned field and cannot be set"
        elif self.known:
            more = "" if len(self.known) <= 8 else f" and {len(self.known) - 8} more"
            advice = f"its fields are {', '.join(self.known[:8])}{more}"
        else:
            advice = "it has no fields"
        headline = sentence(self.place or place, f"{config_name} has no field {self.name!r}")
        return headline + pointed(self.place, advice, self.hides, config_name)


class EnvironmentGiven(Problem):
    """The class of environment variables, given as a keyword."""

    def __init__(self, name: str, place: Place | None) -> None:
        self.name, self.place = name, place

    def words(self, config_name: str, place: Place | None) -> str:
        headline = f"{config_name}.environment is read from the environment and cannot be set"
        advice = "leave it out; the variables are set where the program is started"
        return sentence(self.place or place, headline) + pointed(
            self.place, advice, self.hides, config_name
        )


class WrongType(Problem):
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

    def words(self, config_name: str, place: Place | None) -> str:
        verb = "its property returned" if self.returned else "got"
        headline = f"{config_name}.{self.path} must be {self.expected}, but {verb} "
        if self.secret:
            # The line may have the secret in it: it is named, not quoted.
            expected = f"{config_name}.{self.path} must be {self.expected}"
            return sentence(self.place or place, f"{expected} (the value is secret and not shown)")
        headline += given_words(self.value)
        return sentence(self.place or place, headline) + pointed(
            self.place, self.advice, self.hides
        )


class PinnedSet(Problem):
    """A user set a field that code pins."""

    is_type_error = False
    is_value_error = True

    def __init__(
        self, name: str, place: Place | None, computed_by: str, reads: Sequence[str]
    ) -> None:
        self.name, self.place, self.computed_by, self.reads = name, place, computed_by, reads

    def words(self, config_name: str, place: Place | None) -> str:
        if self.computed_by and self.reads:
            advice = (
                f"remove it; {self.computed_by} computes it from {listed(self.reads)}: set those"
            )
        elif self.computed_by:
            advice = f"remove it; {self.computed_by} computes it"
        else:
            advice = "remove it; only the default of its class can set it, as Pin(...)"
        headline = f"{config_name}.{self.name} is a pinned field and cannot be set"
        return sentence(self.place or place, headline) + pointed(
            self.place, advice, self.hides, config_name
        )


class MissingFields(Problem):
    """Fields without an input."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        self.fields = fields

    def words(self, config_name: str, place: Place | None) -> str:
        count = len(self.fields)
        headline = f"{config_name} is missing {count} field{'s' if count > 1 else ''}"
        width = max(len(name) for name, _ in self.fields)
        shown = [f"\n      {name + ':':{width + 1}} {hint}" for name, hint in self.fields[:20]]
        more = "" if count <= 20 else f"\n      and {count - 20} more"
        advice = "give as keywords, or register a default: pdefaults += "
        return (
            sentence(place, headline)
            + pointed(place, f"{advice}{config_name}(...)", self.hides, config_name)
            + "".join(shown)
            + more
        )


class BadBase(Problem):
    """A positional argument that cannot be inherited from."""

    def __init__(
        self, index: int, place: Place | None, headline: str, advice: str, is_value_error: bool
    ) -> None:
        self.index, self.place, self.headline, self.advice = index, place, headline, advice
        self.is_type_error = not is_value_error
        self.is_value_error = is_value_error

    def words(self, config_name: str, place: Place | None) -> str:
        return sentence(self.place or place, self.headline) + pointed(
            self.place, self.advice, self.hides
        )


class BuildError(PConfigError):
    """A config could not be built.

    Attributes:
        config_class: The class that was to be built.
        place: Where the call is.
        problems: Everything that is wrong with it.
    """

    def __init__(
        self, config_class: type, place: Place | None, problems: Sequence[Problem]
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


def build_error(config_class: type, place: Place | None, problems: Sequence[Problem]) -> BuildError:
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
        name = class_name(config_class)
        count = len(self.failures)
        lines = [sentence(place, f"{name} fails {count} check{'s' if count > 1 else ''}")]
        for check, error in self.failures:
            said = str(error) or type(error).__name__
            kind = (
                ""
                if isinstance(error, (ValueError, AssertionError))
                else f" ({type(error).__name__})"
            )
            lines.append(f"    {check}{kind}: {said}")
        super().__init__("\n".join(lines))
