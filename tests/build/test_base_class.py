"""Members: equality, hash, immutability, asdict and printing of configs."""

from __future__ import annotations

import io
import threading
from contextlib import redirect_stdout
from typing import Any

import black
import pytest
from hypothesis import HealthCheck, given, settings

from pconfigs import PConfig, Required, pconfig, pconfiged
from pconfigs.codegen.printer import to_listing
from pconfigs.errors import DeclarationError, FrozenError
from tests.examples import examples
from tests.models.trees import mutations, rebuilt, trees

BOTH_WAYS = settings(
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)


@BOTH_WAYS
@given(data=trees())
def test_equal_configs_have_equal_hashes(models, data):
    """Two trees made alike are equal and hash alike; so are variants that change nothing."""
    one, two = data.made(models), data.made(models)
    assert one is not two
    assert one == two
    assert hash(one) == hash(two)
    variant = type(one)(one)
    assert variant == one
    assert hash(variant) == hash(one)


@BOTH_WAYS
@given(data=trees())
def test_a_change_anywhere_makes_configs_unequal(models, data):
    """And leaves the config it was made from as it was."""
    one = data.made(models)
    before = hash(one), str(one)
    other = type(one)(one, path=one.path / "elsewhere")
    assert other != one
    assert (hash(one), str(one)) == before


@BOTH_WAYS
@given(data=trees())
def test_nothing_reachable_from_a_config_can_be_changed(models, data):
    """Every attribute, list, dict and set refuses every kind of change."""
    config = data.made(models)
    before = str(config)
    tried = 0
    for change in mutations(config):
        tried += 1
        with pytest.raises((TypeError, AttributeError), match=r"never changes|does not support"):
            change()
    assert tried
    assert str(config) == before


@BOTH_WAYS
@given(data=trees())
def test_printed_code_rebuilds_an_equal_config(models, data):
    """The pinned lines left out, it is Python that makes the config again."""
    config = data.made(models)
    assert rebuilt(config, models) == config


@BOTH_WAYS
@given(data=trees())
def test_printed_code_is_stable_under_black(models, data):
    """At 88 columns black changes nothing."""
    config = data.made(models)
    assert str(config) == repr(config)
    for text in (f"{config}\n", to_listing(config)):
        assert black.format_str(text, mode=black.Mode(line_length=88)) == text


def test_equality_is_by_class_and_values(models):
    """Other classes with the same values are unequal, derived ones included."""
    leaf = models.Leaf(number=1, text="a", anything=None)

    @pconfig
    class Leaf:
        number: float
        text: str
        anything: Any

    @pconfig
    class Derived(models.Leaf):
        pass

    assert leaf == models.Leaf(number=1.0, text="a", anything=None)
    assert leaf != Leaf(number=1, text="a", anything=None)
    assert leaf != Derived(leaf)
    assert leaf != "a leaf"
    assert len({leaf, models.Leaf(leaf), Derived(leaf)}) == 2


def test_open_configs_are_equal_before_their_parts_have_a_class_that_can_be_resolved():
    @pconfig
    class Part:
        n: Later  # noqa: F821

    @pconfig
    class Whole:
        part: Part

    assert Whole(part=Required) == Whole(part=Required)


def test_what_cannot_be_hashed_is_named(models):
    """Only a value that itself refuses prevents hashing."""

    class Refusing:
        __hash__ = None

    config = models.Leaf(number=1, text="a", anything=Refusing())
    with pytest.raises(TypeError, match=r"Leaf cannot be hashed because of anything: "):
        hash(config)
    assert hash(models.Leaf(config, anything=[1, {"k": [2]}, {3}]))


def test_setting_deleting_and_adding_are_refused(models):
    """Each with the way to make a variant, or the nearest field."""
    config = models.Leaf(number=1, text="a", anything=None)
    with pytest.raises(FrozenError, match=r"make a variant: Leaf\(config, number=...\)"):
        config.number = 2
    with pytest.raises(FrozenError, match="cannot be deleted"):
        del config.number
    with pytest.raises(AttributeError, match="did you mean 'number'"):
        config.nmber = 2
    with pytest.raises(AttributeError):
        config.entirely_new = 1
    assert config.number == 1


def test_asdict_is_one_level_deep(models):
    """Values in field order, computed ones included; parts stay configs."""
    leaf = models.Leaf(number=1, text="a", anything=None)
    tied = models.Tied(leaf=leaf, text="b")
    found = tied.asdict()
    assert list(found) == ["leaf", "text", "seed"]
    assert found["leaf"] is tied.leaf
    assert found["leaf"].text == "b"
    assert models.Tied(leaf=leaf, text="b") == tied


def test_print_code_prints_the_listing(models):
    """It prints imports, note and call to stdout."""
    config = models.Leaf(number=1, text="a", anything=None)
    with redirect_stdout(io.StringIO()) as out:
        config.print_code()
    assert out.getvalue() == to_listing(config) + "\n"
    assert out.getvalue().endswith(f"\n\n{config!r}\n\n")


def test_a_class_may_name_the_base():
    """`PConfig[Thing]` means constructs=Thing; bare PConfig adds nothing."""

    @pconfiged
    class Thing:
        config: ThingConfig

    @pconfig
    class ThingConfig(PConfig[Thing]):
        x: int

    @pconfig
    class Bare(PConfig):
        x: int

    assert type(ThingConfig(x=1).construct()) is Thing
    assert not hasattr(Bare(x=1), "construct")
    assert Bare(x=1) == Bare(x=1)
    with pytest.raises(FrozenError):
        Bare(x=1).x = 2


def test_a_base_without_the_decorator_is_reported():
    """Building a class that only derives from PConfig names what is missing."""

    class Forgotten(PConfig):
        x: int

    with pytest.raises(DeclarationError, match="put @pconfig above the class"):
        Forgotten(x=1)


def test_hashes_are_computed_in_any_thread(models):
    """Threads that hash one tree at once get the same."""
    leaves = [models.Leaf(number=n, text="a", anything=[n]) for n in range(50)]
    tree = models.Tree(
        leaf=leaves[0], many=leaves, named={}, pair=(), color=models.Color.red, path=models.Path()
    )
    found, barrier = [], threading.Barrier(6)

    def work():
        barrier.wait(20)
        found.append(hash(tree))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 6
    assert len(set(found)) == 1


@pytest.mark.parametrize("depth", [20, 99])
def test_deep_trees_print(models, depth):
    """As deep as configs nest."""
    config = models.Chain(link=None, value=0)
    for n in range(depth):
        config = models.Chain(link=config, value=n)
    assert str(config).count("Chain(") == depth + 1
