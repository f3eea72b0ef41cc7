"""Functions and classes from elsewhere as configs."""

from __future__ import annotations

import os
import textwrap
from logging.handlers import RotatingFileHandler

from pconfigs import Kwarg, NotMock, Omitted, PCallable, pconfig, pconfiged, pdefaults
from pconfigs.pinnable import PConfig


def line(x: float, slope: float = 1.0, offset: float = 0.0) -> float:
    return slope * x + offset


class Rotation:
    def __init__(self, path: str, size: int = 10, mode: str = "a") -> None:
        self.path, self.size, self.mode = path, size, mode


@pconfig(calls=line)
class LineFunc:
    pass


@pconfig(calls=textwrap.fill)
class FillFunc:
    width: int
    expand_tabs: Omitted[bool]
    extra: NotMock[int]
    tabsize: Kwarg[int]


@pconfig(mocks=Rotation)
class RotationConfig:
    pass


@pconfig(mocks=RotatingFileHandler)
class HandlerConfig:
    maxBytes: int
    encoding: Omitted[str]
    errors: Omitted[str]


@pconfiged(mock=True)
class NamedRotation(Rotation):
    config: NamedRotationConfig

    def label(self) -> str:
        return self.config.label


@pconfig(constructs=NamedRotation)
class NamedRotationConfig(PConfig[NamedRotation]):
    label: str
    path: str


@pconfig
class PlotConfig(PConfig):
    curve: LineFunc
    other: PCallable


pdefaults += LineFunc(slope=2.0)
pdefaults += FillFunc(width=30, expand_tabs=Omitted, extra=1, tabsize=4)
plot: PlotConfig = PlotConfig(curve=LineFunc(offset=1.0), other=LineFunc(slope=3.0))
y: float = plot.curve(3.0) + plot.other(x=2.0)
slope: float = plot.curve.slope
text: str = FillFunc(width=20)("a long text")
rotation: Rotation = RotationConfig(size=3).construct(path="log")
handler = HandlerConfig(maxBytes=10).construct(filename=os.devnull)
named: NamedRotation = NamedRotationConfig(label="a", path="log").construct()
