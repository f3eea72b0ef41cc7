"""Markers: words in the place of a value or a type."""

from __future__ import annotations

import copy
import math
import operator
import pickle
from typing import Annotated, Optional, Union, get_args

import pytest

from pconfigs import Kwarg, NoEffect, NotMock, Omitted, Pin, Pinned, Required, Secret
from pconfigs.errors import DeferredError, FrozenError
from pconfigs.markers import is_deferred

VALUE_MARKERS = [Pinned, Required, Omitted]
MARKERS = [*VALUE_MARKERS, Kwarg, NotMock, NoEffect, Secret]


@pytest.mark.parametrize("marker", MARKERS, ids=repr)
def test_markers_have_identity(marker):
    """The same object after pickling and copying, equal only to itself, in brackets as text."""
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(marker, protocol)) is marker
    assert copy.copy(marker) is marker
    assert copy.deepcopy([marker])[0] is marker
    assert marker == marker
    assert marker != marker.__name__
    assert all(marker != other for other in MARKERS if other is not marker)
    assert len({marker, marker}) == 1
    assert str(marker) == repr(marker) == f"[{marker.__name__}]"


UNARY = [
    bool, len, iter, next, reversed, int, float, complex, round, abs, math.trunc, math.floor,
    math.ceil, operator.neg, operator.pos, operator.invert, operator.index, bytes, list, sum,
]  # fmt: skip
BINARY = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
    operator.pow, operator.matmul, operator.lshift, operator.rshift, operator.and_, operator.xor,
    operator.lt, operator.le, operator.gt, operator.ge, divmod,
]  # fmt: skip


@pytest.mark.parametrize("marker", VALUE_MARKERS, ids=repr)
def test_working_with_a_value_that_is_not_there_is_refused(marker):
    """Every operator on either side, conversions, iteration and attributes."""
    for operation in UNARY:
        with pytest.raises(DeferredError, match=marker.__name__):
            operation(marker)
    for operation in BINARY:
        for call in (lambda op=operation: op(marker, 2), lambda op=operation: op(2, marker)):
            with pytest.raises(DeferredError, match="marks a value"):
                call()
    for call in (
        lambda: marker.field,
        lambda: 3 in marker,
        lambda: f"{marker:3}",
        lambda: open(marker),  # noqa: PTH123, SIM115
        lambda: marker.__setitem__(0, 1),
    ):
        with pytest.raises(TypeError):
            call()


def test_the_error_shows_marker_and_operation():
    """As facts, for programs."""
    with pytest.raises(DeferredError) as caught:
        Required + 1
    assert (caught.value.marker, caught.value.operation) == ("Required", "add")
    with pytest.raises(DeferredError, match=r"reading \.rate"):
        Pinned.rate


def test_protocols_that_ask_for_optional_names_hear_no():
    """copy, numpy and inspect look for private names."""
    for name in ("__array__", "__deepcopy_hook__", "_private"):
        assert not hasattr(Required, name)


@pytest.mark.parametrize("marker", MARKERS, ids=repr)
def test_markers_never_change_and_are_not_called(marker):
    """They are words."""
    with pytest.raises(FrozenError):
        marker.other = "else"
    with pytest.raises(TypeError, match="not called"):
        marker(3)


@pytest.mark.parametrize("marker", MARKERS, ids=repr)
def test_subscripted_markers_are_type_hints(marker):
    """They go into unions and Annotated, compare by what they hold, and make no values."""
    hint = marker[int]
    assert (hint.marker, hint.argument) == (marker, int)
    assert hint == marker[int]
    assert hash(hint) == hash(marker[int])
    assert hint != marker[str]
    assert hint != 3
    assert repr(hint) == f"{marker.__name__}[int]"
    assert repr(marker[list[int]]) == f"{marker.__name__}[list[int]]"
    assert hint in get_args(Optional[hint])
    assert hint in get_args(hint | None)
    assert hint in get_args(None | hint)
    assert Annotated[hint, "x"].__origin__ == hint
    with pytest.raises(TypeError, match="type hint"):
        hint(3)


def test_bare_markers_go_into_unions():
    """`Pinned | None` reads as Union does."""
    if "__or__" in vars(type(Kwarg)):
        assert Kwarg in get_args(Union[Kwarg, None])
        assert Kwarg in get_args(Kwarg | None)


def test_deferred_is_required_or_pinned():
    """Nothing else is."""
    assert is_deferred(Required)
    assert is_deferred(Pinned)
    assert not any(is_deferred(value) for value in (Omitted, None, 0, Pin(Required), "Required"))


def test_a_pin_holds_a_value_and_never_changes():
    """Compared by value, pickled, shown as code, usable as a hint."""
    pin = Pin([1])
    assert pin.value == [1]
    assert repr(pin) == "Pin([1])"
    assert pin == Pin([1])
    assert pin != Pin([2])
    assert pin != [1]
    assert hash(Pin(3)) == hash(Pin(3))
    assert pickle.loads(pickle.dumps(pin)) == pin
    with pytest.raises(FrozenError):
        pin.value = 3
    assert get_args(Pin[int]) == (int,)
