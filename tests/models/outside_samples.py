"""Functions and classes that represent code that cannot be changed."""

from __future__ import annotations

import dataclasses
import enum
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from decimal import Decimal


class Mode(enum.Enum):
    FAST = "fast"
    SLOW = "slow"


def line(x: float, slope: float = 1.0, offset: float = 0.0) -> float:
    return slope * x + offset


def simple(
    text: str = "a",
    number: int = 1,
    share: float = 0.5,
    flag: bool = False,
    data: bytes = b"b",
    where: Path = Path("here"),
    mode: Mode = Mode.FAST,
    word: Literal["x", "y"] = "x",
    names: list[str] = ["n"],
    pair: tuple[int, ...] = (1, 2),
    table: dict[str, list[int]] = {"k": [1]},
    marks: set[int] = {1},
    rest: Sequence[int] = (3,),  # noqa: F821 - typing's names need no import, as in stubs
    maybe: int | None = None,
    some: Optional[float] = 2.0,  # noqa: F821
    wrong: int = None,
    bare=4,
    texts=["t"],
) -> dict[str, Any]:
    return dict(locals())


def involved(x, decimal: Decimal = 1, worker: object = None, nothing=None, size: int = object()):
    return x, decimal, worker, nothing, size


def unknown(x: int = 1, y: Nowhere = 2):  # noqa: F821
    return x, y


def options(x, scale: float = 1.0, **kwargs: Any):
    return x, scale, kwargs


def spread(first, /, second: int = 2, *rest: Any, third: int = 3):
    return first, second, rest, third


def change(items: list[int] = [1], table: dict[str, list[int]] = {"a": [2]}):
    items.append(9)
    table["a"].append(9)
    return items, table


class Rotation:
    made = 0

    def __init__(self, path: str, size: int = 10, mode: str = "a") -> None:
        self.path, self.size, self.mode = path, size, mode

    def with_mode(self, x: int, mode: str = "b") -> tuple[str, int, str]:
        return self.path, x, mode

    @classmethod
    def named(cls, x: int, name: str = "n") -> tuple[str, int, str]:
        return cls.__name__, x, name

    @staticmethod
    def doubled(x: int, times: int = 2) -> int:
        return x * times

    def __call__(self, x: int, share: float = 0.5) -> float:
        return x * share


@dataclasses.dataclass
class Row:
    key: str
    weight: float = 1.0
    tags: list[str] = dataclasses.field(default_factory=list)


class ByPosition:
    def __init__(self, first, second=2, /, third: int = 3):
        self.values = (first, second, third)


partial_line = functools.partial(line, slope=5.0)
