"""Arithmetic in data: numbers alone, and results of a bounded size."""

from __future__ import annotations

import pytest

from pconfigs.errors import FormatError
from pconfigs.serialization.formats.arithmetic import ARITHMETIC
from pconfigs.serialization.formats.references import resolved


def value_of(text):
    return resolved({"value": text}, ARITHMETIC)["value"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${add:1,2,3.5}", 6.5),
        ("${add:a,b}", "ab"),
        ("${sub:3,1}", 2),
        ("${mul:2,3,4}", 24),
        ("${div:3,2}", 1.5),
        ("${floordiv:7,2}", 3),
        ("${int:2.7}", 2),
        ("${min:2}", 2),
        ("${max:1,2.5}", 2.5),
    ],
)
def test_each_operation_has_its_usual_meaning(text, value):
    found = value_of(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", ["${mul:2,x}", "${add:1,x}", "${add:true,1}", "${max:[1,2]}"])
def test_other_values_than_numbers_are_refused(text):
    with pytest.raises(FormatError, match="must be a number, got"):
        value_of(text)


def test_squares_of_squares_are_refused_before_they_fill_the_memory():
    data = {"v0": 10} | {f"v{n + 1}": f"${{mul:${{v{n}}},${{v{n}}}}}" for n in range(40)}
    with pytest.raises(FormatError, match="more than 4,500 digits"):
        resolved(data, ARITHMETIC)
