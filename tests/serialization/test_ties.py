"""Configs with ties: written once, read with every property called once, in linear time."""

import json
import sys

import pytest
from hypothesis import given, settings, strategies as st

from pconfigs import (
    Pin,
    Pinned,
    pconfig,
    pdefaults,
    pdump,
    pfingerprint,
    pinputs,
    pload,
    pload_file,
    pproperty,
    psave,
)
from pconfigs.errors import DriftError, FrozenContainerError, LoadError
from tests.examples import examples
from tests.limits import limits

CALLS = []


@pconfig
class Block:
    width: Pinned[int]
    depth: int
    rate: float
    inner: Pinned[int]

    @pproperty
    def inner(self) -> int:
        CALLS.append("inner")
        return self.width * 4


pdefaults += Block(width=Pinned, depth=1, rate=0.5)


@pconfig
class Group:
    width: Pinned[int]
    blocks: list[Block]

    @pproperty
    def blocks(self) -> list[Block]:
        CALLS.append("blocks")
        return [Block(block, width=Pin(self.width)) for block in pinputs(self).blocks]


pdefaults += Group(width=Pinned, blocks=[])


@pconfig
class Net:
    width: int
    groups: list[Group]

    @pproperty
    def groups(self) -> list[Group]:
        CALLS.append("groups")
        return [Group(group, width=Pin(self.width)) for group in pinputs(self).groups]


def net(groups, blocks, width=8):
    return Net(
        width=width,
        groups=[
            Group(blocks=[Block(depth=10 * j + i) for i in range(blocks)]) for j in range(groups)
        ],
    )


def through_json(config):
    return pload(json.loads(json.dumps(pdump(config))), type(config))


@given(st.lists(st.lists(st.integers(0, 5), max_size=3), max_size=3), st.integers(1, 9))
def test_tied_trees_come_back(depths, width):
    config = Net(
        width=width, groups=[Group(blocks=[Block(depth=d) for d in group]) for group in depths]
    )
    loaded = through_json(config)
    assert loaded == config
    assert pfingerprint(loaded) == pfingerprint(config)
    # The inputs are those of before, so that a variant is the same variant.
    assert Net(loaded, width=7) == Net(config, width=7)
    assert pinputs(loaded).groups == pinputs(config).groups


def test_a_tied_value_is_written_once():
    data = pdump(net(1, 1))
    assert data["groups"] == [
        {
            "$given": ["blocks"],
            "width": 8,
            "blocks": [{"$given": ["depth"], "width": 8, "depth": 0, "rate": 0.5, "inner": 32}],
        }
    ]
    assert "$computed" not in json.dumps(data)


@pytest.mark.parametrize("drift", ["refuse", "accept"])
@pytest.mark.parametrize("changed", [False, True])
def test_properties_run_as_often_as_in_the_build(drift, changed):
    config = net(3, 4)
    data = pdump(config)
    CALLS.clear()
    net(3, 4)
    expected = sorted(CALLS)
    CALLS.clear()
    if changed:
        data["groups"][1]["blocks"][2]["inner"] = 7
    if changed and drift == "refuse":
        with pytest.raises(DriftError) as caught:
            pload(data, Net, drift=drift)
        assert str(caught.value).splitlines()[1].startswith("    groups[1].blocks[2].inner 7 -> 32")
    else:
        assert pload(data, Net, drift=drift) == config
    assert sorted(CALLS) == expected


def test_a_tied_value_that_is_another_one_today_is_refused_where_it_is():
    for path, words in [
        (("groups", 0, "blocks", 1, "width"), "groups[0].blocks[1].width 5 -> 8"),
        (("groups", 1, "width"), "groups[1].width 5 -> 8"),
    ]:
        data = pdump(net(2, 2))
        node = data
        for key in path[:-1]:
            node = node[key]
        node[path[-1]] = 5
        with pytest.raises(DriftError) as caught:
            pload(data, Net)
        [change] = caught.value.changes
        assert str(change).startswith(words)
    data = pdump(net(2, 2))
    data["groups"][0]["blocks"][0]["depth"] = 3
    assert pload(data, Net).groups[0].blocks[0].depth == 3


def test_values_as_saved_are_kept_in_a_tied_tree():
    data = pdump(net(2, 2))
    data["groups"][1]["blocks"][0]["inner"] = 7
    kept = pload(data, Net, drift="as-saved")
    assert kept.groups[1].blocks[0].inner == 7
    assert kept.groups[1].blocks[0].width == 8
    assert kept.groups[0] == net(2, 2).groups[0]


def test_what_a_property_changes_beyond_pins_is_written_as_input_and_value():
    @pconfig
    class Deep:
        add: int
        block: Block

        @pproperty
        def block(self) -> Block:
            given = pinputs(self).block
            return Block(given, depth=given.depth + self.add, width=Pin(2))

    config = Deep(add=3, block=Block(depth=4))
    data = pdump(config)
    assert (data["block"]["depth"], data["$computed"]["block"]["depth"]) == (4, 7)
    assert through_json(config) == config
    assert pinputs(through_json(config)).block.depth == 4


def test_a_tied_part_that_is_also_an_input_keeps_its_pins():
    @pconfig
    class Pair:
        net: Net
        best: Block

    whole = net(2, 2)
    for config in (Pair(net=whole, best=whole.groups[0].blocks[1]),):
        loaded = through_json(config)
        assert loaded == config
        assert (loaded.best.width, loaded.best.inner) == (8, 32)


def test_a_part_that_was_pinned_before_keeps_its_pin_as_input():
    @pconfig
    class Kept:
        blocks: list[Block]

        @pproperty
        def blocks(self) -> list[Block]:
            return [
                b if b.width is not Pinned else Block(b, width=Pin(1)) for b in pinputs(self).blocks
            ]

    pinned = net(1, 1).groups[0].blocks[0]
    config = Kept(blocks=[pinned, Block(depth=3)])
    loaded = through_json(config)
    assert loaded == config
    assert [block.width for block in loaded.blocks] == [8, 1]
    assert pinputs(loaded).blocks[0].width == 8


@pconfig
class Level:
    width: Pinned[int]
    leaf: int
    child: "Level | None"

    @pproperty
    def child(self) -> "Level | None":
        CALLS.append("child")
        given = pinputs(self).child
        return None if given is None else Level(given, width=Pin(self.width))


def levels(depth):
    config = None
    for leaf in range(depth):
        config = Level(width=Pinned if leaf < depth - 1 else Pin(3), leaf=leaf, child=config)
    return config


def test_levels_of_ties_are_written_and_read_in_linear_time():
    sizes, calls = [], []
    for depth in (20, 40, 80):
        config = levels(depth)
        CALLS.clear()
        data = pdump(config)
        assert CALLS == []
        sizes.append(len(json.dumps(data)))
        assert pload(data, Level) == config
        built = len(CALLS)
        CALLS.clear()
        levels(depth)
        calls.append((built, len(CALLS)))
    assert sizes[2] < 2.2 * sizes[1] < 4.8 * sizes[0]
    assert all(loaded <= built for loaded, built in calls)


def test_kept_values_are_checked_and_held_read_only():
    @pconfig
    class Rates:
        steps: int
        rates: Pinned[list[float]]

        @pproperty
        def rates(self) -> list[float]:
            return [0.1] * self.steps

    data = pdump(Rates(steps=2))
    kept = pload({**data, "rates": [9.0]}, Rates, drift="as-saved")
    assert kept.rates == [9.0]
    with pytest.raises(FrozenContainerError):
        kept.rates.append("anything")
    with pytest.raises(LoadError, match="rates: must be list"):
        pload({**data, "rates": "no list"}, Rates, drift="as-saved")


def test_a_dict_with_a_value_that_has_no_plain_form_does_not_drift():
    class Thing:
        pass

    thing = Thing()

    @pconfig
    class Tables:
        n: int

        @pproperty
        def table(self) -> dict[object, object]:
            return {1: thing, (2, 3): [thing]}

    config = Tables(n=1)
    assert pload(pdump(config), Tables) == config
    for node in ({"$dict": [["x", {"$unsaved": 1}]]}, {"$unsaved": "x"}, [{"$unsaved": "x"}]):
        with pytest.raises(LoadError, match="was not saved"):
            pload({"n": node}, Tables)


def test_nesting_deeper_than_configs_may_be_is_refused():
    data = {"width": 1, "leaf": 1, "child": None}
    for _ in range(3000):
        data = {"leaf": 1, "child": data}
    with limits(), pytest.raises(LoadError, match="configs must nest at most 100 deep"):
        pload(data, Level)


@settings(max_examples=examples(50))
@given(st.integers(0, 4), st.data())
def test_random_places_that_differ_are_all_reported(count, data):
    config = net(3, 3)
    saved = pdump(config)
    places = [(g, b) for g in range(3) for b in range(3)]
    chosen = data.draw(
        st.lists(st.sampled_from(places), min_size=count, max_size=count, unique=True)
    )
    for group, block in chosen:
        saved["groups"][group]["blocks"][block]["inner"] = -1
    if not chosen:
        assert pload(saved, Net) == config
        return
    with pytest.raises(DriftError) as caught:
        pload(saved, Net)
    assert sorted(change.path for change in caught.value.changes) == sorted(
        f"groups[{group}].blocks[{block}].inner" for group, block in chosen
    )


def calls_of(function):
    """Return how many calls of Python code a function takes."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


@pconfig
class FreeBlock:
    width: int
    depth: int
    rate: float
    inner: int


@pconfig
class FreeGroup:
    width: int
    blocks: list[FreeBlock]


@pconfig
class FreeNet:
    width: int
    groups: list[FreeGroup]


def free(groups, blocks):
    return FreeNet(
        width=8,
        groups=[
            FreeGroup(
                width=8,
                blocks=[FreeBlock(width=8, depth=i, rate=0.5, inner=32) for i in range(blocks)],
            )
            for _ in range(groups)
        ],
    )


@pytest.mark.parametrize("work", ["save", "load"])
def test_a_tied_tree_takes_few_more_calls_than_a_free_one(work):
    def per_block(make, groups, blocks):
        config = make(groups, blocks)
        data = pdump(config)
        pload(data, type(config))
        job = (lambda: pdump(config)) if work == "save" else (lambda: pload(data, type(config)))
        return calls_of(job) / (groups * blocks)

    small, large = per_block(net, 5, 5), per_block(net, 20, 20)
    assert large < 1.3 * small
    assert large < 4 * per_block(free, 20, 20)


@pytest.mark.parametrize("suffix", ["json", "yaml", "toml"])
def test_a_pin_given_for_a_computed_field_comes_back_from_files(suffix, tmp_path):
    @pconfig
    class Scaled:
        width: int
        scale: Pinned[float]
        inner: Pinned[int]

        @pproperty
        def scale(self) -> float:
            given = pinputs(self).scale
            return 1.0 / self.width if given is Pinned else given

        @pproperty
        def inner(self) -> int:
            return self.width * 4

    config = Scaled(width=2, scale=Pin(3.0))
    psave(config, tmp_path / f"c.{suffix}")
    loaded = pload_file(tmp_path / f"c.{suffix}", Scaled)
    assert loaded == config
    assert pinputs(loaded).scale == 3.0
    assert Scaled(loaded, width=8).scale == 3.0
    tied = net(2, 2)
    psave(tied, tmp_path / f"t.{suffix}")
    assert pload_file(tmp_path / f"t.{suffix}", Net) == tied


@pconfig
class Padded:
    width: int

    @pproperty
    def width(self) -> int:
        return pinputs(self).width + 8


@pconfig
class Around:
    n: int
    made: Pinned[Padded]

    @pproperty
    def made(self) -> Padded:
        return Padded(width=self.n)


def test_saved_results_count_next_to_saved_inputs():
    data = pdump(Around(n=1))
    assert data["made"]["width"] == 1
    assert data["made"]["$computed"] == {"width": 9}
    assert pload(data, Around) == Around(n=1)
    for width, result in ((1, 7), (9, 7), (9, 1)):
        changed = {**data, "made": {**data["made"], "width": width, "$computed": {"width": result}}}
        with pytest.raises(DriftError) as caught:
            pload(changed, Around)
        assert [change.path for change in caught.value.changes] == ["made.width"]
