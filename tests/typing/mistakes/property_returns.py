"""A property that returns another type than its annotation."""

from __future__ import annotations

from pconfigs import pconfig
from pconfigs.pinnable import PConfig, pproperty


@pconfig
class WidthConfig(PConfig):
    width: int

    @pproperty
    def area(self) -> int:
        return str(self.width)  # wrong: mypy[return-value] pyright[reportReturnType]
