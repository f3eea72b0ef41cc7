"""Config classes at module level, so that their configs can be pickled."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Any

from pconfigs import Pin, Pinned, pconfig, pconfiged, pdefaults, pinputs, pproperty


class Color(enum.Enum):
    red = "r"
    green = "g"


@pconfig
class Leaf:
    number: float
    text: str
    anything: Any


@pconfig
class Scaled(Leaf):
    factor: int

    @pproperty
    def scaled(self) -> float:
        return self.number * self.factor


@pconfig
class Tree:
    leaf: Leaf
    many: list[Leaf]
    named: dict[str, Leaf]
    pair: tuple[Leaf | None, ...]
    color: Color
    path: Path
    size: Pinned[int]

    @pproperty
    def size(self) -> int:
        return len(self.many) + len(self.named)


@pconfig
class Tied:
    """A part that follows what its owner has, made from what was given."""

    leaf: Leaf
    text: str
    seed: Pinned[int]

    @pproperty
    def leaf(self) -> Leaf:
        given = pinputs(self).leaf
        return type(given)(given, text=self.text)


@pconfig
class Chain:
    link: Chain | None
    value: int


@pconfiged
class Worker:
    config: WorkerConfig

    def __init__(self):
        self.doubled = self.config.width * 2


@pconfig(constructs=Worker)
class WorkerConfig:
    width: int


pdefaults += Tied(leaf=Leaf(number=1, text="given", anything=None), text="tied", seed=Pin(7))


@pconfig
class Überall:  # noqa: PLC2401
    größe: int  # noqa: PLC2401
    名: str  # noqa: PLC2401
    _inner: str


def built_on_lines() -> tuple[Leaf, int]:
    base = Leaf(number=1.0, text="a", anything=None)
    # fmt: off
    config = Leaf(base, number=2.0,
        text="b")
    # fmt: on
    return config, built_on_lines.__code__.co_firstlineno + 3


def misspelt() -> Leaf:
    return Leaf(
        text="a",
        nmber=2.0,
        anything=None,
    )
