from lab.plots import Axis

from pconfigs import pconfig


@pconfig(mocks=Axis)
class AxisConfig:
    ticks: int


config = AxisConfig()
