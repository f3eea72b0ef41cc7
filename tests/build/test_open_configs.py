"""Open configs: compared, hashed, fingerprinted and printed by what was given."""

from __future__ import annotations

import operator
import pickle
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, strategies as st

from pconfigs import (
    Pin,
    Pinned,
    Required,
    pcheck,
    pconfig,
    pdefaults,
    pdiff,
    pdump,
    pfingerprint,
    pget,
    pinputs,
    pload,
    pmissing,
    pproperty,
    pset,
)  # fmt: skip
from pconfigs.errors import CheckError, DeferredError


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


def small(w: Any) -> bool:
    return w is None


def matched(w: Any) -> int:
    match w:
        case None:
            return 1
        case [] | {}:
            return 2
        case _:
            return 3


READS = {
    "is": lambda w: w is None,
    "is not": lambda w: w is not None,
    "is, in a function": small,
    "is, in C": lambda w: operator.is_(w, None),
    "is, in a comprehension": lambda w: [one is None for one in (w, w)],
    "match": matched,
    "class": lambda w: type(w) is int,
    "name of its class": lambda w: type(w).__name__,
    "callable": callable,
    "has an attribute": lambda w: hasattr(w, "__len__"),
    "repr": repr,
    "str": str,
    "repr in a text": lambda w: f"{w!r}",
    "formatted": lambda w: "%s" % w,  # noqa: UP031
    "repr of a list": lambda w: str([w]),
    "array": lambda w: pytest.importorskip("numpy").array([w]),
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
    waits = [missing.waits_for for missing in pmissing(config)[2:]]
    assert waits == [("part.w",), ("part.inner.w",)]


class Asker:
    """An ordinary class that works with a part."""

    def __init__(self, part: Any) -> None:
        self.part = part

    def is_empty(self) -> bool:
        return self.part.w is None


@pconfig
class Asked:
    w: Any
    known: int

    def is_empty(self) -> bool:
        return self.w is None

    @property
    def kind(self) -> str:
        return type(self.w).__name__


@lru_cache
def is_empty(part: Any) -> bool:
    return part.w is None


WAYS = {
    "cached function": is_empty,
    "attribute": lambda part: part.w is None,
    "method": lambda part: part.is_empty(),
    "property": lambda part: part.kind,
    "getattr": lambda part: getattr(part, "".join("w")) is None,
    "vars": lambda part: vars(part)["w"] is None,
    "pget": lambda part: pget(part, "w") is None,
    "asdict": lambda part: part.asdict()["w"] is None,
    "another object": lambda part: Asker(part).is_empty(),
    "two names": lambda part: [(other := part), other.w is None][1],
    "called": lambda part: part.w(3) if callable(part.w) else 0,
    "refused by C": lambda part: "a b".split(part.w),
}
PLACES = {
    "field": (lambda part: part, lambda self: self.place),
    "list": (lambda part: [part, part], lambda self: self.place[1]),
    "dict": (lambda part: {"a": [part]}, lambda self: self.place["a"][0]),
    "raw input": (lambda part: part, lambda self: pinputs(self).found),
}


@given(way=st.sampled_from(list(WAYS)), place=st.sampled_from(list(PLACES)), known=st.integers())
def test_a_property_waits_for_what_it_reads_in_any_way_and_place(way, place, known):
    """And for nothing else: with the value it is what it is in a config that never was open."""
    put, reach = PLACES[place]
    ask = WAYS[way]

    @pconfig
    class Whole:
        place: Any
        found: Any

        @pproperty
        def found(self) -> Any:
            return ask(reach(self))

        @pproperty
        def other(self) -> Any:
            return reach(self).known

    def whole(w: Any) -> Any:
        part = Asked(w=w, known=known)
        return Whole(place=put(part), found=part)

    for _ in range(13):
        config = whole(Required)
        assert config.found is Pinned
        assert config.other == known
    for value in ("x", None):
        assert whole(value).found == ask(Asked(w=value, known=known))


def test_a_property_waits_for_what_is_open_in_a_part_that_it_builds():
    """It reads the value there as it would in the part that it started from."""

    @pconfig
    class Whole:
        part: Asked

        @pproperty
        def is_empty(self) -> bool:
            return Asked(self.part, known=7).w is None

    config = Whole(part=Asked(w=Required, known=0))
    assert config.is_empty is Pinned
    assert pset(config, {"part.w": None}).is_empty is True


@pconfig
class Link:
    w: Any
    wait: Pinned[int]
    next: "Link | None"

    @pproperty
    def next(self) -> "Link | None":
        CALLED.append(1)
        given = pinputs(self).next
        if given is None or (given.next is None and given.w is None):
            return given
        return Link(given, wait=Pin(self.wait))


CALLED: list[int] = []


def test_finding_out_what_waits_takes_no_more_than_the_square_of_the_depth():
    """A property is evaluated once more for its own config, and not for those that it builds."""
    counts = []
    for depth in (10, 20, 40):
        config = None
        for _ in range(depth):
            config = Link(w=Required, wait=Pinned, next=config)
        CALLED.clear()
        Link(config, wait=Pin(1))
        counts.append(len(CALLED))
    assert counts[2] <= 4.5 * counts[1] <= 4.5 * 4.5 * counts[0]


def test_an_open_value_may_be_handed_on():
    """What becomes of it then is complete when the value is."""

    @pconfig
    class Whole:
        part: Asked

        @pproperty
        def copies(self) -> list[Asked]:
            return [Asked(self.part, known=n) for n in range(2)]

        @pproperty
        def same(self) -> Asked:
            return Asked(w=self.part.w, known=1)

    config = Whole(part=Asked(w=Required, known=0))
    assert [one.w for one in config.copies] == [Required, Required]
    assert config.same is Pinned
    done = pset(config, {"part.w": 4})
    assert [one.w for one in done.copies] == [4, 4]
    assert done.same == Asked(w=4, known=1)


def test_a_property_may_ask_whether_a_value_is_open():
    """Code that names the marker knows what it does."""

    @pconfig
    class Whole:
        part: Asked

        @pproperty
        def is_open(self) -> bool:
            return self.part.w is Required or self.part.w is Pinned

    assert Whole(part=Asked(w=Required, known=0)).is_open is True
    assert Whole(part=Asked(w=3, known=0)).is_open is False


def test_a_check_waits_for_what_it_reads_in_a_part():
    """It may not refuse a config for a marker that it has read."""

    @pconfig
    class Whole:
        part: Asked

        @pcheck
        def is_int(self) -> None:
            if type(self.part.w) is not int:
                raise ValueError("no int")

    config = Whole(part=Asked(w=Required, known=0))
    with pytest.raises(CheckError, match="no int"):
        pset(config, {"part.w": "x"})


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
