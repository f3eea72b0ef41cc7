"""Merging: what variants of one base set, in one config."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, strategies as st

from pconfigs import (
    Omitted,
    PConfig,
    Pin,
    Secret,
    pconfig,
    pdefaults,
    pexplain,
    pinputs,
    pmerge,
    poverride,
    pproperty,
    psetter,
)
from pconfigs.errors import MergeError


@pconfig
class Part(PConfig):
    width: int
    length: Omitted[int]
    tags: list[str]


@pconfig
class Other(Part):
    depth: int


@pconfig
class Whole(PConfig):
    length: int
    rate: float
    part: Part
    named: dict[str, int]
    token: Secret[str]

    @pproperty(fixup=True)
    def part(self) -> Part:
        with psetter(pinputs(self).part) as part:
            part.length = Pin(self.length)
        return part.config


pdefaults += Part(width=1, length=Omitted, tags=["a"])
pdefaults += Other(depth=1)
pdefaults += Whole(length=8, rate=0.1, part=Part(), named={"x": 1}, token="t")
BASE = Whole()
wide = Whole(BASE, part=Part(BASE.part, width=64))
fast = Whole(BASE, rate=0.5, named={"x": 1, "y": 2})
longer = Whole(BASE, length=16, named={"x": 5})


def test_what_each_variant_sets_is_in_the_result():
    merged = pmerge(BASE, wide, fast)
    assert (merged.part.width, merged.rate, merged.named) == (64, 0.5, {"x": 1, "y": 2})
    assert merged == pmerge(BASE, fast, wide)


def test_what_follows_still_follows():
    merged = pmerge(BASE, wide, longer)
    assert (merged.part.length, merged.part.width) == (16, 64)
    assert poverride(merged, ["length=3"]).part.length == 3


def test_keys_of_dicts_merge():
    assert pmerge(BASE, fast, longer).named == {"x": 5, "y": 2}


def test_a_dict_that_lacks_a_key_is_set_as_a_whole():
    """Merging key by key would bring the key back."""
    other = Whole(BASE, named={"y": 2})
    assert pmerge(BASE, other, wide).named == {"y": 2}


def test_nothing_to_merge_is_the_base():
    assert pmerge(BASE) is BASE
    assert pmerge(BASE, Whole(BASE)) is BASE


def test_equal_settings_are_no_conflict():
    assert pmerge(BASE, wide, Whole(BASE, part=Part(BASE.part, width=64))).part.width == 64


def test_a_conflict_names_both_lines():
    first = Whole(BASE, rate=0.2)
    second = Whole(BASE, rate=0.3)
    with pytest.raises(MergeError) as caught:
        pmerge(BASE, first, second)
    message = str(caught.value)
    assert message.startswith("rate is set to 0.2 at ")
    assert message.count("test_merge.py:") == 2
    assert ", and to 0.3 at" in message


def test_all_conflicts_are_reported():
    first = Whole(BASE, rate=0.2, length=1)
    second = Whole(BASE, rate=0.3, length=2)
    with pytest.raises(MergeError) as caught:
        pmerge(BASE, first, second)
    assert [one.path for one in caught.value.conflicts] == ["length", "rate"]


def test_a_part_that_is_replaced_and_changed_is_a_conflict():
    with pytest.raises(
        MergeError, match=r"part is set to Other\(\.\.\.\) at .*, and part\.width to 64 at"
    ):
        pmerge(BASE, wide, Whole(BASE, part=Other()))


def test_secrets_are_not_shown():
    with pytest.raises(MergeError) as caught:
        pmerge(BASE, Whole(BASE, token="hunter2"), Whole(BASE, token="hunter3"))
    assert "hunter" not in str(caught.value)


def test_other_classes_are_refused():
    with pytest.raises(TypeError, match="variant 1 must be Whole, got Part"):
        pmerge(BASE, Part())
    with pytest.raises(TypeError, match=r"pmerge must get a config, got 3 \(int\)"):
        pmerge(3)


def test_the_error_survives_pickling():
    with pytest.raises(MergeError) as caught:
        pmerge(BASE, Whole(BASE, rate=0.2), Whole(BASE, rate=0.3))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_the_merging_call_is_the_origin():
    merged = pmerge(BASE, wide, fast)
    assert "test_merge.py" in str(pexplain(merged, "rate"))


INPUTS = st.fixed_dictionaries(
    {},
    optional={
        "rate": st.floats(0, 1), "length": st.integers(0, 9),
        "part": st.builds(Part, width=st.integers(0, 3)),
    },
)  # fmt: skip


@given(INPUTS, INPUTS)
def test_merging_is_commutative_and_keeps_what_one_sets(first, second):
    a, b = Whole(BASE, **first), Whole(BASE, **second)
    try:
        merged = pmerge(BASE, a, b)
    except MergeError:
        return
    assert merged == pmerge(BASE, b, a)
    assert pmerge(BASE, a) == a
    for name in ("rate", "length"):
        if getattr(a, name) != getattr(BASE, name):
            assert getattr(merged, name) == getattr(a, name)


def test_a_value_of_another_type_is_a_setting():
    """`1 == True`, and a diff has them."""
    base = Whole(named={"x": 1})
    merged = pmerge(base, Whole(base, rate=1), Whole(base, rate=1, length=3))
    assert type(merged.rate) is int
    base = Whole(base, rate=1)
    assert type(pmerge(base, Whole(base, rate=1.0)).rate) is float
