"""The message of a module that fails to import: the user's traceback, or the error alone."""

from __future__ import annotations

from pconfigs.errors.base import PConfigError
from pconfigs.errors.targets import ImportFailedError, importers
from pconfigs.errors.tracebacks import text_of


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
