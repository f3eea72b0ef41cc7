"""Work is counted, not timed: what an operation computes, checks and builds, and what it leaves."""

import copy
import pickle
from typing import Any

import pytest

from pconfigs import (
    pbroadcast,
    pcheck,
    pconfig,
    pdefaults,
    pdiff,
    pdump,
    pfingerprint,
    pinputs,
    pload,
    pproperty,
    pset,
)  # fmt: skip
from pconfigs.pinnable import Pinned, psetter

TURNS = 20  # more than it takes until a class gets an initializer of its own
WIDTH = 3

counts: dict[str, int] = {}


def count(event: str) -> None:
    counts[event] = counts.get(event, 0) + 1


def counted(operation: Any) -> dict[str, int]:
    """What happened during an operation, how often."""
    counts.clear()
    operation()
    return dict(counts)


class Watching(type):
    """Classes that count how often a value is tested for being one of theirs."""

    def __instancecheck__(cls, instance: object) -> bool:
        count("type checks")
        return super().__instancecheck__(instance)


class Watched(metaclass=Watching):
    """A value that counts when it is compared or hashed; what is held are objects of `Kind`."""

    def __eq__(self, other: object) -> bool:
        count("comparisons")
        return type(self) is type(other)

    def __hash__(self) -> int:
        count("hashes")
        return 1


class Kind(Watched):
    """Not the very type of the field, so that fitting values have to be asked for theirs."""


@pconfig
class Leaf:
    items: list[Watched]
    kind: Watched
    x: int
    twice: Pinned[int]

    @pproperty
    def twice(self) -> int:
        count("Leaf.twice")
        return self.x * 2

    @pcheck
    def is_built(self) -> None:
        count("Leaf built")


@pconfig
class Branch:
    left: Leaf
    right: Leaf
    sum: Pinned[int]

    @pproperty
    def sum(self) -> int:
        count("Branch.sum")
        return self.left.x + self.right.x

    @pcheck
    def is_built(self) -> None:
        count("Branch built")


@pconfig
class Root:
    branches: list[Branch]
    main: Branch
    steps: int
    total: Pinned[int]

    @pproperty
    def total(self) -> int:
        count("Root.total")
        return self.steps * self.main.sum

    @pcheck
    def is_built(self) -> None:
        count("Root built")


@pconfig
class Plain:
    kind: Watched
    x: int


@pconfig
class Tied:
    width: int
    child: Plain | None

    @pproperty
    def child(self) -> Plain | None:
        count("Tied.child")
        given = pinputs(self).child
        return None if given is None else Plain(given, x=self.width)


@pconfig
class Counted:
    x: int
    twice: Pinned[int]

    @pproperty
    def twice(self) -> int:
        count("Counted.twice")
        return self.x * 2


def leaf(x: int) -> Leaf:
    return Leaf(items=[Kind(), Kind()], kind=Kind(), x=x)


@pconfig
class Falling:
    part: Leaf
    kind: Watched
    n: int


pdefaults += Falling(part=leaf(1), kind=Kind(), n=1)


def root() -> Root:
    branches = [Branch(left=leaf(n), right=leaf(n + 1)) for n in range(WIDTH)]
    return Root(branches=branches, main=Branch(left=leaf(8), right=leaf(9)), steps=2)


def test_building_computes_and_checks_everything_once():
    """Each property runs once, each value is checked once, each config is built once."""
    configs = WIDTH + 1
    for _ in range(TURNS):
        happened = counted(root)
        # A list is looked at as a whole: three values a leaf.
        assert happened == {
            "type checks": 2 * configs * 3,
            "Leaf.twice": 2 * configs,
            "Leaf built": 2 * configs,
            "Branch.sum": configs,
            "Branch built": configs,
            "Root.total": 1,
            "Root built": 1,
        }


def test_inheriting_leaves_the_parts_alone():
    """A variant computes and checks itself; its parts are those of the base."""
    base = root()
    for turn in range(TURNS):
        made: list[Root] = []
        happened = counted(lambda turn=turn, made=made: made.append(Root(base, steps=100 + turn)))
        assert happened == {"Root.total": 1, "Root built": 1}
        assert made[0].main is base.main
        assert made[0].branches is base.branches


def test_what_has_not_changed_is_not_computed_again():
    """A property keeps the value of the base where all that it read is the same."""
    base = root()
    for turn in range(TURNS):
        assert "Root.total" not in counted(lambda turn=turn: Root(base, branches=[])) or turn < 12
        happened = counted(lambda turn=turn: Root(base, main=base.main, steps=base.steps))
        assert happened == {"Root built": 1} or turn < 12


def test_inheriting_checks_only_what_is_given():
    """One value of several is checked, where one is given."""
    base = leaf(1)
    for turn in range(TURNS):
        assert counted(lambda turn=turn: Leaf(base, x=100 + turn)) == {
            "Leaf.twice": 1,
            "Leaf built": 1,
        }
        assert counted(lambda: Leaf(base, kind=Kind()))["type checks"] == 1


def by_pset(config: Root, x: int) -> Root:
    return pset(config, {"main.left.x": x})


def by_psetter(config: Root, x: int) -> Root:
    draft = psetter(config)
    draft.main.left.x = x
    return psetter(construct=draft)


def by_hand(config: Root, x: int) -> Root:
    return Root(config, main=Branch(config.main, left=Leaf(config.main.left, x=x)))


@pytest.mark.parametrize("change", [by_pset, by_psetter, by_hand])
def test_a_deep_change_rebuilds_the_way_to_it(change):
    """The configs from the leaf up are built and computed once; their siblings are shared."""
    base = root()
    for turn in range(TURNS):
        made: list[Root] = []
        happened = counted(lambda turn=turn, made=made: made.append(change(base, 100 + turn)))
        assert happened == {
            "Leaf.twice": 1, "Leaf built": 1,
            "Branch.sum": 1, "Branch built": 1,
            "Root.total": 1, "Root built": 1,
        }  # fmt: skip
        changed = made[0]
        assert changed.total == 2 * (100 + turn + 9)
        assert changed.branches is base.branches
        assert changed.main.right is base.main.right
        assert changed.main.left.items is base.main.left.items


def test_several_changes_rebuild_each_config_once():
    """Two leaves of a branch in one call: the branch and the root are built once."""
    base = root()
    happened = counted(lambda: pset(base, {"main.left.x": 5, "main.right.x": 6, "steps": 3}))
    assert happened == {
        "Leaf.twice": 2, "Leaf built": 2,
        "Branch.sum": 1, "Branch built": 1,
        "Root.total": 1, "Root built": 1,
    }  # fmt: skip


def test_a_broadcast_rebuilds_only_what_changes():
    """Setting a field of the root leaves everything below it as it is."""
    base = root()
    made: list[Root] = []
    assert counted(lambda: made.append(pbroadcast(base, steps=9))) == {
        "Root.total": 1,
        "Root built": 1,
    }
    assert made[0].main is base.main
    assert made[0].branches is base.branches


def test_a_tie_rebuilds_what_it_ties_and_checks_nothing_again():
    """A property that passes its width on makes one config, of values that were checked before."""
    base = Tied(width=1, child=Plain(kind=Kind(), x=0))
    for turn in range(TURNS):
        assert counted(lambda turn=turn: Tied(base, width=100 + turn)) == {"Tied.child": 1}


def test_a_default_is_shared():
    """What a class falls back on is neither built nor checked again."""
    given = pdefaults(Falling)
    for turn in range(TURNS):
        made: list[Falling] = []
        assert counted(lambda turn=turn, made=made: made.append(Falling(n=turn))) == {}
        assert made[0].part is given.part


def test_a_diff_computes_nothing_and_passes_over_what_is_shared():
    """No property runs, nothing is checked, and no value of a shared part is compared."""
    base = root()
    variant = by_hand(base, 50)
    found: list[Any] = []
    assert counted(lambda: found.extend(pdiff(base, variant))) == {}
    assert [str(change.path) for change in found] == [
        "main.left.x", "main.left.twice", "main.sum", "total",
    ]  # fmt: skip


def test_equality_of_variants_passes_over_what_is_shared():
    """Two configs with the same parts are compared without looking into those."""
    base = root()
    one, other = Root(base, steps=7), Root(base, steps=7)
    assert counted(lambda: one == other) == {}


def test_a_hash_is_computed_once():
    """A hash is kept, for parts too; a variant hashes only what is new."""
    base = root()
    values = 2 * (WIDTH + 1) * 3
    once = {"hashes": values, "comparisons": values}  # with itself: a nan of any type has one hash
    assert counted(lambda: hash(base)) == once
    assert counted(lambda: hash(base)) == {}
    assert counted(lambda: hash(Root(base, steps=7))) == {"Root.total": 1, "Root built": 1}


@pytest.mark.parametrize(
    "read", [repr, str, pfingerprint, pickle.dumps, copy.copy, copy.deepcopy, pdump]
)
def test_reading_computes_nothing(read):
    """Printing, saving, copying and their kind take the values as they are."""
    config = Counted(x=3)
    assert counted(lambda: read(config)) == {}


def test_loading_computes_each_property_once():
    """A loaded config is built like any other, also where saved values are compared."""
    data = pdump(Counted(x=3))
    assert counted(lambda: pload(data, Counted)) == {"Counted.twice": 1}


def test_unpickling_computes_nothing():
    """What was pickled comes back with the values it had."""
    text = pickle.dumps(Counted(x=3))
    assert counted(lambda: pickle.loads(text)) == {}


def test_reads_are_plain_attribute_reads():
    """No property object is between a read and its value."""
    config = Counted(x=3)
    assert counted(lambda: [config.twice for _ in range(TURNS)]) == {}
    assert "twice" not in vars(Counted)
    assert not hasattr(Counted, "__getattr__")
    assert Counted.__getattribute__ is object.__getattribute__
