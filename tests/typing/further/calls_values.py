"""Values of the wrong type for a function's parameters."""

from pconfigs import pconfig


def line(x: float, slope: float = 1.0) -> float:
    return slope * x


@pconfig(calls=line)
class LineFunc:
    pass


func = LineFunc(slope="steep")  # wrong: mypy[arg-type]
other = LineFunc(slop=1.0)  # wrong: mypy[call-arg]
text: str = func(3.0)  # wrong: mypy[assignment]
print(func.slop)  # wrong: mypy[attr-defined]
