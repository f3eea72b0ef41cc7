"""A property that reads a name that is no field."""

from __future__ import annotations

from pconfigs import pconfig
from pconfigs.pinnable import PConfig, pproperty


@pconfig
class WidthConfig(PConfig):
    width: int

    @pproperty
    def area(self) -> int:
        return self.width * self.heigth  # wrong: mypy[attr-defined] mypy[no-any-return] pyright[reportAttributeAccessIssue]
