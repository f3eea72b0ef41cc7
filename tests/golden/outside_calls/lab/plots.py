"""Configs of functions and classes."""

from pconfigs import NotMock, pconfig, pconfiged


def line(x, slope: float = 1.0, offset: float = 0.0):
    return slope * x + offset


class Axis:
    def __init__(self, label: str, ticks: int = 5):
        self.label, self.ticks = label, ticks


@pconfig(calls=line)
class LineFunc:
    colour: NotMock[str]


@pconfig(mocks=Axis)
class AxisConfig:
    pass


@pconfiged(mock=True)
class NamedAxis(Axis):
    config: "NamedAxisConfig"


@pconfig(constructs=NamedAxis)
class NamedAxisConfig:
    name: str


@pconfig
def dashed(x, *, gap: float = 0.5):
    return x, gap
