"""Defaults: one for a class, never lent, falling back on those of ancestors."""

from __future__ import annotations

import copy
import pickle

import pytest

from pconfigs import Pin, Pinned, Required, pconfig, pdefaults, pproperty
from pconfigs.build.defaults import register
from pconfigs.errors import BuildTypeError, DefaultError, NotADefaultError, formatting
from pconfigs.schema.class_schema import schema_of

pytestmark = pytest.mark.usefixtures("way")


def default(config):
    pdefaults.__iadd__(config)


def make():
    @pconfig
    class Base:
        a: int
        b: int

    @pconfig
    class Derived(Base):
        c: int

    return Base, Derived


def test_a_default_is_found_by_class_and_by_config():
    """`pdefaults(C)`, `pdefaults(config)` and `C.default_config` are the registered object."""
    Base, Derived = make()
    assert pdefaults(Base) is None
    assert Base.default_config is None
    registered = Base(a=1, b=2)
    default(registered)
    assert pdefaults(Base) is registered
    assert pdefaults(Base(a=5)) is registered
    assert Base.default_config is registered
    assert Base().default_config is registered
    assert pdefaults(Derived) is None


def test_pdefaults_stays_the_same_object():
    """`+=` changes no name; copies and pickles of it are it."""
    Base, _ = make()
    register_here = pdefaults
    register_here += Base(a=1, b=2)
    assert register_here is pdefaults
    assert pickle.loads(pickle.dumps(pdefaults)) is pdefaults
    assert copy.deepcopy(pdefaults) is pdefaults
    assert repr(pdefaults) == "pdefaults"


@pytest.mark.parametrize("value", [7, "x", None, int])
def test_only_configs_and_config_classes_have_defaults(value):
    """Anything else is a TypeError, in both directions."""
    with pytest.raises(TypeError):
        pdefaults(value)
    with pytest.raises(NotADefaultError, match="a default is a config"):
        default(value)


def test_a_class_is_not_a_default():
    """`pdefaults += C` without a call is reported."""
    Base, _ = make()
    with pytest.raises(NotADefaultError, match="the class .*Base"):
        default(Base)


def test_a_second_default_is_refused_and_names_both_places():
    """Also where it is equal; the first stays."""
    Base, _ = make()
    first = Base(a=1, b=2)
    default(first)
    for second in (Base(a=1, b=2), Base(a=3, b=4), first):
        with pytest.raises(DefaultError, match="Base has a default already") as caught:
            default(second)
        assert isinstance(caught.value, ValueError)
        assert caught.value.first.line < caught.value.place.line or second is first
        assert str(caught.value.first) in str(caught.value)
    assert pdefaults(Base) is first


def test_a_default_misses_nothing():
    """A default is complete, or has Required."""
    Base, _ = make()
    with pytest.raises(BuildTypeError, match="is missing 1 field"):
        default(Base(a=1))


def test_a_derived_class_falls_back_on_its_ancestors_nearest_first():
    """Until it has its own default, which then is all it falls back on."""
    Base, Derived = make()

    @pconfig
    class Third(Derived):
        pass

    default(Base(a=1, b=1))
    assert Derived(c=3).asdict() == {"a": 1, "b": 1, "c": 3}
    default(Derived(b=2, c=2))
    assert Third().asdict() == {"a": 1, "b": 2, "c": 2}
    assert Base().b == 1
    default(Third(c=5))
    assert Third().c == 5


def test_a_default_registered_after_the_first_configs_counts_from_then_on():
    """Configs that exist keep what they have; later ones fall back on the new default."""
    Base, Derived = make()
    for n in range(30):
        early = Derived(a=n, b=0, c=0)
    default(Base(a=7, b=7))
    assert Derived(c=1).a == 7
    assert early.a == 29
    default(Derived(a=8, c=8))
    assert Derived().asdict() == {"a": 8, "b": 7, "c": 8}


def test_an_ancestors_default_does_not_change_a_derived_default():
    """What a default resolved to when it was made stays."""
    Base, Derived = make()
    default(Derived(a=1, b=1, c=1))
    default(Base(a=9, b=9))
    assert Derived().a == 1


def test_defaults_of_several_parents_are_added_up():
    """The first parent in the MRO wins."""

    @pconfig
    class One:
        a: int
        b: int

    @pconfig
    class Two:
        b: int
        c: int

    @pconfig
    class Both(One, Two):
        pass

    default(One(a=1, b=1))
    default(Two(b=2, c=2))
    assert (Both().a, Both().b, Both().c) == (1, 1, 2)


def test_an_open_default_is_completed_once():
    """Fields left Required may be given later; then the default is closed."""
    Base, _ = make()
    default(Base(a=Required, b=2))
    assert Base().a is Required
    assert Base(a=3).b == 2
    default(Base(a=1))
    assert Base().asdict() == {"a": 1, "b": 2}
    with pytest.raises(DefaultError, match="has a default already"):
        default(Base(a=1))


def test_completing_a_default_changes_nothing_else():
    """A closed field that the second default would change is named, and nothing happens."""
    Base, _ = make()
    default(Base(a=Required, b=2))
    with pytest.raises(DefaultError, match=r"also changes Base\.b") as caught:
        default(Base(a=1, b=3))
    assert caught.value.changed == ("b",)
    assert Base().b == 2
    assert Base().a is Required
    default(Base(a=1, b=2))
    assert Base().a == 1


def test_a_default_made_from_a_signature_is_replaced_once():
    """Whatever the new one has, and never again."""
    Base, _ = make()
    register(Base(a=1, b=1), replaceable=True)
    assert Base().a == 1
    default(Base(a=2, b=3))
    assert Base().b == 3
    with pytest.raises(DefaultError):
        default(Base(a=4, b=4))


def test_a_default_may_be_a_variant_of_another_config():
    """Base rules apply to what is registered."""
    Base, Derived = make()
    common = Base(a=1, b=1)
    default(Derived(common, c=3))
    assert Derived().asdict() == {"a": 1, "b": 1, "c": 3}


def test_pins_are_given_in_the_default_and_left_out_afterwards():
    """`Pin(v)` for a value, `Pinned` for what is computed."""

    @pconfig
    class Pins:
        x: int
        seed: Pinned[int]
        total: Pinned[int]

        @pproperty
        def total(self) -> int:
            return self.x + self.seed

    default(Pins(x=1, seed=Pin(2), total=Pinned))
    assert Pins(x=10).asdict() == {"x": 10, "seed": 2, "total": 12}


def test_a_default_of_an_undecorated_descendant_is_that_of_the_class():
    """A plain subclass shares its parent's schema, and its default."""
    Base, _ = make()

    class Sub(Base):
        pass

    default(Base(a=1, b=2))
    assert pdefaults(Sub) is pdefaults(Base)
    assert type(Sub(a=5)) is Sub
    assert schema_of(Sub) is schema_of(Base)
    assert Sub(a=5).b == 2


def test_a_default_for_an_ancestor_only_is_not_lent():
    """`pdefaults(Derived)` stays None while its ancestor has one."""
    Base, Derived = make()
    default(Base(a=1, b=1))
    assert pdefaults(Derived) is None
    assert Derived.default_config is None


def test_the_same_default_of_a_notebook_is_kept_when_its_cell_runs_again(monkeypatch):
    @pconfig
    class Twice:
        x: int
        y: list[int]

    def run(text, file):
        exec(compile(text, file, "exec"), {"pdefaults": pdefaults, "Twice": Twice})

    monkeypatch.setattr(formatting, "notebook_cell", lambda file: file == "cell")
    run("pdefaults += Twice(x=1, y=[2])", "cell")
    run("pdefaults += Twice(x=1, y=[2])", "cell")
    assert Twice() == Twice(x=1, y=[2])
    for text, file in (("x=2, y=[2]", "cell"), ("x=1, y=[2]", "file")):
        with pytest.raises(DefaultError, match="has a default already"):
            run(f"pdefaults += Twice({text})", file)
