from lab.plots import AxisConfig

config = AxisConfig(ticks="many")
