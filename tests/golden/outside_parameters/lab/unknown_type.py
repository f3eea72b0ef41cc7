from lab.plots import plot

from pconfigs import pconfig


@pconfig(calls=plot)
class PlotFunc:
    pass


config = PlotFunc()
