"""Diff: what differs between two configs; what was set apart from what follows from it."""

from __future__ import annotations

from _operator import is_not
from itertools import compress

from pconfigs.errors.words import shorten
from pconfigs.markers import Pinned
from pconfigs.schema.equality import same_value
from pconfigs.schema.record import raw_inputs, settled
from pconfigs.schema.table import is_config, schema_of
from pconfigs.tree.align import pairs
from pconfigs.tree.causes import Source, tell_causes
from pconfigs.tree.origins import HIDDEN, is_secret, origin_of
from pconfigs.tree.paths import ROOT, Item, Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pconfigs.schema.fields import Field
    from pconfigs.tree.origins import Origin

CHANGED, ADDED, REMOVED, CLASS, MOVED = "changed", "added", "removed", "class", "moved"


class _Absent:
    """Stands on the side where there is no value."""

    def __repr__(self) -> str:
        return "(none)"


ABSENT = _Absent()
SCALARS = frozenset((int, float, bool, str, bytes, complex, type(None)))
CONTAINERS: tuple[type[Any], ...] = (list, dict, set, frozenset)


class Pair:
    """Two values in the same place, and how the walk got there.

    Attributes:
        path, path_before: Where they are; they differ below list items that have shifted.
        before, after: The values.
        owners: The configs that hold them, in a field or in containers there.
        field: The name of that field.
        source: What made the values; None for inputs.
        is_given: They were given to a property, which may have made something else of them.
    """

    __slots__ = ("after", "before", "field", "is_given", "owners", "path", "path_before", "source")

    def __init__(self, path: Path, path_before: Path, before: Any, after: Any) -> None:
        self.path, self.path_before = path, path_before
        self.before, self.after = before, after
        self.owners: tuple[Any, Any] = (None, None)
        self.field = ""
        self.source: Source | None = None
        self.is_given = False

    def below(self, path: Path, before: Any, after: Any, step_before: Item | None = None) -> Pair:
        """The pair one step further."""
        shifted = step_before is not None or self.path_before is not self.path
        path_before = Path(self.path_before, step_before or path.step) if shifted else path
        pair = Pair(path, path_before, before, after)
        pair.owners, pair.field = self.owners, self.field
        pair.source, pair.is_given = self.source, self.is_given
        return pair

    def field_below(self, path: Path, name: str, before: Any, after: Any) -> Pair:
        """The pair of a field of these two configs."""
        if self.path_before is self.path:
            pair = Pair(path, path, before, after)
        else:
            pair = Pair(path, Path(self.path_before, name), before, after)
        pair.owners, pair.field = (self.before, self.after), name
        pair.source, pair.is_given = self.source, self.is_given
        return pair


class Paths:
    """Paths of one comparison, one object for each place."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str | Item], Path] = {}

    def below(self, parent: Path, step: str | Item) -> Path:
        key = (id(parent), step)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Path(parent, step)
        return found


class Change:
    """One difference between two configs.

    Attributes:
        path: Where it is: in the second config, or in the first for what was removed.
        path_before: Where it is in the first config; list items may have shifted.
        kind: `changed`, `added`, `removed`, `moved`, or `class` for a config of another class.
        before, after: The values; ABSENT on the side where there is none. For `class`, the classes.
        property: Path of the property that made the value; None for an input.
        causes: Paths of the changed inputs that a made value follows from.
    """

    def __init__(self, kind: str, pair: Pair, before: Any, after: Any) -> None:
        if kind in (CHANGED, ADDED, REMOVED) and _is_secret(pair):
            before = before if before is ABSENT else HIDDEN
            after = after if after is ABSENT else HIDDEN
        self.kind, self.before, self.after = kind, before, after
        self.path, self.path_before = pair.path, pair.path_before
        self.property = None if pair.source is None else pair.source.path
        self.causes: tuple[Path, ...] = ()
        self.pair = pair

    @property
    def is_input(self) -> bool:
        """Whether somebody set it, rather than a property made it."""
        return self.property is None

    @property
    def origin_before(self) -> Origin | None:
        return self._origin(0)

    @property
    def origin_after(self) -> Origin | None:
        return self._origin(1)

    def _origin(self, side: int) -> Origin | None:
        owner, name = self.pair.owners[side], self.pair.field
        if not is_config(owner) or name not in schema_of(owner).fields:
            return None
        return origin_of(owner, name)

    def __str__(self) -> str:
        if self.kind == MOVED:
            return f"{self.path}: moved from {self.path_before}"
        return f"{self.path}: {shorten(self.before)} -> {shorten(self.after)}"

    def __repr__(self) -> str:
        return f"<{self.kind} {self}>"


class Changes(list[Change]):
    """Differences in the order of the fields; empty if there are none."""

    @property
    def inputs(self) -> list[Change]:
        """What was set."""
        return [change for change in self if change.is_input]

    @property
    def derived(self) -> list[Change]:
        """What follows from it."""
        return [change for change in self if not change.is_input]

    def __str__(self) -> str:
        return "\n".join(map(str, self)) or "no differences"


def pdiff(before: Any, after: Any, /) -> Changes:
    """What differs between two configs, in the order of the fields.

    Unlike `==`, tells `1`, `1.0` and `True` apart; `nan` is `nan`. What both share is not looked
    at.
    """
    changes = Changes()
    paths = Paths()
    pending = [Pair(ROOT, ROOT, before, after)]
    while pending:
        pair = pending.pop()
        if pair.before is not pair.after:
            deeper = _compare(pair, changes, paths)
            deeper.reverse()
            pending += deeper
    kept = _without_echoes(changes)
    tell_causes(kept)
    return kept


def _compare(pair: Pair, changes: Changes, paths: Paths) -> list[Pair]:
    """Add what differs between two values themselves to `changes`; give the pairs inside them."""
    before, after = pair.before, pair.after
    if type(before) in SCALARS and type(after) in SCALARS:
        if not _same_leaf(before, after):
            changes.append(Change(CHANGED, pair, before, after))
        return []
    if is_config(before) and is_config(after):
        if type(before) is not type(after):
            changes.append(Change(CLASS, pair, type(before), type(after)))
        return _field_pairs(pair, paths)
    if before is ABSENT:
        changes.append(Change(ADDED, pair, before, after))
    elif after is ABSENT:
        changes.append(Change(REMOVED, pair, before, after))
    elif isinstance(before, dict) and isinstance(after, dict):
        return _dict_pairs(pair, paths)
    elif _sequence_kind(before) is not None and _sequence_kind(before) is _sequence_kind(after):
        if not _same_scalars(before, after):
            return _compare_items(pair, changes, paths)
    elif not _same_leaf(before, after):
        changes.append(Change(CHANGED, pair, before, after))
    return []


def _dict_pairs(pair: Pair, paths: Paths) -> list[Pair]:
    before: dict[Any, Any] = pair.before
    after: dict[Any, Any] = pair.after
    return [
        pair.below(
            paths.below(pair.path, Item(key)), before.get(key, ABSENT), after.get(key, ABSENT)
        )
        for key in [*before, *(key for key in after if key not in before)]
    ]


def _sequence_kind(value: Any) -> type | None:
    return next((kind for kind in (list, tuple) if isinstance(value, kind)), None)


def _is_secret(pair: Pair) -> bool:
    before, after = pair.owners
    return (is_config(before) and is_secret(before, pair.field)) or (
        type(after) is not type(before) and is_config(after) and is_secret(after, pair.field)
    )


def _same_leaf(before: Any, after: Any) -> bool:
    if type(before) in SCALARS and type(after) in SCALARS:
        same = before == after or (before != before and after != after)
        return type(before) is type(after) and bool(same)
    return _kind(before) is _kind(after) and same_value(before, after)


def _kind(value: object) -> type[Any]:
    """The type, read-only containers counting as what they stand for."""
    return next((kind for kind in CONTAINERS if isinstance(value, kind)), type(value))


def _same_scalars(before: Any, after: Any) -> bool:
    types = list(map(type, before))
    return SCALARS.issuperset(types) and before == after and types == list(map(type, after))


def _field_pairs(pair: Pair, paths: Paths) -> list[Pair]:
    """Pairs of the fields of two configs that may differ."""
    before, after = pair.before, pair.after
    found: list[Pair] = []
    for name, field, one, other in _fields_apart(before, after):
        known = _clearly_same(one, other)
        if field.property is None:
            # Most pairs are of equal scalars: they are not worth an object.
            if not known:
                found.append(pair.field_below(paths.below(pair.path, name), name, one, other))
            continue
        if known and (field.pinned or pair.source is not None):
            continue
        path = paths.below(pair.path, name)
        if field.takes_input and one is not ABSENT and other is not ABSENT and pair.source is None:
            raw = [settled(raw_inputs(config).get(name, Pinned)) for config in (before, after)]
            given = pair.field_below(path, name, *raw)
            given.is_given = True
            found.append(given)
        if not known and not pair.is_given:
            # What properties made of parts that are only given does not hold in the end.
            made = pair.field_below(path, name, one, other)
            made.source = Source(pair.path, path, (before, after))
            found.append(made)
    return found


def _fields_apart(before: Any, after: Any) -> list[tuple[str, Field, Any, Any]]:
    """Fields whose values are not the same object in both configs, with the values.

    Also those whose property is given something: it may make the same of different things.
    """
    schema, schema_before = schema_of(after), schema_of(before)
    fields = schema.fields
    if schema is schema_before:
        names: Iterable[str] = compress(
            fields, map(is_not, schema.values_of(before), schema.values_of(after))
        )
        if schema.taking:
            apart = {*names, *schema.taking}
            names = (name for name in fields if name in apart)
        return [(name, fields[name], getattr(before, name), getattr(after, name)) for name in names]
    return [
        (
            name,
            fields[name] if name in fields else schema_before.fields[name],
            getattr(before, name) if name in schema_before.fields else ABSENT,
            getattr(after, name) if name in fields else ABSENT,
        )
        for name in dict.fromkeys([*fields, *schema_before.fields])
    ]


def _clearly_same(one: Any, other: Any) -> bool:
    return one is other or (
        type(one) is type(other) and type(one) in SCALARS and bool(one == other)
    )


def _compare_items(pair: Pair, changes: Changes, paths: Paths) -> list[Pair]:
    items: list[Pair] = []
    last = -1
    for i, j in pairs(pair.before, pair.after):
        one = ABSENT if i is None else pair.before[i]
        other = ABSENT if j is None else pair.after[j]
        path = paths.below(pair.path, Item(i if j is None else j))
        item = pair.below(
            path, one, other, Item(i) if i is not None and j is not None and i != j else None
        )
        if i is not None and j is not None:
            if i < last:
                changes.append(Change(MOVED, item, one, other))
            last = max(last, i)
        items.append(item)
    return items


def _same_sides(one: Change, other: Change) -> bool:
    return _same_leaf(one.before, other.before) and _same_leaf(one.after, other.after)


def _without_echoes(changes: Changes) -> Changes:
    """Changes without those that a property only handed through: they are told as inputs."""
    given = {id(change.path): change for change in changes if change.property is None}
    if len(given) == len(changes):
        return changes
    kept = Changes()
    for change in changes:
        told = None if change.is_input else given.get(id(change.path))
        if told is None or told.kind != change.kind or not _same_sides(change, told):
            kept.append(change)
    return kept
