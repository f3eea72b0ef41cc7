"""Tables: columns of text, 100 characters wide at most where that can be had."""

from __future__ import annotations

from collections.abc import Sequence

from pconfigs.errors.base import without_controls

WIDTH = 100
GAP = 2
WIDEST = 60
"""A cell wider than this does not widen its column: the cells after it are moved."""
FOLD = 4
BREAKS = ("  ", " (")


def columns(rows: Sequence[Sequence[str]], indent: str = "") -> list[str]:
    """Return the lines of all rows, their cells below one another."""
    return [f"{indent}{line}" for lines in row_lines(rows, WIDTH - len(indent)) for line in lines]


def row_lines(rows: Sequence[Sequence[str]], width: int = WIDTH) -> list[list[str]]:
    """Return the lines of each row: one, or more if a cell does not fit on the line.

    The last cell of a row does not widen its column. A cell that would go beyond the width goes to
    a line of its own, below its column where it fits there; one that is wider still is folded.
    """
    widths: list[int] = []
    for row in rows:
        for index, cell in enumerate(row[:-1]):
            if index == len(widths):
                widths.append(0)
            if len(cell) <= WIDEST:
                widths[index] = max(widths[index], len(cell))
    starts = [sum(widths[:index]) + GAP * index for index in range(len(widths) + 1)]
    return [_row_lines(row, starts, width) for row in rows]


def _row_lines(row: Sequence[str], starts: list[int], width: int) -> list[str]:
    lines = [""]
    for start, cell in zip(starts, map(without_controls, row)):
        for at, piece in enumerate(_pieces(cell, width - max(starts[:2][-1], FOLD))):
            here = max(start, len(lines[-1]) + GAP if lines[-1] else 0)
            if at or (lines[-1] and here + len(piece) > width):
                lines.append("")
                below = start if start < width // 2 else starts[1]
                here = max(FOLD, min(below, width - len(piece)))
            lines[-1] = f"{lines[-1]:{here}}{piece}"
    return [line.rstrip() for line in lines]


def _pieces(cell: str, width: int) -> list[str]:
    """Return a cell in pieces, divided between its parts if it is wider than `width`."""
    found: list[str] = []
    while len(cell) > width:
        at = max(cell.rfind(mark, 1, width + 1) for mark in BREAKS)
        if at < 1:
            break
        found.append(cell[:at])
        cell = cell[at:].strip()
    return [*found, cell]
