from lab.plots import line

from pconfigs import Kwarg, pconfig


@pconfig(calls=line)
class LineFunc:
    thickness: Kwarg[float]


config = LineFunc()
