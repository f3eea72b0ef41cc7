"""Building: what is refused, what is reported, what is held."""

from __future__ import annotations

import itertools
import queue
import threading
import traceback
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional

import annotated_types as at
import pytest

from pconfigs import (
    Pin,
    Pinned,
    Required,
    Secret,
    pcheck,
    pconfig,
    pdefaults,
    pdiff,
    pfingerprint,
    pproperty,
)
from pconfigs.errors import (
    BuildError,
    BuildTypeError,
    BuildTypeValueError,
    BuildValueError,
    CheckError,
    FrozenError,
    PConfigError,
)
from pconfigs.provenance.origins import chain, origin_of
from pconfigs.schema.build_record import OPEN, record_of
from pconfigs.schema.class_schema import schema_of

pytestmark = pytest.mark.usefixtures("way")


def sample():
    @pconfig
    class Sample:
        steps: int
        rate: float
        name: str
        total: Pinned[int]

        @pproperty
        def total(self) -> int:
            return self.steps * 2

    return Sample


def test_keywords_become_plain_attributes():
    """What is given is read as an attribute, properties included."""
    config = sample()(steps=3, rate=0.5, name="a")
    assert (config.steps, config.rate, config.name, config.total) == (3, 0.5, "a", 6)


def test_all_problems_of_a_construction_are_reported_together():
    """Unknown names, wrong types, pins and missing fields come in one error, of both kinds."""
    with pytest.raises(BuildTypeValueError) as caught:
        sample()(stps=3, rate="fast", total=4)
    error = caught.value
    kinds = [type(problem).__name__ for problem in error.problems]
    assert kinds == ["UnknownField", "WrongType", "PinnedSet", "MissingFields"]
    assert isinstance(error, TypeError)
    assert isinstance(error, ValueError)
    text = str(error)
    assert "did you mean 'steps' (int)?" in text
    assert "Sample.rate must be float, but got 'fast' (str)" in text
    assert "Sample.total is a pinned field and cannot be set" in text
    assert "steps: int" in text
    assert "name:  str" in text


def test_a_set_pin_alone_is_a_value_error():
    """A pinned field that is set is a ValueError and no TypeError."""
    with pytest.raises(BuildValueError) as caught:
        sample()(steps=1, rate=1.0, name="a", total=4)
    assert not isinstance(caught.value, TypeError)
    assert "Sample.total" in str(caught.value)


@pytest.mark.parametrize("value", [3, None, Required])
def test_nothing_but_pins_sets_a_pinned_field(value):
    """Any plain value, None and Required included, is refused."""
    with pytest.raises(ValueError, match=r"Sample\.total is a pinned field and cannot be set"):
        sample()(steps=1, rate=1.0, name="a", total=value)


@pytest.mark.parametrize("value", [Pinned, Pin(99)])
def test_pins_are_accepted_for_a_computed_field_and_change_nothing(value):
    """`Pinned` asks for the property; a `Pin` for a computed field gives way to it."""
    config = sample()(steps=1, rate=1.0, name="a", total=value)
    assert config.total == 2


def test_a_pin_is_unwrapped_also_for_an_ordinary_field():
    """`Pin(v)` gives `v`."""
    assert sample()(steps=Pin(3), rate=1.0, name="a").steps == 3


def test_a_misspelt_keyword_is_reported_with_the_nearest_and_its_place(models):
    """The place is that of the keyword, and the nearest name comes with its type."""
    with pytest.raises(TypeError) as caught:
        models.misspelt()
    (problem, missing) = caught.value.problems
    assert problem.place.line == models.misspelt.__code__.co_firstlineno + 3
    assert problem.place.source_line().strip() == "nmber=2.0,"
    assert "    ^^^^^ did you mean 'number' (float)?" in str(caught.value)
    assert [name for name, _ in missing.fields] == ["number"]


def test_wrong_type_inside_a_container_is_reported_with_its_path():
    """The path leads to the very item."""

    @pconfig
    class Held:
        table: dict[str, list[int]]

    with pytest.raises(BuildTypeError, match=r"Held\.table\['a'\]\[1\] must be int") as caught:
        Held(table={"a": [1, "2"]})
    (problem,) = caught.value.problems
    assert (problem.path, problem.value, problem.expected) == ("table['a'][1]", "2", "int")


def test_a_float_field_keeps_an_int():
    """An int fits float and stays one; a bool does not."""
    config = sample()(steps=1, rate=2, name="a")
    assert type(config.rate) is int
    with pytest.raises(TypeError, match="rate must be float"):
        sample()(steps=1, rate=True, name="a")
    with pytest.raises(TypeError, match="steps must be int"):
        sample()(steps=True, rate=1.0, name="a")


def test_a_value_that_cannot_be_written_is_refused_like_any_other():
    """Python writes no more than 4,300 digits."""

    @pconfig
    class Named:
        name: str
        names: list[str]

    with pytest.raises(BuildTypeError) as caught:
        Named(name=10**5000, names=[10**5000])
    assert [problem.path for problem in caught.value.problems] == ["name", "names[0]"]


def test_a_broken_rule_is_both_errors():
    """A value of the right type that breaks a constraint or a Literal is a ValueError, too."""

    @pconfig
    class Ruled:
        size: Annotated[int, at.Gt(0)]
        kind: Literal["adam", "sgd"]

    with pytest.raises(BuildTypeValueError) as caught:
        Ruled(size=0, kind="adm")
    assert "Ruled.size must be int > 0, but got 0 (int)" in str(caught.value)
    assert "'adam' or 'sgd'" in str(caught.value)
    assert "did you mean 'adam'?" in str(caught.value)
    assert Ruled(size=1, kind="sgd").kind == "sgd"


def test_a_config_cannot_be_inside_itself():
    """A property that puts its config into it is refused in words."""

    @pconfig
    class Loop:
        inner: Any

        @pproperty
        def inner(self) -> Any:
            return self

    with pytest.raises(TypeError, match="a config cannot be inside itself"):
        Loop(inner=None)

    @pconfig
    class Hidden:
        inner: list

        @pproperty
        def inner(self) -> list:
            return [self]

    with pytest.raises(PConfigError, match="inside itself"):
        Hidden(inner=[])


def test_a_config_under_construction_cannot_be_part_of_another():
    """What represents the config in a property does not get into another config."""

    @pconfig
    class Part:
        owner: Any

    @pconfig
    class Owner:
        x: int

        @pproperty
        def part(self) -> Part:
            return Part(owner=self)

    with pytest.raises(TypeError, match="inside itself"):
        Owner(x=1)


def test_a_property_of_the_wrong_type_is_reported_at_the_property():
    """The place is the property's, and the message has the origin of the value."""

    @pconfig
    class Wrong:
        x: int

        @pproperty
        def y(self) -> int:
            return str(self.x)

    with pytest.raises(
        BuildTypeError, match=r"Wrong\.y must be int, but its property returned '1'"
    ) as c:
        Wrong(x=1)
    (problem,) = c.value.problems
    assert problem.place.function.endswith("Wrong.y")


def test_checks_are_reported_together_and_wait_for_what_is_open():
    """Every failing check of a config is in one error; a check that reads an open field waits."""

    @pconfig
    class Checked:
        low: int
        high: int

        @pcheck
        def ordered(self):
            if self.low > self.high:
                raise ValueError("low is above high")

        @pcheck
        def even(self):
            assert self.high in (0, 2, 4, -1), "high is not even"

        @pcheck
        def positive(self):
            assert self.low > 0, "low is not positive"

    assert Checked(low=1, high=2).low == 1
    with pytest.raises(CheckError) as caught:
        Checked(low=0, high=-1)
    assert [name for name, _ in caught.value.failures] == ["ordered", "positive"]
    assert "ordered: low is above high" in str(caught.value)
    assert "positive: low is not positive" in str(caught.value)
    assert isinstance(caught.value.__cause__, ValueError)
    half = Checked(low=1, high=Required)
    assert half.high is Required
    with pytest.raises(CheckError, match="1 check"):
        Checked(low=0, high=Required)
    with pytest.raises(CheckError, match="low is above high"):
        Checked(half, high=0)


def test_a_check_that_returns_false_has_failed():
    @pconfig
    class Sample:
        x: int

        @pcheck
        def positive(self):
            return self.x > 0

    assert Sample(x=1).x == 1
    with pytest.raises(ValueError, match="positive: it returned False; raise what is wrong"):
        Sample(x=-1)


def test_a_property_that_raises_names_the_checks_that_fail_on_what_is_known():
    """Where inputs break a check, its words come with the error; nothing more is computed."""
    ran = []

    @pconfig
    class Listed:
        items: list[int]

        @pproperty
        def first(self) -> int:
            return self.items[0]

        @pproperty
        def last(self) -> int:
            ran.append("last")
            return self.first

        @pcheck
        def filled(self):
            if not self.items:
                raise ValueError("items must not be empty")

        @pcheck
        def ordered(self):
            if not self.items or self.first > self.last:
                raise ValueError("not ordered")

        @pcheck
        def apart(self):
            if self.last < 3:
                raise ValueError("too small")

    with pytest.raises(IndexError) as caught:
        Listed(items=[])
    (note,) = caught.value.__notes__
    assert note.splitlines()[-2:] == [
        "and the check filled fails: items must not be empty",
        "and the check ordered fails: not ordered",
    ]
    assert ran == []


def test_checks_of_ancestors_run_and_may_be_replaced():
    """A derived class runs its ancestor's checks, or its own of that name."""

    @pconfig
    class Base:
        x: int

        @pcheck
        def small(self):
            assert self.x < 10, "too large"

    @pconfig
    class Same(Base):
        pass

    @pconfig
    class Larger(Base):
        @pcheck
        def small(self):
            assert self.x < 100, "far too large"

    with pytest.raises(CheckError, match="too large"):
        Same(x=50)
    assert Larger(x=50).x == 50
    with pytest.raises(CheckError, match="far too large"):
        Larger(x=500)


def test_post_init_runs_on_the_complete_config():
    """`__post_init__` sees all values, properties included, and cannot change any."""
    seen = []

    @pconfig
    class Noted:
        x: int

        @pproperty
        def y(self) -> int:
            return self.x + 1

        def __post_init__(self):
            seen.append((self.x, self.y))

    Noted(x=1)
    assert seen == [(1, 2)]


def test_inputs_that_a_base_had_checked_are_not_checked_again():
    """A list of a base is the very list of the variant: nothing was copied or looked at."""

    @pconfig
    class Listed:
        items: list[int]
        other: int

    base = Listed(items=[1, 2], other=1)
    assert Listed(base, other=2).items is base.items


def test_a_field_declared_anew_is_checked_anew():
    """What fitted the ancestor's annotation may not fit the descendant's."""

    @pconfig
    class Wide:
        x: Optional[int]

    @pconfig
    class Narrow(Wide):
        x: int

    with pytest.raises(TypeError, match=r"Narrow\.x must be int, but got None"):
        Narrow(Wide(x=None))
    assert Narrow(Wide(x=3)).x == 3


def test_containers_are_held_read_only_and_apart_from_what_was_given():
    """A list given is copied; what is held is a list to all who ask, and never changes."""

    @pconfig
    class Held:
        items: list[list[int]]

    given = [[1], [2]]
    config = Held(items=given)
    given[0].append(9)
    assert config.items == [[1], [2]]
    assert isinstance(config.items, list)
    with pytest.raises(TypeError, match="never changes"):
        config.items.append(3)
    with pytest.raises(TypeError, match="never changes"):
        config.items[0][0] = 3


def test_a_generator_is_refused_and_a_lock_is_kept_for_any():
    """A generator is not a list; a value of any kind is held where the annotation allows it."""

    @pconfig
    class Odd:
        items: list[int]
        anything: Any

    lock = threading.Lock()
    with pytest.raises(TypeError, match=r"Odd\.items must be list\[int\], but got .*generator"):
        Odd(items=(n for n in (1, 2)), anything=None)
    config = Odd(items=[], anything=lock)
    assert config.anything is lock
    assert str(config)


def test_nan_infinity_and_negative_zero_are_held_as_they_are():
    """Values come through exactly; nan equals itself inside configs."""

    @pconfig
    class Numbers:
        values: list[float]

    config = Numbers(values=[float("nan"), float("inf"), -0.0])
    again = Numbers(values=[float("nan"), float("inf"), -0.0])
    assert str(config.values[2]) == "-0.0"
    assert config == again
    assert hash(config) == hash(again)


@pytest.mark.parametrize("text", ["nan", "[nan]", "{'x': (nan,)}"])
@pytest.mark.parametrize("kind", [float, Decimal, complex])
def test_nan_of_every_type_has_one_hash(kind, text):
    """Configs that are equal are one key of a dict."""

    @pconfig
    class Anything:
        value: Any

    one, other = [Anything(value=eval(text, {"nan": kind("nan")})) for _ in range(2)]
    assert one == other
    assert {one: 1, other: 2} == {one: 2}


def test_both_parts_of_a_complex_number_count():
    """One that has nan in one part is equal to those with the same other part alone."""

    @pconfig
    class Holder:
        value: complex

    nan = float("nan")
    assert Holder(value=complex(1, nan)) == Holder(value=complex(1, float("nan")))
    assert Holder(value=complex(1, nan)) != Holder(value=complex(2, nan))
    assert Holder(value=complex(nan, 1)) != Holder(value=complex(1, nan))
    assert not pdiff(Holder(value=complex(1, nan)), Holder(value=complex(1, float("nan"))))
    assert pdiff(Holder(value=complex(1, nan)), Holder(value=complex(2, nan)))


@pytest.mark.parametrize(
    "wrap", [lambda value: value, lambda value: {value}, lambda value: [value]]
)
@pytest.mark.parametrize("kind", ["complex", "complex64", "array"])
def test_parts_that_are_not_nan_count_in_every_type(kind, wrap):
    """A diff, a comparison, a hash and a fingerprint agree on which numbers are the same."""

    @pconfig
    class Holder:
        value: Any

    def made(real, imag):
        if kind == "complex":
            return Holder(value=wrap(complex(real, imag)))
        numpy = pytest.importorskip("numpy")
        number = numpy.complex64(complex(real, imag))
        return Holder(value=wrap(number) if kind == "complex64" else numpy.array([number]))

    nan = float("nan")
    numbers = [(1, nan), (2, nan), (nan, 1), (nan, 2), (nan, nan), (1, 2)]
    for one, other in itertools.product(numbers, numbers):
        a, b = made(*one), made(*other)
        assert (a == b, not pdiff(a, b)) == (one == other, one == other), (one, other)
        assert (pfingerprint(a) == pfingerprint(b)) == (one == other)
        assert kind == "array" or one != other or hash(a) == hash(b)


def test_names_and_texts_of_any_script(models):
    """Fields, keywords and values of any script and any quotes work, and come out as Python."""
    config = models.Überall(größe=1, 名="'\"\\\n'''\u2028漢", _inner="x")
    assert config._inner == "x"
    rebuilt = eval(str(config), {"Überall": models.Überall})
    assert rebuilt == config
    with pytest.raises(TypeError, match="did you mean 'größe'"):
        models.Überall(grösse=1, 名="", _inner="")


def test_a_field_may_be_named_like_a_keyword_of_the_machinery():
    """Names such as self, cls, config, bases or given are fields like any other."""

    @pconfig
    class Names:
        self: int
        cls: int
        config: int
        bases: int
        given: int
        schema: int
        pinned: int
        frame: int

    config = Names(self=1, cls=2, config=3, bases=4, given=5, schema=6, pinned=7, frame=8)
    assert (config.self, config.cls, config.given, config.frame) == (1, 2, 5, 8)
    assert Names(config, self=9).self == 9


def test_ten_thousand_fields(way):
    """A class of 10,000 fields builds, inherits and compares; up to 1,000 it is compiled."""
    count = 10_000 if way == "general" else 1_000
    namespace = {"__annotations__": {f"f{n}": int for n in range(count)}, "__module__": __name__}
    Many = pconfig(type("Many", (), namespace))
    config = Many(**{f"f{n}": n for n in range(count)})
    variant = Many(config, f77=0)
    assert (variant.f77, variant.f999) == (0, 999)
    assert variant != config
    assert Many(variant, f77=77) == config
    with pytest.raises(TypeError, match=f"is missing {count} fields"):
        Many()


@pytest.mark.parametrize("depth", [20, 99])
def test_deep_nesting(depth):
    """As deep as configs nest: building, comparing, hashing and changing work."""

    @pconfig
    class Link:
        inner: Optional[Any]
        value: int

    def nest():
        config = Link(inner=None, value=0)
        for n in range(1, depth):
            config = Link(inner=config, value=n)
        return config

    one, two = nest(), nest()
    assert one == two
    assert hash(one) == hash(two)
    assert Link(one, value=-1) != one


def test_the_record_states_whether_anything_is_open():
    """A config with a deferred field knows it."""
    Sample = sample()
    assert not record_of(Sample(steps=1, rate=1.0, name="a"))[OPEN]
    half = Sample(steps=Required, rate=1.0, name="a")
    assert record_of(half)[OPEN]
    assert half.total is Pinned
    assert Sample(half, steps=2).total == 4


def test_origins_are_exact(models):
    """Line and column of each keyword are known, and each field's chain of origins."""
    config, line = models.built_on_lines()
    number, text = origin_of(config, "number"), origin_of(config, "text")
    assert (number.place.line, text.place.line) == (line, line + 1)
    assert (number.place.column, text.place.column) == (24, 8)
    assert (number.exact, number.text) == (True, "number=2.0")
    assert [one.given for one in chain(config, "number")] == [2.0, 1.0]
    assert [one.given for one in chain(config, "anything")] == [None]


def test_first_construction_from_many_threads():
    """Threads that all build the first config of a class at once get equal configs."""

    @pconfig
    class Shared:
        x: int
        items: list[int]

        @pproperty
        def total(self) -> int:
            return self.x + sum(self.items)

    threads, made, barrier = 8, queue.SimpleQueue(), threading.Barrier(8)

    def work(n):
        try:
            barrier.wait(20)
            for _ in range(20):
                config = Shared(x=1, items=[1, 2])
                made.put((config, repr(config), hash(config)))
        except BaseException as error:
            made.put(error)

    running = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    results = [made.get_nowait() for _ in range(made.qsize())]
    assert [one for one in results if isinstance(one, BaseException)] == []
    assert len(results) == threads * 20
    assert len(set(results)) == 1
    assert len(schema_of(Shared).fields) == 3


def test_building_a_class_with_no_fields():
    """A class without fields builds."""

    @pconfig
    class Empty:
        pass

    assert Empty() == Empty()
    assert Empty().asdict() == {}
    assert str(Empty()) == "Empty()"
    with pytest.raises(TypeError, match="it has no fields"):
        Empty(x=1)


def test_errors_name_local_classes_by_their_name():
    """`<locals>` of the function around a class are no part of a message."""
    with pytest.raises(BuildError) as caught:
        sample()()
    assert "<locals>" not in str(caught.value)
    assert caught.value.config_class.__name__ == "Sample"


def test_none_is_a_value():
    """None counts as given, also over a default."""

    @pconfig
    class Maybe:
        x: Optional[int]

    globals()["pdefaults"].__iadd__(Maybe(x=3))
    assert Maybe().x == 3
    assert Maybe(x=None).x is None
    assert pdefaults(Maybe).x == 3


def test_a_secret_of_the_wrong_type_is_not_shown():
    """Neither the value, nor what is inside of it, nor the source line that may have it."""

    @pconfig
    class KeyConfig:
        words: Secret[str]
        number: Secret[int]
        table: Secret[dict[str, int]]
        size: Annotated[Secret[int], at.Gt(10)]

    with pytest.raises(BuildError) as caught:
        KeyConfig(words=7654321, number="hush", table={"hush": "hush"}, size=7)
    error = caught.value
    told = "".join(traceback.format_exception_only(type(error), error))
    assert told.count("the value is secret and not shown") == 4
    for secret in ("7654321", "hush", "size=7"):
        assert secret not in told + repr([vars(problem) for problem in error.problems])


@pytest.mark.parametrize("times", [1, 15])
def test_a_config_is_not_built_a_second_time(times):
    """Calling `__init__` of a built config would change it, and a shared default with it."""

    @pconfig
    class Once:
        w: int

        @pproperty
        def double(self) -> int:
            return self.w * 2

    for _ in range(times):
        config = Once(w=1)
    with pytest.raises(FrozenError, match=r"Once\.__init__ must be called once"):
        config.__init__(w=9)
    assert (config.w, config.double) == (1, 2)
    assert Once(config, w=3).double == 6
