"""Errors of executors, profiles, snapshots, launches and scripts."""

from __future__ import annotations

from collections.abc import Sequence

from pconfigs.errors.base import PConfigError


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
