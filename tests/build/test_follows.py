"""Omitted fields: values that follow from others unless they are given."""

from __future__ import annotations

import pickle

import pytest

from pconfigs import (
    Omitted,
    PConfig,
    Pin,
    pconfig,
    pdefaults,
    pdump,
    pexplain,
    pinputs,
    pload,
    poverride,
    pproperty,
    pset,
    psetter,
)
from pconfigs.schema.class_schema import schema_of
from pconfigs.schema.inheritance import input_of


@pconfig
class Engine(PConfig):
    longest: Omitted[int]
    names: Omitted[list[str]]
    eager: bool


@pconfig
class Generation(PConfig):
    engine: Engine
    top_k: int | None
    val_top_k: Omitted[int | None]

    @pproperty(fixup=True)
    def val_top_k(self) -> int | None:
        given = pinputs(self).val_top_k
        return self.top_k if given is Omitted else given


@pconfig
class Policy(PConfig):
    longest: int
    generation: Generation

    @pproperty(fixup=True)
    def generation(self) -> Generation:
        with psetter(pinputs(self).generation) as generation:
            generation.engine.longest = Pin(self.longest)
            generation.engine.names = Pin([f"w{self.longest}"])
        return generation.config


pdefaults += Engine(longest=Omitted, names=Omitted, eager=False)
pdefaults += Generation(engine=Engine(), top_k=5, val_top_k=Omitted)
pdefaults += Policy(longest=512, generation=Generation())


def engine_of(policy):
    return policy.generation.engine


def test_a_value_follows_until_it_is_given():
    """What nothing gives follows; what is given stays, None included."""
    assert engine_of(Policy()).longest == 512
    assert engine_of(poverride(Policy(), ["longest=8"])).longest == 8
    given = poverride(Policy(), ["longest=8", "generation.engine.longest=3"])
    assert engine_of(given).longest == 3
    assert Generation(top_k=7).val_top_k == 7
    assert Generation(val_top_k=None).val_top_k is None


@pytest.mark.parametrize("times", [1, 20])
def test_a_part_that_was_completed_still_follows(times):
    """A part taken from a built config has no more given than before, however often it is built."""
    base = Policy()
    for _ in range(times):
        part = Generation(base.generation, top_k=1)
        engine = Engine(base.generation.engine, eager=True)
        variant = Policy(base, longest=8, generation=Generation(part, engine=engine))
        assert engine_of(variant).longest == 8
        assert engine_of(variant).names == ["w8"]
        assert engine_of(variant).eager
    assert part.engine.longest == 512


@pytest.mark.parametrize("times", [1, 20])
def test_a_part_keeps_what_it_was_given(times):
    base = poverride(Policy(), ["generation.engine.longest=3"])
    for _ in range(times):
        engine = Engine(base.generation.engine, eager=True)
        variant = Policy(base, longest=8, generation=Generation(base.generation, engine=engine))
        assert engine_of(variant).longest == 3


def test_inputs_show_what_was_given():
    engine = engine_of(Policy())
    assert pinputs(engine).longest is Omitted
    assert pinputs(engine_of(poverride(Policy(), ["generation.engine.longest=3"]))).longest == 3


def test_a_saved_config_follows_after_loading():
    loaded = pload(pdump(Policy()), Policy)
    assert loaded == Policy()
    assert engine_of(poverride(loaded, ["longest=8"])).longest == 8


def test_a_pickled_part_follows():
    part = pickle.loads(pickle.dumps(Policy().generation))
    variant = Policy(longest=8, generation=Generation(part, engine=Engine(part.engine)))
    assert engine_of(variant).longest == 8
    with pytest.raises(TypeError):
        part.engine.names.append("b")


def test_a_pin_is_checked():
    with pytest.raises(TypeError, match=r"Engine\.longest must be int, but got 'a'"):
        Engine(longest=Pin("a"))


def test_a_part_can_be_edited_by_path():
    edited = pset(Policy(), {"generation.engine.eager": True, "longest": 9})
    assert engine_of(edited).longest == 9


def test_the_line_of_the_property_is_the_origin():
    text = str(pexplain(Policy(), "generation.engine.longest"))
    assert "generation.engine.longest = Pin(self" in text
    assert "test_follows.py:55" in text


@pconfig
class Bare(PConfig):
    x: int
    y: Omitted[int]


def test_a_field_that_may_be_left_out_needs_no_default():
    assert Bare(x=1).y is Omitted
    assert Bare(x=1, y=2).y == 2
    assert [Bare(x=n).y for n in range(20)] == [Omitted] * 20
    assert pload({"x": 1}, Bare) == Bare(x=1)
    assert pload(pdump(Bare(x=1)), Bare) == Bare(x=1)
    with pytest.raises(TypeError, match="x"):
        Bare(y=1)


@pconfig
class Around(PConfig):
    engine: Omitted[Engine]
    longest: int

    @pproperty(fixup=True)
    def engine(self) -> Engine:
        given = pinputs(self).engine
        if not isinstance(given, Engine):
            return given
        return Engine(given, longest=Pin(self.longest))


pdefaults += Around(engine=Omitted, longest=4)


def test_a_part_that_is_left_out_stays_left_out():
    assert Around().engine is Omitted
    assert Around(engine=Engine()).engine.longest == 4
    assert Around(Around(engine=Engine()), engine=Omitted).engine is Omitted
    assert pload(pdump(Around()), Around) == Around()


def test_a_part_can_follow_from_nothing_again():
    first = Policy()
    engine = Engine(first.generation.engine, longest=Pin(Omitted))
    assert first.generation.engine.longest is not Omitted
    assert engine.longest is Omitted
    assert Engine(Engine(engine, longest=3), longest=Pin(Omitted)).longest == 3


def test_a_part_that_is_taken_from_another_config_is_saved_with_what_follows():
    first = Policy()
    part = Generation(first.generation, engine=Engine(first.generation.engine, eager=True))
    config = Policy(first, longest=9, generation=part)
    assert engine_of(config).longest == 9
    assert pload(pdump(config), Policy) == config
    assert engine_of(Policy(pload(pdump(config), Policy), longest=3)).longest == 3
    alone = Engine(first.generation.engine, longest=Pin(7))
    loaded = pload(pdump(alone), Engine)
    assert loaded == alone
    assert input_of(loaded, schema_of(Engine).fields["longest"]) is Omitted
