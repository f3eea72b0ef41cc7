from lab.plots import dashed

config = dashed(3.0)
