"""What configs remember of their making is shared where it is the same."""

from __future__ import annotations

import pickle
from typing import Any

import cloudpickle
import pytest

from pconfigs import Pin, Pinned, pconfig, pdefaults, pinputs, pproperty
from pconfigs.build.compiled_init import compiled_initializer
from pconfigs.build.construction import build
from pconfigs.build.plan_source import LastRecord
from pconfigs.schema.build_record import (
    BASES,
    CODE,
    DEPTH,
    FALLBACK,
    INHERITED,
    RAW,
    READS,
    getframe,
    record_of,
)
from pconfigs.schema.class_schema import schema_of


def part_class(compiled: bool = True) -> Any:
    """Return a class with more fields than Python has small masks for."""

    @pconfig
    class Part:
        a: int
        b: int
        c: int
        d: int
        e: int
        f: int
        g: int
        h: int
        width: Pinned[int]
        size: Pinned[int]

        @pproperty
        def size(self) -> int:
            return self.width * self.a

    if compiled:
        Part.__init__ = compiled_initializer(schema_of(Part))
    return Part


GIVEN = dict.fromkeys("abcdefgh", 1)


def test_configs_that_one_call_makes_in_a_row_have_one_record():
    Part = part_class()
    one, other = (Part(**GIVEN, width=Pinned) for _ in range(2))
    assert record_of(one) is record_of(other)


def test_a_call_that_gives_something_else_has_a_record_of_its_own():
    Part = part_class()
    pdefaults.__iadd__(Part(**GIVEN, width=Pinned))
    inputs: list[dict[str, Any]] = [{"a": 1}, {"b": 1}, {"b": 1}, {"width": Pin(2)}]
    masks = [record_of(Part(**given))[INHERITED] for given in inputs]
    a, b, width = (1 << schema_of(Part).fields[name].index for name in ("a", "b", "width"))
    everything = (1 << len(schema_of(Part).fields)) - 1
    assert masks == [everything - a, everything - b, everything - b, everything - width]


def test_a_call_that_falls_back_on_another_default_has_a_record_of_its_own():
    Part = part_class()
    first = Part(**GIVEN, width=Pinned)
    second = Part(first, a=2)
    found = []
    for default in (first, second):
        schema_of(Part).default = default
        schema_of(Part).fallback = schema_of(Part).below = None
        found.append(Part(b=3))
    assert [record_of(config)[FALLBACK][0] for config in found] == [first, second]
    assert [config.a for config in found] == [1, 2]


@pytest.mark.parametrize("compiled", [True, False])
def test_a_base_is_kept_as_it_is(compiled):
    """A tuple for each config would be a tenth of what a tied tree takes."""
    Part = part_class(compiled)
    base = Part(**GIVEN, width=Pinned)
    one, other = (Part(base, width=Pin(n)) for n in (1, 2))
    assert record_of(one)[BASES] is base
    if compiled:
        assert record_of(one)[INHERITED] is record_of(other)[INHERITED]


def group_class() -> Any:
    @pconfig
    class Group:
        width: Pinned[int]
        parts: list[Any]

        @pproperty(fixup=True)
        def parts(self) -> list[Any]:
            return [self.width * part for part in pinputs(self).parts]

    Group.__init__ = compiled_initializer(schema_of(Group))
    return Group


def test_what_was_given_to_properties_is_shared_with_the_base():
    Group = group_class()
    base = Group(parts=[1], width=Pinned)
    tied = Group(base, width=Pin(3))
    assert tied.parts == [3]
    assert record_of(tied)[RAW] is record_of(base)[RAW]
    changed = Group(tied, parts=[2])
    assert (changed.parts, tied.parts, base.parts) == ([6], [3], Pinned)


def test_what_properties_read_is_shared_by_configs_that_read_the_same():
    Group = group_class()
    one, other = (Group(parts=[n], width=Pinned) for n in range(2))
    assert record_of(one)[READS] is record_of(other)[READS]


def test_every_config_with_parts_has_room_for_its_depth():
    """Python gives instances room for what the first of them have; others get a dict."""
    Group = group_class()
    compiled = Group(parts=[1], width=Pin(1))
    general = object.__new__(Group)
    build(schema_of(Group), general, (), {"parts": [1], "width": Pinned}, getframe().f_code, 0)
    assert vars(compiled)[DEPTH] == vars(general)[DEPTH] == 1


def test_a_class_pickled_by_value_goes_without_the_last_record():
    """The record has the code of the caller, and the defaults."""
    Part = part_class()
    config = Part(**GIVEN, width=Pin(2))
    restored = pickle.loads(cloudpickle.dumps(Part))
    last = [value.record for value in restored.__init__.__globals__.values()
            if type(value) is LastRecord]  # fmt: skip
    assert [record[CODE] for record in last] == [None, None]
    assert restored(**GIVEN, width=Pin(2)).asdict() == config.asdict()
