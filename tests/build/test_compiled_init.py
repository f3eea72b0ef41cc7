"""Compiled initializers do what build() does, and take over after a while."""

from __future__ import annotations

import threading
from typing import Annotated, Any, Literal, Optional

import annotated_types as at
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pconfigs import Pin, Pinned, Required, pcheck, pconfig, pdefaults, pinputs, pproperty
from pconfigs.build import compiled_init as compiled
from pconfigs.build.construction import build_at
from pconfigs.declare import pconfig as decorators
from pconfigs.provenance.origins import chain
from pconfigs.schema.build_record import CODE, INHERITED, OPEN, RAW, reads_of, record_of
from pconfigs.schema.class_schema import schema_of
from tests.builders import NEVER, compiled_at_once
from tests.examples import examples


def make_classes():
    """A family with everything that makes building different from class to class."""

    @pconfig
    class Part:
        n: int

    @pconfig
    class Ancestor:
        number: float
        small: Annotated[int, at.Le(3)]
        kind: Literal["a", "b"]

    @pconfig
    class Whole(Ancestor):
        part: Part
        items: list[Optional[float]]
        anything: Any
        padded: int
        seed: Pinned[int]
        total: Pinned[float]

        @pproperty
        def padded(self) -> int:
            return pinputs(self).padded + self.small

        @pproperty
        def total(self) -> float:
            return self.number * 2 + self.part.n

        @pproperty
        def inverse(self) -> float:
            return 1 / self.small

        @pcheck
        def not_too_large(self):
            assert self.total < 50, f"total is {self.total}"

    pdefaults.__iadd__(Ancestor(number=1.5, small=1, kind="a"))
    if with_default[0]:
        pdefaults.__iadd__(
            Whole(part=Part(n=1), items=[1.0], anything=None, padded=2, seed=Pin(4), total=Pinned)
        )
    return Part, Ancestor, Whole


with_default = {0: True}


@pytest.fixture(params=[True, False], ids=["default", "no_default"])
def both(request, monkeypatch):
    """The same classes, built in each way."""
    with_default[0] = request.param
    monkeypatch.setattr(decorators, "BUILDS_BEFORE_COMPILING", NEVER)
    general = make_classes()
    monkeypatch.setattr(decorators, "initializer", compiled_at_once)
    return general, make_classes()


VALUES = {
    "number": st.sampled_from([2, 2.5, "2", True, None, 30.0, Required, Pinned, float("nan")]),
    "small": st.sampled_from([1, 0, 4, 1.0, "x", Required]),
    "kind": st.sampled_from(["a", "b", "c", 1, Required]),
    "part": st.sampled_from(["good", "open", 3, None, Required, "class"]),
    "items": st.sampled_from([[], [1.0, None], [1, "x"], (1.0,), "text", [Required], Required]),
    "anything": st.sampled_from([1, [1, [2]], Required, Pinned, {"k": 1}]),
    "padded": st.sampled_from([5, "5", Required, Pinned, Pin(7)]),
    "seed": st.sampled_from([Pin(9), Pin("x"), 9, Pinned, Required]),
    "total": st.sampled_from([Pin(1.0), 1.0, Pinned]),
    "nubmer": st.just(1),
}
KEYWORDS = st.fixed_dictionaries({}, optional=VALUES)
FULL = {
    "number": 2.0,
    "small": 2,
    "kind": "a",
    "part": "good",
    "items": [1.0],
    "anything": 0,
    "padded": 1,
    "seed": Pin(1),
}
BASES = st.lists(st.sampled_from(["whole", "ancestor", "open", "part", 3]), max_size=2)


def described(error):
    notes = "\n".join(getattr(error, "__notes__", []))
    return type(error), str(error).replace("Whole.__init__", ""), notes


def outcome(classes, bases, keywords):
    """What a call makes, in comparable terms: values and record, or the error and its notes."""
    Part, Ancestor, Whole = classes
    made = {
        "whole": lambda: Whole(**{**FULL, "part": Part(n=3)}),
        "open": lambda: Whole(**{**FULL, "part": Part(n=3), "number": Required}),
        "ancestor": lambda: Ancestor(number=9, small=3),
        "part": lambda: Part(n=1),
    }
    parts = {"good": Part(n=2), "open": Part(n=Required), "class": Part}
    found = [made[base]() if base in made else base for base in bases]
    words = {
        name: parts.get(value, value) if name == "part" and isinstance(value, str) else value
        for name, value in keywords.items()
    }
    try:
        config = Whole(*found, **words)
    except Exception as error:
        return described(error)
    record = record_of(config)
    origins = {
        name: [(str(origin.place), repr(origin.given)) for origin in chain(config, name)]
        for name in schema_of(config).fields
    }
    return (
        str(config),
        {name: type(value).__name__ for name, value in config.asdict().items()},
        record[INHERITED],
        record[CODE],
        repr(record[RAW] or {}),
        {name: sorted(reads) for name, reads in reads_of(config).items()},
        record[OPEN],
        origins,
        [getattr(pinputs(config), name) for name in ("padded", "seed", "total")],
    )


@settings(max_examples=examples(400), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bases=BASES, keywords=KEYWORDS, full=st.booleans())
def test_both_ways_of_building_agree(both, bases, keywords, full):
    """Values, types, records, origins, errors and notes are the same for any call."""
    general, fast = both
    words = {**FULL, **keywords} if full else keywords
    assert outcome(general, bases, words) == outcome(fast, bases, words)


def test_a_class_that_is_built_often_is_compiled():
    """After a dozen builds the initializer is replaced, and goes on as before."""

    @pconfig
    class Often:
        x: int
        y: list[int]

    before = Often.__init__
    configs = [Often(x=n, y=[n]) for n in range(decorators.BUILDS_BEFORE_COMPILING)]
    assert Often.__init__ is not before
    assert Often.__init__.__qualname__.endswith("Often.__init__")
    configs += [Often(x=n, y=[n]) for n in range(12, 40)]
    assert [config.x for config in configs] == list(range(40))
    assert Often(configs[3], x=9).y == [3]


def test_an_initializer_that_was_replaced_is_left_alone():
    """An `__init__` of the user, put there later, is not overwritten by the compiled one."""

    @pconfig
    class Patched:
        x: int

    calls, original = [], Patched.__init__

    def patched(self, *bases, **given):
        calls.append(given)
        original(self, *bases, **given)

    Patched.__init__ = patched
    for n in range(30):
        Patched(x=n)
    assert Patched.__init__ is patched
    assert len(calls) == 30


def test_the_common_case_does_not_go_through_build(monkeypatch):
    """Fitting keywords, with or without a base of the class, never reach build()."""
    monkeypatch.setattr(decorators, "initializer", compiled_at_once)
    monkeypatch.setitem(with_default, 0, True)
    Part, _, Whole = make_classes()
    Whole()
    monkeypatch.setattr(compiled, "build_at", None)
    config = Whole(part=Part(n=1), number=2, items=[3.0])
    assert Whole(config, number=3.0, total=Pinned).total == 7
    monkeypatch.setattr(compiled, "build_at", build_at)
    with pytest.raises(TypeError, match="has no field"):
        Whole(config, nmber=3.0)


def test_undecorated_subclasses_build_through_the_compiled_initializer(monkeypatch):
    """The subclass is what comes out."""
    monkeypatch.setattr(decorators, "initializer", compiled_at_once)

    @pconfig
    class Base:
        x: int

    class Sub(Base):
        pass

    first = Sub(x=1)
    assert type(first) is Sub
    assert Sub(first, x=2).x == 2
    assert Sub(Base(x=3)).x == 3
    assert first != Base(x=1)


def test_compiling_in_many_threads_at_once():
    """Threads that reach the dozen together all get right configs."""

    @pconfig
    class Raced:
        x: int

        @pproperty
        def y(self) -> int:
            return self.x + 1

    wrong, barrier = [], threading.Barrier(6)

    def work(n):
        barrier.wait(20)
        wrong.extend(k for k in range(100) if Raced(x=k).y != k + 1)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert Raced.__init__.__code__.co_filename.startswith("<pconfigs initializer of ")


def test_a_variant_of_an_open_config_is_open(monkeypatch):
    """Also where the class has neither properties nor checks, and until it is completed."""
    monkeypatch.setattr(decorators, "initializer", compiled_at_once)

    @pconfig
    class Bare:
        x: int
        y: int

    half = Bare(x=Required, y=1)
    variant = Bare(half, y=2)
    assert record_of(variant)[OPEN]
    assert not record_of(Bare(variant, x=3))[OPEN]
    pdefaults.__iadd__(half)
    assert record_of(Bare(y=5))[OPEN]
    assert not record_of(Bare(x=5))[OPEN]


def test_a_class_of_very_many_fields_is_not_compiled():
    """Python takes keywords too slowly there."""
    annotations = {f"f{n}": int for n in range(decorators.MOST_FIELDS + 1)}
    Many = pconfig(type("Many", (), {"__annotations__": annotations, "__module__": __name__}))
    config = Many(**dict.fromkeys(annotations, 1))
    before = Many.__init__
    for _ in range(decorators.BUILDS_BEFORE_COMPILING):
        Many(config)
    assert Many.__init__ is before
