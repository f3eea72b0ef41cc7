"""Tables: columns of text, 100 characters wide at most where that can be had."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 100
GAP = 2


def columns(rows: Sequence[Sequence[str]], width: int = WIDTH) -> list[str]:
    """One line per row, its cells below one another; the last cell of a row takes what it needs.

    A row with fewer cells lets its last one run on over the columns behind it. A cell that would
    not fit on its line goes to a line of its own, below its column.
    """
    widths: list[int] = []
    for row in rows:
        for index, cell in enumerate(row[:-1]):
            if index == len(widths):
                widths.append(0)
            widths[index] = max(widths[index], len(cell))
    lines: list[str] = []
    for row in rows:
        line = ""
        for index, cell in enumerate(row):
            start = sum(widths[:index]) + GAP * index
            if index == len(row) - 1 and index > 1 and start + len(cell) > width and cell:
                lines.append(line.rstrip())
                start = widths[0] + 2 * GAP
                line = ""
            line = f"{line:{start}}{cell}"
        lines.append(line.rstrip())
    return lines
