from lab.plots import Axis, line

from pconfigs import pconfig


@pconfig(calls=line, mocks=Axis)
class LineFunc:
    pass


config = LineFunc()
