"""Errors of paths into a config, and of changes made by path."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class PathError(PConfigError, LookupError):
    """A path leads nowhere in a config, or is malformed.

    Attributes:
        path: The path as given.
        suggestions: Paths that may have been meant.
    """

    def __init__(self, path: str, problem: str, suggestions: Sequence[str] = ()) -> None:
        self.path, self.problem, self.suggestions = path, problem, tuple(suggestions)
        words = f"{path!r}: {problem}"
        if self.suggestions:
            words += f"\n    did you mean {listed([repr(s) for s in self.suggestions], 'or')}?"
        super().__init__(words)

    def __reduce__(self) -> Any:
        return (type(self), (self.path, self.problem, self.suggestions))


class EditError(PConfigError, ValueError):
    """A change of a config cannot be made.

    Attributes:
        problems: What is wrong, one sentence each.
    """

    def __init__(self, problems: Sequence[str], advice: str = "") -> None:
        self.problems, self.advice = tuple(problems), advice
        super().__init__("\n".join(self.problems) + (f"\n    {advice}" if advice else ""))

    def __reduce__(self) -> Any:
        return (type(self), (self.problems, self.advice))
