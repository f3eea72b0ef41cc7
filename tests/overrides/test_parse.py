"""Texts are read by the check of their field."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Optional, TypedDict, Union

import pytest
from annotated_types import Gt, Len
from hypothesis import given, strategies as st

from pconfigs import NoneConfig, OptionalConfig
from pconfigs.errors.base import PConfigError
from pconfigs.overrides.parse import CommandLineTexts
from pconfigs.schema.equality import same_value
from pconfigs.serialization.texts.parsers import text_parser_of
from pconfigs.validation.factory import InvalidValue, validator_for


class Color(enum.Enum):
    red = "r"
    green = 2
    r = "g"


class Perm(enum.Flag):
    read = 1
    write = 2


class Point(NamedTuple):
    x: int
    y: str


class Options(TypedDict):
    size: int
    name: str


def refuse(text):
    raise InvalidValue("", text, "nothing")


TYPED = CommandLineTexts(refuse, refuse)


def read(text, hint):
    return text_parser_of(validator_for(hint)).value(text, TYPED)


@pytest.mark.parametrize(
    ("text", "hint", "value"),
    [
        ("adam", str, "adam"),
        ("'adam'", str, "'adam'"),
        (" spaced ", str, " spaced "),
        ("", str, ""),
        ("None", str, "None"),
        ("3", int, 3),
        ("1_000", int, 1000),
        ("-3", int, -3),
        ("3", float, 3),
        ("3e-4", float, 3e-4),
        ("-inf", float, -math.inf),
        ("float('inf')", float, math.inf),
        ("1+2j", complex, 1 + 2j),
        ("true", bool, True),
        ("False", bool, False),
        ("YES", bool, True),
        ("0", bool, False),
        ("1", Union[bool, int], 1),
        ("on", Union[bool, int], True),
        ("on", Union[bool, str], "on"),
        ("1", Literal[True, "x"], True),
        (".inf", float, math.inf),
        ("-Infinity", float, -math.inf),
        ("0x10", int, 16),
        ("b'ab'", bytes, b"ab"),
        ("a/b c", Path, Path("a/b c")),
        ("PosixPath('a/b')", Path, Path("a/b")),
        ("None", Optional[int], None),
        ("None", Optional[str], None),
        ("str(None)", Optional[str], "None"),
        ("abc", Optional[str], "abc"),
        ("5", Union[int, float], 5),
        ("str(5)", Union[int, str], "5"),
        ("int(5)", Union[int, str], 5),
        ("Path(a)", Union[Path, str], Path("a")),
        ("red", Color, Color.red),
        ("Color.r", Color, Color.r),
        ("2", Color, Color.green),
        ("g", Color, Color.r),
        ("read|write", Perm, Perm.read | Perm.write),
        ("adam", Literal["adam", 3], "adam"),
        ("3", Literal["adam", 3], 3),
        ("int(3)", Literal["3", 3], 3),
        ("true", Literal[True, "x"], True),
        ("red", Literal[Color.red], Color.red),
        ("[a, b]", list[str], ["a", "b"]),
        ("['a, b', c]", list[str], ["a, b", "c"]),
        ("[it's, fine]", list[str], ["it's", "fine"]),
        ("[1, 2,]", list[int], [1, 2]),
        ("[]", list[int], []),
        ("[[1], []]", list[list[int]], [[1], []]),
        ("[nan, 1]", list[float], [math.nan, 1]),
        ("[a/b]", list[Path], [Path("a/b")]),
        ("(1, x)", tuple[int, str], (1, "x")),
        ("(1, 2)", tuple[int, ...], (1, 2)),
        ("()", tuple[int, ...], ()),
        ("(1, 2)", Sequence[int], (1, 2)),
        ("[1]", Sequence[int], [1]),
        ("{a: 1}", Mapping[str, int], {"a": 1}),
        ("{a: 1, 'b:': 2}", dict[str, int], {"a": 1, "b:": 2}),
        ("{}", dict[str, int], {}),
        ("{a, b}", set[str], {"a", "b"}),
        ("set()", set[str], set()),
        ("frozenset({1})", frozenset[int], frozenset({1})),
        ("(1, a)", Point, Point(1, "a")),
        ("{size: 1, name: x}", Options, {"size": 1, "name": "x"}),
        ("[1, 'a']", Any, [1, "a"]),
        ("4", Annotated[int, Gt(3)], 4),
        ("Perm.read | Perm.write", Perm, Perm.read | Perm.write),
        ("NoneConfig", OptionalConfig[int], NoneConfig),
        ("3", OptionalConfig[int], 3),
        ("2024-01-02", dt.date, dt.date(2024, 1, 2)),
        ("1.10", decimal.Decimal, decimal.Decimal("1.10")),
    ],
)
def test_a_text_is_the_value_that_its_field_takes(text, hint, value):
    found = read(text, hint)
    assert same_value(found, value)
    if not isinstance(value, (list, dict, set)):
        assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "hint", "expected", "advice"),
    [
        ("3.0", int, "int", "did you mean 3?"),
        ("fast", float, "float", ""),
        ("5", Union[int, str], "one value", "int(5) or str(5)"),
        ("true", Union[bool, str], "one value", "bool(true) or str(true)"),
        ("a", Union[Path, str], "one value", "Path(a) or str(a)"),
        ("1", Literal["1", 1], "one value", "str(1) or int(1)"),
        ("r", Color, "one value", "write Color.r or Color.red"),
        ("adma", Literal["adam", "sgd"], "'adam' or 'sgd'", "did you mean 'adam'?"),
        ("rad", Color, "Color", "did you mean Color.red?"),
        ("abc", Any, "a Python literal", "for a text: 'abc'"),
        ("3", Annotated[int, Gt(3)], "int > 3", ""),
        ("maybe", bool, "bool", ""),
        ("010", int, "int", "write 10 or 0o10"),
        ("-08", int, "int", "write -8"),
        ("a", list[str], "list[str]", "did you mean ['a']?"),
        ("__import__('os')", Any, "a Python literal", ""),
        ("{a: 1, a: 2}", dict[str, int], "given once", ""),
        ("(1, 2, 3)", tuple[int, int], "tuple[int, int]", ""),
        ("[1, x]", list[int], "int", ""),
        ("9" * 5000, int, "int", ""),
        ("\udcff", bytes, "bytes", r"did you mean b'\xff'?"),
        ("\ud800", bytes, "bytes", r"did you mean b'\xed\xa0\x80'?"),
        ("[" * 300 + "]" * 300, Any, "a Python literal", ""),
    ],
)
def test_what_is_not_a_value_is_refused(text, hint, expected, advice):
    with pytest.raises(InvalidValue) as caught:
        read(text, hint)
    assert expected in caught.value.expected
    assert advice in caught.value.advice


def test_a_mismatch_shows_the_way_into_the_value():
    with pytest.raises(InvalidValue) as caught:
        read("{a: [1, x]}", dict[str, list[int]])
    assert caught.value.path == "['a'][1]"


HINTS = {
    int: st.integers(),
    float: st.floats() | st.integers(),
    bool: st.booleans(),
    bytes: st.binary(max_size=8),
    Color: st.sampled_from([Color.red, Color.green, Color.r]),
    type(None): st.none(),
}


def code(value):
    """What a Python programmer would type."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    for kind, brackets in ((list, "[]"), (tuple, "()"), (set, "{}")):
        if isinstance(value, kind):
            inside = ", ".join(map(code, value))
            comma = "," if kind is tuple and len(value) == 1 else ""
            return (
                f"{brackets[0]}{inside}{comma}{brackets[1]}"
                if inside or kind is not set
                else "set()"
            )
    if isinstance(value, dict):
        return f"{{{', '.join(f'{code(k)}: {code(v)}' for k, v in value.items())}}}"
    return repr(value)


def pairs(depth=2):
    """Hints, with strategies of their values."""
    leaves = st.sampled_from([*HINTS.items(), (str, st.text(max_size=8))])
    leaves = leaves.map(lambda pair: (pair[0], pair[1]))
    if not depth:
        return leaves
    inner = pairs(depth - 1)
    keys = st.sampled_from([(int, HINTS[int]), (str, st.text(max_size=5)), (bool, st.booleans())])
    return st.one_of(
        leaves,
        inner.map(lambda pair: (list[pair[0]], st.lists(pair[1], max_size=3))),
        inner.map(lambda pair: (tuple[pair[0], ...], st.lists(pair[1], max_size=3).map(tuple))),
        st.tuples(keys, inner).map(
            lambda two: (
                dict[two[0][0], two[1][0]],
                st.dictionaries(two[0][1], two[1][1], max_size=3),
            )
        ),
    )


@given(st.data())
def test_the_code_of_a_value_is_read_as_that_value(data):
    """A text on its own goes without quotes; within brackets, quotes are understood."""
    hint, values = data.draw(pairs())
    value = data.draw(values)
    text = value if hint is str else code(value)
    assert same_value(read(text, hint), value)


@given(
    st.text(alphabet="[](){}'\",:|.= \\anN0e-∞_", max_size=14),
    st.sampled_from(
        [
            int, float, str, bool, bytes, Path, Color, Perm, Point, Options, Any, list[str],
            set[int], dict[str, int], tuple[int, ...], tuple[int, str], Union[int, str],
            Literal["a", 1],
            Optional[list[Color]], frozenset[str], Annotated[list[int], Len(1)], Sequence[str],
            decimal.Decimal, dt.date, type[int], complex,
        ]
    ),
)  # fmt: skip
def test_no_text_is_more_than_refused(text, hint):
    try:
        value = read(text, hint)
    except InvalidValue:
        return
    except PConfigError:
        return
    validator_for(hint).validate(value)
