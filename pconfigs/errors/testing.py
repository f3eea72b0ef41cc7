"""Errors of tests of experiments, and of what makes runs small."""

from __future__ import annotations

from collections.abc import Sequence

from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import given_words, listed, nearest
from pconfigs.errors.targets import TargetError


class SmokeError(PConfigError, ValueError):
    """A class has smoke values already.

    Attributes:
        config_class: The class.
    """

    def __init__(self, config_class: type, first: object, second: object) -> None:
        self.config_class = config_class
        name = config_class.__qualname__
        super().__init__(
            f"{second}: {name} has smoke values already, registered at {first}\n"
            f"    name all its small values in one psmoke({name}, ...)"
        )


class NotASmokeError(PConfigError, TypeError):
    """Something other than a config was added to `psmoke`.

    Attributes:
        given: What was added.
    """

    def __init__(self, given: object, why: str = "") -> None:
        self.given = given
        why = why or f"psmoke takes a config that names small values, got {given_words(given)}"
        super().__init__(f"{why}\n    write psmoke(TrainerConfig, steps=2)")


def no_such_place(place: str, folder: str, known: Sequence[str]) -> TargetError:
    """Return the error for a path or a target to test that is not there."""
    suggestion = nearest(place, known)
    if suggestion is not None:
        advice = f"did you mean {suggestion}?"
    else:
        advice = f"the current folder is {folder}"
    return TargetError(place, "there is no such file, folder or module here", [advice])


def no_such_experiment(name: str, folder: str, known: Sequence[str]) -> str:
    """Return the error for a marker file that names a missing module."""
    suggestion = nearest(name, known)
    if suggestion is not None:
        advice = f"did you mean {suggestion!r}?"
    else:
        advice = f"its modules: {listed(known)}" if known else "it has no modules"
    return f"TestManually names {name!r}, which is not in {folder}\n    {advice}"
