"""What stands for somebody else's code."""


class Colour:
    pass


def plot(values, colour: Colour = None, width: float = 1.0, marks=None, style: "Style" = "-"):
    return values, colour, width, marks, style


def line(x, slope: float = 1.0, offset: float = 0.0):
    return slope * x + offset


class Axis:
    def __init__(self, label, ticks: int = 5, /, scale="linear"):
        self.label = label
