"""Equality of values: nan equals nan wherever it is, and what is equal has one hash."""

from __future__ import annotations

import dataclasses
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from pconfigs import Required, pconfig, pdiff, pdump, pfingerprint, pinputs, pload, pproperty
from pconfigs.schema.equality import identical
from tests.serialization.test_dump import through_json

NAN = float("nan")


@pconfig
class Holder:
    value: Any


@dataclasses.dataclass(frozen=True)
class Span:
    start: float
    end: float
    note: str = dataclasses.field(default="", compare=False)


@dataclasses.dataclass(frozen=True)
class OwnEquality:
    start: float

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


@dataclasses.dataclass(frozen=True, eq=False)
class ByIdentity:
    start: float


@pytest.mark.parametrize(
    "made",
    [
        lambda: Span(1.0, float("nan")),
        lambda: (Span(float("nan"), 1.0), [float("nan")]),
        lambda: deque([float("nan"), (float("nan"),)]),
        lambda: OrderedDict(a=float("nan")),
        lambda: complex(float("nan"), 1.0),
        lambda: Span(1.0, Span(float("nan"), 2.0)),
        lambda: Decimal("sNaN"),
        lambda: (Decimal("sNaN"), [Decimal("sNaN")]),
    ],
)
def test_values_with_nan_are_equal(made):
    one, other = Holder(value=made()), Holder(value=made())
    assert one == other
    assert hash(one) == hash(other)
    assert pfingerprint(one) == pfingerprint(other)
    assert not pdiff(one, other)
    assert through_json(one) == one


def test_fields_that_a_dataclass_does_not_compare_do_not_count():
    one, other = Holder(value=Span(NAN, 1.0, "a")), Holder(value=Span(float("nan"), 1.0, "b"))
    assert one == other
    assert hash(one) == hash(other)


@pytest.mark.parametrize("cls", [OwnEquality, ByIdentity])
def test_an_equality_of_its_own_is_asked(cls):
    assert Holder(value=cls(1.0)) != Holder(value=cls(1.0))


def test_what_waits_is_identical_if_the_same_was_given_for_it():
    """`1 == True`; the values themselves are not known yet."""

    @pconfig
    class Waiting:
        least: int
        size: object

        @pproperty
        def size(self) -> object:
            return max(pinputs(self).size, self.least)

    one, other = (Waiting(least=Required, size=size) for size in (1, True))
    assert one == other
    assert not identical(one, other)
    assert identical(one, Waiting(least=Required, size=1))


def test_a_signaling_nan_in_a_file_is_compared():
    @pconfig
    class Priced:
        price: Decimal
        parts: list[Priced]

        @pproperty
        def prices(self) -> list[Decimal]:
            return [self.price]

    Priced.__qualname__ = "Priced"
    config = Priced(price=Decimal("sNaN"), parts=[Priced(price=Decimal("sNaN"), parts=[])])
    assert pload(pdump(config), Priced) == config
    assert config != Priced(config, price=Decimal("NaN"))
    assert config != Priced(config, price=Decimal(1))


def test_arrays_in_a_deque_are_compared():
    numpy = pytest.importorskip("numpy")
    one, other, third = (
        Holder(value=deque([numpy.array(items)])) for items in ([1, 2], [1, 2], [1, 3])
    )
    assert one == other
    assert one != third


def test_the_order_of_an_ordered_dict_counts():
    one, other = Holder(value=OrderedDict(a=1, b=2)), Holder(value=OrderedDict(b=2, a=1))
    assert one != other
    assert pfingerprint(one) != pfingerprint(other)
    assert [str(change) for change in pdiff(one, other)] == [
        f"value: {OrderedDict(a=1, b=2)!r} -> {OrderedDict(b=2, a=1)!r}"
    ]
    assert Holder(value={"a": 1, "b": 2}) == Holder(value={"b": 2, "a": 1})
    parts = [Holder(value=value) for value in (one, other)]
    assert [str(change.path) for change in pdiff(*parts)] == ["value.value"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, OrderedDict(a=1)),
        ({"a": 1}, Counter(a=1)),
        (defaultdict(int, a=1), defaultdict(float, a=1)),
        (deque([1], 3), deque([1], 4)),
        (Decimal("1.50"), Decimal("1.5")),
        (
            datetime(2026, 1, 2, 3, tzinfo=timezone.utc),
            datetime(2026, 1, 2, 4, tzinfo=timezone(timedelta(hours=1))),
        ),
    ],
)
def test_equal_values_of_other_fingerprints_are_in_a_diff(one, other):
    assert Holder(value=one) == Holder(value=other)
    assert pfingerprint(Holder(value=one)) != pfingerprint(Holder(value=other))
    assert [str(change.path) for change in pdiff(Holder(value=one), Holder(value=other))] == [
        "value"
    ]


def test_complex_numbers_that_are_equal_have_one_fingerprint():
    assert pfingerprint(Holder(value=complex(1, 0.0))) == pfingerprint(
        Holder(value=complex(1, -0.0))
    )
    assert pdiff(Holder(value=complex(NAN, 1)), Holder(value=complex(1, NAN)))


def test_an_ordered_dict_keeps_its_order_in_toml(tmp_path):
    pytest.importorskip("tomli_w")
    from pconfigs import pload_file, psave

    for first in (timedelta(1), [{"x": 1}], None):
        config = Holder(value=OrderedDict(a=first, b=1, d="x"))
        psave(config, tmp_path / "config.toml")
        assert pload_file(tmp_path / "config.toml", Holder) == config
    plain = {"value": {"$collection": {"type": "OrderedDict", "items": {"b": [1], "a": 2}}}}
    assert [*pload(plain, Holder).value] == ["b", "a"]
