"""A property over a plain field, without `fixup=True`."""

from pconfigs import pconfig, pinputs, pproperty
from pconfigs.pinnable import PConfig


@pconfig
class SpeedConfig(PConfig):
    speed: float  # wrong: pyright[reportRedeclaration]

    @pproperty
    def speed(self) -> float:
        return abs(pinputs(self).speed)


config: SpeedConfig = SpeedConfig(speed=-3.0)
