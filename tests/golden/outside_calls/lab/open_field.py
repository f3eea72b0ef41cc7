from lab.plots import LineFunc

config = LineFunc()(1)
