from lab.plots import LineFunc

config = LineFunc(slope=2.0, colour="red")(slope=3.0, ofset=1.0)
