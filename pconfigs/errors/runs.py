"""Errors of runs: stores, records, logged values, ranks, trackers."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import cut
from pconfigs.errors.targets import TargetError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class StoreError(PConfigError, OSError):
    """A store that cannot be used.

    Attributes:
        folder: Its folder.
    """

    def __init__(self, folder: str, problem: str, hint: str = "") -> None:
        self.folder, self.problem, self.hint = folder, problem, hint
        super().__init__(f"{folder}: {problem}", hint)

    def __str__(self) -> str:
        return str(self.args[0])


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
