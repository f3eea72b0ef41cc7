"""Open configs: compared, hashed, fingerprinted and printed by what was given."""

from __future__ import annotations

import pickle
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, strategies as st

from pconfigs import (
    Pin,
    Pinned,
    Required,
    pconfig,
    pdefaults,
    pdiff,
    pdump,
    pfingerprint,
    pinputs,
    pload,
    pproperty,
    pset,
)  # fmt: skip
from pconfigs.errors import DeferredError


@pconfig
class Leaf:
    rate: float
    seed: Pinned[int]


@pconfig
class Middle:
    leaf: Leaf
    seed: Pinned[int]
    scale: int

    @pproperty(fixup=True)
    def leaf(self) -> Leaf:
        given = pinputs(self).leaf
        return type(given)(given, seed=Pin(self.seed))

    @pproperty(fixup=True)
    def scale(self) -> int:
        return pinputs(self).scale * self.seed


@pconfig
class Root:
    middle: Middle
    seed: int

    @pproperty(fixup=True)
    def middle(self) -> Middle:
        given = pinputs(self).middle
        return type(given)(given, seed=Pin(self.seed))


pdefaults += Leaf(rate=0.1, seed=Pinned)
pdefaults += Middle(leaf=Leaf(), seed=Pinned, scale=1)
pdefaults += Root(middle=Middle(), seed=1)

CHOICES = st.fixed_dictionaries(
    {}, optional={"leaf": st.sampled_from([0.1, 0.4]), "scale": st.sampled_from([1, 2])}
)


def middle(choice: dict[str, Any]) -> Middle:
    words = dict(choice)
    if "leaf" in words:
        words["leaf"] = Leaf(rate=words["leaf"])
    return Middle(**words)


@given(one=CHOICES, other=CHOICES)
def test_open_configs_are_what_would_become_of_them(one, other):
    """Two are equal, in every way, exactly where the configs made of them are."""
    a, b = middle(one), middle(other)
    same = Root(middle=a, seed=3) == Root(middle=b, seed=3)
    assert (a == b) == same
    assert (hash(a) == hash(b)) == same
    assert (pfingerprint(a) == pfingerprint(b)) == same
    assert (str(a) == str(b)) == same
    assert (not pdiff(a, b)) == same
    assert ([a] == [b]) == same


def test_a_cache_keyed_by_open_configs_answers_rightly():
    """The key is what was given, not the marker in its place."""

    @lru_cache
    def rate(part: Middle) -> float:
        return Root(middle=part).middle.leaf.rate

    assert (rate(Middle()), rate(Middle(leaf=Leaf(rate=0.4)))) == (0.1, 0.4)


def test_an_open_config_prints_what_was_given():
    """And the printed text builds it."""
    config = Middle(leaf=Leaf(rate=0.4), scale=7)
    assert "rate=0.4" in str(config)
    assert "scale=7" in str(config)
    text = "\n".join(line for line in str(config).splitlines() if "# Pinned" not in line)
    assert eval(text, {"Middle": Middle, "Leaf": Leaf}) == config


@pytest.mark.parametrize("copied", [lambda c: pickle.loads(pickle.dumps(c)), Middle])
def test_copies_of_open_configs_are_equal(copied):
    """Pickled and inherited ones keep what was given."""
    config = Middle(leaf=Leaf(rate=0.4), scale=7)
    assert copied(config) == config
    assert pfingerprint(copied(config)) == pfingerprint(config)
    assert Root(middle=copied(config), seed=2).middle.scale == 14


def test_open_configs_that_were_saved_load_again():
    """Also where a field is pinned by nothing yet."""

    @pconfig
    class Bare:
        w: Pinned[int]
        n: int

    for config in (Bare(w=Pinned, n=1), Middle(leaf=Leaf(rate=0.4)), Middle(scale=9)):
        assert pload(pdump(config), type(config)) == config


def test_an_edit_of_an_open_config_is_another_one():
    """pset changes what was given, and nothing else."""
    assert pset(Middle(), {"leaf.rate": 0.4}) == Middle(leaf=Leaf(rate=0.4))


@pconfig
class Part:
    w: int
    inner: Any


READS = {
    "equal": lambda w: w == 3,
    "unequal": lambda w: w != 3,
    "reflected": lambda w: w == 3,
    "in a tuple": lambda w: w in (1, 2),
    "in a list": lambda w: w in [1, 2],
    "in a set": lambda w: w in {1, 2},
    "a key": lambda w: {1: 2}.get(w, 5),
    "isinstance": lambda w: isinstance(w, int),
    "added": lambda w: w + 1,
    "listed": lambda w: [w, 1],
    "in a dict": lambda w: {"a": [(w,)]},
    "as text": lambda w: f"{w}",
    "truth": lambda w: 1 if w else 2,
    "itself": lambda w: w,
}


@pytest.mark.parametrize("operation", READS.values(), ids=list(READS))
@pytest.mark.parametrize("times", [1, 15])
def test_a_property_that_reads_something_open_waits(operation, times):
    """Whatever it does with the value: the marker takes part in no operation unnoticed."""

    @pconfig
    class Whole:
        part: Part

        @pproperty
        def found(self) -> Any:
            return operation(self.part.w)

        @pproperty
        def deep(self) -> Any:
            return operation(self.part.inner.w)

    for _ in range(times):
        config = Whole(part=Part(w=Required, inner=Part(w=Required, inner=1)))
        assert config.found is Pinned
        assert config.deep is Pinned
    done = Whole(config, part=Part(w=3, inner=Part(w=3, inner=1)))
    assert done.found == operation(3) == done.deep


def test_markers_answer_outside_of_properties():
    """There they are values like any other, equal to themselves."""
    assert Required == Required
    assert Required != 3
    assert {Required: 1, Pinned: 2}[Required] == 1
    assert not isinstance(Pinned, int)
    assert 3 not in [Pinned, Required]


def test_what_was_given_is_compared_with_markers_in_properties():
    """A property may ask whether something was given."""

    @pconfig
    class K:
        a: int

        @pproperty
        def a(self) -> int:
            value = pinputs(self).a
            return 7 if value == Pinned or value in (Required, Pinned) else value

    assert (K(a=Pinned).a, K(a=2).a) == (7, 2)


def test_an_operation_with_an_open_value_is_refused_outside():
    """Arithmetic was refused always."""
    with pytest.raises(DeferredError, match="a value that is not known yet"):
        _ = Part(w=Required, inner=1).w + 1
