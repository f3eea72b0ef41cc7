"""Layers: keyword, first base, later bases, default of the class or of its ancestors."""

from __future__ import annotations

from typing import Any, Optional

import pytest

from pconfigs import Pin, Pinned, Required, pconfig, pdefaults, pinputs, pproperty
from pconfigs.errors import BuildTypeError, BuildTypeValueError, BuildValueError
from pconfigs.schema.build_record import BASES, FALLBACK, INHERITED, bases_of, record_of

pytestmark = pytest.mark.usefixtures("way")


def default(config):
    """Register a default inside a function, where `+=` would make a local name."""
    pdefaults.__iadd__(config)


def family():
    @pconfig
    class Base:
        a: int
        b: Optional[int]

    @pconfig
    class Derived(Base):
        c: int

    return Base, Derived


def test_keywords_win_over_bases_and_bases_over_defaults():
    """The order of precedence, from the first to the last layer."""
    Base, _ = family()
    default(Base(a=1, b=1))
    assert (Base().a, Base(Base(a=2)).a, Base(Base(a=2), a=3).a) == (1, 2, 3)
    assert Base(Base(a=2), Base(a=3, b=4)).a == 2


def test_the_first_base_that_has_a_field_wins_whatever_it_holds():
    """None, 0, empty texts and Required count as given."""
    Base, _ = family()
    default(Base(a=1, b=1))
    config = Base(Base(a=0, b=None), Base(a=5, b=5))
    assert (config.a, config.b) == (0, None)
    assert Base(Base(a=Required), Base(a=5)).a is Required


def test_a_base_of_an_ancestor_fills_what_it_has():
    """Fields of the ancestor come from the base; new ones must come from elsewhere."""
    Base, Derived = family()
    base = Base(a=1, b=2)
    assert Derived(base, c=3).asdict() == {"a": 1, "b": 2, "c": 3}
    with pytest.raises(BuildTypeError, match="is missing 1 field"):
        Derived(base)
    assert (base.a, base.b) == (1, 2)


def test_bases_of_several_parent_classes_are_combined():
    """Each gives the fields that it has."""

    @pconfig
    class One:
        a: int

    @pconfig
    class Two:
        b: int

    @pconfig
    class Both(One, Two):
        pass

    assert Both(One(a=1), Two(b=2)).asdict() == {"b": 2, "a": 1}


@pytest.mark.parametrize(
    ("make", "said", "kind"),
    [
        (lambda Base, Derived, Other: Base(Derived(a=1, b=1, c=1)), "derived from it", ValueError),
        (lambda Base, Derived, Other: Base(Other(a=1), b=1), "neither its class nor", ValueError),
        (lambda Base, Derived, Other: Base(5), "only configs in front", TypeError),
        (lambda Base, Derived, Other: Base(Other), "inherit from an object", TypeError),
        (lambda Base, Derived, Other: Base(object(), a=1, b=2), "only configs", TypeError),
        (lambda Base, Derived, Other: Base(Base(a=1, b=1), "x"), "only configs", TypeError),
    ],
)
def test_what_cannot_be_a_base_is_refused_with_the_reason(make, said, kind):
    """Descendants, unrelated configs and plain values are no bases, with or without defaults."""
    Base, Derived = family()

    @pconfig
    class Other:
        a: int

    with pytest.raises(kind, match=said):
        make(Base, Derived, Other)
    default(Base(a=1, b=1))
    with pytest.raises(kind, match=said):
        make(Base, Derived, Other)


def test_an_unknown_keyword_next_to_a_base_is_refused():
    """A base does not make any keyword right."""
    Base, _ = family()
    with pytest.raises(BuildTypeError, match="has no field 'aa'"):
        Base(Base(a=1, b=1), aa=2)


def test_all_wrong_bases_are_reported_with_everything_else():
    """Bad bases are problems among the others."""
    Base, _ = family()
    with pytest.raises(BuildTypeValueError) as caught:
        Base(5, family()[0](a=1, b=1), x=1)
    kinds = [type(problem).__name__ for problem in caught.value.problems]
    assert kinds == ["BadBase", "BadBase", "UnknownField"]


def test_what_a_refused_base_would_have_given_is_not_shown_as_missing():
    """It is a TypeError all the same, as for any field that is missing."""
    Base, Derived = family()
    with pytest.raises(BuildTypeValueError, match="is a class derived from it") as caught:
        Base(Derived(a=1, b=1, c=1))
    assert "missing" not in str(caught.value)


def test_nested_configs_are_shared_not_copied():
    """An unchanged part of a base is the very same object in the variant."""

    @pconfig
    class Owner:
        part: Any
        x: int

    Base, _ = family()
    base = Owner(part=Base(a=1, b=1), x=1)
    assert Owner(base, x=2).part is base.part


def test_computed_fields_start_from_the_raw_input_of_a_base():
    """Nothing is applied twice: the variant computes from what was given."""

    @pconfig
    class Padded:
        width: int
        pad: int

        @pproperty
        def width(self) -> int:
            return pinputs(self).width + self.pad

    base = Padded(width=10, pad=1)
    assert (base.width, Padded(base).width, Padded(base, pad=5).width) == (11, 11, 15)
    assert pinputs(Padded(base, pad=5)).width == 10


def test_pins_travel_with_the_config():
    """A pinned value of a base is copied; asking for Pinned asks for that of the default."""

    @pconfig
    class Seeded:
        x: int
        seed: Pinned[int]

    default(Seeded(x=1, seed=Pin(7)))
    base = Seeded(seed=Pin(8))
    assert (Seeded().seed, Seeded(base, x=2).seed, Seeded(x=2, seed=Pinned).seed) == (7, 8, 7)
    assert Seeded(base, seed=Pinned).seed == 8


def test_a_pin_that_no_user_gave_is_missed():
    """A pinned field without property or default is missing like any other."""

    @pconfig
    class Seeded:
        seed: Pinned[int]

    with pytest.raises(BuildTypeError, match="is missing 1 field"):
        Seeded()
    with pytest.raises(BuildValueError):
        Seeded(seed=3)


def test_a_pin_promised_for_later_stays_open():
    """`Pinned` for a field that nothing computes is deferred until a default has the pin."""

    @pconfig
    class Seeded:
        x: int
        seed: Pinned[int]

        @pproperty
        def doubled(self) -> int:
            return self.seed * 2

    half = Seeded(x=1, seed=Pinned)
    assert half.seed is Pinned
    assert half.doubled is Pinned
    assert "seed=Pinned" in str(half)
    assert Seeded(half, x=2).seed is Pinned
    whole = Seeded(half, seed=Pin(3))
    assert (whole.seed, whole.doubled) == (3, 6)
    # A pin that is not known gives way to one that is, wherever it stands.
    assert Seeded(half, whole).seed == 3


def test_a_default_with_an_open_pin_leaves_it_to_the_descendant():
    """The ancestor promises a pin; the descendant's default gives it, or a property does."""

    @pconfig
    class Open:
        x: int
        seed: Pinned[int]

    @pconfig
    class Given(Open):
        pass

    @pconfig
    class Computed(Open):
        @pproperty
        def seed(self) -> int:
            return self.x + 1

    default(Open(x=1, seed=Pinned))
    assert Open().seed is Pinned
    assert Given().seed is Pinned
    assert Computed().seed == 2
    assert Computed(x=5).seed == 6
    default(Given(seed=Pin(9)))
    assert Given(x=3).seed == 9
    assert Given(Open(x=4)).seed == 9


def test_inheriting_never_trips_over_a_pin():
    """A field that the class pins is left out when copying from a base that does not pin it."""

    @pconfig
    class Free:
        x: int
        y: int

    @pconfig
    class Computing(Free):
        y: Pinned[int]

        @pproperty
        def y(self) -> int:
            return self.x * 10

    @pconfig
    class Pinning(Free):
        y: Pinned[int]

    assert Computing(Free(x=1, y=5)).y == 10
    default(Free(x=2, y=3))
    assert Computing().y == 20
    default(Pinning(y=Pin(8)))
    assert Pinning(Free(x=1, y=5)).y == 8
    assert Pinning(Free(x=1, y=5)).x == 1


def test_a_descendant_may_free_a_pinned_field():
    """Declared anew without a pin, the field takes values again, and inherits plainly."""

    @pconfig
    class Held:
        x: Pinned[int]

    @pconfig
    class Freed(Held):
        x: int

    default(Held(x=Pin(3)))
    assert Freed().x == 3
    assert Freed(Held()).x == 3
    assert Freed(x=4).x == 4


def test_derived_property_of_a_field_that_the_base_gives():
    """A property added by the class takes the base's value as its raw input."""

    @pconfig
    class Given:
        x: int

    @pconfig
    class Doubling(Given):
        @pproperty
        def x(self) -> int:
            return pinputs(self).x * 2

    assert Doubling(Given(x=2)).x == 4
    assert Doubling(Doubling(x=2)).x == 4


def test_the_record_keeps_what_was_inherited_and_from_whom():
    """Bases, defaults and the fields not given are on record."""
    Base, _ = family()
    first = Base(a=1, b=1)
    record = record_of(first)
    assert (record[INHERITED], record[BASES], record[FALLBACK]) == (0, (), ())
    variant = Base(first, b=2)
    second = record_of(variant)
    assert second[INHERITED] == 1
    assert second[BASES] is first
    assert bases_of(Base(first, variant)) == (first, variant)
    default(Base(a=3, b=3))
    third = record_of(Base(b=4))
    assert third[INHERITED] == 1
    assert third[FALLBACK] == (pdefaults(Base),)


def test_untouched_parts_are_neither_built_nor_checked_again():
    """A variant of a large config looks at nothing but what is given."""
    seen = []

    class Watched(int):
        def __repr__(self):
            seen.append(self)
            return "watched"

        def __eq__(self, other):
            seen.append(self)
            return int(self) == int(other)

        __hash__ = int.__hash__

    @pconfig
    class Large:
        items: list[Any]
        x: int

    base = Large(items=[Watched(n) for n in range(100)], x=1)
    seen.clear()
    Large(base, x=2)
    assert seen == []


def test_a_bare_pinned_annotation_is_a_pinned_field_of_anything():
    """`z: Pinned` without a type takes any pin."""

    @pconfig
    class Bare:
        z: Pinned

    default(Bare(z=Pin([1])))
    assert Bare().z == [1]
    with pytest.raises(ValueError, match="cannot be set"):
        Bare(z=3)


def test_a_class_in_the_place_of_a_value_is_refused():
    """A forgotten call or decorator is reported, by position and by keyword."""

    @pconfig
    class Holder:
        part: Any
        number: int

    class Forgotten:
        pass

    with pytest.raises(TypeError, match=r"inherit from an object: Holder\(...\)"):
        Holder(Holder)
    with pytest.raises(TypeError, match=r"field=Forgotten; a base is made by @pconfig"):
        Holder(Forgotten)
    with pytest.raises(TypeError, match="Holder.number must be int, but got the class Forgotten"):
        Holder(part=1, number=Forgotten)
    assert Holder(part=Forgotten, number=1).part is Forgotten


def test_what_is_advised_for_pins_can_be_done():
    """No message suggests to give as a keyword, or to set in a variant, what is pinned."""

    @pconfig
    class Pinning:
        x: int
        fixed: Pinned[int]
        twice: Pinned[int]

        @pproperty
        def twice(self) -> int:
            return 2 * self.x

    with pytest.raises(TypeError, match=r"fixed: int \(pinned: fixed=Pin\(\.\.\.\) in the default"):
        Pinning(x=1)
    config = Pinning(x=1, fixed=Pin(3))
    with pytest.raises(AttributeError, match="only the default of its class can set it"):
        config.fixed = 4
    with pytest.raises(AttributeError, match="only what it is computed from"):
        config.twice = 4
    with pytest.raises(AttributeError, match=r"Pinning\(config, x=\.\.\.\)"):
        config.x = 4
