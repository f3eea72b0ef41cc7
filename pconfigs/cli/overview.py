"""`pconfigs` without a command: help, version, or what is wrong with the first word."""

from __future__ import annotations

import pconfigs
from pconfigs.cli.commands import COMMANDS, DONE
from pconfigs.cli.output import write
from pconfigs.errors.formatting import aligned, did_you_mean
from pconfigs.errors.targets import FORMS, UsageError


def command(words: list[str]) -> int:
    """Print help or the version.

    Raises:
        UsageError: The first word is neither an option nor a command.
    """
    if not words:
        raise unknown_command("")
    if words[0] in ("-h", "--help") and len(words) == 1:
        write(overview())
        return DONE
    if words[0] == "--version":
        write(version())
        return DONE
    raise unknown_command(words[0])


def unknown_command(word: str) -> UsageError:
    """Return the error for a first argument that is not a command."""
    known = f"commands: {', '.join(COMMANDS)}"
    if not word:
        return UsageError("pconfigs", "which command?", [known, "for more: pconfigs --help"])
    if "." in word or "/" in word:
        advice = [f"to run it: pconfigs run {word}", f"to print it: pconfigs print {word}"]
        return UsageError(
            "pconfigs", f"there is no command {word!r}, but it may be a target", advice
        )
    advice = [did_you_mean(word, COMMANDS, "{}"), known]
    return UsageError("pconfigs", f"there is no command {word!r}", advice)


def overview() -> str:
    """Return the text of `pconfigs --help`."""
    lines = [f"  {line}" for line in aligned(COMMANDS.items())]
    head = ["usage: pconfigs <command> TARGET …   (or: python -m pconfigs.<command> TARGET …)", ""]
    tail = ["", f"{FORMS};", "more: pconfigs <command> --help"]
    return "\n".join([*head, *lines, *tail])


def version() -> str:
    """Name and version of the library."""
    return f"pconfigs {getattr(pconfigs, '__version__', 'unknown')}"
