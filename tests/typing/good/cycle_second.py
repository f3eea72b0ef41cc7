"""The other module: it knows the first one only when types are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pconfigs import Pinned, pproperty
from pconfigs import pconfig as decorate
from pconfigs.pinnable import PConfig

if TYPE_CHECKING:
    from cycle_first import FirstConfig

__all__ = ["SecondConfig", "decorate"]


@decorate
class SecondConfig(PConfig):
    depth: int
    origin: Pinned[FirstConfig | None]

    @pproperty
    def origin(self) -> FirstConfig | None:
        return None


def width_of(config: SecondConfig) -> int:
    return config.origin.width if config.origin else config.depth
