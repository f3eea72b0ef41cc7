"""Errors of sweeps and of the distributions that their values are drawn from."""

from __future__ import annotations

from collections.abc import Sequence

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import at_most, counted, sentence
from pconfigs.errors.place import Place

_SHOWN = 10  # problems that a message spells out


class DistributionError(PConfigError, ValueError):
    """An argument of a distribution is of the wrong type or out of range."""


class BadPoint:
    """One reason for which points of a sweep cannot be built.

    Attributes:
        message: The reason, in the words of the error that was raised.
        points: Those that it concerns, each as the settings that make it.
        error: The first exception that was raised for it.
    """

    def __init__(self, message: str, points: Sequence[str], error: BaseException | None) -> None:
        self.message, self.points, self.error = message, tuple(points), error

    def __str__(self) -> str:
        first = self.points[0] or "the base itself"
        more = f" and {len(self.points) - 1} more" if len(self.points) > 1 else ""
        text = self.message.replace("\n", "\n        ")
        return f"{first}{more}:\n        {text}"


class SweepError(PConfigError, ValueError):
    """A sweep cannot be made.

    Attributes:
        place: Where it is called.
        problems: What is wrong: sentences, or a `BadPoint` for each reason.
        bad: How many points cannot be built.
        count: How many points there are; 0 where the arguments already are wrong.
    """

    def __init__(
        self,
        place: Place | None,
        problems: Sequence[str | BadPoint],
        bad: int = 0,
        count: int = 0,
    ) -> None:
        self.place, self.problems, self.bad, self.count = place, tuple(problems), bad, count
        if count:
            headline = f"psweep: {bad} of {counted(count, 'point')} cannot be built"
            reasons = at_most([str(one) for one in self.problems], _SHOWN, "more reasons")
            lines = ["\n    ".join([sentence(place, headline), *reasons])]
        else:
            lines = [sentence(place, f"psweep: {problem}") for problem in self.problems]
        super().__init__("\n".join(lines))


class SearchError(PConfigError, ValueError):
    """A search cannot be made.

    Attributes:
        place: Where it is called.
        problems: What is wrong, one text each.
    """

    def __init__(self, place: Place | None, problems: Sequence[str]) -> None:
        self.place, self.problems = place, tuple(problems)
        lines = [sentence(place, f"psearch: {problem}") for problem in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"    and {len(self.problems) - _SHOWN} more problems")
        super().__init__("\n".join(lines))
