"""Values of simple types, read from texts and written as texts."""

from __future__ import annotations

import math
import sys
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated, Any, Literal, NewType, Optional

import pytest
from annotated_types import Gt
from hypothesis import given, strategies as st

from pconfigs.declare.env_parsing import UnreadableHint, parsed, parser_for, value_for
from pconfigs.serialization.conversion.text_words import text_of
from pconfigs.validation.base import InvalidValue

Seconds = NewType("Seconds", int)


class Color(Enum):
    red = "red"
    dark_blue = "blue"


class Level(IntEnum):
    low = 1
    high = 2


VALUES: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (int, st.integers(-(10**30), 10**30)),
    (float, st.floats()),
    (bool, st.booleans()),
    (str, st.text()),
    (Path, st.text(st.characters(exclude_characters="\0")).map(Path)),
    (Color, st.sampled_from(Color)),
    (Level, st.sampled_from(Level)),
    (Literal["a", 2, True, None], st.sampled_from(["a", 2, True, None])),
    (Optional[int], st.none() | st.integers(-9, 9)),
    (Optional[Color], st.none() | st.sampled_from(Color)),
    (Annotated[int, Gt(0)], st.integers(1, 99)),
    (Seconds, st.integers(0, 99)),
    (Decimal, st.decimals(allow_nan=False)),
]


@given(st.sampled_from(VALUES).flatmap(lambda case: case[1].map(lambda value: (case[0], value))))
def test_the_text_of_a_value_is_read_as_the_value(case):
    hint, value = case
    read = parsed(parser_for(hint), text_of(value))
    assert type(read) is type(value)
    assert read == value or math.isnan(read)


@given(st.sampled_from(VALUES).flatmap(lambda case: case[1].map(lambda value: (case[0], value))))
def test_a_fitting_default_is_that_value(case):
    hint, value = case
    default = value_for(hint, value)
    assert default == value or math.isnan(default)


@pytest.mark.parametrize("text", ["true", "TRUE", "1", "Yes", "on"])
def test_words_for_true(text):
    assert parsed(parser_for(bool), text) is True


@pytest.mark.parametrize("text", ["false", "False", "0", "NO", "off"])
def test_words_for_false(text):
    assert parsed(parser_for(bool), text) is False


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        (int, "4.0"),
        (int, ""),
        (float, "fast"),
        (bool, "maybe"),
        (bool, ""),
        (int, "010"),
        (float, "1e999"),
        (Color, "dark"),
        (Level, "3"),
        (Literal["a", 2], "3"),
        (Annotated[int, Gt(0)], "0"),
        (Optional[int], "none"),
        (Decimal, "much"),
    ],
)
def test_what_states_no_value_is_refused(hint, text):
    with pytest.raises(InvalidValue):
        parsed(parser_for(hint), text)


@pytest.mark.parametrize(
    "hint", [list[int], dict, tuple, bytes, set[str], type, "Later", list[int] | None]
)
def test_what_no_text_can_be_is_refused(hint):
    with pytest.raises(UnreadableHint):
        parser_for(hint)


def test_a_union_reads_as_the_first_that_fits_and_as_text_last():
    assert parsed(parser_for(str | int), "4") == 4
    assert parsed(parser_for(str | int), "four") == "four"
    assert parsed(parser_for(str | None), "None") is None


def test_a_text_that_may_be_several_values_is_the_first_of_them():
    """No quotes and no call can choose in a variable: a shell takes them for part of the text."""

    class Swapped(Enum):
        a = "b"
        b = "a"

    assert parsed(parser_for(Swapped), "a") is Swapped.b
    assert parsed(parser_for(Literal["1", 1]), "1") == "1"
    assert parsed(parser_for(str | int), "int(5)") == "int(5)"
    assert parsed(parser_for(str | None), "str(None)") == "str(None)"
    assert parsed(parser_for(str | None), "'None'") == "'None'"
    assert parsed(parser_for(Literal["a", 2]), "2") == 2
    with pytest.raises(InvalidValue):
        parsed(parser_for(Literal["a", 2]), "'a'")


def test_an_enum_that_knows_more_spellings_is_asked():
    class Mode(Enum):
        fast = "fast"

        @classmethod
        def _missing_(cls, value):
            return cls.fast if value == "quick" else None

    assert parsed(parser_for(Mode), "quick") is Mode.fast


@pytest.mark.parametrize(
    ("hint", "default", "value"),
    [
        (int, "4", 4),
        (float, 1, 1.0),
        (bool, 0, False),
        (bool, 2.0, True),
        (str, 3, "3"),
        (Path, "a/b", Path("a/b")),
        (Color, "blue", Color.dark_blue),
        (Color, Color.red, Color.red),
        (int, None, None),
    ],
)
def test_a_default_is_read_as_its_text_would_be(hint, default, value):
    found = value_for(hint, default)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("hint", "default"), [(int, 3.7), (int, "x"), (str, ["a"]), (bool, "x")])
def test_a_default_is_never_bent(hint, default):
    with pytest.raises(InvalidValue):
        value_for(hint, default)


def test_the_nearest_allowed_text_is_suggested():
    with pytest.raises(InvalidValue) as caught:
        parsed(parser_for(Color), "bleu")
    assert caught.value.advice == "did you mean 'blue'?"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type statements")
def test_a_named_alias_is_what_it_represents():
    scope: dict[str, Any] = {}
    exec("type Jobs = int", scope)
    assert parsed(parser_for(scope["Jobs"]), "3") == 3


def test_dates_and_durations_are_read_as_in_files(monkeypatch):
    import datetime as dt
    from uuid import UUID

    from pconfigs import penv

    @penv(convention="uppercase")
    class Env:
        since: dt.date = dt.date(2020, 1, 1)
        wait: dt.timedelta = dt.timedelta(hours=1)
        ident: UUID = UUID(int=1)

    monkeypatch.setenv("SINCE", "2021-01-02")
    monkeypatch.setenv("WAIT", "1 day, 2:30:00")
    assert (Env.since, Env.wait) == (dt.date(2021, 1, 2), dt.timedelta(days=1, hours=2.5))
    assert Env.ident == UUID(int=1)
    monkeypatch.setenv("SINCE", "soon")
    with pytest.raises(ValueError, match="SINCE must be date, but is 'soon'"):
        Env.since  # noqa: B018
