"""Configs of every kind of value that can be saved."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, Flag, IntEnum
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Callable, Literal, NamedTuple, Optional, Sequence, TypedDict, Union
from uuid import UUID

from pconfigs import NoEffect, Pin, Pinned, Secret, pcheck, pconfig, pdefaults, pproperty


class Color(Enum):
    red = 1
    green = "grün"


class Level(IntEnum):
    low = 1
    high = 2


class Right(Flag):
    read = 1
    write = 2


class Point(NamedTuple):
    x: int
    y: float


class Sizes(TypedDict, total=False):
    width: int
    ratio: float


def scale(value):
    return value


@pconfig
class Part:
    width: int
    rate: float


@pconfig
class Wide(Part):
    extra: str


@pconfig
class Linear:
    name: Literal["linear"]
    slope: float


@pconfig
class Cosine:
    name: Literal["cosine"]
    slope: float


@pconfig
class Step:
    gamma: float


@pconfig
class Everything:
    number: int
    real: float
    flag: bool
    text: str
    raw: bytes
    path: Path
    posix: PurePosixPath
    windows: PureWindowsPath
    color: Color
    level: Level
    right: Right
    point: Point
    sizes: Sizes
    pair: tuple[int, str]
    many: tuple[float, ...]
    numbers: list[float]
    nested: list[list[int]]
    chosen: set[str]
    frozen: frozenset[int]
    by_name: dict[str, Part]
    by_number: dict[int, str]
    by_color: dict[Color, float]
    by_pair: dict[tuple[int, int], str]
    maybe: Optional[int]
    either: Union[int, str]
    path_or_text: Union[Path, str]
    path_or_color: Union[Path, Color]
    anything: Any
    sequence: Sequence[int]
    kind: type
    part_class: type[Part]
    function: Callable[[Any], Any]
    part: Part
    parts: list[Part]
    schedule: Union[Linear, Cosine, Step, None]
    day: date
    moment: datetime
    hour: time
    span: timedelta
    exact: Decimal
    share: Fraction
    ident: UUID
    wave: complex


def everything(**changes):
    part = Part(width=1, rate=0.5)
    values = dict(  # noqa: C408
        number=3, real=float("nan"), flag=True, text="on", raw=b"\x00\xff", path=Path("data/x"),
        posix=PurePosixPath("a"), windows=PureWindowsPath("c:\\x"), color=Color.green,
        level=Level.high, right=Right.read | Right.write, point=Point(1, 2.0), sizes={"width": 3},
        pair=(1, "010"), many=(1.0, math.inf), numbers=[1, 2.5, -0.0], nested=[[1], []],
        chosen={"b", "a"}, frozen=frozenset({3, 1}),
        by_name={"a": part, "$x": Wide(part, extra="")},
        by_number={1: "x", -2: "y"}, by_color={Color.red: 0.1}, by_pair={(1, 2): "z"}, maybe=None,
        either="3", path_or_text=Path("p"), path_or_color=Color.red,
        anything={"$tuple": (1, {2}, None, [b"x", Path("q"), Color.red, part, math.nan, scale])},
        sequence=(1, 2), kind=int, part_class=Wide, function=scale, part=Wide(part, extra="null"),
        parts=[part, part], schedule=Cosine(name="cosine", slope=1.0), day=date(2026, 1, 2),

        moment=datetime(2026, 1, 2, 3, 4, 5, 6),  # noqa: DTZ001
        hour=time(1, 2), span=timedelta(days=-1, seconds=3),
        exact=Decimal("1.50"), share=Fraction(1, 3), ident=UUID(int=5), wave=1 - 2j,
    )  # fmt: skip
    return Everything(**{**values, **changes})


@pconfig
class Trainer:
    steps: int
    lr: float
    part: Part
    workers: NoEffect[int]
    token: Secret[str]
    seed: Pinned[int]
    warmup: Pinned[int]
    plan: Pinned[list[float]]

    @pproperty
    def warmup(self) -> int:
        return self.steps // FACTOR[0]

    @pproperty
    def plan(self) -> list[float]:
        return [self.lr * step for step in range(self.warmup)]

    @pproperty
    def part(self) -> Part:
        from pconfigs import pinputs

        return Part(pinputs(self).part, width=self.steps)

    @pcheck
    def enough(self) -> None:
        if self.steps == 13:
            raise ValueError("13 steps bring bad luck")


FACTOR = [10]
pdefaults += Part(width=4, rate=0.25)
pdefaults += Trainer(steps=20, lr=0.1, part=Part(), workers=2, token="hush", seed=Pin(7))


@pconfig
class Node:
    value: int
    child: Optional[Node]


def chain(depth):
    config = None
    for level in range(depth):
        config = Node(value=level, child=config)
    return config
