from lab.plots import Colour, plot

from pconfigs import pconfig


@pconfig(calls=plot)
class PlotFunc:
    style: str


config = PlotFunc()
