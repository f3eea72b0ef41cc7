"""A property of another type than the field it computes."""

from __future__ import annotations

from pconfigs import pconfig
from pconfigs.pinnable import PConfig, Pinned, pproperty


@pconfig
class WidthConfig(PConfig):
    width: int
    area: Pinned[int]  # wrong: pyright[reportRedeclaration]

    @pproperty
    def area(self) -> str:  # wrong: mypy[pproperty]
        return "large"
