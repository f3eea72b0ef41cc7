"""The message of a command for an exception, and its exit code."""

from __future__ import annotations

from typing import TypeGuard

from pconfigs.cli import output
from pconfigs.cli.commands import FAILED, NOT_UNDERSTOOD
from pconfigs.errors.base import PConfigError
from pconfigs.errors.targets import (
    ImportFailedError,
    NoMainError,
    TargetError,
    UsageError,
    file_failed,
)
from pconfigs.errors.testing import failed_import
from pconfigs.errors.tracebacks import has_user_frames, text_of


def report_error(error: BaseException, whole: bool = False) -> int:
    """Print the error to stderr; return the exit code.

    Args:
        error: What was raised.
        whole: Show the library's frames too.
    """
    if isinstance(error, ImportFailedError):
        output.print_error(failed_import(error, whole))
        return FAILED
    if not whole and _is_about_files(error):
        output.print_error(file_failed(error))
        if error.filename is None:
            output.drop_stdout()
        return FAILED
    refused = isinstance(error, (TargetError, UsageError)) or (
        isinstance(error, PConfigError) and not has_user_frames(error, beyond_python=True)
    )
    output.print_error(text_of(error, whole) if whole or not refused else str(error))
    return NOT_UNDERSTOOD if refused and not isinstance(error, NoMainError) else FAILED


def _is_about_files(error: BaseException) -> TypeGuard[OSError]:
    """Return whether the system refuses what a command, not the user's code, reads or writes."""
    own = isinstance(error, OSError) and not isinstance(error, PConfigError)
    return own and not has_user_frames(error, beyond_python=True)
