from lab.plots import AxisConfig

config = AxisConfig(ticks=3).construct(lable="x", ticks=4)
