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
        meant = listed([repr(one) for one in self.suggestions], "or")
        super().__init__(f"{path!r}: {problem}", meant and f"did you mean {meant}?")

    def __reduce__(self) -> Any:
        return (type(self), (self.path, self.problem, self.suggestions))


class EditError(PConfigError, ValueError):
    """A change of a config cannot be made.

    Attributes:
        problems: What is wrong, one sentence each.
    """

    def __init__(self, problems: Sequence[str], advice: str = "") -> None:
        self.problems, self.advice = tuple(problems), advice
        super().__init__("\n".join(self.problems), advice)

    def __reduce__(self) -> Any:
        return (type(self), (self.problems, self.advice))


class Conflict:
    """One thing that two variants set to different values.

    Attributes:
        path, other_path: Where it is; the second is inside the first, or the same.
        first, second: The values, as they may be shown.
        first_place, second_place: The lines that set them.
    """

    __slots__ = ("first", "first_place", "other_path", "path", "second", "second_place")

    def __init__(
        self, path: str, first: str, first_place: str, other_path: str, second: str, place: str
    ) -> None:
        self.path, self.first, self.first_place = path, first, first_place
        self.other_path, self.second, self.second_place = other_path, second, place

    def __str__(self) -> str:
        other = "" if self.other_path == self.path else f"{self.other_path} "
        return (
            f"{self.path} is set to {self.first} at {self.first_place},"
            f" and {other}to {self.second} at {self.second_place}"
        )


class MergeError(PConfigError, ValueError):
    """Variants that set the same thing to different values.

    Attributes:
        conflicts: All such places.
    """

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        hint = "set it in the base, or leave it out of one of the variants"
        super().__init__("\n".join(map(str, self.conflicts)), hint)
