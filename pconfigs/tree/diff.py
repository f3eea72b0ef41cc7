"""Diff: what differs between two configs; what was set apart from what follows from it."""

from __future__ import annotations

from pconfigs.errors.words import shorten
from pconfigs.markers import Pinned
from pconfigs.schema.equality import same_value
from pconfigs.schema.record import raw_inputs
from pconfigs.schema.table import is_config, schema_of
from pconfigs.tree.align import pairs
from pconfigs.tree.causes import Source, tell_causes
from pconfigs.tree.origins import HIDDEN, is_secret, origin_of
from pconfigs.tree.paths import ROOT, Item, Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pconfigs.tree.origins import Origin

CHANGED, ADDED, REMOVED, CLASS, MOVED = "changed", "added", "removed", "class", "moved"


class _Absent:
    """Stands on the side where there is no value."""

    def __repr__(self) -> str:
        return "(none)"


ABSENT = _Absent()
SCALARS = frozenset((int, float, bool, str, bytes, complex, type(None)))
CONTAINERS = (list, dict, set, frozenset)


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
        secret = any(is_config(owner) and is_secret(owner, pair.field) for owner in pair.owners)
        hidden = secret and kind in (CHANGED, ADDED, REMOVED)
        self.kind = kind
        self.before = HIDDEN if hidden and before is not ABSENT else before
        self.after = HIDDEN if hidden and after is not ABSENT else after
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
            deeper: list[Pair] = []
            changes.extend(_compare(pair, deeper, paths))
            pending.extend(reversed(deeper))
    kept = _without_echoes(changes)
    tell_causes(kept)
    return kept


def _compare(pair: Pair, deeper: list[Pair], paths: Paths) -> Iterator[Change]:
    """What differs between two values themselves; pairs inside them are put into `deeper`."""
    before, after = pair.before, pair.after
    if before is ABSENT:
        yield Change(ADDED, pair, before, after)
    elif after is ABSENT:
        yield Change(REMOVED, pair, before, after)
    elif is_config(before) and is_config(after):
        if type(before) is not type(after):
            yield Change(CLASS, pair, type(before), type(after))
        deeper.extend(_field_pairs(pair, paths))
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            path = paths.below(pair.path, Item(key))
            deeper.append(pair.below(path, before.get(key, ABSENT), after.get(key, ABSENT)))
    elif _sequence_kind(before) is not None and _sequence_kind(before) is _sequence_kind(after):
        if not _same_scalars(before, after):
            yield from _compare_items(pair, deeper, paths)
    elif not _same_leaf(before, after):
        yield Change(CHANGED, pair, before, after)


def _sequence_kind(value: Any) -> type | None:
    return next((kind for kind in (list, tuple) if isinstance(value, kind)), None)


def _same_leaf(before: Any, after: Any) -> bool:
    return _kind(before) is _kind(after) and same_value(before, after)


def _kind(value: Any) -> type:
    """The type, read-only containers counting as what they stand for."""
    return next((kind for kind in CONTAINERS if isinstance(value, kind)), type(value))


def _same_scalars(before: Any, after: Any) -> bool:
    types = list(map(type, before))
    return SCALARS.issuperset(types) and before == after and types == list(map(type, after))


def _field_pairs(pair: Pair, paths: Paths) -> Iterator[Pair]:
    """Pairs of the fields of two configs that may differ."""
    before, after = pair.before, pair.after
    fields, fields_before = schema_of(after).fields, schema_of(before).fields
    names = fields if fields is fields_before else dict.fromkeys([*fields, *fields_before])
    for name in names:
        one = getattr(before, name) if name in fields_before else ABSENT
        other = getattr(after, name) if name in fields else ABSENT
        field = fields[name] if name in fields else fields_before[name]
        if field.property is None:
            # Most pairs are of equal scalars: they are not worth an object.
            if not _clearly_same(one, other):
                yield _held(pair.below(paths.below(pair.path, name), one, other), before, after)
            continue
        known = _clearly_same(one, other)
        if known and (field.pinned or pair.source is not None):
            continue
        path = paths.below(pair.path, name)
        if not field.pinned and one is not ABSENT and other is not ABSENT and pair.source is None:
            raw = raw_inputs(before).get(name, Pinned), raw_inputs(after).get(name, Pinned)
            given = _held(pair.below(path, *raw), before, after)
            given.is_given = True
            yield given
        if not known and not pair.is_given:
            # What properties made of parts that are only given does not hold in the end.
            made = _held(pair.below(path, one, other), before, after)
            made.source = Source(pair.path, path, (before, after))
            yield made


def _clearly_same(one: Any, other: Any) -> bool:
    return one is other or (
        type(one) is type(other) and type(one) in SCALARS and bool(one == other)
    )


def _held(pair: Pair, before: Any, after: Any) -> Pair:
    pair.owners, pair.field = (before, after), str(pair.path.step)
    return pair


def _compare_items(pair: Pair, deeper: list[Pair], paths: Paths) -> Iterator[Change]:
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
                yield Change(MOVED, item, one, other)
            last = max(last, i)
        deeper.append(item)


def _same_sides(one: Change, other: Change) -> bool:
    return _same_leaf(one.before, other.before) and _same_leaf(one.after, other.after)


def _without_echoes(changes: Changes) -> Changes:
    """Changes without those that a property only handed through: they are told as inputs."""
    given = {id(change.path): change for change in changes if change.is_input}
    kept = Changes()
    for change in changes:
        told = None if change.is_input else given.get(id(change.path))
        if told is None or told.kind != change.kind or not _same_sides(change, told):
            kept.append(change)
    return kept
