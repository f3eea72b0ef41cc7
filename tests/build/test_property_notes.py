"""Failures: exceptions in properties keep their type and show what had been read."""

from __future__ import annotations

import traceback

import pytest

from pconfigs import Pinned, pconfig, pdefaults, pproperty, pset
from pconfigs.errors import BuildTypeError

pytestmark = pytest.mark.usefixtures("way")


def notes(error):
    return "\n".join(getattr(error, "__notes__", []))


def make(failing):
    @pconfig
    class Sample:
        a: int
        b: str

        @pproperty
        def c(self) -> int:
            return self.a + 1

        @pproperty
        def d(self) -> int:
            return failing(self.a, self.c, self.b)

    return Sample


@pytest.mark.parametrize("kind", [ValueError, KeyError, ZeroDivisionError, RuntimeError, TypeError])
def test_an_exception_keeps_its_type_and_gains_a_note(kind):
    """The note names property and config, and what was read with its value."""

    def failing(*values):
        raise kind("got multiple values for argument of mine")

    with pytest.raises(kind, match="of mine") as caught:
        make(failing)(a=1, b="text")
    assert type(caught.value) is kind
    (note,) = caught.value.__notes__
    lines = note.splitlines()
    assert lines[0].startswith("in the property Sample.d (")
    assert lines[0].endswith(", which had read")
    assert [line.split("  ")[2].strip() for line in lines[1:]] == [
        "a = 1",
        "c = 2",
        "b = 'text'",
    ]


def test_the_note_shows_where_each_input_was_written():
    """Keywords, bases and defaults each by their place; what was computed as such."""

    def failing(*values):
        raise ValueError("no")

    Sample = make(failing)

    with pytest.raises(ValueError) as caught:
        Sample(
            a=1,
            b="x",
        )
    first, second, third = notes(caught.value).splitlines()[1:]
    assert "test_property_notes.py:" in first
    assert second.endswith("computed")
    assert "test_property_notes.py:" in third


def test_the_note_follows_bases_and_defaults(models):
    """An inherited input is shown with the place of the keyword that gave it; a default as one."""

    @pconfig
    class Fragile:
        a: int
        b: int

        @pproperty
        def c(self) -> float:
            return self.a / self.b

    pdefaults.__iadd__(Fragile(a=1, b=1))
    base = Fragile(a=2)
    with pytest.raises(ZeroDivisionError) as caught:
        Fragile(base, b=0)
    text = notes(caught.value)
    assert "a = 2" in text
    assert "default" not in text
    with pytest.raises(ZeroDivisionError) as caught:
        Fragile(b=0)
    assert "a = 1  default, " in notes(caught.value)


def test_the_note_on_an_edit_shows_the_line_that_edits():
    """Not the library's own, which makes the call."""

    @pconfig
    class Inverse:
        x: int

        @pproperty
        def y(self) -> float:
            return 1 / self.x

    config = Inverse(x=1)
    with pytest.raises(ZeroDivisionError) as caught:
        pset(config, {"x": 0})
    (note,) = caught.value.__notes__
    assert note.splitlines()[1].split()[:3] == ["x", "=", "0"]
    assert "test_property_notes.py:" in note.splitlines()[1]


def test_a_property_valued_read_is_computed_whatever_a_default_states():
    """`x=Pinned` in the default of an ancestor is not an origin of what a property computed."""

    @pconfig
    class Promising:
        x: int
        rate: Pinned[int]

    @pconfig
    class Keeping(Promising):
        @pproperty
        def rate(self) -> int:
            return self.x * 2

        @pproperty
        def share(self) -> float:
            return 1 / (self.rate - 2)

    pdefaults.__iadd__(Promising(x=5, rate=Pinned))
    assert Keeping().share == 1 / 8
    with pytest.raises(ZeroDivisionError) as caught:
        Keeping(x=1)
    assert notes(caught.value).splitlines()[1:] == ["    rate = 2  computed"]


def test_a_failure_that_passes_through_other_properties_is_reported_once():
    """The note is about the property that raised, not about those that asked for it."""

    @pconfig
    class Chained:
        x: int

        @pproperty
        def outer(self) -> int:
            return self.inner + (1 if self.x else 0)

        @pproperty
        def inner(self) -> int:
            return 1 // self.x

    with pytest.raises(ZeroDivisionError) as caught:
        Chained(x=0)
    (note,) = caught.value.__notes__
    assert note.startswith("in the property Chained.inner (")
    assert "x = 0" in note


def test_a_failure_in_a_part_built_by_a_property_names_both():
    """The part's note comes first, that of its owner below."""

    @pconfig
    class Part:
        n: int

        @pproperty
        def share(self) -> float:
            return 1 / self.n

    @pconfig
    class Owner:
        n: int

        @pproperty
        def part(self) -> Part:
            return Part(n=self.n)

    with pytest.raises(ZeroDivisionError) as caught:
        Owner(n=0)
    inner, outer = caught.value.__notes__
    assert "Part.share" in inner
    assert "Owner.part" in outer


def test_a_config_that_cannot_be_built_in_a_property_is_reported_with_the_property():
    """Errors of this library get the note, too."""

    @pconfig
    class Part:
        n: int

    @pconfig
    class Owner:
        n: int

        @pproperty
        def part(self) -> Part:
            return Part(m=self.n)

    with pytest.raises(BuildTypeError, match="Part has no field 'm'") as caught:
        Owner(n=0)
    assert "Owner.part" in notes(caught.value)


def test_long_values_are_shortened():
    """A note is read by people."""

    @pconfig
    class Long:
        text: str

        @pproperty
        def number(self) -> int:
            return int(self.text)

    with pytest.raises(ValueError) as caught:
        Long(text="x" * 10_000)
    assert len(notes(caught.value)) < 400


def test_a_value_whose_repr_raises_does_not_hide_the_failure():
    """A value that cannot be shown is represented by its type."""

    class Rude:
        def __repr__(self):
            raise RuntimeError("no repr")

    @pconfig
    class Holding:
        rude: object

        @pproperty
        def length(self) -> int:
            return len(self.rude)

    with pytest.raises(TypeError, match="has no len") as caught:
        Holding(rude=Rude())
    assert "Rude whose repr raises RuntimeError" in notes(caught.value)


def test_the_traceback_shows_the_users_own_lines():
    """The line of the property that raised is in it."""

    def failing(*values):
        raise ValueError("here")

    with pytest.raises(ValueError) as caught:
        make(failing)(a=1, b="x")
    text = "".join(traceback.format_exception(caught.type, caught.value, caught.tb))
    assert "return failing(self.a, self.c, self.b)" in text


def test_system_exit_and_interrupts_pass_untouched():
    """A BaseException gets no note."""

    @pconfig
    class Leaving:
        x: int

        @pproperty
        def y(self) -> int:
            raise SystemExit(self.x)

    with pytest.raises(SystemExit) as caught:
        Leaving(x=3)
    assert caught.value.code == 3
    assert not hasattr(caught.value, "__notes__")


def test_a_misspelt_attribute_of_a_property_is_answered_with_the_nearest():
    """Whether Python itself would: fields and methods, and only where the message is shown."""

    @pconfig
    class Layer:
        width: int

        def doubled(self) -> int:
            return 2 * self.width

        @pproperty
        def size(self) -> int:
            return self.wdth

        @pproperty
        def other(self) -> int:
            return getattr(self, "absent", 1)

    with pytest.raises(AttributeError, match="no field or attribute 'wdth'; did you mean 'width'?"):
        Layer(width=1)

    @pconfig
    class Method:
        width: int

        def doubled(self) -> int:
            return 2 * self.width

        @pproperty
        def size(self) -> int:
            return self.double()

    with pytest.raises(AttributeError, match="did you mean 'doubled'?"):
        Method(width=1)
