"""Exact equality leaves out of a diff what the diff would not show, and nothing else."""

from __future__ import annotations

import math
import pickle
import sys
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, strategies as st

from pconfigs import Pin, Pinned, Secret, pconfig, pdiff, pinputs, pproperty
from pconfigs.schema.exact_equality import ExactComparison


@pconfig
class Part:
    x: Any
    width: Pinned[int]
    double: Pinned[int]

    @pproperty
    def double(self) -> int:
        return self.width * 2


@pconfig
class Group:
    width: Pinned[int]
    parts: list[Part]

    @pproperty(fixup=True)
    def parts(self) -> list[Part]:
        return [Part(part, width=Pin(self.width)) for part in pinputs(self).parts]


@pconfig
class Whole:
    width: int
    groups: list[Group]
    plain: list[Any]

    @pproperty(fixup=True)
    def groups(self) -> list[Group]:
        return [Group(group, width=Pin(self.width)) for group in pinputs(self).groups]


@pconfig
class Locked:
    key: Secret[str]


VALUES = st.sampled_from([0, 1, 1.0, True, "a", None, math.nan, (1, 2), (1.0, 2)])
VALUES |= st.lists(st.integers(0, 1), max_size=2) | st.dictionaries(
    st.sampled_from("ab"), st.integers(0, 1), max_size=2
)
PARTS = st.builds(lambda x: Part(x=x, width=Pinned), VALUES)
GROUPS = st.builds(lambda parts: Group(parts=parts, width=Pinned), st.lists(PARTS, max_size=4))
WHOLES = st.builds(
    lambda width, groups, plain: Whole(width=width, groups=groups, plain=plain),
    st.integers(1, 2), st.lists(GROUPS, max_size=4), st.lists(VALUES | PARTS, max_size=4),
)  # fmt: skip


def shown(before: Any, after: Any) -> list[tuple[Any, ...]]:
    return [
        (
            change.kind, str(change.path), str(change.path_before), str(change.property),
            repr(change.before), repr(change.after), {*map(str, change.causes)},
        )
        for change in pdiff(before, after)
    ]  # fmt: skip


@given(WHOLES, WHOLES, st.randoms())
def test_a_diff_is_the_same_as_with_a_walk_of_everything(before, after, random):
    groups = list(pinputs(before).groups)
    if groups and random.random() < 0.7:
        # Mostly, two trees have much in common.
        shuffled = random.sample(groups, len(groups)) + list(pinputs(after).groups)[:1]
        after = Whole(width=before.width, groups=shuffled[: len(groups)], plain=after.plain)
    quick = shown(before, after)
    with patch.object(ExactComparison, "items_apart", lambda *_: None):
        assert shown(before, after) == quick


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (True, 1), ((1,), (1.0,)), ("a", "b")])
def test_values_of_other_types_are_apart(one, other):
    found = ExactComparison().items_apart(
        [one, 5, Part(x=one, width=Pin(1))], [other, 5, Part(x=other, width=Pin(1))], "both"
    )
    assert list(found) == [0, 2]


def test_what_was_given_is_compared_apart_from_what_was_made_of_it():
    """A property may make the same of two inputs."""

    @pconfig
    class Rounded:
        x: int

        @pproperty(fixup=True)
        def x(self) -> int:
            return pinputs(self).x // 10

    one, other = [Rounded(x=11)], [Rounded(x=12)]
    exact = ExactComparison()
    assert list(exact.items_apart(one, other, "given")) == [0]
    assert not exact.items_apart(one, other, "made")
    assert list(exact.items_apart(one, other, "both")) == [0]


def test_secrets_that_did_not_travel_leave_the_question_open():
    """The walk compares them as what they are: left out."""
    one, other = ([pickle.loads(pickle.dumps(Locked(key="k")))] for _ in range(2))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(2000)  # Hypothesis raises it
    try:
        assert ExactComparison().items_apart(one, other, "both") is None
    finally:
        sys.setrecursionlimit(limit)
    assert not pdiff(one, other)


def test_lists_nested_beyond_recursion_leave_the_question_open():
    one: Any = (1,)
    other: Any = (2,)
    for _ in range(5000):
        one, other = (one,), (other,)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(2000)  # Hypothesis raises it
    try:
        assert ExactComparison().items_apart(one, other, "both") is None
    finally:
        sys.setrecursionlimit(limit)
