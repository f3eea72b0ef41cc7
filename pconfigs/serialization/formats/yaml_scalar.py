"""Scalars of YAML: one without quotes in a file, which may be more than a string."""

from __future__ import annotations

from typing import Any


class PlainText(str):
    """A scalar without quotes."""

    __slots__ = ()


class Located(dict):  # type: ignore[type-arg]
    """A mapping that knows the line it begins on, and those of its keys."""

    __slots__ = ("line", "lines")

    def __init__(self, entries: Any = (), line: int = 0, lines: dict[str, int] | None = None):
        super().__init__(entries)
        self.line = line
        self.lines = {} if lines is None else lines
