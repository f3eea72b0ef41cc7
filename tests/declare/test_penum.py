"""Enums whose repr is code."""

from __future__ import annotations

import copy
import pickle
from enum import Enum, Flag, IntEnum, auto

import pytest
from hypothesis import given, strategies as st

from pconfigs import PEnum, pconfig, penum
from pconfigs.codegen.printer import to_listing
from pconfigs.errors import BuildError, DeclarationError, NoMemberError


@penum
class Color:
    """What it looks like."""

    red = "red"
    blue = "blue"
    crimson = "red"

    def loud(self):
        return self.value.upper()

    @classmethod
    def first(cls):
        return next(iter(cls))

    @property
    def short(self):
        return self.value[0]


@penum
class Text(str):
    a = "A"

    def upper(self):
        return f"<{super().upper()}>"


@penum
class Number(IntEnum):
    one = auto()
    two = auto()


@penum
class Rights(Flag):
    read = auto()
    write = auto()


@penum
class Named(PEnum):
    x = 1


class Plain(Enum):
    left = 0
    right = 1


@pconfig
class DrawingConfig:
    color: Color
    plain: Plain
    several: list[Number]
    rights: Rights


ALL = st.sampled_from([*Color, *Text, *Number, *Rights, *Named])


@given(ALL)
def test_the_repr_of_a_member_is_its_code(member):
    assert eval(repr(member), dict(globals())) is member


@given(ALL)
def test_members_survive_pickling_and_copying(member):
    assert pickle.loads(pickle.dumps(member)) is member
    assert copy.copy(member) is copy.deepcopy(member) is member
    assert {member: 1}[member] == 1


@given(ALL)
def test_make_is_calling_the_class(member):
    assert type(member).make(member.value) is member is type(member)(member.value)


def test_a_plain_class_becomes_an_enum_with_all_it_had():
    assert issubclass(Color, Enum)
    assert (Color.__name__, Color.__doc__) == ("Color", "What it looks like.")
    assert (Color.red.loud(), Color.first(), Color.red.short) == ("RED", Color.red, "r")
    assert Color.crimson is Color.red
    assert list(Color) == [Color.red, Color.blue]
    assert Color["blue"] is Color.blue


def test_bases_stay_and_super_works():
    assert isinstance(Text.a, str)
    assert Text.a.upper() == "<A>"
    assert Number.one + 1 == 2


def test_super_works_in_properties_and_methods_may_close_over_what_comes_later():
    @penum
    class Upper(str):
        a = "A"

        @property
        def plain(self):
            return super().lower()

        def after(self):
            return later

    later = "z"
    assert (Upper.a.plain, Upper.a.after()) == ("a", "z")


def test_members_may_be_numbered():
    @penum
    class Step:
        first = auto()
        second = auto()

    assert [step.value for step in Step] == [1, 2]


def test_an_enum_stays_the_same_class():
    assert penum(Color) is Color
    assert penum(Plain) is Plain
    assert repr(Plain.left) == "Plain.left"


def test_a_repr_and_a_make_of_its_own_are_kept():
    @penum
    class Own(Enum):
        a = 1

        def __repr__(self):
            return "mine"

        @classmethod
        def make(cls, value):
            return "made"

    assert repr(Own.a) == "mine"
    assert Own.make(1) == "made"


def test_flags_print_as_their_parts():
    assert repr(Rights.read | Rights.write) == "Rights.read | Rights.write"
    assert eval(repr(Rights(0)), dict(globals())) == Rights(0)


def test_they_print_with_their_imports():
    config = DrawingConfig(
        color=Color.red, plain=Plain.right, several=[Number.two], rights=Rights.read
    )
    code = to_listing(config)
    assert f"from {__name__} import DrawingConfig, Color, Plain, Number, Rights\n" in code
    assert "    color=Color.red,\n    plain=Plain.right,\n    several=[Number.two],\n" in code


def test_a_value_that_no_user_has_names_the_nearest():
    with pytest.raises(NoMemberError, match="did you mean 'red'") as caught:
        Color.make("rad")
    assert isinstance(caught.value, ValueError)
    with pytest.raises(NoMemberError, match="its values are 'red' and 'blue'"):
        Color.make(7)


def test_a_wrong_member_in_a_config_names_the_right_one():
    with pytest.raises(BuildError, match=r"did you mean Color\.blue"):
        DrawingConfig(color="blue", plain=Plain.left, several=[], rights=Rights.read)


@pytest.mark.parametrize("found", [3, type("Meta", (type,), {})("Odd", (), {"a": 1})])
def test_what_can_be_no_enum_is_refused(found):
    with pytest.raises(DeclarationError, match="@penum"):
        penum(found)


def test_names_that_no_enum_can_have_are_refused():
    with pytest.raises(DeclarationError, match="Odd"):
        penum(type("Odd", (), {"mro": 1}))
