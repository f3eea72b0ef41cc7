"""Values of overrides: brackets are what they look like, and advice works when it is followed."""

import datetime as dt
from typing import Any

import pytest

from pconfigs import pconfig, poverride
from pconfigs.errors import OverrideError


@pconfig
class Mixed:
    deepspeed: str | dict[str, Any] | None
    layers: list[int] | str
    names: list[str] | list[int]
    wait: dt.timedelta
    kind: str | type


BASE = Mixed(deepspeed=None, layers="all", names=[], wait=dt.timedelta(hours=1), kind=int)


@pytest.mark.parametrize(
    ("word", "field", "value"),
    [
        ("deepspeed={'stage': 2}", "deepspeed", {"stage": 2}),
        ("deepspeed=auto", "deepspeed", "auto"),
        ("deepspeed=None", "deepspeed", None),
        ("deepspeed=str({'stage': 2})", "deepspeed", "{'stage': 2}"),
        ("layers=[1, 2]", "layers", [1, 2]),
        ("layers=str([1, 2])", "layers", "[1, 2]"),
        ("names=[1]", "names", [1]),
        ("names=['1']", "names", ["1"]),
        ("names=[a]", "names", ["a"]),
        ("wait=0:30:00", "wait", dt.timedelta(minutes=30)),
        ("wait=1 day, 0:00:01", "wait", dt.timedelta(days=1, seconds=1)),
    ],
)
def test_values_are_read_as_they_look(word, field, value):
    made = getattr(poverride(BASE, [word]), field)
    assert made == value
    assert type(made) is type(value) or isinstance(made, type(value))


def test_a_string_in_place_of_a_list_of_words_is_refused():
    with pytest.raises(TypeError, match="must be a list of strings"):
        poverride(BASE, "layers=all")


def test_a_refused_duration_names_the_form():
    with pytest.raises(OverrideError, match=r"such as '1 day, 2:30:00'"):
        poverride(BASE, ["wait=soon"])
