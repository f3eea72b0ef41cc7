"""Properties and checks as declared, and circles among them."""

from __future__ import annotations

from functools import cached_property

import pytest
from hypothesis import given, strategies as st

from pconfigs import pcheck, pinputs, pproperty
from pconfigs.errors import CycleError, DeclarationError
from pconfigs.schema.properties import (
    find_cycle,
    may_read_input,
    refuse_visible_cycle,
    visible_reads,
)


def test_a_property_knows_its_function_owner_and_dependencies():
    """With and without arguments; one dependency may be a text."""

    class Owner:
        @pproperty
        def plain(self) -> int:
            """Doc."""
            return 1

        @pproperty()
        def called(self) -> int:
            return 1

        @pproperty(deps="a", manual_deps=True, fixup=True)
        def one(self) -> int:
            return 1

        @pproperty(deps=["a", "b"])
        def two(self) -> int:
            return self.c

    assert (Owner.plain.name, Owner.plain.owner, Owner.plain.deps) == ("plain", Owner, ())
    assert Owner.plain.__doc__ == "Doc."
    assert (Owner.one.deps, Owner.one.manual_deps) == (("a",), True)
    assert (Owner.two.deps, Owner.two.manual_deps) == (("a", "b"), False)
    assert "Owner.plain" in repr(Owner.plain)
    assert type(Owner.called) is pproperty
    assert (Owner().plain, Owner().called) == (1, 1)


def test_a_property_assigned_under_another_name_has_that_name():
    """The name in the class counts."""

    def compute(self) -> int:
        return 3

    class Owner:
        renamed = pproperty(compute)

    assert Owner.renamed.name == "renamed"


@pytest.mark.parametrize("thing", [3, "name", print, type])
def test_only_functions_are_decorated(thing):
    """What has no Python code cannot be looked into."""
    with pytest.raises(DeclarationError, match="goes on a method"):
        pproperty(thing)
    with pytest.raises(DeclarationError, match="goes on a method"):
        pcheck(thing)


def test_visible_reads_are_those_of_code_and_arguments():
    """Of the known names only; with manual_deps the arguments alone."""

    class Owner:
        @pproperty(deps="d")
        def shown(self) -> int:
            return self.a + self.unknown

        @pproperty(deps="d", manual_deps=True)
        def manual(self) -> int:
            return self.a

    known = ["a", "b", "d"]
    assert visible_reads(Owner.shown, known) == {"a", "d"}
    assert visible_reads(Owner.manual, known) == {"d"}


def test_a_check_is_a_method():
    """It can be called on its object; on the class it is itself."""

    class Owner:
        @pcheck
        def right(self):
            """Doc."""
            return self

    owner = Owner()
    assert owner.right() is owner
    assert isinstance(Owner.right, pcheck)
    assert (Owner.right.name, Owner.right.__doc__) == ("right", "Doc.")


GRAPHS = st.dictionaries(
    st.integers(0, 6).map(str), st.lists(st.integers(0, 6).map(str), max_size=3), max_size=7
).map(lambda graph: {name: [n for n in found if n in graph] for name, found in graph.items()})


@given(GRAPHS)
def test_a_cycle_is_found_where_there_is_one(graph):
    """It is a walk along edges that ends where it began; without one, names can be sorted."""
    cycle = find_cycle(graph)
    if cycle is None:
        done = set()
        while len(done) < len(graph):
            ready = [n for n in graph if n not in done and done.issuperset(graph[n])]
            assert ready
            done.update(ready)
    else:
        assert cycle[0] == cycle[-1]
        assert len(cycle) > 1
        assert all(after in graph[before] for before, after in zip(cycle, cycle[1:]))
        assert len(set(cycle)) == len(cycle) - 1


def test_long_chains_are_no_trouble():
    """Neither for finding nor for not finding a cycle."""
    graph = {str(n): [str(n + 1)] for n in range(20_000)}
    graph["20000"] = []
    assert find_cycle(graph) is None
    graph["20000"] = ["19999"]
    assert find_cycle(graph) == ["19999", "20000", "19999"]


def test_names_that_only_look_like_reads_make_no_cycle():
    """A first look at names overstates; what each is read from decides."""

    class Owner:
        @pproperty
        def a(self) -> int:
            return self.x.b

        @pproperty
        def b(self) -> int:
            return self.a

    properties = {"a": Owner.a, "b": Owner.b}
    refuse_visible_cycle(Owner, properties)

    class Circle:
        @pproperty
        def a(self) -> int:
            return self.b

        @pproperty
        def b(self) -> int:
            return self.a

    with pytest.raises(CycleError) as caught:
        refuse_visible_cycle(Circle, {"a": Circle.a, "b": Circle.b})
    assert caught.value.names == ("a", "b", "a")
    assert caught.value.config_class is Circle


class Reader:
    other = 3

    def direct(self):
        return pinputs(self).x

    def through(self):
        return self.direct() + self.loop()

    def loop(self):
        return self.through() if self.other else 0

    def of_another_field(self):
        return pinputs(self).y

    def handed_on(self):
        return str(self)

    @property
    def attribute(self):
        return self.direct()

    def through_attribute(self):
        return self.attribute

    def through_a_descriptor(self):
        return self.unknown

    def plain(self):
        return self.other + len(self.name)

    @cached_property
    def unknown(self):
        return 1


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("direct", True),
        ("through", True),
        ("loop", True),
        ("of_another_field", False),
        ("handed_on", True),
        ("through_attribute", True),
        ("through_a_descriptor", True),
        ("plain", False),
    ],
)
def test_methods_that_read_an_input_are_followed(name, may):
    """What cannot be looked into may read it."""
    assert may_read_input(Reader, vars(Reader)[name], "x") is may
