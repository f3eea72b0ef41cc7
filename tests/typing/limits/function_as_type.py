"""A function that is a config class, named as a type."""

from pconfigs import pconfig
from pconfigs.pinnable import PConfig


@pconfig
def line(x: float, slope: float = 1.0) -> float:
    return slope * x


@pconfig
class PlotConfig(PConfig):
    curve: line  # wrong: mypy[valid-type]


config: PlotConfig = PlotConfig(curve=line(slope=2.0))
y: float = config.curve(3.0)  # wrong: mypy[misc]
