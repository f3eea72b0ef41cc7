from lab.plots import Axis

from pconfigs import pconfig


@pconfig(calls=Axis)
class AxisFunc:
    pass


config = AxisFunc()
