"""The first use of a class by many threads is safe, with and without the GIL."""

from __future__ import annotations

import copy
import pickle
import sys
import threading
import types
from functools import partial

from pconfigs import pdiff, pdump, pexplain, pfingerprint, pflat, pload, poverride
from pconfigs.provenance.locations import Location
from tests.threads import run_at_once

FIELDS = "\n".join(f"    f{i}: int | list[int]" for i in range(20))
PROPERTIES = "\n".join(f"    @pproperty\n    def p{i}(self) -> int: return {i}" for i in range(10))
SOURCE = f"""
from __future__ import annotations
from enum import Enum
from pconfigs import PConfig, Pinned, Secret, pconfig, pproperty
class Kind(Enum):
    A = 1
    B = 2
def scale(by, offset=1):
    return by + offset
@pconfig(calls=scale)
class Scale:
    by: int
@pconfig
class Base(PConfig):
{FIELDS}
{PROPERTIES}
@pconfig
class Derived(Base):
    part: Part | None
    parts: list[Part]
    kind: Kind
    key: Secret[str]
    width: Pinned[int]
    @pproperty
    def width(self) -> int: return self.part.size + self.f1
@pconfig
class Part(PConfig):
    size: int
"""
VALUES = {f"f{i}": i for i in range(20)}


def test_many_threads_may_use_a_class_for_the_first_time(monkeypatch):
    for number in range(30):
        assert use_in_threads(number, monkeypatch) == []


class Uses:
    """Ways to use the classes of a module, each as one of the first."""

    def __init__(self, module: types.ModuleType) -> None:
        self.module = module
        self.lock = threading.Lock()
        self.shared = None

    def made(self):
        part = self.module.Part
        return self.module.Derived(
            part=part(size=1),
            parts=[part(size=n) for n in range(3)],
            kind=self.module.Kind.A,
            key="planted-secret",
            **VALUES,
        )

    def one(self):
        """Return the config that all threads share."""
        with self.lock:
            self.shared = self.shared or self.made()
        return self.shared

    def build(self) -> None:
        derived = self.made()
        assert (derived.f3, derived.p4, derived.part.size, derived.width) == (3, 4, 1, 2)
        assert derived == self.module.Derived(derived)
        assert hash(derived) == hash(self.module.Derived(derived))

    def save(self) -> None:
        base = self.module.Base(**VALUES)
        assert pload(pdump(base), self.module.Base) == base
        assert "p4=4" in repr(base)

    def show(self) -> None:
        config = self.one()
        assert "p4=4" in repr(config)
        assert "planted" not in repr(config) + config._repr_html_()

    def report(self) -> None:
        config = self.one()
        assert "part.size" in str(pexplain(config, "width"))
        assert "f1" in str(pdiff(config, self.module.Derived(config, f1=7)))

    def vary(self) -> None:
        variant = poverride(self.one(), ["f1=5", "part.size=9", "kind=B"])
        assert (variant.width, pflat(variant)["part.size"]) == (14, 9)

    def identify(self) -> None:
        assert pfingerprint(self.one()) == pfingerprint(self.made())

    def travel(self) -> None:
        assert pickle.loads(pickle.dumps(self.one())).width == 2
        assert copy.deepcopy(self.one()) == self.made()

    def call(self) -> None:
        assert self.module.Scale(by=2)() == 3


WAYS = ("build", "save", "show", "report", "vary", "identify", "travel", "call")


def use_in_threads(number: int, monkeypatch) -> list[str]:
    """Define classes, and use them at once in many threads; return what went wrong."""
    module = types.ModuleType(f"threaded_{number}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(SOURCE, vars(module))
    uses = Uses(module)
    ways = (*WAYS, "build", "save")
    start = threading.Barrier(len(ways))
    errors: list[str] = []

    def run(way: str) -> None:
        start.wait()
        try:
            getattr(uses, way)()
        except Exception as error:
            errors.append(f"{way}: {type(error).__name__}: {error}")

    run_at_once([partial(run, way) for way in ways])
    return errors


def test_places_of_calls_are_right_in_many_threads():
    found: list[int] = []

    def look(line: int) -> None:
        code = compile("\n" * (line - 1) + "f()\n" * line, f"<{line} lines>", "exec")
        first = next(start for start, _, number in code.co_lines() if number == line)
        for _ in range(1000):
            found.append(Location.of_call(code, first).line - line)

    run_at_once([partial(look, line) for line in range(2, 10)])
    assert found == [0] * 8 * 1000
