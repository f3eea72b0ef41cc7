"""The terminal: colour, and what it and its shell set in variables, for commands alone."""

from __future__ import annotations

import os
import sys

from pconfigs.errors.base import without_controls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Timer
    from typing import Any

STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


_apart: list[Any] = []  # the streams of results, while other output goes to stderr


def results() -> Any:
    """Return the stream of the results of commands."""
    return _apart[-1] if _apart else sys.stdout


def with_results_apart(command: Callable[[list[str]], int], words: list[str]) -> int:
    """Call a command while all but its results goes to stderr: modules and properties may print."""
    stdout = sys.stdout
    _apart.append(stdout)
    sys.stdout = sys.stderr
    try:
        return command(words)
    finally:
        sys.stdout = stdout
        _apart.pop()


def is_shown() -> bool:
    """Return whether results go to a terminal, rather than into a file or another program."""
    stream = results()
    return stream is not None and stream.isatty()


def takes_colour() -> bool:
    """Return whether results may be coloured."""
    return is_shown() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def styled(text: str, style: str) -> str:
    """Return `text` in a style, where colour is wanted."""
    return f"\033[{STYLES[style]}m{text}\033[0m" if text and takes_colour() else text


def printable_line(text: str) -> str:
    """Return a text without what controls a terminal, except the colours of `styled`."""
    if "\033" not in text:
        return without_controls(text)
    parts = text.split("\033[")
    shown = [without_controls(parts[0])]
    for part in parts[1:]:
        code, end, rest = part.partition("m")
        known = end and code in ("0", *STYLES.values())
        shown.append(
            f"\033[{code}m{without_controls(rest)}" if known else without_controls(f"\033[{part}")
        )
    return "".join(shown)


def asks_for_completion() -> bool:
    """Return whether a shell has started this process to learn what may follow."""
    return "_ARGCOMPLETE" in os.environ


def words_so_far() -> list[str]:
    """Return the words of the line that is completed, the name of the program first."""
    return os.environ.get("COMP_LINE", "").split()


WAIT = 2.0
"""Seconds after which a terminal shows what is being done."""


class Waiting:
    """While it is entered, and once two seconds have passed, a terminal shows what is being done.

    Modules may have redirected stderr meanwhile, in Python or below it; the line goes to where it
    was before.
    """

    def __init__(self, words: str) -> None:
        self._words = without_controls(words)
        self._timer: Timer | None = None

    def __enter__(self) -> None:
        if sys.stderr is None or not sys.stderr.isatty():
            return
        # Here, so that commands in scripts and pipelines do not load it.
        from threading import Timer

        self._terminal = os.dup(sys.stderr.fileno())
        self._timer = Timer(WAIT, self._show)
        self._timer.daemon = True
        self._timer.start()

    def __exit__(self, *raised: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
            os.close(self._terminal)

    def _show(self) -> None:
        os.write(self._terminal, f"{self._words} ...\n".encode(errors="replace"))
