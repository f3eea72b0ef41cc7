"""Exact reads: what the code of a property read, on any object and in any function."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from pconfigs import (
    Pinned,
    Required,
    pconfig,
    pdiff,
    pexplain,
    pinputs,
    pproperty,
    pset,
    pwalk,
)
from pconfigs.reports.diff import change_data, change_lines
from pconfigs.reports.dot import to_dot
from pconfigs.reports.graph import graph_of
from pconfigs.reports.help import help_lines
from pconfigs.reports.html import to_page
from pconfigs.reports.mermaid import to_mermaid
from pconfigs.reports.overview import overview_lines
from pconfigs.tree.dependents import Dependents, feeds
from pconfigs.tree.paths import ROOT
from pconfigs.tree.property_reads import property_reads
from pconfigs.tree.unused import unused
from tests.examples import examples


@pconfig
class Part:
    a: int
    b: int

    def total(self) -> int:
        return self.a + self.b

    def twice(self) -> int:
        return self.a * 2


@pconfig
class Pair:
    x: Part
    y: Part


def read_b(part: Part) -> int:
    return part.b


@pconfig
class Whole:
    pair: Pair
    many: list[Part]
    by_name: dict[str, Part]
    seed: int

    @pproperty
    def direct(self) -> int:
        return self.pair.x.a

    @pproperty
    def through_method(self) -> int:
        return self.pair.x.twice()

    @pproperty
    def through_function(self) -> int:
        return read_b(self.pair.y)

    @pproperty
    def by_text(self) -> int:
        return getattr(getattr(self, "pair"), "x").b  # noqa: B009

    @pproperty
    def count(self) -> int:
        return len(self.many)

    @pproperty
    def summed(self) -> int:
        return sum(part.b for part in self.many)

    @pproperty
    def selected(self) -> list[Part]:
        return [self.pair.x, *self.many[:1]]

    @pproperty
    def compared(self) -> bool:
        return self.pair.x == self.pair.y

    @pproperty
    def hashed(self) -> int:
        return hash(self.by_name["k"]) % 7

    @pproperty
    def closure(self) -> Any:
        part = self.pair.y
        return lambda: part.a

    @pproperty
    def rebuilt(self) -> int:
        return Part(self.pair.y, a=1).b

    @pproperty
    def kind(self) -> bool:
        return isinstance(self.pair.x, Part)


SHARED = Part(a=1, b=2)
WHOLE = Whole(pair=Pair(x=SHARED, y=SHARED), many=[SHARED, SHARED], by_name={"k": SHARED}, seed=7)


def reads(config, name):
    return [str(path) for path in property_reads(config, name).values.paths(ROOT)]


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("direct", ["pair.x.a"]),
        ("through_method", ["pair.x.a"]),
        ("through_function", ["pair.y.b"]),
        ("by_text", ["pair.x.b"]),
        ("count", ["many"]),
        ("summed", ["many[0].b", "many[1].b"]),
        ("selected", ["pair.x", "many[0]"]),
        ("compared", ["pair.x.a", "pair.x.b", "pair.y.a", "pair.y.b"]),
        ("hashed", ["by_name['k'].a", "by_name['k'].b"]),
        ("closure", ["pair.y"]),
        ("rebuilt", ["pair.y"]),
        ("kind", ["pair.x"]),
    ],
)
def test_reads_are_those_of_the_path_that_was_taken(name, paths):
    """Also where one object is at several paths."""
    assert reads(WHOLE, name) == paths
    assert "__getattribute__" not in {**vars(Part), **vars(Pair), **vars(Whole)}


def test_names_alone_make_no_dependency():
    """A field of the same name elsewhere feeds nothing; methods and functions are followed."""
    found = {str(feed.path) for feed in feeds(WHOLE, "pair.y.a")}
    assert found == {"compared", "closure", "rebuilt"}
    assert "through_method" in [str(feed.path) for feed in feeds(WHOLE, "pair.x.a")]
    assert feeds(WHOLE, "seed") == []


def test_explain_names_the_values_that_were_read():
    found = pexplain(WHOLE, "direct")
    assert [(str(read.path), read.value) for read in found.reads] == [("pair.x.a", 1)]
    assert "pair.x.a = 1" in str(found)


@settings(deadline=None, max_examples=examples(30))
@given(st.sampled_from(["pair.x.a", "pair.x.b", "pair.y.a", "pair.y.b", "many[1].b", "seed"]))
def test_what_changes_with_a_value_is_among_what_it_feeds(path):
    """And the difference names it as the cause."""
    changed = pset(WHOLE, {path: 50})
    fed = {str(feed.path) for feed in feeds(WHOLE, path)}
    derived = [c for c in pdiff(WHOLE, changed) if not c.is_input and c.property != "closure"]
    assert {str(change.property) for change in derived} <= fed
    assert all([str(cause) for cause in change.causes] == [path] for change in derived)


@pconfig
class Data:
    seed: int
    width: int

    @pproperty
    def size(self) -> int:
        return self.width * 2


@pconfig
class Run:
    data: Data
    seed: int

    @pproperty(fixup=True)
    def data(self) -> Data:
        given = pinputs(self).data
        return type(given)(given, seed=self.seed)

    @pproperty
    def steps(self) -> int:
        return self.data.size * 10


def test_a_tie_feeds_what_it_sets_and_nothing_else():
    run = Run(data=Data(seed=0, width=4), seed=2)
    assert [str(feed.path) for feed in feeds(run, "seed")] == ["data", "data.seed"]
    assert [str(feed.path) for feed in feeds(run, "data.width")] == ["data.size", "steps"]
    assert feeds(run, "data.seed") == []


def test_a_part_that_a_property_selects_depends_on_what_selected_it():
    @pconfig
    class Choice:
        options: dict[str, Part]
        name: str

        @pproperty
        def part(self) -> Part:
            return self.options[self.name]

        @pproperty
        def area(self) -> int:
            return self.part.a * 2

    config = Choice(options={"s": Part(a=1, b=1), "l": Part(a=9, b=9)}, name="l")
    assert [str(feed.path) for feed in feeds(config, "name")] == ["part", "area"]
    assert [str(feed.path) for feed in feeds(config, "options['l'].a")] == ["part", "area"]
    assert feeds(config, "options['s'].a") == []


def test_settings_that_matter_only_through_methods_are_used():
    @pconfig
    class Job:
        part: Part
        unread: Part

        @pproperty
        def twice(self) -> int:
            return self.part.total()

    job = Job(part=Part(a=3, b=5), unread=Part(a=1, b=1))
    found = [str(one.path) for one in unused(job, {"twice"})]
    assert found == ["unread", "unread.a", "unread.b"]


def test_an_input_that_its_property_reads_is_used():
    @pconfig
    class Net:
        part: Part

        @pproperty(fixup=True)
        def part(self) -> Part:
            given = pinputs(self).part
            return Part(given, b=given.b * 2, a=0)

    found = [(str(one.path), one.reason) for one in unused(Net(part=Part(a=1, b=2)))]
    assert found == [("part.a", "overwritten")]


def test_settings_in_lists_that_a_property_replaces_are_found():
    @pconfig
    class Net:
        parts: list[Part]

        @pproperty(fixup=True)
        def parts(self) -> list[Part]:
            return [Part(part, b=7) for part in pinputs(self).parts]

    found = [(str(one.path), one.reason) for one in unused(Net(parts=[Part(a=1, b=2)]))]
    assert found == [("parts[0].b", "overwritten")]


def test_a_property_that_cannot_be_evaluated_again_read_what_was_recorded():
    calls = []

    @pconfig
    class Once:
        part: Part

        @pproperty
        def value(self) -> int:
            calls.append(1)
            if len(calls) > 1:
                raise RuntimeError("once only")
            return self.part.a

    config = Once(part=Part(a=1, b=2))
    failure = property_reads(config, "value").failure
    assert str(failure).startswith("evaluating it again raised RuntimeError at ")
    assert "once only" not in str(failure), "a message may quote a secret"
    assert reads(config, "value") == ["part"]
    assert [(str(feed.path), feed.exact) for feed in feeds(config, "part.b")] == [("value", False)]
    assert "perhaps" in str(pexplain(config, "part.b"))


class Broken:
    now = False


@pconfig
class Stale:
    part: Part
    limit: int
    size: int

    @pproperty
    def part(self) -> Part:
        if Broken.now:
            raise RuntimeError("broken")
        return Part(pinputs(self).part, a=self.limit)

    @pproperty
    def limit(self) -> int:
        if Broken.now:
            raise RuntimeError("broken")
        return max(pinputs(self).limit, 3)

    @pproperty
    def size(self) -> int:
        return 5

    @pproperty
    def value(self) -> int:
        if Broken.now:
            raise RuntimeError("broken")
        return self.part.b

    @pproperty
    def more(self) -> int:
        return self.value + 1


@pytest.fixture
def broken(monkeypatch):
    """A config and a variant of it, whose properties raise by now."""
    config = Stale(part=Part(a=1, b=2), limit=4, size=6)
    other = Stale(config, part=Part(a=1, b=3))
    monkeypatch.setattr(Broken, "now", True)
    return config, other


def test_every_report_names_what_is_not_exact(broken):
    config, other = broken
    found = pexplain(config, "value")
    assert "not exact  evaluating it again raised RuntimeError at " in str(found)
    assert not found.to_json()["reads_exact"]
    assert pexplain(config, "more").to_json()["reads_exact"]
    assert "perhaps from part" in "\n".join(overview_lines(config))
    assert "From, perhaps, part." in "\n".join(help_lines(config, "x"))
    assert "\u2190 perhaps" in to_page(config, "x")
    graph = graph_of(config)
    assert {str(path) for path in graph.inexact} == {"limit", "value"}
    nodes = to_mermaid(graph)
    assert " -.-> " in nodes
    assert " --> " in nodes
    assert "style=dotted" in to_dot(graph)
    lines = change_lines(pdiff(config, other))
    assert [line.split("(")[-1] for line in lines if line.startswith(("  value", "  more"))] == [
        "perhaps from part.b)",
        "perhaps from part.b)",
    ]
    assert [one["from_exact"] for one in change_data(pdiff(config, other))] == [True, False, False]


def test_a_setting_is_not_called_unused_where_that_is_not_known(broken):
    found = {str(one.path): one.reason for one in unused(broken[0])}
    assert found == {"part.a": "unknown", "limit": "unknown", "size": "overwritten"}
    Broken.now = False
    found = {str(one.path): one.reason for one in unused(broken[0])}
    assert found == {"part.a": "overwritten", "size": "overwritten"}


def test_reads_up_to_an_open_value_count():
    @pconfig
    class Waits:
        part: Part

        @pproperty
        def value(self) -> int:
            return self.part.a + self.part.b

    config = Waits(part=Part(a=1, b=Required))
    assert config.value is Pinned
    assert reads(config, "value") == ["part.a", "part.b"]


def test_other_threads_read_as_ever():
    """Hooks are on classes for a while: what other threads read is neither changed nor noted."""
    done = threading.Event()
    wrong: list[Any] = []

    def read():
        while not done.is_set():
            if (SHARED.a, WHOLE.pair.x.b, type(WHOLE.pair)) != (1, 2, Pair):
                wrong.append(WHOLE.pair)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(50):
            assert reads(WHOLE, "direct") == ["pair.x.a"]
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_every_property_is_evaluated_once_for_a_whole_tree():
    calls: list[str] = []

    @pconfig
    class Counted:
        part: Part

        @pproperty
        def value(self) -> int:
            calls.append("value")
            return self.part.a

    @pconfig
    class Tree:
        items: list[Counted]

    tree = Tree(items=[Counted(part=Part(a=n, b=n)) for n in range(20)])
    calls.clear()
    dependents = Dependents(tree)
    for path, _, value in pwalk(tree):
        if isinstance(value, int):
            dependents.of(path)
    assert len(calls) == 20


def test_a_part_that_is_passed_on_as_it_was_given_does_not_depend_on_the_property():
    @pconfig
    class Net:
        part: Part
        parts: list[Part]
        reset: bool

        @pproperty(fixup=True)
        def part(self) -> Part:
            given = pinputs(self).part
            return Part(given, a=0) if self.reset else given

        @pproperty(fixup=True)
        def parts(self) -> list[Part]:
            return [Part(p, a=0) if self.reset else p for p in pinputs(self).parts]

        @pproperty
        def twice(self) -> int:
            return self.part.a * 2 + self.parts[0].a

    def reached(reset):
        part = Part(a=1, b=2)
        net = Net(part=part, parts=[Part(part, b=3)], reset=reset)
        return [str(feed.path) for feed in feeds(net, "reset")]

    assert reached(False) == ["part", "parts"]
    assert reached(True) == ["part", "part.a", "parts", "parts[0].a", "twice"]
