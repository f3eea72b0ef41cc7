"""Plain text: a scalar without quotes in a file, which may be more than a string."""

from __future__ import annotations


class PlainText(str):
    """A scalar without quotes."""

    __slots__ = ()


class Located(dict):  # type: ignore[type-arg]
    """A mapping that knows the line it begins on, and those of its keys."""

    __slots__ = ("line", "lines")

    line: int
    lines: dict[str, int]
