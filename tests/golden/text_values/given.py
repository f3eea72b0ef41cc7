"""One of every kind of value that has a code form of its own."""

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import math
import pathlib
import re
import types
import typing
import uuid

from pconfigs import pconfig


class Color(enum.Enum):
    red = "r"
    green = "g"


class Level(enum.IntEnum):
    low = 1


class Kind(str, enum.Enum):
    a = "A"


class Access(enum.Flag):
    read = 1
    write = 2


class Outer:
    class Inner:
        pass


class Point(typing.NamedTuple):
    x: int
    y: int


@dataclasses.dataclass(frozen=True)
class Span:
    name: str
    end: int = 0


def helper():
    pass


@pconfig
class Part:
    width: object


@pconfig
class Values:
    numbers: object
    odd_numbers: object
    texts: object
    other_bytes: object
    enums: object
    classes: object
    functions: object
    containers: object
    dates: object
    library: object
    instances: object
    configs: object


config = Values(
    numbers=[1, -2, 0.1, 1e16, 1e-7, -0.0, True, None],
    odd_numbers=[float("nan"), float("-inf"), 1 + 2j, -3j, complex(-0.0, 1), 10**5],
    texts=['say "hi"', "it's", "both ' and \"", "a\nb", "C:\\new", '"""', "<class 'int'>", "漢字 é", "\u2028\ud800"],
    other_bytes=[b"\x00'", bytearray(b"x")],
    enums=[Color.red, Level.low, Kind.a, Access.read | Access.write, Access(0)],
    classes=[int, Color, Outer.Inner, type(None), list[int], int | None],
    functions=[helper, len, math.sqrt, str.upper, dict.fromkeys, functools.partial(helper, 1, name=2)],
    containers=[(), (1,), set(), {3, 1, 2}, frozenset({"b", "a"}), {}, {"k": {1: [2]}}, range(3), slice(1, None)],
    dates=[
        datetime.date(2020, 1, 2),
        datetime.datetime(2020, 1, 2, 3, 4, tzinfo=datetime.timezone.utc),
        datetime.time(3, 4, 5),
        datetime.timedelta(days=1, seconds=2),
    ],
    library=[
        pathlib.Path("a/b"),
        pathlib.PurePosixPath("/x"),
        decimal.Decimal("1.50"),
        fractions.Fraction(1, 3),
        uuid.UUID(int=5),
        re.compile("a+", re.IGNORECASE),
        collections.OrderedDict(a=1),
        collections.Counter("aab"),
        collections.defaultdict(list, {1: [2]}),
        collections.deque([1], maxlen=3),
        types.SimpleNamespace(a=1, **{"b c": 2}),
        types.MappingProxyType({1: 2}),
    ],
    instances=[Point(1, 2), Span("s", end=3)],
    configs={"a": Part(width=1), "b": [Part(width=(Part(width=2),)), "x"], 3: 3},
)
