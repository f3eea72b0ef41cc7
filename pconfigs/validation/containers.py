"""Checks of containers: item by item, and held read-only.

Items whose check names their exact types are decided all at once, by the set of their types.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import is_a, kind_of
from pconfigs.errors.formatting import class_name, nearest
from pconfigs.validation import suggestions as advice
from pconfigs.validation.base import AnyCheck, Check, Mismatch
from pconfigs.validation.frozen import (
    FrozenDict,
    FrozenList,
    FrozenSet,
    freeze,
    is_same,
    sealed,
    tuple_like,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

MappingProxy = type(type.__dict__)
_ANY = AnyCheck()


def fitting(items: Any, check: Check, label: Callable[[int, Any], str]) -> Any:
    """`items` itself where every item is held as it is, else the list of what to hold.

    `label` says the path of an item that does not fit, from its position and itself.
    """
    types, take = check.types, check.take
    if types.issuperset(map(type, items)):
        return items
    held: list[Any] = []
    changed = False
    item: Any = None
    try:
        for item in items:
            taken = item if type(item) in types else take(item)
            changed = changed or taken is not item
            held.append(taken)
    except Mismatch as mismatch:
        raise mismatch.inside(label(len(held), item)) from None
    return held if changed else items


def fitting_each(items: Iterable[Any], checks: Iterable[Check], names: Sequence[str]) -> list[Any]:
    """What to hold of items that have a check each; `names` are their paths."""
    held: list[Any] = []
    try:
        for check, item in zip(checks, items, strict=True):
            held.append(item if type(item) in check.types else check.take(item))
    except Mismatch as mismatch:
        raise mismatch.inside(names[len(held)]) from None
    return held


def _at(position: int, item: Any) -> str:
    return f"[{position}]"


def _nowhere(position: int, item: Any) -> str:
    return ""


class ListCheck(Check):
    """A list whose items fit; held as a FrozenList."""

    def __init__(self, item: Check) -> None:
        self.item = item
        self.words = "list" if type(item) is AnyCheck else f"list[{item.words}]"
        self.leafy = item.leafy

    def take(self, value: Any) -> Any:
        if not is_a(value, list):
            said = advice.for_container(list, value, takes_text=str in self.item.types)
            raise Mismatch("", value, self.words, said)
        if type(self.item) is AnyCheck:
            return _ANY.take(value if kind_of(value) is FrozenList else list(value))
        items = fitting(value, self.item, _at)
        return (
            value if items is value and kind_of(value) is FrozenList else sealed(FrozenList, items)
        )


class SetCheck(Check):
    """A set (held as a FrozenSet) or frozenset whose items fit."""

    def __init__(self, kind: type, item: Check) -> None:
        self.kind, self.item = kind, item
        self.words = kind.__name__ if type(item) is AnyCheck else f"{kind.__name__}[{item.words}]"
        self.leafy = item.leafy

    def take(self, value: Any) -> Any:
        if not isinstance(value, self.kind):
            said = advice.for_container(self.kind, value, takes_text=str in self.item.types)
            raise Mismatch("", value, self.words, said)
        try:
            items = fitting(value, self.item, _nowhere)
        except Mismatch as mismatch:
            mismatch.expected += f" (in a {self.kind.__name__})"
            raise
        if self.kind is frozenset:
            return value if items is value else frozenset(items)
        return value if items is value and type(value) is FrozenSet else sealed(FrozenSet, items)


class DictCheck(Check):
    """A dict whose keys and values fit; held as a FrozenDict."""

    def __init__(self, key: Check, item: Check) -> None:
        self.key, self.item = key, item
        plain = type(key) is AnyCheck and type(item) is AnyCheck
        self.words = "dict" if plain else f"dict[{key.words}, {item.words}]"
        self.leafy = key.leafy and item.leafy

    def take(self, value: Any) -> Any:
        if type(value) is MappingProxy:
            value = dict(value)
        if not is_a(value, dict):
            raise Mismatch(
                "", value, self.words, advice.for_container(dict, value, takes_text=False)
            )
        keys = fitting_keys(value, self.key)
        items = value.values()
        held = fitting(items, self.item, lambda position, item: f"[{list(value)[position]!r}]")
        if keys is value and held is items:
            return value if kind_of(value) is FrozenDict else sealed(FrozenDict, value)
        return sealed(FrozenDict, zip(keys, held, strict=True))


def fitting_keys(keys: Any, check: Check) -> Any:
    """The keys to hold; `keys` itself where they are held as they are."""
    try:
        return fitting(keys, check, lambda position, key: f"[{key!r}]")
    except Mismatch as mismatch:
        mismatch.expected += " as a key"
        raise


class TypedDictCheck(Check):
    """A dict with the keys of a TypedDict; held as a FrozenDict."""

    def __init__(self, cls: Any, members: dict[str, Check]) -> None:
        self.members = members
        self.required = frozenset(cls.__required_keys__)
        self.known = self.required | cls.__optional_keys__
        self.open = not cls.__total__ and not self.known
        self.words = class_name(cls)
        self.leafy = bool(members) and all(member.leafy for member in members.values())

    def take(self, value: Any) -> Any:
        if not is_a(value, dict):
            raise Mismatch(
                "", value, self.words, advice.for_container(dict, value, takes_text=False)
            )
        missing = [key for key in self.required if key not in value]
        if missing:
            listed = ", ".join(sorted(map(repr, missing)))
            raise Mismatch("", value, self.words, f"add {listed}", broken_rule=True)
        for key in value:
            if key not in self.known:
                found = nearest(key, self.known) if isinstance(key, str) else None
                said = advice.meant(repr(found) if found else "")
                raise Mismatch("", key, f"a key of {self.words}", said)
        checks = [self.members.get(key, _ANY) for key in value]
        held = fitting_each(value.values(), checks, [f"[{key!r}]" for key in value])
        if kind_of(value) is FrozenDict and all(map(is_same, held, value.values())):
            return value
        return sealed(FrozenDict, zip(value, held, strict=True))


class TupleCheck(Check):
    """A tuple: some items, then perhaps any number of equal kind, then some items."""

    def __init__(
        self, before: tuple[Check, ...], repeated: Check | None, after: tuple[Check, ...]
    ) -> None:
        self.before, self.repeated, self.after = before, repeated, after
        parts = [check.words for check in before]
        if repeated is not None:
            parts += (
                [repeated.words, "..."]
                if not before and not after
                else [f"*tuple[{repeated.words}, ...]"]
            )
        parts += [check.words for check in after]
        bare = not before and not after and type(repeated) is AnyCheck
        self.words = "tuple" if bare else f"tuple[{', '.join(parts) or '()'}]"
        self.leafy = all(check.leafy for check in (*before, *after)) and (
            repeated is None or repeated.leafy
        )

    def take(self, value: Any) -> Any:
        if not is_a(value, tuple):
            text = any(
                str in check.types for check in (*self.before, *self.after, self.repeated or _NONE)
            )
            raise Mismatch("", value, self.words, advice.for_container(tuple, value, text))
        if self.repeated is not None and not self.before and not self.after:
            held = fitting(value, self.repeated, _at)
            return value if held is value else tuple_like(value, held)
        paths = [f"[{position}]" for position in range(len(value))]
        return tuple_like(value, fitting_each(value, self.for_items(value), paths))

    def for_items(self, value: Any) -> tuple[Check, ...]:
        """The check of each item.

        Raises:
            Mismatch: There are too few or too many items.
        """
        extra = len(value) - len(self.before) - len(self.after)
        if extra < 0 or (extra and self.repeated is None):
            count = len(self.before) + len(self.after)
            least = "at least " if self.repeated is not None else ""
            said = f"it has {least}{count} item{'' if count == 1 else 's'}, not {len(value)}"
            raise Mismatch("", value, self.words, said)
        middle = (self.repeated,) * extra if self.repeated is not None else ()
        return (*self.before, *middle, *self.after)


_NONE = AnyCheck()
_NONE.types = frozenset()


class NamedTupleCheck(Check):
    """An instance of a NamedTuple class whose items fit."""

    def __init__(self, cls: Any, members: dict[str, Check]) -> None:
        self.cls, self.members = cls, members
        self.checks = tuple(members.get(name, _ANY) for name in cls._fields)
        self.words = class_name(cls)
        self.leafy = bool(members) and all(check.leafy for check in self.checks)

    def take(self, value: Any) -> Any:
        if not isinstance(value, self.cls):
            raise Mismatch("", value, self.words, advice.for_named_tuple(self.cls, value))
        names = [f".{name}" for name in self.cls._fields]
        return tuple_like(value, fitting_each(value, self.checks, names))


class ForeignCheck(Check):
    """A container of a class without a read-only kind; held as it is, if its items fit."""

    def __init__(self, cls: type, inner: tuple[Check, ...], words: str = "") -> None:
        self.cls = cls
        self.key = inner[0] if inner else _ANY
        self.item = inner[1] if len(inner) > 1 else None
        inside = ", ".join(check.words for check in inner)
        self.words = words or (f"{cls.__name__}[{inside}]" if inside else cls.__name__)
        self.leafy = False

    def take(self, value: Any) -> Any:
        if not isinstance(value, self.cls):
            raise Mismatch(
                "", value, self.words, advice.for_container(self.cls, value, takes_text=False)
            )
        self.look_inside(value)
        return value

    def look_inside(self, value: Any) -> None:
        if type(self.key) is not AnyCheck and hasattr(value, "__iter__"):
            label = _nowhere if hasattr(value, "keys") else _at
            fitting(value, self.key, label)
        if self.item is not None and type(self.item) is not AnyCheck and hasattr(value, "items"):
            pairs = dict(value.items())
            names = [f"[{key!r}]" for key in pairs]
            fitting_each(pairs.values(), [self.item] * len(pairs), names)


class AbstractCheck(ForeignCheck):
    """An instance of a class of collections.abc; lists, tuples, sets and dicts are held as ever."""

    routes: tuple[tuple[type, Check], ...] = ()

    @classmethod
    def of(cls, abstract: type, inner: tuple[Check, ...]) -> AbstractCheck:
        check = cls(abstract, inner)
        item, value = check.key, check.item or _ANY
        every: tuple[tuple[type, Check], ...] = (
            (list, ListCheck(item)),
            (tuple, TupleCheck((), item, ())),
            (set, SetCheck(set, item)),
            (frozenset, SetCheck(frozenset, item)),
            (dict, DictCheck(item, value)),
            (MappingProxy, DictCheck(item, value)),
        )
        check.routes = tuple((kind, route) for kind, route in every if issubclass(kind, abstract))
        check.leafy = bool(inner) and all(one.leafy for one in inner)
        check.one_shot = abstract.__name__ in (
            "Iterable",
            "Collection",
            "Container",
            "Sequence",
            "Reversible",
        )
        return check

    one_shot = False

    def take(self, value: Any) -> Any:
        for kind, route in self.routes:
            if is_a(value, kind):
                try:
                    return route.take(value)
                except Mismatch as mismatch:
                    if mismatch.expected == route.words:
                        mismatch.expected = self.words
                    raise
        if self._is_wrong(value):
            preferred = self.routes[0][0] if self.routes else self.cls
            text = str in self.key.types
            raise Mismatch("", value, self.words, advice.for_container(preferred, value, text))
        if not isinstance(value, (str, bytes, range)):
            self.look_inside(value)
        return freeze(value)

    def _is_wrong(self, value: Any) -> bool:
        if not isinstance(value, self.cls):
            return True
        if isinstance(value, str):
            # A text is a sequence of texts, but hardly ever the one that was meant.
            return type(self.key) is not AnyCheck
        return self.one_shot and hasattr(value, "__next__")
