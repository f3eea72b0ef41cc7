"""Errors of tests of experiments, of what makes runs small, and of modules that do not import."""

from __future__ import annotations

from collections.abc import Sequence

from pconfigs.errors.base import PConfigError, with_hints
from pconfigs.errors.formatting import did_you_mean, given_words, listed
from pconfigs.errors.targets import ImportFailedError, TargetError, importers
from pconfigs.errors.tracebacks import text_of


class SmokeError(PConfigError, ValueError):
    """A class has smoke values already.

    Attributes:
        config_class: The class.
    """

    def __init__(self, config_class: type, first: object, second: object) -> None:
        self.config_class = config_class
        name = config_class.__qualname__
        super().__init__(
            f"{second}: {name} has smoke values already, registered at {first}",
            f"name all its small values in one psmoke({name}, ...)",
        )


class NotASmokeError(PConfigError, TypeError):
    """Something other than a config was added to `psmoke`.

    Attributes:
        given: What was added.
    """

    def __init__(self, given: object, why: str = "") -> None:
        self.given = given
        why = why or f"psmoke takes a config that names small values, got {given_words(given)}"
        super().__init__(why, "write psmoke(TrainerConfig, steps=2)")


def no_such_place(place: str, folder: str, known: Sequence[str]) -> TargetError:
    """Return the error for a path or a target to test that is not there."""
    advice = did_you_mean(place, known, "{}", f"the current folder is {folder}")
    return TargetError(place, "there is no such file, folder or module here", [advice])


def no_such_experiment(name: str, folder: str, known: Sequence[str]) -> str:
    """Return the error for a marker file that names a missing module."""
    modules = f"its modules: {listed(known)}" if known else "it has no modules"
    advice = did_you_mean(name, known, otherwise=modules)
    return with_hints(f"TestManually names {name!r}, which is not in {folder}", advice)


def failed_import(error: ImportFailedError, whole: bool = False, named: bool = True) -> str:
    """Return the user's own traceback, or the message alone if it has the place.

    Args:
        error: A module that fails to import.
        whole: Keep the library's frames.
        named: Name at the end which target's module it is.
    """
    cause = error.cause
    if isinstance(cause, PConfigError) and getattr(cause, "place", None) is not None and not whole:
        notes: list[str] = getattr(cause, "__notes__", [])
        return "\n".join([str(cause), *notes, *importers(cause)])
    ending = str(error) if named else "\n".join(f"    {line}" for line in error.advice)
    return f"{text_of(cause, whole)}\n\n{ending}".rstrip("\n")
