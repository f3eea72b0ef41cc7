"""A property that reads an unknown name."""

from __future__ import annotations

from pconfigs import pconfig
from pconfigs.pinnable import PConfig, pproperty


@pconfig
class WidthConfig(PConfig):
    width: int

    @pproperty
    def area(self) -> int:
        return self.width * self.heigth  # wrong: mypy[attr-defined] mypy[no-any-return] pyright[reportAttributeAccessIssue]
