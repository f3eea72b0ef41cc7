"""Properties that are called on the config itself, and those that keep the value of a base."""

from __future__ import annotations

import gc
import pickle
from typing import Any

import pytest

from pconfigs import Pin, Pinned, pconfig, pdefaults, pdump, pinputs, pload, pproperty
from pconfigs.build.compiled_init import compiled_initializer
from pconfigs.build.direct_plan import direct_plan
from pconfigs.declare import pconfig as decorators
from pconfigs.schema.build_record import reads_of
from pconfigs.schema.class_schema import schema_of
from tests.builders import compiled_at_once

ran: list[str] = []


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    """Classes are compiled before their first build; what ran before does not count."""
    monkeypatch.setattr(decorators, "initializer", compiled_at_once)
    for cls in (Tied, Part):
        monkeypatch.setattr(cls, "__init__", compiled_initializer(schema_of(cls)))
    ran.clear()


def planned(cls: Any) -> list[str] | None:
    plan = direct_plan(schema_of(cls))
    return None if plan is None else [step.property.name for step in plan]


def test_properties_come_after_what_they_read():
    """In the order in which a reader would compute them: as declared, what is read first."""

    @pconfig
    class C:
        x: int

        @pproperty
        def a(self) -> int:
            return self.c + self.b

        @pproperty
        def b(self) -> int:
            return self.x

        @pproperty
        def c(self) -> int:
            return self.helper()

        def helper(self) -> int:
            return self.b * self.factor

        factor = 2

    assert planned(C) == ["b", "c", "a"]
    assert C(x=3).a == 9


def test_code_that_hands_its_config_on_is_not_in_a_plan():
    """Nor is super(), nor what reads names that do not show."""

    @pconfig
    class Base:
        x: int

        @pproperty
        def a(self) -> int:
            return self.x

    @pconfig
    class Derived(Base):
        @pproperty
        def a(self) -> int:
            return super().a + 1

    @pconfig
    class Handed(Base):
        @pproperty
        def b(self) -> str:
            return str(getattr(self, "".join("x")))

    assert planned(Base) == ["a"]
    assert planned(Derived) is None
    assert planned(Handed) is None
    assert (Derived(x=1).a, Handed(x=1).b) == (2, "1")


def test_mutual_branches_are_computed_through_a_reader():
    """What needs what is decided at run time, and works where it does not go round."""

    @pconfig
    class C:
        up: bool

        @pproperty
        def a(self) -> int:
            return self.other() + 1 if self.up else 1

        @pproperty
        def b(self) -> int:
            return 2 if self.up else self.a + 1

        def other(self) -> int:
            return self.b

    assert planned(C) is None
    assert (C(up=True).a, C(up=False).b) == (3, 2)


@pconfig
class Tied:
    width: int
    parts: list[Part]
    name: str

    @pproperty(fixup=True)
    def parts(self) -> list[Part]:
        ran.append("parts")
        return [Part(part, width=Pin(self.width)) for part in pinputs(self).parts]

    @pproperty
    def label(self) -> str:
        ran.append("label")
        return f"{self.name}-{self.width}"


@pconfig
class Part:
    width: Pinned[int]
    n: int

    @pproperty
    def double(self) -> int:
        ran.append("double")
        return self.width * 2


pdefaults += Part(width=Pinned, n=0)


def tied() -> Tied:
    config = Tied(width=8, name="a", parts=[Part(n=n, width=Pinned) for n in range(3)])
    ran.clear()
    return config


def test_a_property_keeps_its_value_where_nothing_it_reads_has_changed():
    """Of several properties, those run that read what is new; the rest is shared."""
    base = tied()
    variant = Tied(base, name="b")
    assert ran == ["label"]
    assert variant.parts is base.parts
    assert variant.label == "b-8"
    ran.clear()
    assert Tied(base, width=9).parts[0].double == 18
    assert sorted(ran) == ["double"] * 3 + ["label", "parts"]


def test_an_input_that_changes_is_seen_although_pinputs_makes_no_dependency():
    """A property that reads its input through pinputs is computed again where that is new."""
    base = tied()
    variant = Tied(base, parts=[Part(n=7, width=Pinned)])
    assert [part.double for part in variant.parts] == [16]
    assert "label" not in ran


def test_a_property_that_reads_nothing_is_computed_each_time():
    """It may look at anything."""

    @pconfig
    class C:
        x: int

        @pproperty
        def now(self) -> int:
            ran.append("now")
            return len(ran)

    base = C(x=1)
    assert [C(base).now, C(base).now] == [2, 3]


def test_a_tie_makes_again_only_the_parts_that_changed():
    """A part that was tied before, by a config that is still there, shares what it computed."""

    @pconfig
    class Group:
        width: Pinned[int]
        parts: list[Part]

        @pproperty(fixup=True)
        def parts(self) -> list[Part]:
            ran.append("group")
            return [Part(part, width=Pin(self.width)) for part in pinputs(self).parts]

    @pconfig
    class Root:
        width: int
        groups: list[Group]

        @pproperty(fixup=True)
        def groups(self) -> list[Group]:
            return [Group(group, width=Pin(self.width)) for group in pinputs(self).groups]

    groups = [Group(width=Pinned, parts=[Part(n=n, width=Pinned)]) for n in range(4)]
    base = Root(width=8, groups=groups)
    for _ in range(3):
        ran.clear()
        changed = [*groups[:3], Group(groups[3], parts=[Part(n=9, width=Pinned)])]
        variant = Root(base, groups=changed)
        # The open group starts its property, too, and waits for the width.
        assert sorted(ran) == ["double", "group", "group"]
        assert variant.groups[0].parts is base.groups[0].parts
        assert variant.groups[3].parts[0].n == 9
    ran.clear()
    assert Root(base, width=16).groups[0].parts[0].double == 32
    assert ran.count("group") == 4


def test_a_base_does_not_keep_its_variants_alive():
    """What a tie remembers of a base is a weak reference."""
    base = tied()
    Tied(base, width=20)
    gc.collect()
    assert not [one for one in gc.get_objects() if type(one) is Tied and one.width == 20]


@pytest.mark.parametrize("copied", [pickle.loads, None])
def test_a_base_from_elsewhere_is_a_base_like_any_other(copied):
    """Unpickled or loaded, its values are kept where nothing changed."""
    config = tied()
    base = copied(pickle.dumps(config)) if copied else pload(pdump(config), Tied)
    ran.clear()
    assert Tied(base, name="b") == Tied(config, name="b")
    assert "parts" not in ran


def test_values_of_a_file_are_not_taken_over():
    """What `drift="as-saved"` keeps belongs to that config alone."""
    kept = pload({**pdump(tied()), "label": "old"}, Tied, drift="as-saved")
    assert kept.label == "old"
    assert Tied(kept).label == "a-8"


def test_what_is_open_waits_without_being_run():
    """A property whose code shows that it reads something open is not called."""
    part = Part(n=1, width=Pinned)
    assert part.double is Pinned
    assert ran == []
    assert reads_of(part) == {"double": ("width",)}
    assert Part(part, width=Pin(2)).double == 4


def test_reads_of_a_property_with_branches_are_exact_when_asked_for():
    """The branch that was not taken is not among them."""

    @pconfig
    class C:
        flag: bool
        x: int
        y: int

        @pproperty
        def value(self) -> int:
            return self.x if self.flag else self.y

    assert reads_of(C(flag=True, x=1, y=2)) == {"value": ("flag", "x")}
    assert reads_of(C(flag=False, x=1, y=2)) == {"value": ("flag", "y")}


def test_a_property_that_fails_only_once_has_failed():
    """An exception is never lost, although the property is run again for its note."""

    @pconfig
    class Flaky:
        x: int

        @pproperty
        def value(self) -> int:
            ran.append("value")
            if len(ran) == 1:
                raise OSError("once")
            return self.x

    with pytest.raises(OSError, match="once"):
        Flaky(x=1)


def test_an_exception_of_a_property_has_no_context_of_the_library():
    """Users see their own exception, once."""

    @pconfig
    class Failing:
        x: int

        @pproperty
        def value(self) -> float:
            return 1 / self.x

    with pytest.raises(ZeroDivisionError) as raised:
        Failing(x=0)
    assert raised.value.__context__ is None
    with pytest.raises(TypeError, match="x must be int") as refused:
        Failing(x="0")
    assert refused.value.__context__ is None
