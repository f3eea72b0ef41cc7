"""Progress of a launch, on stderr: a live table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping

from pconfigs.errors.base import without_controls

REFRESH = 0.5
"""Seconds between two drawings of the table."""
_MARKS = {"done": "32", "failed": "31", "lost": "31", "stopped": "33", "running": "36"}


class Progress:
    """Prints what changes.

    Args:
        total: How many runs there are.
        live: Whether stderr is a terminal that a table can be drawn on.
    """

    def __init__(self, total: int, live: bool | None = None) -> None:
        self.total = total
        if live is None:  # stderr is None where it is closed
            live = sys.stderr is not None and sys.stderr.isatty()
            live = live and os.environ.get("TERM") != "dumb"
        self.live = live
        self._running: dict[str, float] = {}
        self._drawn = 0
        self._last = 0.0
        self._width = len(str(total))

    def note(self, text: str) -> None:
        """Print a line above the table; what controls a terminal is escaped."""
        self._print(without_controls(text))

    def changed(self, state: str, name: str, finished: int, words: str = "") -> None:
        """Print the new state of a run, how many of all have `finished`, and more about it."""
        if state == "running":
            self._running[name] = time.monotonic()
        else:
            self._running.pop(name, None)
        if state == "running" and self.live:
            self._erase()
            self._draw()
            return
        shown = self._coloured(f"{state:9}", state)
        text = without_controls(f"{name}  {words}" if words else name)  # an error is of a program
        self._print(f"{finished:{self._width}}/{self.total}  {shown}{text}")

    def tick(self) -> None:
        """Draw the table anew, if it is time."""
        if self.live and time.monotonic() - self._last >= REFRESH:
            self._erase()
            self._draw()

    def close(self) -> None:
        """Remove the table."""
        self._running.clear()
        self._erase()

    def _print(self, line: str) -> None:
        self._erase()
        _write(f"{line}\n")
        self._draw()

    def _draw(self) -> None:
        if not self.live:
            return
        now = self._last = time.monotonic()
        width = _columns() - 1  # a full line takes two on some terminals, and one is erased
        lines = [f"  {now - since:7.1f} s  {name}"[:width] for name, since in self._running.items()]
        if lines:
            _write("\n".join(lines) + "\n")
        self._drawn = len(lines)

    def _erase(self) -> None:
        if self._drawn:
            _write(f"\033[{self._drawn}A\033[J")
            self._drawn = 0

    def _coloured(self, text: str, state: str) -> str:
        if not self.live or os.environ.get("NO_COLOR") or state not in _MARKS:
            return text
        return f"\033[{_MARKS[state]}m{text}\033[0m"


def _write(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _columns() -> int:
    try:
        return os.get_terminal_size(2).columns
    except OSError:
        return 80


def counts_text(counts: Mapping[str, int]) -> str:
    """Return numbers and what they count: `11 done, 1 failed`."""
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)
