from lab.plots import LineFunc

config = LineFunc(colour="red")(1, colour="blue")
