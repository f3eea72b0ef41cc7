"""What a message about an override suggests works when it is followed."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Gt
from hypothesis import given, settings, strategies as st

from pconfigs import (
    NoneConfig,
    OptionalConfig,
    PConfig,
    Secret,
    pconfig,
    pdefaults,
    poverride,
    psweep,
)
from pconfigs.errors import OverrideError
from tests.models.savable import Color


@pconfig
class Part(PConfig):
    x: int


@pconfig
class Wide(Part):
    y: int
    z: int


pdefaults += Part(x=1)
pdefaults += Wide(y=2, z=3)


@pconfig
class Many(PConfig):
    i: int
    f: float
    b: bool
    maybe: int | None
    color: Color
    kind: Literal["a", "b", 3]
    path: Path
    wait: dt.timedelta
    positive: Annotated[int, Gt(0)]
    names: list[str]
    numbers: list[float]
    pair: tuple[int, str]
    table: dict[str, Any]
    either: str | dict[str, Any]
    rows: list[Any] | str
    flags: set[bool]
    part: Part
    none: Part | None
    wide: Part | Wide | None
    optional: OptionalConfig[Wide]
    token: Secret[int]


CONFIG = Many(
    i=1, f=0.5, b=True, maybe=None, color=Color.red, kind="a", path=Path("a"),
    wait=dt.timedelta(1), positive=1, names=[], numbers=[1.0], pair=(1, "a"), table={},
    either="", rows="", flags={True}, part=Part(), none=None, wide=None, optional=NoneConfig,
    token=1,
)  # fmt: skip
TEXTS = [
    "010", "1_000", "1e3", "1.0", "2.5", "-1", "0", "true", "yes", "off", "TRUE", "none", "null",
    "~", "Infinity", "-Infinity", "NaN", "1,2", "a,b", "2,b", "1,a,b", "a", "[1", "[1,a]", "(1,2)",
    "{a: true}", '{"a": null}', "{a: yes}", "[true]", "[a b]", "red,green", "Red", "0:30", "",
    " 1 ", "'a'", "None", "x=1", "a:1", "lab.Part", "{1}", "True,False", "0.1,0.2", "[None]", "1k",
]  # fmt: skip


def following(refused: OverrideError, field: str, sign: str = "=") -> list[str]:
    """Return the words that a refusal proposes."""
    advice = " ".join(problem.hint for problem in refused.problems)
    proposed = re.findall(r"did you mean (.+?)\?(?:\s|$)", advice)
    return [one if one.startswith(field) else f"{field}{sign}{one}" for one in proposed]


@pytest.mark.parametrize("field", list(Many.__dataclass_fields__))
def test_suggested_texts_are_taken(field):
    for text in TEXTS:
        for sign in ("=", "+="):
            try:
                poverride(CONFIG, [f"{field}{sign}{text}"])
            except OverrideError as refused:
                inner = re.search(r"Many\.\w+(\[.*\]) must", str(refused))
                for word in following(refused, field, sign):
                    if inner is None:
                        poverride(CONFIG, [word])
                for grid in re.findall(r"psweep\(config, grid=(\{.*\})\)", str(refused)):
                    names = {"Color": Color, "Path": Path, "PosixPath": Path, "datetime": dt}
                    assert len(psweep(CONFIG, grid=eval(grid, names))) > 1


@settings(max_examples=200)
@given(
    st.sampled_from(list(Many.__dataclass_fields__)), st.text("[](){},:'\"1e.-aTruen ", max_size=9)
)
def test_suggestions_for_random_texts_are_taken(field, text):
    try:
        poverride(CONFIG, [f"{field}={text}"])
    except OverrideError as refused:
        if f"Many.{field} must" in str(refused):
            for word in following(refused, field):
                poverride(CONFIG, [word])


@pytest.mark.parametrize("text", ["1,2", "yes", "1.0", "1e3"])
def test_nothing_is_suggested_for_a_secret(text):
    with pytest.raises(OverrideError) as refused:
        poverride(CONFIG, [f"token={text}"])
    assert [problem.hint for problem in refused.value.problems] == [""]


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("maybe=none", "did you mean None?"),
        ("names=a,b", "did you mean [a,b]?"),
        ("pair=2,b", "did you mean (2,b)?"),
        ("numbers=1", "did you mean [1]?"),
        ("numbers+=2", "did you mean [2]?"),
        ("f=1,2", "for one run with each: psweep(config, grid={'f': [1, 2]})"),
        ("color=red,green", "for one run with each: psweep(config, grid={'color': [Color.red, "),
        ("table={a: true}", "did you mean True? for a text: 'true'"),
    ],
)
def test_what_was_meant_is_suggested(word, advice):
    with pytest.raises(OverrideError) as refused:
        poverride(CONFIG, [word])
    assert advice in str(refused.value)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ('either={"stage": 2, "fp16": true}', '{"stage": 2, "fp16": true}'),
        ("either={a: null}", "{a: null}"),
        ("rows=[a b]", "[a b]"),
    ],
)
def test_a_dict_or_list_with_a_wrong_item_is_not_taken_for_a_text(word, value):
    field = word.partition("=")[0]
    with pytest.raises(OverrideError, match=r"must be a Python literal") as refused:
        poverride(CONFIG, [word])
    [text] = re.findall(r"as a text: (str\(.*\))", str(refused.value))
    assert getattr(poverride(CONFIG, [f"{field}={text}"]), field) == value
    assert poverride(CONFIG, [f"{field}=[open"]) == Many(CONFIG, **{field: "[open"})


@pytest.mark.parametrize(
    ("word", "ways"),
    [
        ("none.x=3", [["none=Part", "none.x=3"]]),
        ("wide.y=3", [["wide=Wide", "wide.y=3"]]),
        ("wide.x=3", [["wide=Part", "wide.x=3"], ["wide=Wide", "wide.x=3"]]),
        ("optional.z=3", [["optional=Wide", "optional.z=3"]]),
    ],
)
def test_the_part_is_given_before_what_is_in_it(word, ways):
    with pytest.raises(OverrideError) as refused:
        poverride(CONFIG, [word])
    advice = str(refused.value).split("give the part first: ")[1]
    assert [way.split() for way in advice.split(" or ")] == ways
    path, _, value = word.partition("=")
    for way in ways:
        part, name = path.split(".")
        assert getattr(getattr(poverride(CONFIG, way), part), name) == int(value)
