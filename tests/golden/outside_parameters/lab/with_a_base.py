from lab.plots import line

from pconfigs import pconfig


class Function:
    pass


@pconfig(calls=line)
class LineFunc(Function):
    pass


config = LineFunc()
