from lab.plots import LineFunc

config = LineFunc(colour="red")(1, 2, 3, 4)
