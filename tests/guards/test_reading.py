"""Reading what depends on what is linear in what it touches: Python calls are counted."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pconfigs import (
    Pin,
    Pinned,
    pconfig,
    pdefaults,
    pdiff,
    pexplain,
    pinputs,
    plabel,
    pproperty,
    pset,
)
from pconfigs.declare.pconfig import BUILDS_BEFORE_COMPILING
from pconfigs.reports.graph import graph_of
from pconfigs.reports.overview import overview_lines


@pconfig
class Block:
    width: int
    seed: Pinned[int]

    @pproperty
    def area(self) -> int:
        return self.width * self.seed


@pconfig
class Net:
    blocks: list[Block]
    seed: int

    @pproperty(fixup=True)
    def blocks(self) -> list[Block]:
        return [Block(block, seed=Pin(self.seed)) for block in pinputs(self).blocks]

    @pproperty
    def total(self) -> int:
        return sum(block.area for block in self.blocks)


@pconfig
class Link:
    own: int
    before: Any

    @pproperty
    def total(self) -> int:
        return self.own + (self.before.total if self.before else 0)


def net(count: int) -> Net:
    return Net(blocks=[Block(width=n, seed=Pinned) for n in range(count)], seed=1)


def links(count: int, first: int = 0) -> Any:
    link = None
    for number in range(count):
        link = Link(own=number or first, before=link)
    return link


def wide(count: int) -> Any:
    """A config of one input that every property reads."""
    body: dict[str, Any] = {"__annotations__": {"x": int}}
    for number in range(count):

        def read(self: Any) -> int:
            return self.x

        read.__name__ = f"p{number}"
        body[read.__name__] = pproperty(read)
    return pconfig(type("Wide", (), body))(x=1)


def tied(count: int) -> Any:
    """A chain of parts in parts, each with the seed of the one around it; a class for each."""
    below: Any = None
    for level in range(count, -1, -1):
        annotations = {"f": int, "seed": Pinned[int] if level else int}
        body: dict[str, Any] = {"__annotations__": annotations}
        given: dict[str, Any] = {"f": 1, "seed": Pinned if level else 1}
        if below is not None:

            def part(self: Any) -> Any:
                own = pinputs(self).part
                return type(own)(own, seed=Pin(self.seed))

            annotations["part"] = below
            body["part"] = pproperty(part)
            given["part"] = below()
        below = pconfig(type(f"Level{level}", (), body))
        globals()["pdefaults"] = pdefaults
        pdefaults.__iadd__(below(**given))
    return below


def two(first: Any, second: Any) -> Callable[[], Any]:
    return lambda: [(str(change), change.causes) for change in pdiff(first, second)]


# What is done with a tree of some size.
WIDTHS: dict[str, Callable[[int], Callable[[], Any]]] = {
    "explain a value that all parts follow": lambda n: one(net(n), lambda c: pexplain(c, "seed")),
    "explain a value that reads all parts": lambda n: one(net(n), lambda c: pexplain(c, "total")),
    "explain a value that all properties read": lambda n: one(wide(n), lambda c: pexplain(c, "x")),
    "diff, all parts follow": lambda n: two(net(n), Net(net(n), seed=3)),
    "diff, one part apart": lambda n: two(net(n), pset(net(n), {"blocks[3].width": 77})),
    "label": lambda n: one(Net(net(n), seed=3), plabel),
    "set a value of each part": lambda n: one(
        net(n), lambda c: pset(c, {f"blocks[{i}].width": 7 for i in range(n)})
    ),
    "overview": lambda n: one(net(n), overview_lines),
    "graph": lambda n: one(net(n), graph_of),
}
DEPTHS: dict[str, Callable[[int], Callable[[], Any]]] = {
    "explain along ties": lambda n: one(tied(n)(seed=9), lambda c: pexplain(c, "seed")),
    "diff along ties": lambda n: two((top := tied(n))(), top(seed=9)),
    "label along ties": lambda n: one(tied(n)(seed=9), plabel),
    "explain along links": lambda n: one(
        links(n), lambda c: pexplain(c, "before." * (n - 1) + "own")
    ),
    "diff along links": lambda n: two(links(n), links(n, first=5)),
    "overview along ties": lambda n: one(tied(n)(seed=9), overview_lines),
    "graph along ties": lambda n: one(tied(n)(seed=9), graph_of),
}


def one(config: Any, read: Callable[[Any], Any]) -> Callable[[], Any]:
    return lambda: str(read(config))


def calls(operation: Callable[[], Any]) -> int:
    """How many Python functions an operation calls, once everything is known of its classes."""
    operation()
    counted = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal counted
        counted += event == "call"

    gc.collect()
    gc.disable()  # what earlier tests left may call back when it is collected
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        operation()
    finally:
        sys.setprofile(before)
        gc.enable()
    return counted


@pytest.mark.parametrize(
    ("make", "sizes"),
    [
        *(pytest.param(make, (40, 80, 160), id=name) for name, make in WIDTHS.items()),
        *(pytest.param(make, (20, 40, 80), id=name) for name, make in DEPTHS.items()),
    ],
)
def test_calls_grow_no_faster_than_the_tree(make, sizes):
    """Twice the parts take twice the calls that the first ones took."""
    for _ in range(BUILDS_BEFORE_COMPILING):  # no class is compiled between two sizes
        make(4)
    first, second, third = (calls(make(size)) for size in sizes)
    assert third - second <= 2.3 * (second - first)
