"""Width: how many columns a line takes, and how many it may take."""

from __future__ import annotations

WIDTH = 88
INDENT = "    "


# Symbols that became wide with Unicode 16, which not every Python knows yet.
NEWLY_WIDE = (
    ("\u2630", "\u2637"),
    ("\u268a", "\u268f"),
    ("\u4dc0", "\u4dff"),
    ("\U0001d300", "\U0001d376"),
)


def width_of(text: str) -> int:
    """Return the columns of `text`, East Asian letters two each; never less than black counts."""
    if text.isascii():
        return len(text)
    from unicodedata import east_asian_width

    wide = 0
    for char in text:
        if char > "\x7f":
            wide += east_asian_width(char) in "WF" or any(a <= char <= b for a, b in NEWLY_WIDE)
    return len(text) + wide


def fits(line: str) -> bool:
    """Return whether a line stays within the width; of several lines, whether the last one does."""
    if len(line) <= WIDTH and line.isascii():
        return True
    return width_of(line.rpartition("\n")[2]) <= WIDTH
