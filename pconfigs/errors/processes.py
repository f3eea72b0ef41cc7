"""Errors of runs that start elsewhere."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError

TYPE_CHECKING = False


class ScriptError(PConfigError, FileNotFoundError):
    """Something that a script needs to be started is not there.

    Attributes:
        missing: What it is, in words.
        name: Its path or name.
    """

    def __init__(self, missing: str, name: str, advice: str) -> None:
        self.missing, self.name = missing, name
        super().__init__(f"there is no {missing} {name!r}", advice)


def script_not_found(missing: str, name: str, advice: str) -> ScriptError:
    """Return the error for a script, interpreter or folder that is not there."""
    return ScriptError(missing, name, advice)


def timed_out(name: str, seconds: float | None) -> str:
    """Return the message for a script that was stopped."""
    return f"{name} was stopped: it took longer than its timeout of {seconds:g} s"
