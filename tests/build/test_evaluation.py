"""Evaluation: each property once, in the order in which they ask for each other."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from pconfigs import Pinned, Required, pconfig, pinputs, pproperty
from pconfigs.build import evaluation as evaluate
from pconfigs.build.evaluation import reader_class
from pconfigs.errors import BuildError, CycleError
from pconfigs.schema.build_record import reads_of
from pconfigs.schema.class_schema import schema_of

pytestmark = pytest.mark.usefixtures("way")


def test_properties_run_once_in_the_order_they_need_each_other():
    """Whatever the textual order, and never at a later read."""
    ran = []

    @pconfig
    class Ordered:
        x: int

        @pproperty
        def last(self) -> int:
            ran.append("last")
            return self.middle + 1

        @pproperty
        def middle(self) -> int:
            ran.append("middle")
            return self.first + 1

        @pproperty
        def first(self) -> int:
            ran.append("first")
            return self.x + 1

    config = Ordered(x=0)
    assert (config.first, config.middle, config.last) == (1, 2, 3)
    assert (config.last, config.last) == (3, 3)
    assert sorted(ran) == ["first", "last", "middle"]


def test_independent_properties_run_in_textual_order():
    """Side effects come in the same order in every run and in both ways of building."""
    ran = []

    @pconfig
    class Many:
        @pproperty
        def c(self) -> int:
            ran.append("c")
            return 1

        @pproperty
        def a(self) -> int:
            ran.append("a")
            return 1

        @pproperty
        def b(self) -> int:
            ran.append("b")
            return 1

    Many()
    assert ran == ["c", "a", "b"]


def test_what_each_property_read_is_known():
    """In the order of first reading; helper methods and getattr included."""

    @pconfig
    class Reads:
        a: int
        b: int
        c: int

        def helper(self):
            return self.c

        @pproperty
        def straight(self) -> int:
            return self.b + self.a + self.b

        @pproperty
        def around(self) -> int:
            return self.a + self.helper() + sum([self.b for _ in range(2)])

        @pproperty
        def chosen(self) -> int:
            return self.a if self.a else self.b

    assert reads_of(Reads(a=1, b=2, c=3)) == {
        "straight": ("b", "a"),
        "around": ("a", "c", "b"),
        "chosen": ("a",),
    }
    assert reads_of(Reads(a=0, b=2, c=3))["chosen"] == ("a", "b")


def test_what_reads_something_open_is_open():
    """A property that needs Required waits; chains follow; a completion computes them."""

    @pconfig
    class Waiting:
        x: int
        y: int

        @pproperty
        def near(self) -> int:
            return self.x + 1

        @pproperty
        def far(self) -> int:
            return self.near + 1

        @pproperty
        def apart(self) -> int:
            return self.y

    half = Waiting(x=Required, y=5)
    assert (half.near, half.far, half.apart) == (Pinned, Pinned, 5)
    whole = Waiting(half, x=1)
    assert (whole.near, whole.far, whole.apart) == (2, 3, 5)


def test_a_property_that_swallows_errors_waits_all_the_same():
    """`except Exception` in a property does not see the waiting."""

    @pconfig
    class Swallowing:
        x: int

        @pproperty
        def y(self) -> int:
            try:
                return self.x
            except Exception:
                return -1

    assert Swallowing(x=Required).y is Pinned


def test_what_is_open_in_a_part_stops_the_property_too():
    """Operations on the sentinel of a part defer, on either side of the operator."""

    @pconfig
    class Part:
        q: int

    @pconfig
    class Whole:
        part: Part

        @pproperty
        def left(self) -> int:
            return self.part.q + 1

        @pproperty
        def right(self) -> int:
            return 1 + self.part.q

        @pproperty
        def negative(self) -> int:
            return abs(-self.part.q)

        @pproperty
        def plain(self) -> int:
            return self.part.q

        @pproperty
        def within(self) -> list[int]:
            return [self.part.q]

    half = Whole(part=Part(q=Required))
    assert {half.left, half.right, half.negative, half.plain, half.within} == {Pinned}
    assert Whole(part=Part(q=2)).within == [2]


def test_a_property_that_hands_on_what_a_part_lacks_waits():
    """What it would make is refused for the lack alone; a plain mistake stays one."""

    @pconfig
    class Part:
        x: int

        @pproperty
        def double(self) -> int:
            return 2 * self.x

    @pconfig
    class Made:
        z: int

    @pconfig
    class Whole:
        part: Part
        made: Pinned[Made]

        @pproperty
        def made(self) -> Made:
            return Made(z=self.part.double)

    @pconfig
    class Mistaken:
        part: Part

        @pproperty
        def made(self) -> Made:
            return Made(z=Pinned)

    waiting = Whole(part=Part(x=Required))
    assert waiting.made is Pinned
    assert Whole(waiting, part=Part(x=3)).made == Made(z=6)
    with pytest.raises(BuildError, match=r"Made\.z must be int"):
        Mistaken(part=Part(x=3))


def test_an_own_input_that_is_required_stays():
    """The property is not run while its own input is asked for."""

    @pconfig
    class Own:
        x: int

        @pproperty
        def x(self) -> int:
            raise AssertionError("must not run")

    assert Own(x=Required).x is Required


def test_manual_dependencies_are_the_only_ones():
    """With `manual_deps` only `deps` are waited for, and the sentinel does not leak."""

    @pconfig
    class Manual:
        a: int
        b: int

        @pproperty(deps="a", manual_deps=True)
        def waits(self) -> int:
            return 1

        @pproperty(manual_deps=True)
        def looks(self) -> bool:
            return self.b is Required

        @pproperty(manual_deps=True)
        def leaks(self) -> list[int]:
            return [self.b, 1]

    half = Manual(a=Required, b=Required)
    assert half.waits is Pinned
    assert half.looks is True
    assert half.leaks is Pinned
    assert Manual(half, a=1).waits == 1
    assert Manual(a=1, b=2).leaks == [2, 1]


def test_stated_dependencies_are_waited_for():
    """`deps` adds to what the code shows."""

    @pconfig
    class Stated:
        a: int

        @pproperty(deps=["a"])
        def b(self) -> int:
            return 1

    assert Stated(a=Required).b is Pinned
    assert reads_of(Stated(a=1)) == {"b": ("a",)}


def test_a_circle_met_while_building_is_named():
    """What the code does not show is found when it happens."""

    @pconfig
    class Hidden:
        def ask(self, name):
            return getattr(self, name)

        @pproperty
        def a(self) -> int:
            return self.ask("b")

        @pproperty
        def b(self) -> int:
            return self.ask("a")

    with pytest.raises(CycleError, match="a -> b -> a") as caught:
        Hidden()
    assert caught.value.names == ("a", "b", "a")
    assert caught.value.config_class is Hidden


def test_methods_super_and_isinstance_work_in_a_property():
    """What represents the config is an instance of its class."""

    @pconfig
    class Base:
        x: int

        def double(self):
            return self.x * 2

        @classmethod
        def name(cls):
            return cls.__name__

        @property
        def ordinary(self):
            return self.x + 100

        @pproperty
        def y(self) -> int:
            return self.double()

    @pconfig
    class Derived(Base):
        def double(self):
            return super().double() + 1

        @pproperty
        def y(self) -> int:
            return super().y + 1000

        @pproperty
        def told(self) -> list[Any]:
            return [isinstance(self, Base), type(self).name(), self.ordinary, self.__class__.x_is]

        x_is = "plain"

    assert Base(x=1).y == 2
    config = Derived(x=1)
    assert config.y == 1003
    assert config.told == [True, "Derived", 101, "plain"]


def test_a_property_may_make_configs_of_its_own_class():
    """`type(self)(...)` in a property makes a real config."""

    @pconfig
    class Counter:
        n: int
        previous: Any

        @pproperty
        def previous(self) -> Any:
            return type(self)(n=self.n - 1, previous=None) if self.n else None

    config = Counter(n=3, previous=None)
    assert type(config.previous) is Counter
    assert config.previous.previous.previous.n == 0


def test_printing_the_config_inside_a_property():
    """`str(self)` shows what is known so far."""

    @pconfig
    class Printing:
        x: int

        @pproperty
        def text(self) -> str:
            return str(self)

    config = Printing(x=3)
    assert config.text.startswith("Printing(")
    assert "x=3" in config.text
    assert "text=Pinned" in config.text


def test_values_whose_comparison_has_no_truth_value():
    """Arrays are no trouble for properties that read them."""
    numpy = pytest.importorskip("numpy")

    @pconfig
    class Array:
        data: numpy.ndarray

        @pproperty
        def total(self) -> float:
            return float(self.data.sum())

    assert Array(data=numpy.ones(3)).total == 3.0


def test_unknown_attributes_raise_the_usual_error_in_a_property():
    """Also for hasattr and getattr with a default."""

    @pconfig
    class Asking:
        x: int

        @pproperty
        def has(self) -> bool:
            return hasattr(self, "nothing")

        @pproperty
        def default(self) -> int:
            return getattr(self, "nothing", self.x)

    config = Asking(x=7)
    assert (config.has, config.default) == (False, 7)


def test_properties_cannot_change_the_config():
    """Setting an attribute in a property is refused as everywhere."""

    @pconfig
    class Setting:
        x: int

        @pproperty
        def y(self) -> int:
            self.x = 3
            return 1

    with pytest.raises(AttributeError, match="never changes"):
        Setting(x=1)


def test_init_subclass_of_the_user_is_not_called_for_hidden_classes():
    """The class that represents a config in properties is invisible to users."""
    made = []

    class Registry:
        def __init_subclass__(cls, **kwargs):
            made.append(cls.__name__)

    @pconfig
    class Registered(Registry):
        x: int

        @pproperty
        def y(self) -> int:
            return self.x if self.x else 0

    assert Registered(x=1).y == 1
    reader_class(schema_of(Registered))
    assert made == ["Registered"]


def test_properties_of_one_class_run_in_many_threads():
    """Each thread's config has its own values and reads."""

    @pconfig
    class Threaded:
        x: int
        items: list[int]

        @pproperty
        def y(self) -> int:
            return sum(self.x for _ in self.items)

    wrong, barrier = [], threading.Barrier(4)

    def work(n):
        barrier.wait(20)
        for k in range(50):
            config = Threaded(x=n * k, items=[1, 2, 3])
            if config.y != 3 * n * k or reads_of(config) != {"y": ("items", "x")}:
                wrong.append(config)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_nothing_is_kept_of_a_thread_when_its_properties_are_done():
    """Neither after success nor after a failure."""

    @pconfig
    class Branching:
        x: int

        @pproperty
        def y(self) -> int:
            return 1 // self.x if self.z else 0

        @pproperty
        def z(self) -> int:
            return self.x if self.x > 0 else 1

    Branching(x=1)
    with pytest.raises(ZeroDivisionError):
        Branching(x=0)
    assert evaluate._running == {}


def test_a_property_that_ties_parts_keeps_derived_types():
    """`type(given)(given, k=...)` makes a variant of whatever was given."""

    @pconfig
    class Part:
        width: int

    @pconfig
    class Wide(Part):
        extra: int

    @pconfig
    class Owner:
        width: int
        part: Part

        @pproperty
        def part(self) -> Part:
            given = pinputs(self).part
            return type(given)(given, width=self.width)

    config = Owner(width=5, part=Wide(width=1, extra=2))
    assert type(config.part) is Wide
    assert (config.part.width, config.part.extra) == (5, 2)
    assert Owner(config, width=6).part.width == 6
