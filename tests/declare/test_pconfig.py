"""Decorators: what a config class may be, and what is refused when it is declared."""

from __future__ import annotations

import gc
import inspect
import sys
import textwrap
import types
import weakref
from dataclasses import field as dataclass_field
from typing import Any, ClassVar, Generic, Optional, TypeVar

import pytest

from pconfigs import (
    Omitted,
    PConfig,
    Pinned,
    Required,
    pcheck,
    pconfig,
    pconfiged,
    pdefaults,
    pinputs,
    pproperty,
)
from pconfigs.errors import (
    CycleError,
    DeclarationError,
    InheritanceError,
    ReservedNameError,
    UnknownNameError,
)
from pconfigs.schema.class_schema import schema_of

T = TypeVar("T")


@pytest.mark.parametrize("decorate", [pconfig, pconfig()])
def test_the_class_stays_the_same_object(decorate):
    """Decorated in place: names, doc, methods and constants are kept."""

    class Sample:
        """What it is."""

        x: int
        constant = 3

        def method(self):
            return self.x + self.constant

        @property
        def ordinary(self):
            return -self.x

        @classmethod
        def made(cls):
            return cls(x=9)

        @staticmethod
        def static():
            return "s"

    before = Sample.__qualname__, Sample.__module__, Sample.__doc__, Sample.__name__
    made = decorate(Sample)
    assert made is Sample
    assert (made.__qualname__, made.__module__, made.__doc__, made.__name__) == before
    config = made(x=2)
    assert (config.method(), config.ordinary, config.made().x, config.static()) == (5, -2, 9, "s")


@pytest.mark.parametrize("thing", [3, len, "x", None])
def test_only_classes_and_functions_are_decorated(thing):
    """@pconfig and @pconfiged on anything else is reported; pconfig(None) waits for a class."""
    for decorator in (pconfig, pconfiged):
        with pytest.raises(DeclarationError, match=f"@{decorator.__name__} goes on a class"):
            decorator()(thing)


def test_fields_of_bases_come_first_in_reversed_mro():
    """Re-declared ones keep their place."""

    @pconfig
    class A:
        x: int
        y: int

    @pconfig
    class B:
        z: int

    @pconfig
    class C(B, A):
        own: int
        y: Optional[int]

    assert list(schema_of(C).fields) == ["x", "y", "z", "own"]
    config = C(x=1, y=None, z=3, own=4)
    assert isinstance(config, A)
    assert issubclass(C, B)
    with pytest.raises(TypeError):
        A(x=1, y=None)


def test_class_variables_are_no_fields():
    """They are attributes of class and configs, refused as keywords."""

    @pconfig
    class Sample:
        k: ClassVar[int] = 3
        x: int

    assert (Sample.k, Sample(x=1).k) == (3, 3)
    assert list(schema_of(Sample).fields) == ["x"]
    with pytest.raises(TypeError, match="has no field 'k'"):
        Sample(x=1, k=4)


@pytest.mark.parametrize("value", [3, None, dataclass_field(default=3)])
def test_defaults_in_the_class_body_are_refused(value):
    """The error names field and class, and pdefaults."""
    with pytest.raises(TypeError, match=r"Sample\.x has a value.*(?s:.)*pdefaults \+= Sample"):

        @pconfig
        class Sample:
            x: int = value


def test_an_init_of_its_own_is_refused():
    """A config is built from its fields."""
    with pytest.raises(DeclarationError, match="has an __init__ of its own"):

        @pconfig
        class Sample:
            x: int

            def __init__(self):
                pass


def test_slots_are_refused():
    """A config class cannot have them."""
    with pytest.raises(DeclarationError, match="has __slots__"):

        @pconfig
        class Sample:
            __slots__ = ("x",)
            x: int


def test_names_that_python_keeps_for_itself_are_refused():
    """`__x__` and `__x` are; `_x` is a field like any other."""
    with pytest.raises(ReservedNameError, match="__x__"):

        @pconfig
        class Dunder:
            __x__: int

    with pytest.raises(ReservedNameError, match=r"Mangled\.__x: Python renames"):

        @pconfig
        class Mangled:
            __x: int

    @pconfig
    class Fine:
        _x: int

    assert Fine(_x=3)._x == 3


def test_fields_named_like_members_win():
    """construct, asdict, default_config, inputs, copy, items: fields like any other."""

    @pconfig
    class Named:
        construct: int
        asdict: int
        default_config: int
        constructable_type: int
        inputs: int
        pinputs: int
        print_code: int
        _includes: int
        subset: int

    values = {name: n for n, name in enumerate(schema_of(Named).fields)}
    config = Named(**values)
    assert {name: getattr(config, name) for name in values} == values
    assert Named(config, asdict=99).asdict == 99
    assert Named(**values) == config
    assert "default_config=2" in str(config)
    assert "constructable_type=3" in str(config)


@pytest.mark.parametrize("name", ["construct", "constructable_type"])
def test_fields_that_would_hide_constructing_are_refused(name):
    """Where the class constructs something, these names are taken, in derived classes too."""

    @pconfiged
    class Thing:
        config: ThingConfig  # noqa: F821

    with pytest.raises(ReservedNameError, match=f"{name} would hide"):
        pconfig(constructs=Thing)(
            type("ThingConfig", (), {"__annotations__": {name: int}, "__module__": __name__})
        )

    Named = pconfig(type("Named", (), {"__annotations__": {name: int}, "__module__": __name__}))
    with pytest.raises(ReservedNameError, match=f"{name} would hide"):
        pconfig(constructs=Thing)(type("ThingConfig", (Named,), {"__module__": __name__}))


def test_a_field_named_environment_is_reserved():
    """Unless its type is a @penv class."""
    with pytest.raises(ValueError, match="environment is a reserved name"):

        @pconfig
        class Sample:
            environment: int


def test_annotations_may_name_what_comes_later():
    """Strings, local names, itself and what is defined below; resolved at first use."""

    @pconfig
    class Early:
        later: Later | None
        itself: Optional[Early]
        quoted: "list[Later]"

    @pconfig
    class Later:
        x: int

    config = Early(later=Later(x=1), itself=None, quoted=[])
    assert Early(config, itself=config).itself is config
    with pytest.raises(TypeError, match=r"quoted\[0\] must be Later"):
        Early(config, quoted=[3])


def test_a_name_that_no_user_defines_is_a_name_error():
    """At first use, with the nearest name that exists."""

    @pconfig
    class Sample:
        x: Optinal[int]  # noqa: F821

    with pytest.raises(NameError, match="did you mean Optional") as caught:
        Sample(x=1)
    assert isinstance(caught.value, UnknownNameError)


ANNOTATED = """
from typing import *
from typing_extensions import Annotated
from pconfigs import pconfig, pproperty, Pinned
import pconfigs, typing as t

@pconfig
class Sample:
    a: int
    b: "Optional[int]"
    c: t.List["int"]
    d: ClassVar[str] = "class"
    e: "ClassVar[int]" = 3
    f: Pinned[int]
    g: "Pinned[int]"
    h: Annotated[Pinned[int], "note"]
    i: pconfigs.Pinned[int]

    @pproperty
    def f(self) -> int: return self.a
    @pproperty
    def g(self) -> int: return self.a
    @pproperty
    def h(self) -> int: return self.a
    @pproperty
    def i(self) -> "int": return self.a
    @pproperty
    def j(self): return self.a
"""


@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_every_way_of_writing_an_annotation(future):
    """Postponed or not, quoted or not, qualified or not."""
    module = types.ModuleType("core_annotations")
    sys.modules[module.__name__] = module
    try:
        exec(future + textwrap.dedent(ANNOTATED), module.__dict__)
        config = module.Sample(a=1, b=None, c=[2])
        fields = schema_of(module.Sample).fields
        assert list(fields) == list("abcfghij")
        assert [name for name, field in fields.items() if field.pinned] == list("fghij")
        assert (config.d, config.e, config.h, config.j) == ("class", 3, 1, 1)
        for wrong in ({"a": "x"}, {"b": "x"}, {"c": ["x"]}):
            with pytest.raises(TypeError):
                module.Sample(config, **wrong)
    finally:
        del sys.modules[module.__name__]


def test_code_without_a_file_has_properties_too():
    """`python -c`, stdin and exec: no source is needed for dependencies or cycles."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(
        "from pconfigs import pconfig, pproperty\n"
        "@pconfig\nclass Made:\n    x: int\n    @pproperty\n    def y(self) -> int:\n"
        "        return self.x + 1\n",
        namespace,
    )
    assert namespace["Made"](x=1).y == 2


def test_visible_circles_are_refused_when_the_class_is_defined():
    """Straight, through parents, in nested code, by getattr; whatever `self` is called."""

    @pconfig
    class Parent:
        @pproperty
        def a(self) -> int:
            return 1

        @pproperty
        def b(this) -> int:  # noqa: N805
            return this.a + 1

    with pytest.raises(CycleError, match="a -> b -> a"):

        @pconfig
        class Child(Parent):
            @pproperty
            def a(self) -> int:
                return sum([self.b for _ in range(3)])

    with pytest.raises(CycleError, match=r"Own\.x reads itself.*\n.*pinputs\(self\)\.x"):

        @pconfig
        class Own:
            x: int

            @pproperty
            def x(self) -> int:
                return self.x + 1

    with pytest.raises(ValueError, match="c -> d -> c"):

        @pconfig
        class Nested:
            @pproperty
            def c(self) -> int:
                def inside():
                    return self.d

                return inside()

            @pproperty(deps=["c"])
            def d(self) -> int:
                return 1


def test_what_is_not_a_circle_is_not_refused():
    """Dead code, inputs, other objects' attributes and manual dependencies are none."""

    @pconfig
    class Fine:
        a: int

        @pproperty
        def a(self) -> int:
            if False:
                return self.b
            return pinputs(self).a

        @pproperty
        def b(self) -> int:
            other = [1]
            return self.a + other.count(1)

        @pproperty
        def count(self) -> int:
            return [1].count(1)

        @pproperty(manual_deps=True)
        def c(self) -> int:
            return 1 if True else self.d

        @pproperty
        def d(self) -> int:
            return self.c

    config = Fine(a=1)
    assert (config.a, config.b, config.count, config.d) == (1, 2, 1, 1)


def test_a_property_without_annotation_is_a_pinned_field_of_its_return_type():
    """It is checked, printed, listed and cannot be set."""

    @pconfig
    class Sample:
        x: int

        @pproperty
        def y(self) -> str:
            return self.x

    field = schema_of(Sample).fields["y"]
    assert (field.pinned, field.derived, field.hint) == (True, True, str)
    with pytest.raises(TypeError, match="its property returned 1"):
        Sample(x=1)
    with pytest.raises(ValueError, match="cannot be set"):
        Sample(x=1, y="a")


def test_a_derived_class_overrides_and_adds_properties():
    """The most derived one is used, with or without repeating the annotation."""

    @pconfig
    class Base:
        x: int
        y: Pinned[int]

        @pproperty
        def y(self) -> int:
            return self.x

    @pconfig
    class Other(Base):
        @pproperty
        def y(self) -> int:
            return self.x * 10

    @pconfig
    class Text(Base):
        y: Pinned[str]

        @pproperty
        def y(self) -> str:
            return str(self.x)

    @pconfig
    class Kept(Other):
        pass

    assert (Base(x=1).y, Other(x=1).y, Text(x=1).y, Kept(x=1).y) == (1, 10, "1", 10)
    assert Text(Base(x=3)).y == "3"
    assert list(schema_of(Other).fields) == ["x", "y"]


def test_a_property_named_like_a_method_takes_its_place_only_in_its_class():
    """A property over an inherited method is a field; a method over a property is refused."""

    @pconfig
    class Base:
        x: int

        def size(self):
            return "method"

        @pproperty
        def area(self) -> int:
            return self.x

    @pconfig
    class Derived(Base):
        @pproperty
        def size(self) -> int:
            return self.x * 3

    assert (Base(x=1).size(), Base(x=1).area) == ("method", 1)
    derived = Derived(x=1)
    assert derived.size == 3
    assert list(schema_of(Derived).fields) == ["x", "area", "size"]
    with pytest.raises(DeclarationError, match="area is a function, but a field of Base has that"):

        @pconfig
        class Method(Base):
            def area(self):
                return "method"


def test_a_field_that_an_ancestor_hides_is_refused():
    """A Python property or slot of that name would take every value; a method or constant not."""

    class Plain:
        __slots__ = ("slot",)
        constant = 1

        @property
        def ordinary(self):
            return 1

        def method(self):
            return 1

    for name in ("ordinary", "slot"):
        with pytest.raises(ReservedNameError, match=f"Hidden.{name} is a .* of .*Plain"):
            pconfig(type("Hidden", (Plain,), {"__annotations__": {name: int}}))
    body = {"__annotations__": {"method": int, "constant": int}, "__module__": __name__}
    Fine = pconfig(type("Fine", (Plain,), body))
    assert (Fine(method=2, constant=3).method, Fine(method=2, constant=3).constant) == (2, 3)


@pytest.mark.parametrize("decorator", [pproperty, pcheck])
def test_properties_and_checks_go_on_methods(decorator):
    """Anything else is reported."""
    with pytest.raises(DeclarationError, match="goes on a method"):
        decorator(3)


def test_own_equality_may_ask_for_that_of_the_library():
    """`super().__eq__` compares the fields."""

    @pconfig
    class Strict(PConfig):
        x: int
        ys: list[int]

        def __eq__(self, other):
            return super().__eq__(other)

        __hash__ = PConfig.__hash__

    @pconfig
    class Around:
        part: Strict

    def around(x, *ys):
        return Around(part=Strict(x=x, ys=[*ys]))

    assert around(1, 2).part == around(1, 2).part != around(1, 3).part
    assert around(1, 2) == around(1, 2) != around(2, 2)


def test_own_equality_repr_and_hash_are_respected():
    """What the class defines itself is not replaced."""

    @pconfig
    class Own:
        x: int

        def __repr__(self):
            return "own repr"

        def __str__(self):
            return "own str"

        def __eq__(self, other):
            return isinstance(other, Own) and self.x // 10 == other.x // 10

        def __hash__(self):
            return 7

    assert (repr(Own(x=1)), str(Own(x=1)), hash(Own(x=1))) == ("own repr", "own str", 7)
    assert Own(x=1) == Own(x=2)

    @pconfig
    class Holder:
        own: Own

    assert Holder(own=Own(x=1)) == Holder(own=Own(x=2))
    assert Holder(own=Own(x=1)) != Holder(own=Own(x=11))


def test_undecorated_subclasses_have_the_fields_of_their_parent():
    """A subclass with methods only is built like its parent; its configs are of the subclass."""

    @pconfig
    class Base:
        x: int

    class Sub(Base):
        def double(self):
            return self.x * 2

    config = Sub(x=4)
    assert type(config) is Sub
    assert config.double() == 8
    assert list(schema_of(config).fields) == ["x"]
    with pytest.raises(TypeError, match="has no field 'y'"):
        Sub(x=1, y=2)


def test_generic_configs_check_what_their_variables_represent():
    """`class Ints(Box[int])` holds ints; an unbound variable takes everything."""

    @pconfig
    class Box(Generic[T]):
        item: T
        items: list[T]

    @pconfig
    class Ints(Box[int]):
        pass

    @pconfig
    class Lists(Box[list[T]], Generic[T]):
        pass

    @pconfig
    class Texts(Lists[str]):
        extra: int

    assert Box(item="a", items=[1, "b"]).items == [1, "b"]
    assert Ints(item=1, items=[2]).item == 1
    with pytest.raises(TypeError, match=r"Ints\.item must be int"):
        Ints(item="a", items=[])
    with pytest.raises(TypeError, match=r"Ints\.items\[0\] must be int"):
        Ints(item=1, items=["a"])
    with pytest.raises(TypeError, match=r"Ints\.item must be int"):
        Ints(Box(item="a", items=[]))
    assert Texts(item=["a"], items=[["b"]], extra=1).item == ["a"]
    with pytest.raises(TypeError, match=r"Texts\.item\[0\] must be str"):
        Texts(item=[1], items=[], extra=1)


def test_the_signature_shows_bases_and_fields():
    """`(*bases, field: type, …)`, keyword-only."""

    @pconfig
    class Sample:
        x: int
        y: str

    parameters = inspect.signature(Sample).parameters
    assert list(parameters) == ["bases", "x", "y"]
    assert parameters["bases"].kind is inspect.Parameter.VAR_POSITIONAL
    assert {parameters[name].kind for name in "xy"} == {inspect.Parameter.KEYWORD_ONLY}


def test_declaring_constructs_twice_over():
    """What a derived class constructs must be declared; the error shows how."""

    @pconfiged
    class Thing:
        config: ThingConfig

    @pconfig(constructs=Thing)
    class ThingConfig:
        x: int

    with pytest.raises(
        InheritanceError, match=r"Derived(?s:.)*inherit_constructable_type"
    ) as caught:

        @pconfig
        class Derived(ThingConfig):
            pass

    assert isinstance(caught.value, ValueError)


def test_a_factory_in_the_class_body_is_not_recommended_as_a_default():
    with pytest.raises(TypeError, match=r"pdefaults \+= Sample\(x=\.\.\.\)$"):

        @pconfig
        class Sample:
            x: list = dataclass_field(default_factory=list)


@pytest.mark.parametrize(
    "made", [("constructs", "calls"), ("calls", "mocks"), ("constructs", "mocks")]
)
def test_a_config_is_for_one_thing_only(made):
    """Two of constructs, calls and mocks are refused; both are named."""

    @pconfiged
    class Thing:
        config: Any

    things = {"constructs": Thing, "calls": len, "mocks": object}
    with pytest.raises(TypeError, match=f"one of {made[0]}, {made[1]}, not several"):
        pconfig(**{how: things[how] for how in made})


def test_config_classes_are_freed():
    """Nothing keeps an unused class alive."""

    def make():
        @pconfig
        class Passing:
            x: int

            @pproperty
            def y(self) -> int:
                return self.x if self.x else 0

        pdefaults.__iadd__(Passing(x=1))
        for n in range(20):
            Passing(x=n)
        return weakref.ref(Passing)

    found = make()
    gc.collect()
    assert found() is None


def test_inherit_constructable_type_is_harmless_without_anything_to_inherit():
    """On a plain class it means nothing."""

    @pconfig(inherit_constructable_type=True)
    class Plain:
        x: int

    assert Plain(x=1).x == 1
    assert not hasattr(Plain(x=1), "construct")


def decorated_base():
    @pconfig
    class Base:
        n: int

        @pproperty
        def total(self) -> int:
            return self.n

    pdefaults.__iadd__(Base(n=1))
    return Base


def test_a_forgotten_decorator_is_refused_when_the_class_is_built():
    """What the derived class declares would be ignored: fields, properties, checks, values."""
    Base = decorated_base()

    class Field(Base):
        b: int

    class Property(Base):
        @pproperty
        def total(self) -> int:
            return self.n * 100

    class Check(Base):
        @pcheck
        def small(self) -> None:
            assert self.n < 2

    class Value(Base):
        n = 5

    for cls, names in ((Field, "b"), (Property, "total"), (Check, "small"), (Value, "n")):
        for _ in range(15):
            with pytest.raises(DeclarationError) as refused:
                cls(n=1)
            words = f"{cls.__name__} declares {names}, but is not a config class"
            assert words in str(refused.value)
        assert f"put @pconfig above class {cls.__name__}" in str(refused.value)
        made = pconfig(type(cls.__name__, (cls,), {"__module__": __name__}))
        assert cls is Value or made(n=1).n == 1


def test_methods_alone_need_no_decorator():
    """Such a class is built as its parent is."""

    class Methods(decorated_base()):
        def helper(self):
            return self.total * 2

    assert [Methods(n=3).helper() for _ in range(15)] == [6] * 15


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"n": 5}, "n has a value in the class body, but is a field of"),
        ({"n": lambda self: 3}, "n is a function, but a field of"),
        ({"n": property(lambda self: 3)}, "n is a property, but a field of"),
        ({"total": 7}, "total has a value in the class body, but is a field of"),
        ({"total": staticmethod(lambda: 3)}, "total is a staticmethod, but a field of"),
    ],
)
def test_a_class_body_cannot_hide_an_inherited_field(body, words):
    """It would be ignored; the message has the way that works."""
    with pytest.raises(DeclarationError) as refused:
        pconfig(type("Derived", (decorated_base(),), {**body, "__module__": __name__}))
    assert words in str(refused.value)
    if body == {"n": 5}:
        assert "pdefaults += Derived(n=5)" in str(refused.value)


def test_a_property_that_ignores_its_input_makes_a_plain_field_pinned():
    """Where the derived class has no annotation next to it; one that reads its input refines it."""
    Base = decorated_base()

    @pconfig
    class Computed(Base):
        @pproperty
        def n(self) -> int:
            return 7

    @pconfig
    class Refined(Base):
        @pproperty
        def n(self) -> int:
            return pinputs(self).n * 2

    @pconfig
    class Indirect(Base):
        def given(self) -> int:
            return pinputs(self).n

        @property
        def doubled(self) -> int:
            return 2 * self.given()

        @pproperty
        def n(self) -> int:
            return self.doubled

    @pconfig
    class Plain(Computed):
        n: int

    assert Indirect(n=4).n == 8
    with pytest.raises(ValueError, match=r"Computed\.n is a pinned field and cannot be set"):
        Computed(n=4)
    assert (Computed().n, Refined(n=4).n, Refined().n) == (7, 8, 2)
    assert not schema_of(Plain).fields["n"].pinned


@pytest.mark.parametrize("times", [1, 15])
def test_super_means_what_it_means_in_python(times):
    """In diamonds, in properties of other names, in methods and in mixins."""

    @pconfig
    class Base:
        lr: float

        @pproperty
        def rates(self) -> list[float]:
            return [self.lr]

    assert [Base(lr=2.0).rates for _ in range(times)][-1] == [2.0]

    @pconfig
    class Warm(Base):
        @pproperty
        def rates(self) -> list[float]:
            return [0.0, *super().rates]

    assert Warm(lr=1.0).rates == [0.0, 1.0]

    @pconfig
    class Decay(Base):
        @pproperty
        def rates(self) -> list[float]:
            return [*super().rates, self.lr / 2]

    @pconfig
    class Both(Warm, Decay):
        pass

    @pconfig
    class Other(Base):
        @pproperty
        def first(self) -> float:
            return super().rates[0]

    class Mixin:
        @pproperty
        def rates(self) -> list[float]:
            return [0.0, *super().rates]

    @pconfig
    class Mixed(Mixin, Base):
        pass

    @pconfig
    class Helped(Base):
        @pproperty
        def rates(self) -> list[float]:
            return [*self.before(), 1.0]

        def before(self):
            return super().rates

    for _ in range(times):
        assert Both(lr=1.0).rates == [0.0, 1.0, 0.5]
        assert Other(lr=1.0).first == 1.0
        assert Mixed(lr=1.0).rates == [0.0, 1.0]
        assert Helped(lr=3.0).rates == [3.0, 1.0]
        assert Base(lr=2.0).rates == [2.0]


def test_a_getattr_of_the_class_answers_in_properties():
    """As it does on built configs."""

    @pconfig
    class Renamed:
        width: int

        @pproperty
        def twice(self) -> int:
            return 2 * self.hidden_size

        def __getattr__(self, name):
            if name == "hidden_size":
                return self.width
            raise AttributeError(name)

    assert [Renamed(width=3).twice for _ in range(15)] == [6] * 15


def test_a_method_or_property_of_python_in_place_of_a_pproperty_is_refused():
    """It computes nothing; a function that is given as a value is a default."""
    with pytest.raises(DeclarationError, match="put @pproperty above def total"):

        @pconfig
        class Forgotten:
            total: int

            def total(self) -> int:
                return 1

    with pytest.raises(DeclarationError, match="write @pproperty in place of @property"):

        @pconfig
        class Mistaken:
            total: int

            @property
            def total(self) -> int:
                return 1

    with pytest.raises(DeclarationError, match="defaults are registered below the class"):

        @pconfig
        class Given:
            total: Any = len


@pytest.mark.parametrize("marker", [Required, Pinned, Omitted])
def test_a_marker_in_the_class_body_is_refused_as_a_default(marker):
    body = {"__annotations__": {"x": int}, "__module__": __name__, "x": marker}
    with pytest.raises(DeclarationError, match=r"pdefaults \+= Body\(x="):
        pconfig(type("Body", (), body))
