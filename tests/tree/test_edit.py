"""Edits: what is set is set, what follows is computed, the rest is shared."""

from collections import OrderedDict
from typing import NamedTuple

import pytest
from hypothesis import given, strategies as st

from pconfigs import Omitted, pbroadcast, pcheck, pconfig, pdiff, pget, pproperty, pset, ptransform
from pconfigs.errors.build import BuildError, CheckError
from pconfigs.errors.paths import EditError, PathError
from pconfigs.provenance.origins import origin_of
from tests.models.systems import Block, Experiment, Model

SETTABLE = {
    "depth": st.integers(0, 99),
    "tags[1]": st.text(),
    "model.blocks[0].width": st.integers(0, 99),
    "model.blocks[1].lr": st.floats(),
    "model.heads['cls'].width": st.integers(0, 99),
    "model.heads['cls'].lr": st.floats(allow_nan=False) | st.integers(),
}


class Point(NamedTuple):
    x: int
    y: int


CHANGES = st.fixed_dictionaries({}, optional=SETTABLE)


@given(CHANGES)
def test_what_is_set_is_there(changes):
    config = pset(Experiment(), changes)
    for path, value in changes.items():
        assert pget(config, path) is value or pget(config, path) == value


@given(CHANGES)
def test_the_difference_is_what_was_set_and_what_follows(changes):
    before = Experiment()
    after = pset(before, changes)
    told = pdiff(before, after)
    given_paths = {str(change.path): change.after for change in told.inputs}
    changed = {
        path: value for path, value in changes.items() if repr(pget(before, path)) != repr(value)
    }
    assert given_paths.keys() == changed.keys()
    for change in told.derived:
        assert change.causes
        assert {str(cause) for cause in change.causes} <= changed.keys()


def test_everything_untouched_is_shared():
    before = Experiment()
    after = pset(before, {"model.blocks[0].width": 9})
    assert after.model.blocks[1] is before.model.blocks[1]
    assert after.model.heads["cls"] is before.model.heads["cls"]
    assert after.model.parameters == 81 + 4 + 6
    assert after.cost == 182


def test_nothing_set_gives_the_config_itself():
    config = Experiment()
    assert pset(config, {}) is config


def test_inputs_are_set_and_not_what_a_property_made_of_them():
    after = pset(Experiment(), {"model.depth": 50})
    assert after.model.depth == 6
    assert after == Experiment()


def test_a_change_counts_as_made_here():
    after = pset(Model(), {"blocks[0].width": 9})
    origin = origin_of(after.blocks[0], "width")
    assert origin.place.file == __file__
    assert origin.exact


def test_a_pattern_sets_all_that_it_selects():
    config = Experiment()
    wide = pset(config, {"model.blocks[*].width": 9, "model.heads[*].width": 8, "depth": 1})
    assert [block.width for block in wide.model.blocks] == [9, 9]
    assert [head.width for head in wide.model.heads.values()] == [8, 8]
    assert pset(config, {"**.lr": 0.5}) == pset(
        config, {f"model.{part}.lr": 0.5 for part in ("blocks[*]", "heads[*]")}
    )
    with pytest.raises(PathError, match="selects nothing"):
        pset(config, {"model.blocks[*].widht": 9})
    with pytest.raises(EditError, match="pinned"):
        pset(config, {"**.area": 9})


def test_containers_keep_their_kind():
    after = pset(Experiment(), {"tags[0]": "z"})
    assert after.tags == ("z", "b")


@pconfig
class Kinds:
    items: list[int]
    more: tuple[int, ...]
    named: dict[str, int]
    ordered: OrderedDict[str, int]
    point: Point


@given(st.lists(st.integers(), min_size=1, max_size=6).flatmap(
    lambda items: st.tuples(st.just(items), st.sets(st.integers(0, len(items) - 1)))
))  # fmt: skip
def test_items_that_are_omitted_are_left_out_at_their_places_before(given_items):
    items, gone = given_items
    named = {f"k{index}": item for index, item in enumerate(items)}
    config = Kinds(
        items=items, more=tuple(items), named=named, ordered=OrderedDict(named), point=Point(1, 2)
    )
    changes = {f"{name}[{index}]": Omitted for index in gone for name in ("items", "more")}
    changes |= {f"{name}['k{index}']": Omitted for index in gone for name in ("named", "ordered")}
    after = pset(config, changes)
    rest = [item for index, item in enumerate(items) if index not in gone]
    assert (after.items, after.more) == (rest, tuple(rest))
    assert list(after.named.items()) == list(after.ordered.items())
    assert list(after.named.values()) == rest
    with pytest.raises(EditError, match="Point is a NamedTuple, which has all its items"):
        pset(config, {"point[0]": Omitted})


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"model.blcks[0].width": 1}, PathError),
        ({"widht": 1}, PathError),
        ({"model.blocks[9].width": 1}, PathError),
        ({"model.heads['new']": 1}, PathError),
        ({"cost": 1}, EditError),
        ({"model.seed": 1}, EditError),
        ({"model.blocks[0].area": 1}, EditError),
        ({"model": Model(), "model.depth": 1}, EditError),
        ({"model.depth": 1, "model": Model()}, EditError),
        ({"model.blocks[-1].width": 1, "model.blocks[1].width": 2}, EditError),
        ({"": 1}, EditError),
        ({"depth": "x"}, BuildError),
    ],
)
def test_what_cannot_be_set_is_refused(changes, error):
    with pytest.raises(error):
        pset(Experiment(), changes)


def test_a_wrong_value_is_reported_by_the_line_that_gave_it():
    with pytest.raises(BuildError) as caught:
        pset(Experiment(), {"model.blocks[0].width": "9"})
    assert caught.value.place.file == __file__
    assert caught.value.problems[0].place.source_line().strip().startswith("pset(")


def test_a_failed_check_is_reported_by_the_line_that_changed_the_config():
    @pconfig
    class Span:
        low: int
        high: int

        @pcheck
        def ordered(self) -> None:
            if self.low > self.high:
                raise ValueError("low is above high")

    @pconfig
    class Axis:
        span: Span

    with pytest.raises(CheckError, match="Span fails 1 check") as caught:
        pset(Axis(span=Span(low=1, high=2)), {"span.low": 3})
    assert caught.value.place.file == __file__
    assert isinstance(caught.value.__cause__, ValueError)
    assert isinstance(caught.value.__cause__, ValueError)


def test_what_a_property_makes_wrongly_is_reported_by_the_property():
    @pconfig
    class Axis:
        length: int

        @pproperty
        def block(self) -> Block:
            return Block(width=str(self.length) if self.length > 9 else 9, lr=0.1)

    with pytest.raises(BuildError) as caught:
        pset(Axis(length=1), {"length": 10})
    assert "Block(width=str(self.length)" in caught.value.problems[0].place.source_line()
    assert "in the property Axis.block" in caught.value.__notes__[0]


def test_broadcast_sets_a_field_wherever_it_is():
    counts = {}
    config = pbroadcast(Experiment(), counts, width=7, lr=0.5)
    assert counts == {"width": 4, "lr": 4}
    assert [block.width for block in config.model.blocks] == [7, 7]
    assert config.model.heads["it's"].area == 49
    assert config.model.parameters == 98 + 6


def test_broadcast_of_a_name_that_is_nowhere_is_refused():
    with pytest.raises(EditError, match="did you mean 'width'"):
        pbroadcast(Experiment(), widht=3)
    with pytest.raises(EditError, match="area is pinned"):
        pbroadcast(Experiment(), area=3)


def test_transform_computes_from_the_config_before():
    config = ptransform(Model(), width=lambda c: c.width * 2, lr=lambda c: c.width / 10)
    assert [(block.width, block.lr) for block in config.blocks] == [(2, 0.1), (4, 0.2)]


def test_transform_takes_functions():
    with pytest.raises(EditError, match="pbroadcast"):
        ptransform(Model(), width=3)


def test_a_shared_part_stays_shared():
    block = Block(width=3)
    model = pbroadcast(Model(blocks=[block, block]), width=8)
    assert model.blocks[0] is model.blocks[1]


def test_one_of_two_shared_parts_is_set_alone():
    block = Block(width=3)
    model = pset(Model(blocks=[block, block]), {"blocks[1].width": 8})
    assert [part.width for part in model.blocks] == [3, 8]


def test_configs_as_deep_as_allowed_are_edited():
    @pconfig
    class Deep:
        inner: object
        x: int

    config = Deep(inner=None, x=0)
    for _ in range(98):
        config = Deep(inner=config, x=1)
    path = "inner." * 98 + "x"
    changed = pset(config, {path: 5})
    assert pget(changed, path) == 5
    assert [str(change.path) for change in pdiff(config, changed)] == [path]
    assert pbroadcast(config, x=3).inner.inner.x == 3
