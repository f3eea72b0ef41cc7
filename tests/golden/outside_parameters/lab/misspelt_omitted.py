from lab.plots import line

from pconfigs import Omitted, pconfig


@pconfig(calls=line)
class LineFunc:
    slop: Omitted[float]


config = LineFunc()
