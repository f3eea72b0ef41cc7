"""A check that returns something."""

from pconfigs import pcheck, pconfig
from pconfigs.pinnable import PConfig


@pconfig
class WidthConfig(PConfig):
    width: int

    @pcheck  # wrong: mypy[type-var] pyright[reportArgumentType]
    def fits(self) -> bool:
        return self.width > 0
