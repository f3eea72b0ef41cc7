"""Inputs: `pinputs(config).x` is what was given for `x`."""

from __future__ import annotations

import pytest

from pconfigs import Pin, Pinned, Required, pconfig, pinputs, pproperty
from pconfigs.schema.build_record import reads_of

pytestmark = pytest.mark.usefixtures("way")


def sample():
    @pconfig
    class Sample:
        width: int
        other: int
        pinned: Pinned[int]

        @pproperty
        def width(self) -> int:
            return pinputs(self).width * 2

        @pproperty
        def pinned(self) -> int:
            return self.other

    return Sample


def test_raw_inputs_are_kept_next_to_values():
    """Whatever the property made of it, the input can be asked, inside and outside."""
    config = sample()(width=3, other=1)
    assert (config.width, pinputs(config).width) == (6, 3)


def test_the_input_of_a_plain_field_is_its_value():
    """Fields without a property have inputs, too."""
    assert pinputs(sample()(width=3, other=1)).other == 1


def test_nothing_given_is_pinned():
    """For a computed field without an input, it is Pinned; a Pin gives its value."""
    Sample = sample()
    assert pinputs(Sample(width=3, other=1)).pinned is Pinned
    assert pinputs(Sample(width=3, other=1, pinned=Pin(5))).pinned == 5
    assert Sample(width=3, other=1, pinned=Pin(5)).pinned == 1
    assert pinputs(Sample(width=Required, other=1)).width is Required


def test_names_are_those_of_the_fields_that_have_a_property():
    """`names`, `in`, `len` and iteration agree."""
    inputs = pinputs(sample()(width=3, other=1))
    assert set(inputs.names) == {"width", "pinned"} == set(inputs)
    assert "width" in inputs
    assert "other" not in inputs
    assert len(inputs) == 2
    assert repr(inputs) == "pinputs(Sample)"


def test_a_config_without_properties_has_inputs():
    """It just has no computed ones."""

    @pconfig
    class Plain:
        x: int

    inputs = pinputs(Plain(x=3))
    assert (inputs.x, len(inputs), inputs.names) == (3, 0, ())


def test_unknown_inputs_are_reported_with_the_nearest():
    """An AttributeError, since that is what asking for an attribute raises."""
    with pytest.raises(AttributeError, match="did you mean 'width'"):
        pinputs(sample()(width=3, other=1)).widht


def test_inputs_are_only_read():
    """Setting one is refused."""
    with pytest.raises(AttributeError, match="only read"):
        pinputs(sample()(width=3, other=1)).width = 4


@pytest.mark.parametrize("value", [3, "x", None, int])
def test_only_configs_have_inputs(value):
    """Anything else is a TypeError."""
    with pytest.raises(TypeError, match="pinputs reads the inputs of a config"):
        pinputs(value)


def test_reading_an_input_makes_no_dependency():
    """Two properties may each start from the other's input."""

    @pconfig
    class Crossed:
        a: int
        b: int

        @pproperty
        def a(self) -> int:
            return pinputs(self).a + pinputs(self).b

        @pproperty
        def b(self) -> int:
            return self.a

    config = Crossed(a=1, b=2)
    assert (config.a, config.b) == (3, 3)
    assert reads_of(config) == {"a": (), "b": ("a",)}


def test_inputs_of_other_configs_can_be_read_inside_a_property():
    """`pinputs(self.part)` is that of a built config."""

    @pconfig
    class Part:
        x: int

        @pproperty
        def x(self) -> int:
            return pinputs(self).x * 10

    @pconfig
    class Owner:
        part: Part

        @pproperty
        def given(self) -> int:
            return pinputs(self.part).x

    assert Owner(part=Part(x=4)).given == 4


def test_an_open_input_of_another_field_defers_arithmetic():
    """Computing with `Required` on either side of an operator stops the property."""

    @pconfig
    class Open:
        a: int
        b: int

        @pproperty
        def a(self) -> int:
            return 2 * pinputs(self).b

        @pproperty
        def b(self) -> int:
            return pinputs(self).b

    config = Open(a=1, b=Required)
    assert config.a is Pinned
    assert config.b is Required
    assert Open(config, b=3).a == 6
