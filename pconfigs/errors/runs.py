"""Errors of runs, sweeps and launches: stores, records, logged values, ranks, engines."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import at_most, counted, cut, sentence
from pconfigs.errors.targets import TargetError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pconfigs.errors.place import Place

_SHOWN = 10  # problems that a message spells out


class StoreError(PConfigError, OSError):
    """A store that cannot be used.

    Attributes:
        folder: Its folder.
    """

    def __init__(self, folder: str, problem: str, hint: str = "") -> None:
        self.folder, self.problem, self.hint = folder, problem, hint
        super().__init__(f"{folder}: {problem}", hint)


class SettingsError(PConfigError, ValueError):
    """Settings in pyproject.toml that cannot be read."""

    def __init__(self, path: str, problem: str) -> None:
        self.path, self.problem = path, problem
        super().__init__(f"{path}: {problem}")


class RunNotFoundError(TargetError):
    """A reference to a run that names none, or several.

    Attributes:
        candidates: Names of the runs that it could mean.
    """

    def __init__(
        self, target: str, problem: str, advice: Sequence[str], candidates: Sequence[str] = ()
    ) -> None:
        self.candidates = tuple(candidates)
        super().__init__(target, problem, advice)


class RunUseError(PConfigError, RuntimeError):
    """A run that cannot be used in the way that was asked for: resumed, rerun, loaded."""

    def __init__(self, run: str, problem: str, hints: Sequence[str] = ()) -> None:
        self.run, self.problem, self.hints = run, problem, tuple(hints)
        super().__init__(f"{run}: {problem}", *hints)


class LogError(PConfigError, TypeError):
    """A value that cannot be logged.

    Attributes:
        name: Name of the value.
        value: The value.
    """

    def __init__(self, name: str, problem: str, value: object, hint: str = "") -> None:
        self.name, self.value = name, value
        super().__init__(f"prun.log: {name} {problem}, got {_shown(value)}", hint)


class RankError(PConfigError, RuntimeError):
    """Ranks of one run that differ, or that did not start.

    Attributes:
        problems: One line for each difference.
    """

    def __init__(self, problem: str, problems: Sequence[str], hint: str = "") -> None:
        self.problems = tuple(problems)
        super().__init__(problem, *problems, hint)


class TrackerError(PConfigError, ValueError):
    """A tracker that does not exist, or that could not be sent what a run contains."""


def _shown(value: object) -> str:
    name = type(value).__qualname__
    try:
        text = repr(value)
    except Exception:
        return name
    return text if len(text) <= 60 else f"{name} {cut(text, 60)}"


class EngineError(PConfigError, RuntimeError):
    """An engine refuses, or does not answer.

    Attributes:
        engine: Its name: `slurm`, `ray`.
        problem: Its own words.
    """

    def __init__(self, engine: str, problem: str, hint: str = "") -> None:
        self.engine, self.problem = engine, problem
        super().__init__(f"{engine}: {problem}", hint)


class ProfileError(PConfigError, ValueError):
    """A profile cannot be used.

    Attributes:
        profile: Its name.
        problems: What is wrong, one sentence each.
    """

    def __init__(self, profile: str, problems: Sequence[str], where: str = "") -> None:
        self.profile, self.problems = profile, tuple(problems)
        start = f"{where}: " if where else ""
        super().__init__("\n".join(f"{start}{problem}" for problem in problems))


class SnapshotError(PConfigError, ValueError):
    """The code of a project cannot be copied for a launch."""


class LaunchError(PConfigError, ValueError):
    """A launch that cannot start: points or options that are wrong."""


class ScriptError(PConfigError, FileNotFoundError):
    """Something that a script needs to be started is not there.

    Attributes:
        missing: What it is, in words.
        name: Its path or name.
    """

    def __init__(self, missing: str, name: str, advice: str) -> None:
        self.missing, self.name = missing, name
        super().__init__(f"there is no {missing} {name!r}", advice)


def timed_out(name: str, seconds: float | None) -> str:
    """Return the message for a script that was stopped."""
    return f"{name} was stopped: it took longer than its timeout of {seconds:g} s"


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
