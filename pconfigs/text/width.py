"""Width: how many columns a line takes, and how many it may take."""

from __future__ import annotations

WIDTH = 88
INDENT = "    "


def width_of(text: str) -> int:
    """Columns that `text` takes where East Asian letters take two; never less than black counts."""
    if text.isascii():
        return len(text)
    from unicodedata import category, combining, east_asian_width

    width = len(text)
    for char in text:
        if char > "\x7f":
            if east_asian_width(char) in "WF":
                width += 1
            elif combining(char) or category(char) in ("Mn", "Me"):
                width -= 1
    return width


def fits(line: str) -> bool:
    """Whether a line stays within the width; of several lines, whether the last one does."""
    if len(line) <= WIDTH and line.isascii():
        return True
    return width_of(line.rpartition("\n")[2]) <= WIDTH
