"""What an experiment sets without effect, and the line in which `run` and `test` report it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from pconfigs import (
    Pin,
    Pinned,
    pconfig,
    pinputs,
    pproperty,
    pset,
)
from pconfigs.reports.unused import no_effect_line, unused_data, unused_lines
from pconfigs.schema.ignored_inputs import may_have_no_effect
from pconfigs.tree.unused import unused


@pconfig
class Part:
    seed: int
    width: int


@pconfig
class Several:
    x: int
    y: int
    part: Part
    parts: list[Part]
    named: dict[str, Part]

    @pproperty
    def part(self) -> Part:
        return Part(pinputs(self).part, seed=self.x)

    @pproperty
    def parts(self) -> list[Part]:
        return [Part(part, seed=max(part.seed, self.x)) for part in pinputs(self).parts]

    @pproperty
    def named(self) -> dict[str, Part]:
        return {name: Part(part, width=self.y) for name, part in pinputs(self).named.items()}

    @pproperty
    def y(self) -> int:
        return pinputs(self).y % 5


def tied(x, y, seed, width):
    """Return a config in which properties replace the seeds and widths of parts."""
    part = Part(seed=seed, width=width)
    return Several(x=x, y=y, part=part, parts=[part], named={"a": part})


@given(*[st.integers(0, 9)] * 4)
def test_the_quick_look_misses_nothing(x, y, seed, width):
    config = tied(x, y, seed, width)
    if seed != x or width != y % 5:
        assert may_have_no_effect(config)
        assert no_effect_line(config, "t") is not None
    else:
        assert may_have_no_effect(config) == (y % 5 != y), "the same came out, as it was given"


def test_an_input_that_a_property_of_its_class_ignores_is_reported():
    @pconfig
    class Ignores:
        x: int
        n: int

        @pproperty
        def x(self) -> int:
            return self.n

    config = Ignores(x=4, n=7)
    line = no_effect_line(config, "module.config")
    assert line.startswith("no effect: x = 4 at ")
    assert "(overwritten by x (" in line
    assert line.endswith("; python -m pconfigs.explain module.config --unused")
    assert no_effect_line(Ignores(x=Pinned, n=7), "module.config") is None


@pconfig
class Plain:
    lr: float
    width: int


@pconfig
class Derived(Plain):
    depth: int


ONE, OTHER = Plain(lr=1.0, width=1), Plain(lr=1.0, width=9)


@pytest.mark.parametrize(
    ("config", "numbers"),
    [
        (Plain(ONE, OTHER), ["2"]),
        (Plain(ONE, OTHER, ONE), ["2"]),
        (Plain(ONE, OTHER, width=3), ["2"]),
        (Plain(ONE, lr=2.0, width=3), ["1"]),
        (Plain(ONE, OTHER, lr=2.0, width=3), ["1", "2"]),
        (Plain(ONE, width=3), []),
        (Plain(ONE), []),
        (Derived(ONE, depth=1), []),
        (Derived(ONE, Derived(OTHER, depth=1)), []),
        (Derived(Derived(OTHER, depth=1), ONE), ["2"]),
        (pset(ONE, {"lr": 2.0, "width": 3}), []),
    ],
)
def test_a_base_of_which_nothing_is_left_is_reported(config, numbers):
    """Bases count from left to right, as they are written; an edit of all values has none."""
    found = [one for one in unused(config) if one.reason == "base"]
    assert [one.cause for one in found] == numbers
    if numbers:
        assert may_have_no_effect(config)
        assert all(line.endswith("all its values are replaced") for line in unused_lines(found))
        assert unused_data(found)[0]["cause_place"]["column"] is not None


def test_bases_in_parts_that_are_set_count_from_two_on():
    """One base is not reported where keywords replace all of it; of two, one is in vain."""

    @pconfig
    class Holder:
        part: Plain

    assert not may_have_no_effect(Holder(part=Plain(ONE, lr=2.0, width=3)))
    found = unused(Holder(part=Plain(ONE, OTHER)))
    assert [(str(one.path), one.reason, one.cause) for one in found] == [("part", "base", "2")]
    assert "base 2 of part  all its values are replaced" in unused_lines(found)[0]


def test_pins_of_a_property_replace_nothing():
    @pconfig
    class Inner:
        width: Pinned[int]
        depth: int

    @pconfig
    class Outer:
        inner: Inner
        width: int

        @pproperty
        def inner(self) -> Inner:
            return Inner(pinputs(self).inner, width=Pin(self.width))

    assert not may_have_no_effect(Outer(inner=Inner(width=Pinned, depth=1), width=3))


def test_what_properties_print_is_not_printed_again(capsys):
    @pconfig
    class Loud:
        x: int

        @pproperty
        def x(self) -> int:
            print("loud")
            return 1

    config = Loud(x=4)
    assert no_effect_line(config, "t") is not None
    assert capsys.readouterr().out == "loud\n"
