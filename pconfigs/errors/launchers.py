"""Errors of executors, profiles, snapshots and launches."""

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
