"""A config that computes something without a plain form."""

from __future__ import annotations

from pconfigs import pconfig, pproperty


class Cells:
    def __init__(self, size):
        self.size = size

    def __eq__(self, other):
        return isinstance(other, Cells) and self.size == other.size

    __hash__ = None


@pconfig
class Table:
    size: int

    @pproperty
    def cells(self) -> Cells:
        return Cells(self.size)
