"""Errors of experiments that cannot be written down as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pconfigs.errors.base import PConfigError


class NoCodeError(PConfigError, ValueError):
    """A config cannot be written as code that makes it.

    Attributes:
        problems: Path and reason of each value that is in the way.
        advice: What to do.
    """

    def __init__(self, problems: Sequence[tuple[str, str]], advice: str = "") -> None:
        self.problems, self.advice = tuple(problems), advice
        lines = [f"{path}: {why}" if path else why for path, why in self.problems]
        if advice:
            lines.append(f"    {advice}")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> Any:
        return (type(self), (self.problems, self.advice))


def no_code_form(path: str, comment: str) -> tuple[str, str]:
    """Return the problem of a value that has no code form."""
    return path, comment.removeprefix("  # ")


def written_secret(path: str) -> tuple[str, str]:
    """Return the problem of a secret, which is not written anywhere."""
    return path, "its value is a Secret, which is not written to files"


def local_class(path: str, name: str) -> tuple[str, str]:
    """Return the problem of a config whose class cannot be imported."""
    return path, f"{name} is local to a function and cannot be imported"


def not_rebuilt(path: str, why: str) -> NoCodeError:
    """Return the error for code that would not build the config that it was made from."""
    return NoCodeError(
        [(path, f"the file would not make the same config: {why}")],
        "write this one by hand: the base as first argument, then what differs as keywords",
    )
