"""Diff: what differs between two configs; what was set apart from what follows from it."""

from __future__ import annotations

from _operator import is_not
from itertools import compress

from pconfigs.errors.formatting import class_name, shorten
from pconfigs.markers import Pinned
from pconfigs.provenance.origins import HIDDEN, origin_of
from pconfigs.schema.build_record import raw_inputs, settled
from pconfigs.schema.class_schema import is_config, schema_of
from pconfigs.schema.equality import same_value
from pconfigs.tree.align import pairs
from pconfigs.tree.causes import PropertyOrigin, tell_causes
from pconfigs.tree.echoes import is_echo
from pconfigs.tree.paths import ROOT, Item, Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pconfigs.provenance.origins import Origin
    from pconfigs.schema.fields import Field
    from pconfigs.schema.properties import pproperty

CHANGED, ADDED, REMOVED, CLASS, MOVED = "changed", "added", "removed", "class", "moved"


class _Absent:
    """Stands on the side where there is no value."""

    def __repr__(self) -> str:
        return "(none)"


ABSENT = _Absent()
SCALARS = frozenset((int, float, bool, str, bytes, complex, type(None)))
CONTAINERS: tuple[type[Any], ...] = (list, dict, set, frozenset)


class ComparedPair:
    """Two values in the same place, and how the walk got there.

    Attributes:
        path, path_before: Where they are; they differ below list items that have shifted.
        before, after: The values.
        owners: The configs that hold them, in a field or in containers there.
        field: The name of that field.
        source: What made the values; None for inputs.
        given_to: The property that they were given to, which may have made something else of them.
    """

    __slots__ = ("after", "before", "field", "given_to", "owners", "path", "path_before", "source")

    def __init__(
        self,
        path: Path,
        path_before: Path,
        before: Any,
        after: Any,
        owners: tuple[Any, Any] = (None, None),
        field: str = "",
        source: PropertyOrigin | None = None,
        given_to: pproperty | None = None,
    ) -> None:
        self.path = path
        self.path_before = path_before
        self.before = before
        self.after = after
        self.owners = owners
        self.field = field
        self.source = source
        self.given_to = given_to

    def below(
        self, path: Path, before: Any, after: Any, step_before: Item | None = None
    ) -> ComparedPair:
        """The pair one step further."""
        shifted = step_before is not None or self.path_before is not self.path
        path_before = Path(self.path_before, step_before or path.step) if shifted else path
        return ComparedPair(
            path, path_before, before, after, self.owners, self.field, self.source, self.given_to
        )

    def field_below(self, path: Path, name: str, before: Any, after: Any) -> ComparedPair:
        """The pair of a field of these two configs."""
        path_before = path if self.path_before is self.path else Path(self.path_before, name)
        owners = (self.before, self.after)
        return ComparedPair(
            path, path_before, before, after, owners, name, self.source, self.given_to
        )


class Paths:
    """Paths of one comparison, one object for each place."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str | Item], Path] = {}

    def below(self, pair: ComparedPair, step: str | Item) -> Path:
        """The path of what is in both values of a pair."""
        parent = pair.path
        if pair.source is None and pair.given_to is None:
            return Path(parent, step)  # Nothing else leads there.
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

    def __init__(self, kind: str, pair: ComparedPair, before: Any, after: Any) -> None:
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
        where = self.path or "(class)"
        if self.kind == CLASS:
            return f"{where}: {class_name(self.before)} -> {class_name(self.after)}"
        one, other = _contrast(_written(self.before), _written(self.after))
        return f"{where}: {one} -> {other}"

    def __repr__(self) -> str:
        return f"<{self.kind} {self}>"


def _written(value: Any) -> str:
    return repr(value) if isinstance(value, (str, bytes)) else shorten(value, 10_000)


def _contrast(one: str, other: str, limit: int = 60) -> tuple[str, str]:
    """Two texts, of which what is too long is cut so that their first difference is to be seen."""
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    start = max(0, same - limit // 3) if max(len(one), len(other)) > limit else 0
    shown = [f"...{text[start + 3 :]}" if start > 3 else text for text in (one, other)]
    first, second = [text if len(text) <= limit else f"{text[: limit - 3]}..." for text in shown]
    return first, second


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
    pending = [ComparedPair(ROOT, ROOT, before, after)]
    while pending:
        pair = pending.pop()
        one, other = pair.before, pair.after
        if type(one) in SCALARS and type(other) in SCALARS:
            if not _same_scalar(one, other):
                changes.append(Change(CHANGED, pair, one, other))
        elif one is not other:
            pending += reversed(_compare(pair, changes, paths))
    told = Changes([change for change in changes if not is_echo(change)])
    if all([change.property is None for change in told]):
        return told
    kept = _without_echoes(told)
    tell_causes(kept)
    return kept


def _compare(pair: ComparedPair, changes: Changes, paths: Paths) -> list[ComparedPair]:
    """Add what differs between two values themselves to `changes`; give the pairs inside them."""
    before, after = pair.before, pair.after
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


def _dict_pairs(pair: ComparedPair, paths: Paths) -> list[ComparedPair]:
    before: dict[Any, Any] = pair.before
    after: dict[Any, Any] = pair.after
    return [
        pair.below(paths.below(pair, Item(key)), before.get(key, ABSENT), after.get(key, ABSENT))
        for key in [*before, *(key for key in after if key not in before)]
    ]


def _sequence_kind(value: Any) -> type | None:
    return next((kind for kind in (list, tuple) if isinstance(value, kind)), None)


def _is_secret(pair: ComparedPair) -> bool:
    for owner in pair.owners:
        if is_config(owner) and pair.field in schema_of(owner).secret_names:
            return True
    return False


def _same_leaf(before: Any, after: Any) -> bool:
    if type(before) in SCALARS and type(after) in SCALARS:
        return _same_scalar(before, after)
    return _kind(before) is _kind(after) and same_value(before, after)


def _same_scalar(before: Any, after: Any) -> bool:
    same = before == after or (before != before and after != after)
    return type(before) is type(after) and bool(same)


def _kind(value: object) -> type[Any]:
    """The type, read-only containers counting as what they stand for."""
    return next((kind for kind in CONTAINERS if isinstance(value, kind)), type(value))


def _same_scalars(before: Any, after: Any) -> bool:
    types = list(map(type, before))
    return SCALARS.issuperset(types) and before == after and types == list(map(type, after))


def _field_pairs(pair: ComparedPair, paths: Paths) -> list[ComparedPair]:
    """Pairs of the fields of two configs that may differ."""
    before, after = pair.before, pair.after
    schema = schema_of(after)
    if schema is not schema_of(before):
        return _pairs_of_classes(pair, paths)
    found: list[ComparedPair] = []
    ours, theirs = schema.values_of(before), schema.values_of(after)
    apart: Iterable[bool] = map(is_not, ours, theirs)
    fields = schema.fields.values()
    if schema.taking:
        # What is made of different things may be the same.
        apart = [one or field.takes_input for one, field in zip(apart, fields)]
    for field in compress(fields, apart):
        one, other = ours[field.index], theirs[field.index]
        if field.property is not None:
            found += _property_pairs(pair, field, one, other, paths)
        elif not _clearly_same(one, other):
            found.append(pair.field_below(paths.below(pair, field.name), field.name, one, other))
    return found


def _pairs_of_classes(pair: ComparedPair, paths: Paths) -> list[ComparedPair]:
    """Pairs of the fields of two configs of different classes."""
    before, after = pair.before, pair.after
    fields_before, fields = schema_of(before).fields, schema_of(after).fields
    found: list[ComparedPair] = []
    for name in dict.fromkeys([*fields, *fields_before]):
        field = fields.get(name) or fields_before[name]
        one = getattr(before, name) if name in fields_before else ABSENT
        other = getattr(after, name) if name in fields else ABSENT
        if field.property is not None:
            found += _property_pairs(pair, field, one, other, paths)
        elif not _clearly_same(one, other):
            found.append(pair.field_below(paths.below(pair, name), name, one, other))
    return found


def _property_pairs(
    pair: ComparedPair, field: Field, one: Any, other: Any, paths: Paths
) -> list[ComparedPair]:
    """What a property was given, and what it has made of it, as far as they may differ."""
    known = _clearly_same(one, other)
    if known and (field.pinned or pair.source is not None):
        return []
    before, after, name = pair.before, pair.after, field.name
    found: list[ComparedPair] = []
    path = paths.below(pair, name)
    if field.takes_input and one is not ABSENT and other is not ABSENT and pair.source is None:
        raw = [settled(raw_inputs(config).get(name, Pinned)) for config in (before, after)]
        given = pair.field_below(path, name, *raw)
        given.given_to = field.property
        found.append(given)
    if not known and pair.given_to is None:
        # What properties made of parts that are only given does not hold in the end.
        made = pair.field_below(path, name, one, other)
        made.source = PropertyOrigin(pair.path, path, (before, after))
        found.append(made)
    return found


def _clearly_same(one: Any, other: Any) -> bool:
    return one is other or (
        type(one) is type(other) and type(one) in SCALARS and bool(one == other)
    )


def _compare_items(pair: ComparedPair, changes: Changes, paths: Paths) -> list[ComparedPair]:
    items: list[ComparedPair] = []
    last = -1
    for i, j in pairs(pair.before, pair.after):
        one = ABSENT if i is None else pair.before[i]
        other = ABSENT if j is None else pair.after[j]
        path = paths.below(pair, Item(i if j is None else j))
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
    kept = Changes()
    for change in changes:
        told = None if change.is_input else given.get(id(change.path))
        if told is None or told.kind != change.kind or not _same_sides(change, told):
            kept.append(change)
    return kept
