"""Every suggestion of every message works when it is followed."""

from __future__ import annotations

import datetime as dt
import decimal
import fractions
import re
import typing
from pathlib import PosixPath, PurePath
from typing import Any, Literal

import pytest
import typing_extensions
from hypothesis import given, settings, strategies as st

from pconfigs import Required, pconfig
from pconfigs.validation.base import InvalidValue
from pconfigs.validation.factory import validator_for
from tests.examples import examples
from tests.names import name_of
from tests.validation import test_validators as samples
from tests.validation.test_validators import FITTING, UNFIT

HINTS = [hint for hint, _ in [*FITTING, *UNFIT]]
ODD = [
    "010", "1_000", " 5 ", "Infinity", "nan", "1e3", "True", "no", "red", "Color.RED", "a,b", "2,b",
    "x/y", b"\xff", b"x", 1.0, 2.5, 1e300, float("inf"), 0, 1, -1, 10**5000, True, None, (), [], {},
    {1, 2}, [("a", 1)], [[1], ["x"]], ["a", 1], ("a", "b"), [None], {"title": 1}, [1, "x", None],
    [samples.Color.RED], {"a": samples.Color.RED}, range(3), object, object(), iter([1]),
    PosixPath("x"), PurePath("y"), decimal.Decimal("1.5"), fractions.Fraction(1, 3),
    dt.date(2020, 1, 2),
    "a" * 500, list(range(1000)), [10**5000], samples.Model, samples.Deeper, len, "Model", "1",
]  # fmt: skip
VALUES = [*ODD, *(value for _, value in [*FITTING, *UNFIT])]
E = next(type(value) for hint, value in FITTING if type(value).__name__ == "E")
NAMES = {**vars(samples), "E": E, "PosixPath": PosixPath, "PurePath": PurePath, "Literal": Literal}


def followed(advice: str) -> list[Any]:
    """Return the values that a message suggests."""
    codes = re.findall(r"did you mean (.+?)\?(?:$|\n)", advice)
    return [eval(code, dict(NAMES)) for code in codes]


@pytest.mark.parametrize("hint", HINTS, ids=name_of)
def test_what_a_message_suggests_fits(hint):
    validator = validator_for(hint)
    for value in VALUES:
        try:
            validator.validate(value)
        except InvalidValue as refused:
            if not refused.path:
                for suggested in followed(refused.advice):
                    validator.validate(suggested)


def test_a_class_is_not_called_for_a_suggestion():
    """Its code may start a server or write a file."""
    made = []

    class Server:
        def __init__(self):
            made.append(self)

    with pytest.raises(InvalidValue) as refused:
        validator_for(Server).validate(Server)
    assert refused.value.advice.startswith("give an instance, not the class: ")
    assert not made


def test_suggestions_are_made():
    """Dropping those that do not fit leaves most of them."""
    for hint, value, advice in [
        (int, "010", "did you mean 10?"),
        (int, "1_000", "did you mean 1000?"),
        (float, "Infinity", ""),
        (list[str], "a", "did you mean ['a']?"),
        (tuple[int, str], "abc", ""),
        (tuple[int, str], [1, "a"], "did you mean (1, 'a')?"),
        (list[int], (1, 2), "did you mean [1, 2]?"),
        (list[int], ("x",), ""),
        (list[int], range(100), "make it a list: list(...)"),
        (samples.Annotated[int, samples.Gt(0)], False, ""),
        (samples.Annotated[int, samples.Gt(0)], True, "did you mean 1?"),
        (str, PosixPath("a"), "did you mean 'a'?"),
        (samples.Path, "a", "did you mean Path('a')?"),
        (samples.Color, "red", "did you mean Color.RED?"),
        (bool, 1, "did you mean True?"),
        (samples.Optional[list[int]], (1,), "did you mean [1]?"),
    ]:
        with pytest.raises(InvalidValue) as caught:
            validator_for(hint).validate(value)
        assert caught.value.advice == advice, (hint, value)


VALUES_OF_ANY_KIND = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
    | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.tuples(inner, inner)
    | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=examples(200), deadline=None)
@given(hint=st.sampled_from(HINTS), value=VALUES_OF_ANY_KIND)
def test_what_is_suggested_for_random_values_fits(hint, value):
    validator = validator_for(hint)
    try:
        validator.validate(value)
    except InvalidValue as refused:
        for suggested in [] if refused.path else followed(refused.advice):
            validator.validate(suggested)


@pytest.mark.parametrize("hint", [int, str, bool, list[int], dict[str, int], complex])
@pytest.mark.parametrize("module", [typing, typing_extensions])
def test_the_required_of_typing_is_known(hint, module):
    cls = pconfig(type("C", (), {"__annotations__": {"x": hint}, "__module__": __name__}))
    with pytest.raises(TypeError, match="from pconfigs import Required"):
        cls(x=module.Required)
    assert cls(x=Required).x is Required


@pytest.mark.parametrize("hint", [list[str], tuple[str, ...], set[str], frozenset[str]])
def test_the_keys_of_a_dict_are_not_suggested_for_a_list(hint):
    """Its values would be lost."""
    cls = pconfig(type("C", (), {"__annotations__": {"x": hint}, "__module__": __name__}))
    with pytest.raises(TypeError, match="C.x must be") as refused:
        cls(x={"a": 1})
    assert "did you mean" not in str(refused.value)
