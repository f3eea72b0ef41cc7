"""Two modules that import each other, one of them for its types only."""

from __future__ import annotations

from cycle_second import SecondConfig, decorate
from pconfigs import pproperty
from pconfigs.pinnable import PConfig


@decorate
class FirstConfig(PConfig):
    width: int

    @pproperty
    def second(self) -> SecondConfig:
        return SecondConfig(depth=self.width)


first: FirstConfig = FirstConfig(width=3)
depth: int = first.second.depth
