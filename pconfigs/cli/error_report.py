"""The message of a command for an exception, and its exit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from pconfigs.cli import output
from pconfigs.cli.commands import FAILED, NOT_UNDERSTOOD
from pconfigs.errors.base import PConfigError
from pconfigs.errors.formatting import shown_word
from pconfigs.errors.paths import PathError
from pconfigs.errors.targets import (
    ImportFailedError,
    NoMainError,
    TargetError,
    UsageError,
    file_failed,
)
from pconfigs.errors.testing import failed_import
from pconfigs.errors.tracebacks import has_user_frames, text_of

SHORTEST = 4
"""Characters from which on a value is looked for in messages; shorter ones occur by chance."""


def report_error(error: BaseException, words: Sequence[str] = (), whole: bool = False) -> int:
    """Print the error to stderr; return the exit code.

    Args:
        error: What was raised.
        words: Those of the call: what they may give to secrets is left out.
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
    text = text_of(error, whole) if whole or not refused else str(error)
    if isinstance(error, (TargetError, UsageError, PathError)):
        text = _without_words(text, words)
    output.print_error(text)
    return NOT_UNDERSTOOD if refused and not isinstance(error, NoMainError) else FAILED


def _without_words(text: str, words: Sequence[str]) -> str:
    """Return a message with the words of the call as they may be shown."""
    for word in sorted(words, key=len, reverse=True):
        shown = shown_word(word)
        if shown == word:
            continue
        value = word[len(shown) - 3 :]
        for said, instead in ((word, shown), (value, "...")):
            for one in {said, repr(said)[1:-1]}:
                if len(one) >= SHORTEST:
                    text = text.replace(one, instead)
    return text


def _is_about_files(error: BaseException) -> TypeGuard[OSError]:
    """Return whether the system refuses what a command, not the user's code, reads or writes."""
    own = isinstance(error, OSError) and not isinstance(error, PConfigError)
    return own and not has_user_frames(error, beyond_python=True)
