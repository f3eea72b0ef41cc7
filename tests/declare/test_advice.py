"""What messages about declarations and builds advise works when it is followed."""

from __future__ import annotations

import re
from typing import Any

import pytest

import pconfigs
from pconfigs import EnvVar, PConfig, pconfig, penv, psetter
from pconfigs.errors import (
    DeclarationError,
    ReservedNameError,
    SetterUseError,
    UnknownNameError,
)
from pconfigs.errors.formatting import nearest


def declared(body: str, **names: Any) -> Any:
    """Return the class A that a body makes, with the names of `from pconfigs import *`."""
    lines = "".join(f"    {line}\n" for line in body.split("; "))
    space = {**vars(pconfigs), "Pinned": pconfigs.Pinned, "pproperty": pconfigs.pproperty, **names}
    space |= {name: getattr(pconfigs, name) for name in pconfigs.__all__}
    exec(f"from __future__ import annotations\n@pconfig\nclass A:\n{lines}", space)
    return space["A"]


@pytest.mark.parametrize("value", ["Required", "3", "None", "'a'", "[1, 2]"])
def test_a_value_in_the_body_is_registered_as_advised(value):
    with pytest.raises(DeclarationError) as caught:
        declared(f"x: Any = {value}", Any=Any)
    advised = re.search(r"below it: (pdefaults \+= A\(x=.*\))$", str(caught.value))[1]
    cls = declared("x: Any", Any=Any)
    exec(advised, {**{name: getattr(pconfigs, name) for name in pconfigs.__all__}, "A": cls})
    assert repr(cls().x) == repr(eval(value, {"Required": pconfigs.Required}))


@pytest.mark.parametrize(
    ("wrong", "meant"), [("flaot", "float"), ("itn", "int"), ("lst", "list"), ("strr", "str")]
)
def test_the_type_that_a_name_was_meant_for_is_suggested(wrong, meant):
    with pytest.raises(UnknownNameError, match=rf"did you mean {meant}\?"):
        declared(f"x: {wrong}")(x=1)


def test_letters_that_changed_places_come_first():
    assert nearest("widht", ["widthh", "wdht", "width"]) == "width"
    assert nearest("colour", ["color", "collar"]) == "color"


def test_a_property_without_a_return_is_answered_with_what_to_return():
    with pytest.raises(TypeError, match="return the value, or allow None: int | None"):
        declared("x: int; @pproperty; def y(self) -> int: self.x")(x=1)
    assert declared("x: int; @pproperty; def y(self) -> int | None: self.x")(x=1).y is None


def test_a_pinned_field_names_the_property_that_was_meant():
    body = "total_steps: Pinned[int]; @pproperty; def {}(self) -> int: return 1"
    with pytest.raises(TypeError, match="did you mean @pproperty total_step\\?"):
        declared(body.format("total_step"))()
    assert declared(body.format("total_steps"))().total_steps == 1


@penv
class Environment:
    TEST_ADVICE_SIZE: int = EnvVar("TEST_ADVICE_SIZE", 3)


def test_an_environment_is_a_field_of_that_name():
    @pconfig
    class Wrong(PConfig):
        env: Environment

    with pytest.raises(ReservedNameError, match="environment: Environment$"):
        Wrong()

    @pconfig
    class Right(PConfig):
        environment: Environment

    assert Right().environment.TEST_ADVICE_SIZE == 3
    with pytest.raises(TypeError, match="read from the environment and cannot be set"):
        Right(environment=Environment)


def test_psetter_of_a_class_is_called_as_advised():
    cls = declared("x: int")
    with pytest.raises(
        SetterUseError, match=r"got the class A\n    begin with its default: psetter\(type=A\)"
    ):
        psetter(cls)
    view = psetter(type=cls)
    view.x = 3
    assert psetter(construct=view) == cls(x=3)
