"""Work on tied trees is counted: it is linear in width and depth, and near that on untied ones."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from pconfigs import Pin, Pinned, pconfig, pdiff, pdump, pinputs, pload, pproperty, pset, psetter
from pconfigs.build.compiled_init import compiled_initializer
from pconfigs.schema.class_schema import schema_of
from pconfigs.serialization.conversion.compiled_reader import compiled_reader
from pconfigs.serialization.conversion.compiled_writer import compiled_writer
from pconfigs.serialization.conversion.config_converter import config_converter
from pconfigs.serialization.conversion.config_writer import config_writer

counts: dict[str, int] = {}


def count(event: str) -> None:
    counts[event] = counts.get(event, 0) + 1


def counted(operation: Callable[[], Any]) -> dict[str, int]:
    """Return how often each property ran during an operation."""
    counts.clear()
    operation()
    return dict(counts)


def python_calls(operation: Callable[[], Any]) -> int:
    """Return how many Python functions an operation calls."""
    calls = [0]

    def note(frame: Any, event: str, argument: Any) -> None:
        calls[0] += event == "call"

    sys.setprofile(note)
    try:
        operation()
    finally:
        sys.setprofile(None)
    return calls[0]


@pconfig
class Block:
    name: str
    depth: int
    heads: int
    rate: float
    width: Pinned[int]
    size: Pinned[int]

    @pproperty
    def size(self) -> int:
        count("Block.size")
        return self.width * self.depth


@pconfig
class Group:
    width: Pinned[int]
    blocks: list[Block]

    @pproperty(fixup=True)
    def blocks(self) -> list[Block]:
        count("Group.blocks")
        return [Block(block, width=Pin(self.width)) for block in pinputs(self).blocks]


@pconfig
class Root:
    width: int
    groups: list[Group]

    @pproperty(fixup=True)
    def groups(self) -> list[Group]:
        count("Root.groups")
        return [Group(group, width=Pin(self.width)) for group in pinputs(self).groups]


@pconfig
class Plain:
    name: str
    depth: int
    heads: int
    rate: float
    width: int
    size: Pinned[int]

    @pproperty
    def size(self) -> int:
        return self.width * self.depth


@pconfig
class PlainGroup:
    blocks: list[Plain]


@pconfig
class PlainRoot:
    groups: list[PlainGroup]


@pconfig
class Level:
    width: int
    leaf: int
    child: Level | None

    @pproperty(fixup=True)
    def child(self) -> Level | None:
        count("Level.child")
        given = pinputs(self).child
        return None if given is None else Level(given, width=self.width)


for cls in (Block, Group, Root, Plain, PlainGroup, PlainRoot, Level):
    cls.__init__ = compiled_initializer(schema_of(cls))


def tied(groups: int, blocks: int) -> Root:
    return Root(
        width=8,
        groups=[
            Group(
                width=Pinned,
                blocks=[
                    Block(name=f"{g}.{b}", depth=2, heads=4, rate=0.1, width=Pinned)
                    for b in range(blocks)
                ],
            )
            for g in range(groups)
        ],
    )


def untied(groups: int, blocks: int) -> PlainRoot:
    return PlainRoot(
        groups=[
            PlainGroup(
                blocks=[
                    Plain(name=f"{g}.{b}", depth=2, heads=4, rate=0.1, width=8)
                    for b in range(blocks)
                ]
            )
            for g in range(groups)
        ]
    )


SIZES = [(1, 10), (10, 10), (30, 10), (10, 30)]


@pytest.mark.parametrize(("groups", "blocks"), SIZES)
def test_a_tied_tree_computes_each_property_of_its_values_once(groups, blocks):
    """What is open waits: of a group only its start, of a block nothing."""
    assert counted(lambda: tied(groups, blocks)) == {
        "Root.groups": 1,
        "Group.blocks": 2 * groups,
        "Block.size": groups * blocks,
    }


@pytest.mark.parametrize(("groups", "blocks"), SIZES)
def test_a_tied_tree_takes_at_most_four_times_the_calls_of_an_untied_one(groups, blocks):
    """Each part is built twice, once open and once tied."""
    tied(1, 1), untied(1, 1)
    ours, plain = (python_calls(lambda make=make: make(groups, blocks)) for make in (tied, untied))
    assert ours <= 4 * plain + 40, (ours / (groups * blocks), plain / (groups * blocks))


def by_psetter(config: Any, path: str, value: Any) -> Any:
    view = draft = psetter(config)
    group, block = (int(part.split("]")[0]) for part in path.split("[")[1:])
    view.groups[group].blocks[block].rate = value
    return psetter(construct=draft)


@pytest.mark.parametrize("change", [lambda c, p, v: pset(c, {p: v}), by_psetter])
@pytest.mark.parametrize(("groups", "blocks"), SIZES[1:])
def test_a_variant_computes_the_way_to_what_changed(change, groups, blocks):
    """The other groups keep what they computed; of the group that changed, its blocks are tied."""
    base = tied(groups, blocks)
    made: list[Root] = []
    for turn in range(3):
        happened = counted(
            lambda turn=turn: made.append(change(base, "groups[1].blocks[2].rate", 0.2 + turn))
        )
        assert happened["Root.groups"] == 1
        assert happened["Group.blocks"] <= 2
        assert happened["Block.size"] <= blocks
        assert made[-1].groups[0].blocks is base.groups[0].blocks
        assert made[-1].groups[1].blocks[2].rate == 0.2 + turn


@pytest.mark.parametrize("groups", [10, 40])
def test_a_variant_calls_little_for_each_group_next_to_the_change(groups):
    """Three Python calls: the constructor, the Pin and its share of the edit."""
    base = tied(groups, 10)
    pset(base, {"groups[1].blocks[2].rate": 0.2})
    calls = python_calls(lambda: pset(base, {"groups[1].blocks[2].rate": 0.3}))
    assert calls <= 4 * groups + 400


@pytest.mark.parametrize(("groups", "blocks"), SIZES)
@pytest.mark.parametrize("make", [tied, untied])
def test_saving_takes_few_calls_for_each_config(make, groups, blocks):
    """Four for a block: that it follows from its input, its place, its class, its values."""
    for cls in (Block, Group, Root, Plain, PlainGroup, PlainRoot):
        config_writer(cls).write = compiled_writer(config_writer(cls))
    config = make(groups, blocks)
    pdump(config)
    calls = python_calls(lambda: pdump(config))
    assert calls <= 4 * groups * blocks + 20 * groups + 40, calls / (groups * blocks)


@pytest.mark.parametrize(("groups", "blocks"), SIZES)
@pytest.mark.parametrize(("make", "most"), [(tied, 17), (untied, 7)])
def test_loading_takes_few_calls_for_each_config(make, most, groups, blocks):
    """A tied block is read, made, tied to its width, and compared with what was saved."""
    for cls in (Block, Group, Root, Plain, PlainGroup, PlainRoot):
        config_converter(cls).read = compiled_reader(config_converter(cls))
    config = make(groups, blocks)
    data = pdump(config)
    assert pload(data, type(config)) == config
    calls = python_calls(lambda: pload(data, type(config)))
    assert calls <= most * groups * blocks + 100 * groups + 200, calls / (groups * blocks)


@pytest.mark.parametrize(("groups", "blocks"), SIZES)
@pytest.mark.parametrize("make", [tied, untied])
def test_a_diff_of_trees_built_apart_takes_few_calls_for_each_config(make, groups, blocks):
    """A block takes two calls as it was given, and two as it was made."""
    before, after = make(groups, blocks), make(groups, blocks)
    after = pset(after, {f"groups[0].blocks[{blocks - 1}].rate": 0.3})
    assert len(pdiff(before, after)) == 1
    calls = python_calls(lambda: pdiff(before, after))
    assert calls <= 5 * groups * blocks + 20 * groups + 400, calls / (groups * blocks)


@pytest.mark.parametrize("make", [tied, untied])
def test_a_diff_takes_no_longer_for_what_both_share(make):
    """Groups that both have are passed over without a call."""
    numbers = []
    for groups in (10, 40):
        before = make(groups, 10)
        after = pset(before, {"groups[1].blocks[2].rate": 0.3})
        pdiff(before, after)
        numbers.append(python_calls(lambda b=before, a=after: pdiff(b, a)))
    assert numbers[1] <= numbers[0] + (8 * 30 if make is tied else 0), numbers


@pytest.mark.parametrize("fields", [2, 50])
def test_a_difference_takes_few_calls_however_many_fields_there_are(fields):
    """Ten: the pair, what it holds, its path, its change, and their texts."""
    names = [f"f{index}" for index in range(fields)]
    cls = type("Wide", (), {"__annotations__": dict.fromkeys(names, int), "__module__": __name__})
    wide = pconfig(cls)
    before = wide(**dict.fromkeys(names, 1))
    variants = [wide(before, f0=2), wide(before, f0=2, f1=3)]
    pdiff(before, variants[0])
    numbers = [
        python_calls(lambda after=after: [str(change.path) for change in pdiff(before, after)])
        for after in variants
    ]
    assert numbers[0] <= 25, numbers
    assert numbers[1] - numbers[0] <= 10, numbers


def chain(depth: int) -> Level:
    config = None
    for level in reversed(range(depth)):
        config = Level(width=10 + level, leaf=0, child=config)
    assert config is not None
    return config


def test_an_edit_under_tied_levels_is_linear_in_depth():
    """Also where every level was given a width of its own."""
    numbers = []
    for depth in (8, 16, 32):
        config = chain(depth)
        path = "child." * (depth - 1) + "leaf"
        numbers.append(counted(lambda c=config, p=path: pset(c, {p: 5}))["Level.child"])
    assert numbers == [8, 16, 32]


@pytest.mark.parametrize("width", [10, 8])
def test_building_a_pinned_chain_is_linear_in_depth(width):
    """An open level waits; the outermost one ties them all."""

    @pconfig
    class Link:
        width: Pinned[int]
        child: Link | None

        @pproperty(fixup=True)
        def child(self) -> Link | None:
            given = pinputs(self).child
            if given is None:
                return None
            count("Link.child")
            return Link(given, width=Pin(self.width))

    Link.__init__ = compiled_initializer(schema_of(Link))
    numbers = []
    for depth in (8, 16, 32):
        link = None
        counts.clear()
        for _ in range(depth):
            link = Link(width=Pinned, child=link)
        tied_link = Link(link, width=Pin(width))
        numbers.append(counts["Link.child"])
        assert tied_link.child.child.width == width
    # Once while it is open, up to the width, and once when it is tied.
    assert numbers == [16 - 2, 32 - 2, 64 - 2]


def test_loading_tied_levels_is_linear_in_depth():
    """Each level that a property ties to the one around it is built once."""
    numbers = []
    for depth in (8, 16, 32):
        config = None
        for _ in range(depth):
            config = Level(width=10, leaf=0, child=config)
        data = pdump(config)
        numbers.append(counted(lambda data=data: pload(data, Level))["Level.child"])
        assert pload(data, Level) == config
    assert numbers == [8, 16, 32]


def test_several_bases_take_few_calls_however_many_fields_there_are():
    """The call, what the bases make together, and where the call is."""
    numbers = []
    for fields in (4, 40):
        names = [f"f{index}" for index in range(fields)]
        made = [
            type(name, (), {"__annotations__": dict.fromkeys(own, int), "__module__": __name__})
            for name, own in (("First", names[::2]), ("Second", names[1::2]))
        ]
        first, second = map(pconfig, made)
        both = pconfig(type("Both", (first, second), {"__module__": __name__}))
        both.__init__ = compiled_initializer(schema_of(both))
        bases = first(**dict.fromkeys(names[::2], 1)), second(**dict.fromkeys(names[1::2], 2))
        assert both(*bases, f0=3).f1 == 2
        numbers.append(python_calls(lambda both=both, bases=bases: both(*bases, f0=3)))
    assert numbers[0] == numbers[1] <= 12, numbers
