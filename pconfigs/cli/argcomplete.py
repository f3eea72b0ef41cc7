"""The protocol between a shell and a program that completes its own words: package argcomplete."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from pconfigs.errors.base import MissingExtraError


def answer(parser: ArgumentParser) -> None:
    """Write what may follow the words that the shell hands over, and end the process.

    Raises:
        MissingExtraError: argcomplete is not installed.
    """
    try:
        import argcomplete
    except ImportError:
        raise MissingExtraError("argcomplete", "complete", "completion") from None
    # Some checkers take this file for the package of its name.
    protocol: Any = argcomplete
    protocol.autocomplete(parser, always_complete_options="long", validator=_is_offered)


def _is_offered(word: str, prefix: str) -> bool:
    """Return whether a word may follow: of all that do, one that is not UTF-8 would write none."""
    return word.startswith(prefix) and word.isprintable()
