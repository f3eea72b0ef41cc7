"""Classes and strategies that the tests of printed code share."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import functools
import math
import os.path
import pathlib
from typing import Any, NamedTuple

from hypothesis import strategies as st

from pconfigs import pconfig


class Color(enum.Enum):
    red = "r"
    green = "g"


class Level(enum.IntEnum):
    low = 1
    high = 2


class Access(enum.Flag):
    read = 1
    write = 2
    execute = 4


class Outer:
    class Inner:
        pass

    class Shade(enum.Enum):
        dark = 0


class Point(NamedTuple):
    x: Any
    y: Any


@dataclasses.dataclass(frozen=True)
class Span:
    start: Any
    end: Any = 0


def helper() -> None:
    pass


@pconfig
class Leaf:
    value: object


@pconfig
class Node:
    name: object
    left: object
    a_rather_long_name_for_a_field_of_a_config: object


@pconfig
class Empty:
    pass


NASTY_TEXT = st.text(st.sampled_from("'\"\\ab \n\t\0{}#\x7f\u2028漢字é\u0301\ud800"), max_size=30)
TEXT = st.one_of(NASTY_TEXT, st.text(max_size=20), st.text(st.sampled_from("word "), max_size=100))
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([1e16, 1e-7, -0.0, 1e300, 0.1, float("inf")]),
    st.complex_numbers(),
    st.sampled_from([1 + 2j, -2j, complex(-0.0, 3), complex("nan")]),
)
DATES = st.one_of(
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, dt.timezone.utc])),
    st.times(),
    st.timedeltas(),
)
NAMED = st.sampled_from(
    [
        *Color,
        *Level,
        Access.read,
        Access.read | Access.write | Access.execute,
        Access(0),
        Outer.Shade.dark,
        Outer.Inner,
        Color,
        int,
        None,
        True,
        ...,
        range(3),
        range(0, 10, 2),
        slice(1, None),
        pathlib.PurePosixPath("/tmp/x"),
        pathlib.Path("a/b"),
        decimal.Decimal("1.50"),
        fractions.Fraction(1, 3),
        math.sin,
        os.path.join,
        len,
        str.upper,
        dict.fromkeys,
    ]
)
SCALARS = st.one_of(TEXT, st.binary(max_size=20), NUMBERS, DATES, NAMED)
KEYS = st.one_of(
    TEXT,
    st.integers(),
    NAMED.filter(lambda value: not isinstance(value, slice)),
    st.tuples(TEXT, st.integers()),
    st.builds(Leaf, value=st.tuples(st.integers())),
    st.builds(Empty),
    st.tuples(TEXT),
    st.tuples(st.tuples(st.integers())),
    st.tuples(st.just(())),
    st.tuples(st.tuples(TEXT, st.integers())),
)


def _containers(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(values, max_size=5),
        st.lists(values, max_size=3).map(tuple),
        st.dictionaries(KEYS, values, max_size=4),
        st.sets(st.one_of(st.integers(), TEXT, st.sampled_from(list(Color))), max_size=5),
        st.frozensets(TEXT, max_size=5),
        st.builds(Leaf, value=values),
        st.builds(Node, name=TEXT, left=values, a_rather_long_name_for_a_field_of_a_config=values),
        st.builds(Empty),
        st.builds(Point, values, values),
        st.builds(Span, values, values),
        st.dictionaries(TEXT, values, max_size=3).map(collections.OrderedDict),
        st.lists(values, max_size=3).map(collections.deque),
        st.builds(functools.partial, st.just(dict), values),
    )


class Foreign:
    """Its repr is code, laid out in another way, or not code at all."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


REPRS = st.sampled_from(
    [
        "Foreign(a=1,  b='x')",
        "Foreign('" + "long " * 8 + "', ['" + "long " * 8 + "', {'k':1}])",
        "array([[1, 2],\n       [3, 4]], dtype=int8)",
        "torch.float32",
        "Foreign()[0:1]",
        "Foreign(a,)",
        "Foreign(a)  # a comment",
        "[1, 2]",
        "5",
        "",
        "a b",
        "Foreign(",
        "<Foreign at 0x7f00>",
        "x = 1",
        "Foreign('''a\nb''')",
        "(yield)",
        "\\",
        "import",
        "lambda: 0",
        "a | b",
        "A.b(1).c(2).d(3)" + ".e(4)" * 20,
        "Foreign(" + "a + " * 30 + "b)",
        "A" * 90 + " | " + "B" * 20,
    ]
)
VALUES = st.recursive(SCALARS, _containers, max_leaves=12)
ALL_VALUES = st.recursive(
    st.one_of(SCALARS, st.builds(Foreign, REPRS), st.builds(object)), _containers, max_leaves=12
)
