"""Diff: the differences between two configs; what was set apart from what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from operator import is_not
from types import CodeType
from typing import Any

from pconfigs.annotations.kinds import SCALARS
from pconfigs.markers import Pinned
from pconfigs.provenance.origins import givers
from pconfigs.schema.attribute_reads import codes_of
from pconfigs.schema.build_record import CODE, bases_of, raw_inputs, record_of
from pconfigs.schema.class_schema import (
    SCHEMA,
    Schema,
    held_value,
    held_values,
    is_config,
    schema_of,
)
from pconfigs.schema.equality import form_of, is_ordered, same_value
from pconfigs.schema.exact_equality import ExactComparison, Side
from pconfigs.schema.fields import Field
from pconfigs.schema.properties import pproperty
from pconfigs.tree.align import Pairs, by_position, in_place, pairs
from pconfigs.tree.causes import Causes
from pconfigs.tree.changes import (
    ABSENT,
    ADDED,
    CHANGED,
    CLASS,
    MOVED,
    REMOVED,
    Change,
    Changes,
    ComparedPair,
    PropertyOrigin,
)
from pconfigs.tree.paths import ROOT, Item, Path


def pdiff(before: Any, after: Any, /) -> Changes:
    """Return the differences between two configs, in the order of the fields.

    Unlike `==`, it distinguishes `1`, `1.0` and `True`; `nan` is `nan`. Parts that both share are
    skipped. A `Secret` is one value, of which nothing is shown but that it differs.
    """
    return _Comparison().of(before, after)


class _Comparison:
    """One comparison.

    Each place has one `Path` object, also where a value was given there and another one made.
    """

    def __init__(self) -> None:
        self._changes = Changes()
        self._paths: dict[tuple[int, bool, Any], Path] = {}
        # By the id of their path: how the items of lists that were given to properties are paired.
        self._aligned: dict[int, tuple[int, int, Pairs]] = {}
        self._codes: dict[pproperty, set[CodeType]] = {}
        self._exact = ExactComparison()
        self._properties_differ = False

    def of(self, before: Any, after: Any) -> Changes:
        pending = [ComparedPair(ROOT, ROOT, before, after)]
        while pending:
            pair = pending.pop()
            one, other = pair.before, pair.after
            if type(one) in SCALARS and type(other) in SCALARS:
                if not _same_scalar(one, other):
                    self._add(CHANGED, pair)
            elif one is not other:
                schema = getattr(type(one), SCHEMA, None)
                if schema is not None and type(one) is type(other) and not pair.is_secret:
                    inside = self._field_pairs(pair, schema)
                else:
                    inside = self._compare(pair)
                # Reversed, so that the changes come in the order of the fields.
                pending += inside[::-1]
        return self._without_echoes() if self._properties_differ else self._changes

    def _without_echoes(self) -> Changes:
        """Return the changes but for those that properties repeat; others know their causes."""
        changes = Changes()
        for change in self._changes:
            given_to = change.pair.given_to
            if given_to is None or not _is_echo(change, self._codes_of(given_to)):
                changes.append(change)
        if any([change.property is not None for change in changes]):
            changes = _without_echoes(changes)
            causes = Causes(changes)
            for change in changes:
                change.find_causes = causes.of
        return changes

    def _add(self, kind: str, pair: ComparedPair) -> None:
        self._changes.append(Change(kind, pair, pair.before, pair.after))

    def _path_below(self, pair: ComparedPair, step: str | Item) -> Path:
        """Return the path of what is in both values of a pair."""
        parent = pair.path
        # Pairs that a property was given and those that it made have the same path: one object for
        # both, as causes are looked up by its id.
        if pair.source is None and pair.given_to is None:
            return Path(parent, step)  # nothing else leads there
        key = (id(parent), True, step.key) if isinstance(step, Item) else (id(parent), False, step)
        found = self._paths.get(key)
        if found is None:
            found = self._paths[key] = Path(parent, step)
        return found

    def _compare(self, pair: ComparedPair) -> list[ComparedPair]:
        """Add the difference between two values themselves; return the pairs inside them."""
        before, after = pair.before, pair.after
        if before is ABSENT:
            self._add(ADDED, pair)
        elif after is ABSENT:
            self._add(REMOVED, pair)
        elif pair.is_secret:
            if not same_value(before, after):
                self._add(CHANGED, pair)
        elif is_config(before) and is_config(after):
            self._changes.append(Change(CLASS, pair, type(before), type(after)))
            return self._pairs_of_classes(pair)
        elif isinstance(before, dict) and isinstance(after, dict):
            if not _is_another(before, after):
                return self._dict_pairs(pair)
            self._add(CHANGED, pair)
        elif _sequence_kind(before) is not None and _sequence_kind(before) is _sequence_kind(after):
            if type(before) is not type(after) and form_of(before) != form_of(after):
                self._add(CHANGED, pair)
                return []
            if not _same_scalars(before, after):
                return self._item_pairs(pair)
        elif not _same_leaf(before, after):
            self._add(CHANGED, pair)
        return []

    def _dict_pairs(self, pair: ComparedPair) -> list[ComparedPair]:
        one, other = pair.before, pair.after
        return [
            pair.below(
                self._path_below(pair, Item(key)), one.get(key, ABSENT), other.get(key, ABSENT)
            )
            for key in [*one, *(key for key in other if key not in one)]
        ]

    def _item_pairs(self, pair: ComparedPair) -> list[ComparedPair]:
        items: list[ComparedPair] = []
        last = -1
        apart = self._items_apart(pair)
        for i, j in self._alignment(pair, apart):
            # Known to be the same: not descended into.
            if i is not None and i == j and apart is not None and i not in apart:
                last = max(last, i)
                continue
            one = ABSENT if i is None else pair.before[i]
            other = ABSENT if j is None else pair.after[j]
            path = self._path_below(pair, Item(i if j is None else j))
            shifted = Item(i) if i is not None and j is not None and i != j else None
            item = pair.below(path, one, other, shifted)
            if i is not None and j is not None:
                # Passed by an item that was before it.
                if i < last and i != j:
                    self._add(MOVED, item)
                last = max(last, i)
            items.append(item)
        return items

    def _items_apart(self, pair: ComparedPair) -> dict[int, None] | None:
        """Return the indexes at which two lists of one length may differ; None if unknown."""
        if len(pair.before) != len(pair.after):
            return None
        if pair.given_to is not None:
            return self._exact.items_apart(pair.before, pair.after, "given")
        side: Side = "both" if pair.source is None else "made"
        return self._exact.items_apart(pair.before, pair.after, side)

    def _alignment(self, pair: ComparedPair, apart: dict[int, None] | None) -> Pairs:
        """Return which items of two lists belong together; not all of those that are the same.

        Items that a property made belong together as the items do that it made them from.
        """
        before, after = pair.before, pair.after
        lengths = (len(before), len(after))
        if pair.given is not None:
            known = self._aligned.get(id(pair.path))
            if known is not None and known[:2] == lengths:
                return known[2]
            given = (pair.given.before, pair.given.after)
            if all(_sequence_kind(items) is not None for items in given):
                if tuple(map(len, given)) == lengths:
                    return by_position(range(lengths[0]), range(lengths[1]))
        if apart is not None:
            gone, came = ([items[index] for index in apart] for items in (before, after))
            if in_place(self._as_given(gone, pair), self._as_given(came, pair)):
                return by_position(apart, apart)
        found = pairs(self._as_given(before, pair), self._as_given(after, pair))
        if pair.given_to is not None:
            self._aligned[id(pair.path)] = (*lengths, found)
        return found

    def _as_given(self, items: Sequence[Any], pair: ComparedPair) -> Sequence[Any]:
        """Return items with configs that a property made replaced by those it made them from."""
        if pair.given_to is None:
            return items
        codes = self._codes_of(pair.given_to)
        found: list[Any] = []
        for item in items:
            while is_config(item) and record_of(item)[CODE] in codes and bases_of(item):
                item = bases_of(item)[0]
            found.append(item)
        return found

    def _codes_of(self, found: pproperty) -> set[CodeType]:
        """Return the code of a property, and all that is written inside it."""
        codes = self._codes.get(found)
        if codes is None:
            codes = self._codes[found] = codes_of(found.function.__code__)
        return codes

    def _field_pairs(self, pair: ComparedPair, schema: Schema) -> list[ComparedPair]:
        """Return the pairs of the fields of two configs of a class that may differ."""
        before, after = pair.before, pair.after
        try:
            ours, theirs = schema.values_of(before), schema.values_of(after)
        except AttributeError:  # a secret that was left out of a pickle
            ours, theirs = held_values(before), held_values(after)
        apart: Iterable[bool] = map(is_not, ours, theirs)
        fields = schema.fields.values()
        if schema.taking:
            # Values made from different inputs may be the same.
            apart = [a or field.takes_input for a, field in zip(apart, fields, strict=True)]
        secrets = schema.secret_names
        found: list[ComparedPair] = []
        for field in compress(fields, apart):
            one, other, name = ours[field.index], theirs[field.index], field.name
            found += self._pairs_of_field(pair, field, one, other, name in secrets)
        return found

    def _pairs_of_classes(self, pair: ComparedPair) -> list[ComparedPair]:
        """Return the pairs of the fields of two configs of different classes."""
        before, after = pair.before, pair.after
        fields_before, fields = schema_of(before).fields, schema_of(after).fields
        secrets = schema_of(before).secret_names | schema_of(after).secret_names
        found: list[ComparedPair] = []
        for name in dict.fromkeys([*fields, *fields_before]):
            one = held_value(before, name) if name in fields_before else ABSENT
            other = held_value(after, name) if name in fields else ABSENT
            field = fields.get(name) or fields_before[name]
            found += self._pairs_of_field(pair, field, one, other, name in secrets)
        return found

    def _pairs_of_field(
        self, pair: ComparedPair, field: Field, one: Any, other: Any, is_secret: bool
    ) -> list[ComparedPair]:
        if field.property is not None:
            return self._property_pairs(pair, field, one, other, is_secret)
        if _clearly_same(one, other):
            return []
        path = self._path_below(pair, field.name)
        return [pair.field_below(path, field.name, one, other, is_secret)]

    def _property_pairs(
        self, pair: ComparedPair, field: Field, one: Any, other: Any, is_secret: bool
    ) -> list[ComparedPair]:
        """Return what a property was given, and what it made of it, as far as they may differ."""
        self._properties_differ = True
        known = _clearly_same(one, other)
        if known and (field.pinned or pair.source is not None):
            return []
        before, after, name = pair.before, pair.after, field.name
        found: list[ComparedPair] = []
        path = self._path_below(pair, name)
        given = None
        if field.takes_input and one is not ABSENT and other is not ABSENT and pair.source is None:
            raw = [raw_inputs(config).get(name, Pinned) for config in (before, after)]
            given = pair.field_below(path, name, raw[0], raw[1], is_secret)
            given.given_to = field.property
            found.append(given)
        if not known and pair.given_to is None:
            # What properties made of parts that are only given does not hold in the end.
            made = pair.field_below(path, name, one, other, is_secret)
            made.source = PropertyOrigin(path, pair.path, pair.path_before, (before, after))
            made.given = given
            found.append(made)
        return found


def _is_another(before: dict[Any, Any], after: dict[Any, Any]) -> bool:
    """Return whether two dicts are of two kinds, or have their keys in an order that counts."""
    if type(before) is type(after) and type(before).__name__ not in ("OrderedDict", "defaultdict"):
        return False
    if form_of(before) != form_of(after):
        return True
    if not is_ordered(before):
        return False
    return [key for key in before if key in after] != [key for key in after if key in before]


def _sequence_kind(value: Any) -> type | None:
    return next((kind for kind in (list, tuple) if isinstance(value, kind)), None)


def _same_leaf(before: Any, after: Any) -> bool:
    if type(before) in SCALARS and type(after) in SCALARS:
        return _same_scalar(before, after)
    return form_of(before) == form_of(after) and same_value(before, after)


def _same_scalar(before: Any, after: Any) -> bool:
    nan = before != before and after != after  # where not both parts of a complex number are
    same = before == after or (nan and same_value(before, after))
    return type(before) is type(after) and bool(same)


def _same_scalars(before: Any, after: Any) -> bool:
    types = list(map(type, before))
    return SCALARS.issuperset(types) and types == list(map(type, after)) and bool(before == after)


def _clearly_same(one: Any, other: Any) -> bool:
    return one is other or (
        type(one) is type(other) and type(one) in SCALARS and bool(one == other)
    )


def _same_sides(made: Change, given: Change) -> bool:
    """Return whether two changes have the same values, but for what a property completed."""
    sides = ((made.before, given.before), (made.after, given.after))
    return all(
        type(one) is type(other) if is_config(one) else _same_leaf(one, other)
        for one, other in sides
    )


def _without_echoes(changes: Changes) -> Changes:
    """Return changes without those that a property only passed on: their input is enough.

    An item that came or went did so once, also where the property completed it.
    """
    given = {id(change.path): change for change in changes if change.property is None}
    return Changes([c for c in changes if c.is_input or not _repeats(c, given.get(id(c.path)))])


def _repeats(made: Change, given: Change | None) -> bool:
    if given is None or given.kind != made.kind:
        return False
    return made.kind in (ADDED, REMOVED) or _same_sides(made, given)


def _is_echo(change: Change, codes: set[CodeType]) -> bool:
    """Return whether a difference of what was given was not set by the user.

    `TrainerConfig(other, model=ModelConfig(other.model, depth=3))` gives the property of `model` a
    part that it made itself, with the width that it set there, and sets anew. On one side the value
    is that of the property; on the other one it is, too, or a default, or there is none.

    Args:
        change: The difference.
        codes: Those of the property that it was given to.
    """
    if change.kind in (ADDED, REMOVED):
        return change.before is Pinned or change.after is Pinned
    if change.kind != CHANGED:
        return False
    ties = 0
    for value, owner in zip((change.before, change.after), change.pair.owners, strict=True):
        config, is_default = next(givers(owner, change.pair.field), (None, True))
        if config is not None and record_of(config)[CODE] in codes:
            ties += 1
        elif value is not Pinned and not is_default:
            return False
    return ties > 0
