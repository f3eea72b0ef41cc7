"""Values of overrides: brackets are what they look like, and advice works when it is followed."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from pconfigs import pconfig, poverride
from pconfigs.errors import OverrideError
from tests.models.savable import Point


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


@pconfig
class Unions:
    place: Path | str
    rate: float | None
    ident: UUID | int
    cost: Decimal | None
    rates: dict[str, float | None]
    part: type[Mixed]
    point: Point
    maybe: Point | str


UNIONS = Unions(
    place="a", rate=None, ident=1, cost=None, rates={}, part=Mixed,
    point=Point(1, 2.0), maybe="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("word", "field", "value"),
    [
        ('place=Path("p")', "place", Path("p")),
        ("place=Path(p)", "place", Path("p")),
        ('place=str("p")', "place", "p"),
        ('rate=float("nan")', "rate", float("nan")),
        ('rates={"a": float("inf")}', "rates", {"a": float("inf")}),
        (f'ident=UUID("{UUID(int=5)}")', "ident", UUID(int=5)),
        ('cost=Decimal("1.50")', "cost", Decimal("1.50")),
        (f"part={__name__}.Mixed", "part", Mixed),
        ("point=Point(x=3, y=4.5)", "point", Point(3, 4.5)),
        ("point=Point(3, 4.5)", "point", Point(3, 4.5)),
        ("point=Point(y=nan, x=3)", "point", Point(3, float("nan"))),
        ("maybe=Point(x=3, y=4.5)", "maybe", Point(3, 4.5)),
    ],
)
def test_what_is_printed_of_a_union_is_read_back(word, field, value):
    made = getattr(poverride(UNIONS, [word]), field)
    assert type(made) is type(value) or isinstance(made, dict)
    assert repr(made) == repr(value)


def test_the_ways_to_write_a_text_in_quotes_keep_them():
    with pytest.raises(OverrideError) as refused:
        poverride(UNIONS, ['place="p"'])
    ways = str(refused.value).rpartition("write ")[2].split(" or ")
    assert [poverride(UNIONS, [f"place={way}"]).place for way in ways] == [Path('"p"'), '"p"']


@pytest.mark.parametrize("text", ["(3)", "(x=3)", "(3, x=4)", "(3, 4, 5)", "(3, z=4)", "()"])
def test_a_named_tuple_needs_each_field_once(text):
    with pytest.raises(OverrideError, match="point"):
        poverride(UNIONS, [f"point=Point{text}"])


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("part=Mixed", f"did you mean {__name__}.Mixed?"),
        ("part=Other", "give its dotted path: package.module.name"),
    ],
)
def test_classes_are_suggested_by_their_dotted_paths(word, advice):
    with pytest.raises(OverrideError) as refused:
        poverride(UNIONS, [word])
    assert str(refused.value).endswith(f"    {advice}")
