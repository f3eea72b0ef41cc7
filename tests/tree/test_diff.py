"""Differences: all of them, and nothing else."""

import math
from enum import Enum, Flag
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pconfigs import Pin, Pinned, Secret, pconfig, pdefaults, pdiff, pinputs, pproperty
from pconfigs.reports.summaries import words
from pconfigs.tree.changes import ABSENT
from tests.models.systems import Block, Dense, Experiment, Model

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Side(Enum):
    left = 0


class Rights(Flag):
    read = 1
    write = 2


def told(before, after):
    return [(change.kind, str(change.path)) for change in pdiff(before, after)]


@given(VALUES)
def test_nothing_differs_from_itself(value):
    assert not pdiff(value, value)


@given(VALUES, VALUES)
def test_differences_are_reported_if_and_only_if_there_are_any(before, after):
    assert bool(pdiff(before, after)) == (repr(before) != repr(after) and not same(before, after))


def same(before, after):
    """Equal but for the order of dict keys and the sign of zero."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(same(before[k], after[k]) for k in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(same, before, after))
    nan = isinstance(before, float) and isinstance(after, float) and before != before != after
    return type(before) is type(after) and (before == after or (nan and after != after))


def test_an_equal_config_built_again_does_not_differ():
    assert not pdiff(Experiment(), Experiment())


@pytest.mark.parametrize(("before", "after"), [(1, 1.0), (True, 1), (0, False), ("1", 1)])
def test_types_are_distinguished(before, after):
    assert told(before, after) == [("changed", "")]


def test_nan_is_nan():
    assert not pdiff([math.nan, 1], [float("nan"), 1])
    assert not pdiff([complex("nan")], [complex("nan")])
    assert told([complex(1, math.nan)], [complex(2, math.nan)]) == [("changed", "[0]")]


def test_an_item_between_others_that_change_places_has_not_moved():
    orders = (1, 2, 3, 4, 5), (4, 5, 3, 1, 2)
    before, after = ([Block(width=width) for width in order] for order in orders)
    assert told(before, after) == [("moved", "[3]"), ("moved", "[4]")]


def test_what_follows_knows_what_it_follows_from():
    changes = pdiff(Experiment(), Experiment(depth=7))
    assert [str(change.path) for change in changes.inputs] == ["depth"]
    assert {str(change.path): [str(c) for c in change.causes] for change in changes.derived} == {
        "model.depth": ["depth"],
        "model.parameters": ["depth"],
        "cost": ["depth"],
    }


def test_what_a_property_hands_through_is_reported_once():
    before = Experiment()
    after = Experiment(model=Model(blocks=[Block(width=1), Block(width=9)]))
    assert told(before, after)[0] == ("changed", "model.blocks[1].width")
    paths = [path for _, path in told(before, after)]
    assert len(paths) == len(set(paths))
    assert set(paths[1:]) == {"model.blocks[1].area", "model.parameters", "cost"}


def test_an_insertion_leaves_the_rest():
    model = Model()
    after = Model(blocks=[Block(width=50), *model.blocks])
    assert told(model, after)[0] == ("added", "blocks[0]")
    assert [kind for kind, path in told(model, after) if path.startswith("blocks")] == ["added"]


def test_a_removal_leaves_the_rest():
    assert told(["a", "b", "c", "d"], ["a", "c", "d"]) == [("removed", "[1]")]


def test_moved_items_are_reported():
    one, two, three = Block(width=1), Block(width=2), Block(width=3)
    assert ("moved", "[2]") in told([one, two, three], [two, three, one])


def test_a_changed_item_after_an_insertion_keeps_both_paths():
    one, two, three = Block(width=1), Block(width=2), Block(width=3)
    changes = pdiff([one, two, three, one], [two, Block(width=5), three, Block(width=4), one, two])
    assert all(change.path_before is not None for change in changes)


def test_numbers_that_two_lists_share_by_chance_do_not_shift_them():
    assert len(told([1.0, 0.9, 0.7, 0.1], [0.1, 0.09, 0.07, 0.01])) == 4


def test_another_class_is_reported_with_its_fields():
    before, after = Block(width=1, lr=1.0), Dense(width=2, lr=1.0, bias=True)
    assert told(before, after) == [
        ("class", ""),
        ("changed", "width"),
        ("changed", "area"),
        ("added", "bias"),
    ]
    assert ("removed", "bias") in told(after, before)


def test_dict_keys_come_and_go():
    assert told({"a": 1, "b": 2}, {"b": 2, "c": 3}) == [("removed", "['a']"), ("added", "['c']")]


def test_each_change_knows_both_origins():
    change = pdiff(Model(), Model(depth=9)).inputs[0]
    assert change.origin_before.place.file.endswith("systems.py")
    assert change.origin_after.place.file == __file__
    assert change.origin_after.text == "depth=9"


def test_secrets_are_not_shown():
    change = pdiff(Experiment(), Experiment(token="other"))[0]
    assert "hush" not in str(change)
    assert "other" not in repr(change)
    assert change.before is not ABSENT


def test_shared_parts_are_not_looked_at():
    class Untouchable:
        def __eq__(self, other):
            raise AssertionError("looked at")

        __hash__ = None

    @pconfig
    class Holder:
        part: object
        x: int

    shared = Holder(part=Untouchable(), x=1)
    assert told(Holder(part=shared, x=1), Holder(part=shared, x=2)) == [("changed", "x")]


def test_secrets_that_come_or_go_are_not_shown():
    @pconfig
    class Open:
        x: int

    @pconfig
    class Keeper:
        x: int
        token: Secret[str]

    for before, after in (
        (Open(x=1), Keeper(x=1, token="hush")),
        (Keeper(x=1, token="hush"), Open(x=1)),
    ):
        changes = pdiff(before, after)
        assert "token" in [str(change.path) for change in changes]
        assert not any("hush" in repr((change.before, change.after)) for change in changes)


def test_causes_are_reported_through_a_long_chain_of_parts():
    """What each link follows from is asked once, however many links are above it."""

    @pconfig
    class Link:
        own: int
        next: object
        total: Pinned[int]

        @pproperty
        def total(self):
            return self.own + (self.next.total if self.next else 0)

    def chain(last):
        link = None
        for number in range(99):
            link = Link(own=number or last, next=link)
        return link

    changes = pdiff(chain(1), chain(2))
    assert len(changes) == 100
    assert {change.causes for change in changes.derived} == {(changes.inputs[0].path,)}


@pconfig
class Tied:
    width: int
    depth: int


@pconfig
class Tying:
    width: int
    part: Tied
    parts: list[Tied]

    @pproperty
    def part(self):
        return Tied(pinputs(self).part, width=self.width)

    @pproperty
    def parts(self):
        return [Tied(one, width=self.width) for one in pinputs(self).parts]


def test_what_only_a_property_gave_is_not_shown_as_set():
    """Also where the part that it made was given to it again, as a base or as it is."""
    first = Tying(width=8, part=Tied(width=1, depth=2), parts=[])
    again = Tying(first, part=Tied(first.part, depth=3))
    wider = Tying(again, width=9, part=first.part)
    assert [str(change) for change in pdiff(again, wider)] == [
        "width: 8 -> 9",
        "part.depth: 3 -> 2",
        "part.width: 8 -> 9",
    ]
    assert [str(change.path) for change in pdiff(again, wider).inputs] == ["width", "part.depth"]
    # What somebody has set without effect is a difference of what was set all the same.
    assert [str(change) for change in pdiff(first, again)] == [
        "part.width: 1 -> 8",
        "part.depth: 2 -> 3",
    ]


def test_an_item_that_a_property_completes_came_once():
    first = Tying(width=8, part=Tied(width=8, depth=2), parts=[Tied(width=8, depth=1)])
    more = Tying(first, parts=[*first.parts, Tied(width=1, depth=4)])
    assert told(first, more) == [("added", "parts[1]")]
    assert pdiff(first, more)[0].is_input
    assert told(more, first) == [("removed", "parts[1]")]


@pconfig
class Layer:
    width: int
    inputs: Pinned[int]


@pconfig
class Plain:
    width: int
    inputs: int


pdefaults += Layer(width=1, inputs=Pinned)
pdefaults += Plain(width=1, inputs=0)


def chained(layer_class):
    """A class whose layers each know the width of the one before."""

    @pconfig
    class Stack:
        layers: list[layer_class]
        widths: Pinned[list[int]]

        @pproperty(fixup=True)
        def layers(self):
            found, width = [], 4
            for layer in pinputs(self).layers:
                found.append(
                    layer_class(layer, inputs=Pin(width) if layer_class is Layer else width)
                )
                width = layer.width
            return found

        @pproperty
        def widths(self):
            return [layer.inputs for layer in self.layers]

    return Stack


@pytest.mark.parametrize("layer_class", [Layer, Plain])
def test_an_insertion_into_a_tied_list_is_one_insertion(layer_class):
    def layer(width):
        return layer_class(width=width)

    before = chained(layer_class)(layers=[layer(32), layer(16)])
    for after in (
        type(before)(before, layers=[layer(64), *before.layers]),
        type(before)(before, layers=[layer(64), layer(32), layer(16)]),
    ):
        changes = pdiff(before, after)
        assert [(c.kind, str(c.path), str(c.path_before)) for c in changes] == [
            ("added", "layers[0]", "layers[0]"),
            ("changed", "layers[1].inputs", "layers[0].inputs"),
            ("added", "widths[1]", "widths[1]"),
        ]
        assert [str(change.path) for change in changes.inputs] == ["layers[0]"]
        assert list(map(str, changes[1].causes)) == ["layers[0]"]
        assert list(map(str, changes[2].causes)) == ["layers[0]"]


def test_a_pin_that_comes_with_a_class_was_not_set():
    """It follows, and is shown once."""

    @pconfig
    class Bare:
        width: int

    @pconfig
    class Holder:
        part: object
        scale: int

        @pproperty(fixup=True)
        def part(self):
            given = pinputs(self).part
            return Layer(given, inputs=Pin(self.scale)) if isinstance(given, Layer) else given

    changes = pdiff(
        Holder(part=Bare(width=1), scale=3), Holder(part=Layer(width=1, inputs=Pinned), scale=3)
    )
    assert [(c.kind, str(c.path), c.is_input) for c in changes] == [
        ("class", "part", True),
        ("added", "part.inputs", False),
    ]


def test_a_part_that_comes_or_goes_is_shown_once():
    @pconfig
    class Holder:
        part: Layer | None
        scale: int

        @pproperty(fixup=True)
        def part(self):
            given = pinputs(self).part
            return given and Layer(given, inputs=Pin(self.scale))

    without, with_part = Holder(part=None, scale=3), Holder(part=Layer(width=1), scale=3)
    for before, after in ((without, with_part), (with_part, without)):
        (change,) = pdiff(before, after)
        assert (change.kind, str(change.path), change.is_input) == ("changed", "part", True)


def test_a_secret_is_one_value_whose_inside_is_not_shown():
    @pconfig
    class Login:
        password: str

    @pconfig
    class Keeper:
        login: Secret[Login]
        keys: Secret[dict[str, str]]

    before = Keeper(login=Login(password="hunter2"), keys={"hunter2": "a"})
    after = Keeper(login=Login(password="other"), keys={"hunter3": "a"})
    changes = pdiff(before, after)
    assert [(c.kind, str(c.path)) for c in changes] == [("changed", "login"), ("changed", "keys")]
    assert "hunter" not in f"{changes} {changes!r} {[(c.before, c.after) for c in changes]}"


def test_causes_do_not_go_by_the_names_of_fields():
    @pconfig
    class Pair:
        x: Tied
        y: Tied

    @pconfig
    class Whole:
        pair: Pair

        @pproperty
        def width(self):
            return self.pair.x.width

    def whole(x, y):
        return Whole(pair=Pair(x=Tied(width=x, depth=1), y=Tied(width=y, depth=1)))

    change = pdiff(whole(1, 2), whole(3, 4)).derived[0]
    assert (str(change.path), list(map(str, change.causes))) == ("width", ["pair.x.width"])


def test_properties_are_evaluated_again_only_where_causes_are_asked_for():
    calls = []

    @pconfig
    class Counted:
        part: Tied

        @pproperty
        def value(self):
            calls.append(1)
            return self.part.width

    before, after = (Counted(part=Tied(width=n, depth=1)) for n in (1, 2))
    calls.clear()
    changes = pdiff(before, after)
    assert calls == []
    assert list(map(str, changes.derived[0].causes)) == ["part.width"]
    assert len(calls) == 2
    assert changes.derived[0].causes
    assert len(calls) == 2


def test_a_change_in_words_shows_what_differs():
    @pconfig
    class Holder:
        value: object

    def words(one, other):
        return str(pdiff(Holder(value=one), Holder(value=other)))

    long = "x" * 300
    text = words(f"{long}a{long}", f"{long}b{long}")
    assert "a" in text.split(" -> ")[0].removeprefix("value")
    assert "b" in text.split(" -> ")[1]
    assert len(text) < 140
    tied = Tied(width=1, depth=1)
    assert words(None, {"k": tied}) == "value: None -> {'k': Tied(...)}"
    assert str(pdiff(Holder(value=1), tied)).splitlines()[0].endswith("Holder -> Tied")


def test_values_are_reported_as_code_the_same_in_every_process():
    """No addresses of functions, and no order of sets that hashes decide."""
    values = {
        len: "builtins.len",
        Path("a b"): 'Path("a b")',
        Side.left: "Side.left",
        frozenset(): "frozenset()",
        frozenset({10, 9, -1}): "frozenset({-1, 9, 10})",
        (Side.left, print): "(Side.left, builtins.print)",
        frozenset({"b", "a"}): 'frozenset({"a", "b"})',
        Rights(3): "Rights.read | Rights.write",
        Rights(0): "Rights(0)",
        str.join: "builtins.str.join",
    }
    assert {value: words(value) for value in values} == values


def test_lists_of_numbers_and_of_arrays_are_compared():
    numpy = pytest.importorskip("numpy")
    one, other = [1.5, 2.5], [numpy.array([1, 2]), 2.5]
    assert told(one, other) == told(other, one) == [("changed", "[0]")]
