"""Alignment: which items of two sequences belong together, so that insertions leave the rest."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, TypeAlias

from pconfigs.schema.equality import same_value

Pairs: TypeAlias = list[tuple[int | None, int | None]]

LIMIT = 250_000
"""Most pairs of items that are compared; longer sequences are paired by position."""


def pairs(before: Sequence[Any], after: Sequence[Any]) -> Pairs:
    """Return the indexes that belong together; None where an item is on one side only.

    Items that are on one side only but equal are paired too: they have moved.
    """
    # What is equal at both ends belongs together; aligning the rest is quadratic.
    shorter = min(len(before), len(after))
    start = 0
    while start < shorter and same_value(before[start], after[start]):
        start += 1
    end = 0
    while end < shorter - start and same_value(before[-1 - end], after[-1 - end]):
        end += 1
    middle = _middle(before, after, range(start, len(before) - end), range(start, len(after) - end))
    head: Pairs = [(i, i) for i in range(start)]
    ends = range(end, 0, -1)
    tail: Pairs = [(len(before) - i, len(after) - i) for i in ends]
    return head + middle + tail


def _middle(
    all_before: Sequence[Any], all_after: Sequence[Any], before: range, after: range
) -> Pairs:
    if not before or not after or len(before) * len(after) > LIMIT:
        return by_position(before, after)
    one, other = _keys(all_before, before), _keys(all_after, after)
    if one is None or other is None:
        return by_position(before, after)
    # With autojunk, items that are frequent in long sequences would match nothing.
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if not _worth_aligning(one, other, matcher):
        return by_position(before, after)
    found: Pairs = []
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        found += by_position(before[i1:i2], after[j1:j2])
    return _with_moves(
        found, dict(zip(before, one, strict=True)), dict(zip(after, other, strict=True))
    )


def _worth_aligning(
    one: list[Hashable], other: list[Hashable], matcher: SequenceMatcher[Hashable]
) -> bool:
    """Return whether one sequence reads as an edit of the other, not as other values in place.

    Values that two lists of numbers happen to share do not make one an edit of the other.
    """
    shared = sum(block.size for block in matcher.get_matching_blocks())
    in_place = sum(a == b for a, b in zip(one, other, strict=False))
    if shared <= in_place:
        return False
    if len(one) != len(other):
        return 2 * shared >= min(len(one), len(other))
    reordered = set(one) == set(other)
    return reordered or (len(one) > 3 and 4 * shared >= 3 * len(one) and shared > 2 * in_place)


def _with_moves(
    found: Pairs, ours: Mapping[int, Hashable], theirs: Mapping[int, Hashable]
) -> Pairs:
    """Return pairs in which an item that is gone here and new there is one that has moved."""
    gone: dict[Hashable, list[int]] = {}
    for i, j in found:
        if i is not None and j is None:
            gone.setdefault(ours[i], []).append(i)
    moved: dict[int, int] = {}
    for i, j in found:
        if i is None and j is not None and gone.get(theirs[j]):
            moved[j] = gone[theirs[j]].pop(0)
    sources = set(moved.values())
    paired = [(moved.get(j, i) if i is None and j is not None else i, j) for i, j in found]
    return [(i, j) for i, j in paired if j is not None or i not in sources]


def in_place(gone: Sequence[Any], came: Sequence[Any]) -> bool:
    """Return whether two sequences that are the same but for some items are paired by position.

    They are where none of the items that went is among those that came: no pairing of equal items
    has more pairs than that by position.
    """
    ours, theirs = _keys(gone, range(len(gone))), _keys(came, range(len(came)))
    return ours is None or theirs is None or set(ours).isdisjoint(theirs)


def by_position(before: Iterable[int], after: Iterable[int]) -> Pairs:
    """Return indexes paired in their order."""
    return list(zip_longest(before, after))


def _keys(values: Sequence[Any], indexes: Iterable[int]) -> list[Hashable] | None:
    """Return the keys by which items are the same, nan being one; None if one is unhashable."""
    keys: list[Hashable] = []
    for value in (values[index] for index in indexes):
        key = "nan" if isinstance(value, float) and value != value else value
        try:
            hash(key)
        except TypeError:
            return None
        kind = type(value)
        keys.append((kind, key))
    return keys
