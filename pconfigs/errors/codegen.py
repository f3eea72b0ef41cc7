"""Errors of experiments that cannot be written down as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pconfigs.errors.base import PConfigError, Problem


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
