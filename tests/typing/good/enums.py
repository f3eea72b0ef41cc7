"""Enums: from a plain class, and from an Enum that checkers know without help."""

from __future__ import annotations

from enum import Enum

from pconfigs import PEnum, pconfig, pdefaults, penum
from pconfigs.pinnable import PConfig


@penum
class Color:
    red = "red"
    blue = "blue"


@penum
class Shape(Enum):
    circle = "circle"
    square = "square"


@penum
class Size(PEnum):
    small = 1
    large = 2


@pconfig
class DrawingConfig(PConfig):
    color: Color
    shape: Shape
    size: Size


pdefaults += DrawingConfig(color=Color.red, shape=Shape.circle, size=Size.small)
config: DrawingConfig = DrawingConfig(
    color=Color.make("blue"), shape=Shape("square"), size=Size.make(1)
)
shape: Shape = config.shape
size: Size = config.size
