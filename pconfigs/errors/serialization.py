"""Errors of saving, loading, written code and adopted sources."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError, Problem, with_hints
from pconfigs.errors.formatting import at_most, class_name, counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

SHOWN = 40


class Unsavable(Problem):
    """One value that has no plain form.

    Attributes:
        type_name: Its type.
    """

    __slots__ = ("type_name",)

    def __init__(self, path: str, type_name: str, reason: str, hint: str = "") -> None:
        super().__init__(path, reason, hint)
        self.type_name = type_name

    @property
    def where(self) -> str:
        """Where it is, and its type."""
        return f"{self.path} ({self.type_name})"


class UnsavableError(PConfigError, TypeError):
    """Values of a config cannot be saved.

    Attributes:
        config_class: The class of the config.
        problems: What is in the way; all of it.
    """

    def __init__(self, config_class: type, problems: Sequence[Unsavable]) -> None:
        self.config_class, self.problems = config_class, tuple(problems)
        count = counted(len(self.problems), "value")
        lines = at_most([str(one).replace("\n", "\n    ") for one in self.problems], SHOWN)
        headline = f"{class_name(config_class)} cannot be saved: {count} without a plain form"
        super().__init__(headline, *lines)


class LoadError(PConfigError, ValueError):
    """Data that does not fit the requested class.

    Attributes:
        source: The file, or nothing.
        problems: What is wrong; all of it.
    """

    def __init__(
        self, problems: Sequence[Problem], source: str = "", action: str = "loaded"
    ) -> None:
        self.problems, self.source = tuple(problems), source
        lines = [f"{source} cannot be {action}"] if source else []
        lines += at_most([str(one) for one in self.problems], SHOWN)
        super().__init__("\n".join(lines))


class FormatError(LoadError):
    """A file that is malformed, or uses a feature that is refused for safety."""


class Drift:
    """One computed value that differs from the saved one.

    Attributes:
        path: Where it is.
        before: The saved value.
        after: What is computed today.
        cause: What computes it, with its place.
    """

    __slots__ = ("after", "before", "cause", "path", "words")

    def __init__(self, path: str, before: Any, after: Any, words: str, cause: str) -> None:
        self.path, self.before, self.after, self.cause = path, before, after, cause
        self.words = words

    def __str__(self) -> str:
        return f"{self.path} {self.words}: {self.cause}"


class DriftError(LoadError):
    """Today's code computes other values than those that were saved.

    Attributes:
        changes: Each of them.
    """

    def __init__(self, changes: Sequence[Drift], source: str = "") -> None:
        self.changes = tuple(changes)
        super().__init__([Problem("", str(change)) for change in self.changes], source)
        count = len(self.changes)
        start = f"{source}: " if source else ""
        differ = "computed value differs" if count == 1 else "computed values differ"
        lines = [
            f"{start}{count} {differ} from the saved one{'s' * (count > 1)}",
            *at_most([str(change) for change in self.changes], SHOWN),
            'load with drift="accept" for the values of today, or drift="as-saved" for those'
            " of the file",
        ]
        self.args = (with_hints(*lines),)


class DefaultChangedWarning(UserWarning):
    """A file has a value that was the default when it was saved; the default has changed."""

    __module__ = "pconfigs.errors"


class AdoptError(PConfigError, ValueError):
    """A source cannot be adopted.

    Attributes:
        findings: All its problems of one kind.
    """

    def __init__(self, findings: Sequence[Problem]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, findings)))


class NoCodeError(PConfigError, ValueError):
    """A config cannot be written as code that makes it.

    Attributes:
        problems: The values that are in the way.
        advice: What to do.
    """

    def __init__(self, problems: Sequence[Problem], advice: str = "") -> None:
        self.problems, self.advice = tuple(problems), advice
        super().__init__("\n".join(map(str, problems)), advice)

    def __reduce__(self) -> Any:
        return (type(self), (self.problems, self.advice))


def no_code_form(path: str, comment: str) -> Problem:
    """Return the problem of a value that has no code form."""
    return Problem(path, comment.removeprefix("  # "))


def written_secret(path: str) -> Problem:
    """Return the problem of a secret, which is not written anywhere."""
    return Problem(path, "its value is a Secret, which is not written to files")


def local_class(path: str, name: str) -> Problem:
    """Return the problem of a config whose class cannot be imported."""
    return Problem(path, f"{name} is local to a function and cannot be imported")


def not_rebuilt(why: str) -> NoCodeError:
    """Return the error for code that would not build the config that it was made from."""
    return NoCodeError(
        [Problem("", f"the file would not make the same config: {why}")],
        "write this one by hand: the base as first argument, then what differs as keywords",
    )
