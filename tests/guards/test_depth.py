"""Configs and containers nest 100 deep: all works there, and one more is refused when built."""

from __future__ import annotations

import collections
import copy
import dataclasses
import pickle
from typing import Any

import pytest

from pconfigs import (
    pbroadcast,
    pconfig,
    pdefaults,
    pdiff,
    pdump,
    pexplain,
    pfingerprint,
    pget,
    pinputs,
    plabel,
    pload,
    pload_file,
    poverride,
    psave,
    pselect,
    pset,
    pwalk,
)
from pconfigs.errors import LoadError, NestingError
from pconfigs.pinnable import Pinned, pproperty, psetter
from pconfigs.reports.dot import to_dot
from pconfigs.reports.flat_listing import flat_lines
from pconfigs.reports.graph import graph_of
from pconfigs.reports.html import to_html
from pconfigs.reports.mermaid import to_mermaid
from pconfigs.reports.printed_json import to_json
from pconfigs.schema.children import depth_of

DEPTH = 100
INDENTED = DEPTH
DEEPEST = "child." * (DEPTH - 1) + "value"


@pconfig
class Node:
    value: int
    child: Node | None
    double: Pinned[int]

    @pproperty
    def double(self) -> int:
        return 2 * self.value


def nested(innermost: int = 0, depth: int = DEPTH) -> Node:
    config = None
    for level in range(depth):
        config = Node(value=level or innermost, child=config)
    assert config is not None
    return config


@pytest.fixture(scope="module")
def deep() -> Node:
    return nested()


def innermost(config: Any) -> Node:
    for _ in range(DEPTH - 1):
        config = config.child
    assert config.child is None
    return config


def test_one_more_is_refused_where_it_is_built(deep):
    """With the line that builds it, in each build, and in a list or a dict as well."""

    @pconfig
    class Holder:
        held: Any

    for held in (deep, [deep], {"a": [1, (deep,)]}):
        for _ in range(15):
            with pytest.raises(NestingError) as refused:
                Holder(held=held)
            message = "Holder must be nested at most 100 configs deep, got 101"
            assert message in str(refused.value)
            assert refused.value.place is not None
    for _ in range(15):
        with pytest.raises(NestingError, match="Node must be nested at most 100 configs deep"):
            Node(value=1, child=deep)
    assert Holder(held=deep.child).held is deep.child
    assert Node(deep, value=7).child is deep.child


@pconfig
class Part:
    n: int


@pconfig
class Longer(Part):
    node: Node | None


@pconfig
class Middle:
    part: Part


def test_depth_counts_what_properties_make_and_what_derived_classes_hold():
    """A part of a derived class may hold more than its field shows."""

    @pconfig
    class Whole:
        part: Part
        copies: Pinned[list[Part]]

        @pproperty
        def copies(self) -> list[Part]:
            return [Longer(n=1, node=nested(depth=levels[0]))]

    levels = [1]
    for _ in range(15):
        assert Whole(part=Part(n=1)).copies
        assert Whole(part=Longer(n=1, node=nested(depth=98))).part.node is not None
        with pytest.raises(NestingError, match="Whole must be nested"):
            Whole(part=Longer(n=1, node=nested(depth=99)))
    levels[0] = 99
    with pytest.raises(NestingError, match="Whole must be nested"):
        Whole(part=Part(n=1))


def test_depth_counts_what_a_part_of_the_very_class_holds():
    """Its class shows how deep it is mostly, and not how deep it is here."""

    @pconfig
    class Outer:
        middle: Middle
        n: int

    for _ in range(15):
        assert depth_of(Outer(middle=Middle(part=Part(n=1)), n=1)) == 3
        deeper = Outer(middle=Middle(part=Longer(n=1, node=nested(depth=50))), n=1)
        assert depth_of(deeper) == depth_of(Outer(deeper, n=2)) == 53


def test_depth_counts_what_comes_from_the_default():
    @pconfig
    class Defaulted:
        part: Part

    pdefaults.__iadd__(Defaulted(part=Longer(n=1, node=nested(depth=50))))
    for _ in range(15):
        assert depth_of(Defaulted()) == 52


def test_depth_does_not_count_what_a_variant_has_lost():
    """A value that a property made before is taken over without the depth of its config."""

    @pconfig
    class Whole:
        n: int
        node: Node | None
        part: Pinned[Part]

        @pproperty
        def part(self) -> Part:
            return Part(n=self.n)

    deeper = Whole(n=1, node=nested(depth=99))
    for _ in range(15):
        assert depth_of(Whole(deeper, node=None)) == 2


def test_depth_counts_what_an_edit_has_put_below_properties():
    """The part that an edit gives to a property has no depth yet when a variant is made of it."""

    @pconfig
    class Inner:
        x: int
        node: Node | None
        twice: Pinned[int]

        @pproperty
        def twice(self) -> int:
            return 2 * self.x

    @pconfig
    class Outer:
        x: int
        inner: Inner

        @pproperty
        def inner(self) -> Inner:
            return Inner(pinputs(self).inner, x=self.x)

    for n in range(15):
        outer = Outer(x=n, inner=Inner(x=1, node=nested(depth=50)))
        assert depth_of(pset(outer, {"inner.node": nested(depth=60)})) == 62


def test_pickled_configs_know_how_deep_they_are(deep):
    """A restored config counts like the one that was pickled."""
    copied = pickle.loads(pickle.dumps(deep))
    with pytest.raises(NestingError):
        Node(value=1, child=copied)


@pconfig
class Held:
    value: Any


IN_ONE_ANOTHER = {
    "lists": lambda value: [value],
    "tuples": lambda value: (value,),
    "dicts": lambda value: {"a": value},
    "deques": lambda value: collections.deque([value]),
}


def containers(kind: str, depth: int, innermost: Any = 0) -> Any:
    for _ in range(depth):
        innermost = IN_ONE_ANOTHER[kind](innermost)
    return innermost


@pytest.mark.parametrize("kind", ["lists", "tuples", "dicts"])
def test_containers_nest_as_deep_as_configs(kind, tmp_path):
    """In the deepest config, too, everything works with the value that does with others."""
    one, other = (Held(value=containers(kind, DEPTH, leaf)) for leaf in (0, 1))
    around = one
    for _ in range(DEPTH - 1):
        around = Held(value=around)
    for config in (one, around):
        assert {config: 1}[pickle.loads(pickle.dumps(config))] == 1
        assert copy.deepcopy(config) == config
        assert pfingerprint(config) != pfingerprint(other)
        assert repr(config)
        assert pload(pdump(config), Held) == config
        for suffix in ("json", "yaml"):
            file = tmp_path / f"deep.{suffix}"
            psave(config, file)
            assert config == pload_file(file, Held)
        assert pexplain(config, "value")
        assert to_html(config)
        assert flat_lines(config)
        assert plabel(config)
    assert pdiff(one, other)


@pytest.mark.parametrize("depth", [DEPTH + 1, 19_000])
@pytest.mark.parametrize("kind", IN_ONE_ANOTHER)
def test_containers_in_too_many_others_are_refused_where_they_are_given(kind, depth):
    """Lest a hash, a comparison or a file fail later, for want of recursion."""
    deep = containers(kind, depth)
    for give in (
        lambda: Held(value=deep),
        lambda: pset(Held(value=1), {"value": deep}),
        lambda: Held(value=Box(deep)),
    ):
        with pytest.raises(ValueError, match="Held.value must be a value nested at most 100 deep"):
            give()
    if depth < 150 and kind != "deques":
        data = {"value": containers(kind.replace("tuples", "lists"), depth)}
        with pytest.raises(LoadError, match="must be a value nested at most 100 deep"):
            pload(data, Held)


@dataclasses.dataclass(frozen=True)
class Box:
    inside: Any


def test_frozen_dataclasses_in_too_many_others_are_refused():
    deep = None
    for _ in range(5000):
        deep = Box(deep)
    with pytest.raises(ValueError, match="Held.value must be a value nested at most 100 deep"):
        Held(value=deep)


def test_equality_and_hash(deep):
    assert nested() == deep
    assert nested(innermost=-1) != deep
    assert hash(nested()) == hash(deep)


def test_pickling_and_copying(deep):
    assert pickle.loads(pickle.dumps(deep)) == deep
    assert copy.deepcopy(deep) is deep


def test_printing():
    config = nested(depth=INDENTED)
    for text in (repr(config), str(config)):
        assert text.count("value=") == INDENTED
    assert to_json(config).count('"value"') == INDENTED
    assert len(flat_lines(config)) == 2 * INDENTED + 1


def test_saving_and_loading(deep, tmp_path):
    data = pdump(deep)
    assert pload(data, Node) == deep
    psave(deep, tmp_path / "deep.json")
    assert pload_file(tmp_path / "deep.json", Node) == deep


def test_diff(deep):
    changes = pdiff(deep, nested(innermost=-1))
    assert [str(change.path) for change in changes] == [
        DEEPEST,
        DEEPEST.replace("value", "double"),
    ]


def test_walking(deep):
    assert sum(1 for _ in pwalk(deep)) == 3 * DEPTH + 1
    assert len(pselect(deep, Node)) == DEPTH
    assert pget(deep, DEEPEST) == 0


def test_setting(deep):
    for changed in (pset(deep, {DEEPEST: -1}), poverride(deep, [f"{DEEPEST}=-1"])):
        assert (innermost(changed).value, innermost(changed).double) == (-1, -2)
    assert innermost(pbroadcast(deep, value=7)).double == 14
    with psetter(deep) as part:
        view: Any = part
        for _ in range(DEPTH - 1):
            view = view.child
        view.value = -1
    assert innermost(part.config).double == -2


def test_explaining(deep):
    found = pexplain(deep, DEEPEST)
    assert "value=level or innermost" in str(found)
    assert "double" in str(pexplain(deep, DEEPEST.replace("value", "double")))


def test_fingerprint_and_label(deep):
    assert pfingerprint(nested()) == pfingerprint(deep) != pfingerprint(nested(innermost=-1))
    assert plabel(deep)


def test_pictures():
    config = nested(depth=INDENTED)
    graph = graph_of(config)
    for draw in (to_mermaid, to_dot):
        assert draw(graph).count("double") >= INDENTED
    assert to_html(config).count("<details") >= INDENTED
