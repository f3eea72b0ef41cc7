"""Views on which nested values are set, and the configs built with them.

PYTEST_DONT_REWRITE: the line of an assignment is found by comparing code with the source.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from pconfigs import (
    NoneConfig,
    OptionalConfig,
    Pin,
    Pinned,
    Required,
    pcheck,
    pconfig,
    pdefaults,
    pinputs,
    pproperty,
    pset,
    psetter,
)
from pconfigs.errors import (
    BuildError,
    BuildTypeError,
    BuildValueError,
    EditError,
    NoSuchFieldError,
    PathError,
    SetterUseError,
)
from pconfigs.provenance.origins import origin_of


@pconfig
class Leaf:
    b: int


@pconfig
class Wide(Leaf):
    extra: int


@pconfig
class Other:
    o: int


@pconfig
class Part:
    leaf: Leaf
    maybe: Leaf | None
    optional: OptionalConfig[Leaf]
    either: Leaf | Other
    unset: Leaf | Other | None
    items: list[Leaf]
    heads: dict[str, Leaf]
    sizes: list[int]
    n: int
    seed: Pinned[int]
    pinned_part: Pinned[Leaf]

    @pproperty
    def twice(self) -> int:
        return self.n * 2


@pconfig
class Whole:
    part: Part
    depth: int

    @pproperty
    def part(self) -> Part:
        given = pinputs(self).part
        return type(given)(given, n=self.depth)


pdefaults += Leaf(b=1)
pdefaults += Wide(extra=5)
pdefaults += Part(
    leaf=Leaf(),
    maybe=None,
    optional=NoneConfig,
    either=Other(o=1),
    unset=None,
    items=[Leaf(), Wide()],
    heads={"cls": Leaf()},
    sizes=[1, 2],
    n=1,
    seed=Pin(0),
    pinned_part=Pin(Leaf()),
)
pdefaults += Whole(part=Part(), depth=4)

SETTABLE: dict[str, tuple[Any, Any]] = {
    "depth": (lambda view, value: setattr(view, "depth", value), st.integers(0, 9)),
    "part.leaf.b": (lambda view, value: setattr(view.part.leaf, "b", value), st.integers()),
    "part.sizes": (lambda view, value: setattr(view.part, "sizes", value), st.lists(st.integers())),
    "part.items[0].b": (lambda v, value: setattr(v.part.items[0], "b", value), st.integers()),
    "part.items[-1].extra": (
        lambda v, value: setattr(v.part.items[-1], "extra", value),
        st.integers(),
    ),
    "part.heads['cls'].b": (
        lambda v, value: setattr(v.part.heads["cls"], "b", value),
        st.integers(),
    ),
}
CHANGES = st.fixed_dictionaries(
    {}, optional={name: values for name, (_, values) in SETTABLE.items()}
)


@given(CHANGES)
def test_setting_by_attribute_is_setting_by_path(changes):
    view = psetter(Whole())
    for path, value in changes.items():
        SETTABLE[path][0](view, value)
    assert psetter(construct=view) == pset(Whole(), changes)


def test_a_class_starts_from_its_default():
    view = psetter(type=Whole)
    view.depth = 9
    view.part.leaf.b = 2
    config = psetter(construct=view)
    assert config == Whole(depth=9, part=Part(leaf=Leaf(b=2)))
    assert config.part.items is Whole().part.items
    assert pdefaults(Leaf).b == 1


def test_inputs_keep_their_own_classes():
    @pconfig
    class Special(Whole):
        more: int

    config = Special(part=Part(leaf=Wide(b=3)), more=1)
    view = psetter(type=Whole, inputs=config)
    view.part.leaf.extra = 7
    changed = psetter(construct=view)
    assert type(changed) is Special
    assert type(changed.part.leaf) is Wide
    assert (changed.part.leaf.extra, changed.part.leaf.b, changed.more) == (7, 3, 1)
    assert config.part.leaf.extra == 5


def test_a_derived_class_may_be_based_on_a_config_of_its_ancestor():
    assert psetter(construct=psetter(type=Wide, inputs=Leaf(b=3))) == Wide(Leaf(b=3))


def test_the_short_form_builds_at_the_end_of_the_block():
    with psetter(Whole()) as ps:
        ps.part.leaf.b = 4
        ps.depth += 2
    assert ps.config == Whole(depth=6, part=Part(leaf=Leaf(b=4)))
    assert ps.config is ps.config


def test_nothing_set_gives_the_config_itself():
    config = Whole()
    view = psetter(config)
    assert view.part.leaf.b == 1
    assert psetter(construct=view) is config


def test_a_part_that_is_left_out_starts_from_its_default():
    with psetter(Whole()) as ps:
        ps.part.maybe.b = 3
        ps.part.optional.b = 4
    assert ps.config.part.maybe == Leaf(b=3)
    assert ps.config.part.optional == Leaf(b=4)


def test_items_are_entered_set_and_looped_over():
    with psetter(Part()) as ps:
        for item in ps.items:
            item.b = 7
        ps.heads["cls"] = Wide(b=2)
        assert len(ps.items) == 2
        assert list(ps.heads) == ["cls"] == list(ps.heads.keys())
        assert ps.heads.items() == [("cls", Wide(b=2))]
        assert ps.heads.values() == [Wide(b=2)]
    assert ps.config.items == [Leaf(b=7), Wide(b=7)]
    assert ps.config.heads == {"cls": Wide(b=2)}


def test_what_is_set_can_be_read():
    view = psetter(type=Part)
    view.leaf = Leaf(b=9)
    view.seed = Pin(8)
    assert view.leaf == Leaf(b=9)
    assert view.seed == 8
    assert view.n == 1
    assert view.twice == 2 or view.twice is Pinned
    assert view.sizes == [1, 2]


def test_a_union_is_entered_where_the_input_decides():
    with psetter(Part()) as ps:
        ps.either.o = 3
    assert ps.config.either == Other(o=3)


@pytest.mark.parametrize("name", ["either", "unset"])
def test_a_union_that_no_user_has_decided_is_refused(name):
    with pytest.raises(EditError, match=name) as caught:
        getattr(psetter(type=Part), name)
    assert isinstance(caught.value, ValueError)


def test_a_name_is_set_once():
    view = psetter(Whole())
    view.part.leaf.b = 3
    with pytest.raises(EditError, match=r"part\.leaf\.b is set twice"):
        view.part.leaf.b = 3
    with pytest.raises(EditError, match=r"part\.leaf is set after part\.leaf\.b"):
        view.part.leaf = Leaf()


def test_inside_of_what_was_set_nothing_is_set():
    view = psetter(Whole())
    view.part.leaf = leaf = Leaf(b=3)
    with pytest.raises(AttributeError, match="never changes"):
        view.part.leaf.b = 4
    assert leaf.b == 3


def test_names_that_do_not_exist_are_refused_at_once():
    view = psetter(Whole())
    with pytest.raises(NoSuchFieldError, match="did you mean 'leaf'"):
        _ = view.part.leef
    with pytest.raises(NoSuchFieldError, match=r"Part \(at part\) has no field 'leef'") as caught:
        view.part.leef = 3
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, AttributeError)
    assert not hasattr(view, "construct")


def test_a_wrong_value_is_refused_at_its_own_line():
    view = psetter(Whole())
    with pytest.raises(BuildTypeError, match="Part.n must be int") as caught:
        view.part.n = "x"
    place = caught.value.problems[0].place
    assert place.source_line().strip() == 'view.part.n = "x"'
    with pytest.raises(BuildTypeError, match=r"items\[1\] must be Leaf"):
        view.part.items[1] = 3
    assert psetter(construct=view) == Whole()


def test_pinned_fields_take_pins_only():
    view = psetter(Part())
    with pytest.raises(BuildValueError, match="Part.seed is a pinned field"):
        view.seed = 3
    with pytest.raises(BuildValueError, match="Part.twice is a pinned field"):
        view.twice = 3
    with pytest.raises(ValueError, match="pinned_part is pinned"):
        view.pinned_part.b = 3
    view.seed = Pin(3)
    view.pinned_part = Pin(Leaf(b=8))
    config = psetter(construct=view)
    assert (config.seed, config.pinned_part.b) == (3, 8)


def test_paths_that_do_not_exist_are_refused():
    with pytest.raises(PathError, match="no item 4"):
        psetter(Part()).items[4].b = 1
    with pytest.raises(PathError):
        psetter(Part()).heads["clz"].b = 1


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"inputs": Leaf()},
        {"type": 3},
        {"construct": 3},
        {"type": Leaf, "construct": psetter(type=Leaf)},
        {"inputs": Leaf(), "construct": psetter(type=Leaf)},
    ],
)
def test_arguments_that_mean_nothing_are_type_errors(arguments):
    with pytest.raises(SetterUseError) as caught:
        psetter(**arguments)
    assert isinstance(caught.value, TypeError)


def test_inputs_of_another_class_are_a_value_error():
    with pytest.raises(ValueError, match="Leaf cannot be based on inputs of Other"):
        psetter(type=Leaf, inputs=Other(o=1))


def test_a_view_is_not_a_value():
    view = psetter(Part())
    with pytest.raises(EditError, match="takes a value"):
        view.leaf = view.maybe
    with pytest.raises(EditError, match="cannot be deleted"):
        del view.leaf


def test_what_is_missing_is_reported_at_the_end():
    @pconfig
    class Bare:
        leaf: Leaf
        n: int

    view = psetter(type=Bare)
    view.leaf.b = 3
    with pytest.raises(BuildError, match="Bare is missing 1 field"):
        psetter(construct=view)
    view.n = 2
    assert psetter(construct=view) == Bare(leaf=Leaf(b=3), n=2)


def test_a_field_called_config_is_a_field():
    @pconfig
    class Named:
        config: int

    view = psetter(Named(config=1))
    view.config = 2
    assert view.config == 2
    assert psetter(construct=view).config == 2


def test_open_configs_are_completed():
    config = Whole(part=Part(leaf=Leaf(b=Required), n=Required), depth=Required)
    with psetter(config) as ps:
        ps.part.leaf.b = 3
        ps.depth = 2
    assert ps.config.part.leaf.b == 3
    assert ps.config.part.twice == 4
    assert pset(config, {"part.leaf.b": 3, "depth": 2}) == ps.config


def test_each_value_comes_from_the_line_that_set_it():
    view = psetter(Whole())
    view.part.leaf.b = 5
    view.depth = 6
    config = psetter(construct=view)
    leaf, depth = origin_of(config.part.leaf, "b"), origin_of(config, "depth")
    assert leaf.place.source_line().strip() == "view.part.leaf.b = 5"
    assert leaf.text == "view.part.leaf.b = 5"
    assert depth.text == "view.depth = 6"
    assert leaf.exact


def test_the_checks_of_an_input_wait_until_its_property_has_made_it():
    @pconfig
    class Checked:
        low: int
        high: int

        @pproperty
        def width(self) -> int:
            return self.high - self.low

        @pcheck
        def ordered(self) -> None:
            assert self.low < self.high

    @pconfig
    class Around:
        inner: Checked
        high: int

        @pproperty
        def inner(self) -> Checked:
            given = pinputs(self).inner
            return type(given)(given, high=self.high)

    with psetter(Around(inner=Checked(low=0, high=1), high=10)) as ps:
        ps.inner.low = 5
    assert ps.config.inner.width == 5


def test_a_list_of_a_view_is_set_as_a_whole_or_by_item():
    @pconfig
    class Part:
        w: int

    @pconfig
    class Whole:
        parts: list[Part]

    base = Whole(parts=[Part(w=1)])
    view = psetter(base)
    advice = r"set it as a whole: view\.parts = \[\*config\.parts, \.\.\.\]"
    with pytest.raises(AttributeError, match=advice):
        view.parts.append(Part(w=2))
    with pytest.raises(EditError, match=advice):
        view.parts += [Part(w=2)]
    view.parts = [*base.parts, Part(w=2)]
    view.parts[0] = Part(w=3)
    assert psetter(construct=view) == Whole(parts=[Part(w=3), Part(w=2)])
