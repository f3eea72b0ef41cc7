from lab.plots import dashed

config = dashed(gap=0.25)
