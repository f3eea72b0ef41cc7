"""Validators of containers: item by item, and held read-only.

Items whose validator names their exact types are decided all at once, by the set of their types.
"""

from __future__ import annotations

from pconfigs.errors.formatting import class_name, counted, listed, nearest, shorten
from pconfigs.validation import suggestions as advice
from pconfigs.validation.base import ANY, AnyValidator, InvalidValue, Validator, frozen
from pconfigs.validation.frozen import (
    FrozenDict,
    FrozenList,
    FrozenSet,
    MappingProxy,
    is_same,
    sealed,
    tuple_like,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any


def fitting(items: Any, validator: Validator, label: Callable[[int, Any], str]) -> Any:
    """Return `items` itself where every item is held as it is, else the list of what to hold.

    `label` gives the path of an item that does not fit, from its position and itself.
    """
    types, take = validator.types, validator.validate
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
    except InvalidValue as mismatch:
        raise mismatch.inside(label(len(held), item)) from None
    return held if changed else items


def fitting_each(
    items: Iterable[Any], checks: Iterable[Validator], names: Sequence[str]
) -> list[Any]:
    """Return the items to hold, each validated by its own validator; `names` are their paths."""
    held: list[Any] = []
    try:
        for validator, item in zip(checks, items, strict=True):
            held.append(item if type(item) in validator.types else validator.validate(item))
    except InvalidValue as mismatch:
        raise mismatch.inside(names[len(held)]) from None
    return held


def _at(position: int, item: Any) -> str:
    return f"[{position}]"


def _nowhere(position: int, item: Any) -> str:
    return ""


def _described(kind: type, inside: Sequence[Validator]) -> str:
    """Return `list[int]`; of what may hold anything, the kind alone."""
    if all(type(one) is AnyValidator for one in inside):
        return kind.__name__
    return f"{kind.__name__}[{', '.join(one.description for one in inside)}]"


class _Container(Validator):
    """A container of a kind, with validators of what is inside."""

    def __init__(self, kind: type, inside: tuple[Validator, ...], description: str) -> None:
        self.kind, self.inside, self.description = kind, inside, description
        self.containers = ((kind, self),)
        self.never_holds_configs = all(one.never_holds_configs for one in inside)

    def wrong_kind(self, value: Any) -> InvalidValue:
        """Return the error for a value that is not of the kind."""
        takes_text = any(str in one.types for one in self.inside or (ANY,))
        return self.refusal(value, advice.for_container(self.kind, value, takes_text))


class ListValidator(_Container):
    """A list whose items fit; held as a FrozenList."""

    def __init__(self, item: Validator) -> None:
        super().__init__(list, (item,), _described(list, (item,)))
        self.item = item

    def item_at(self, container: Any, key: Any) -> Validator:
        return self.item

    def validate(self, value: Any) -> Any:
        if not isinstance(value, list):
            raise self.wrong_kind(value)
        if type(self.item) is AnyValidator:
            return ANY.validate(value if type(value) is FrozenList else list(value))
        items = fitting(value, self.item, _at)
        return value if items is value and type(value) is FrozenList else sealed(FrozenList, items)


class SetValidator(_Container):
    """A set (held as a FrozenSet) or frozenset whose items fit."""

    def __init__(self, kind: type, item: Validator) -> None:
        super().__init__(kind, (item,), _described(kind, (item,)))
        self.item = item

    def validate(self, value: Any) -> Any:
        if not isinstance(value, self.kind):
            raise self.wrong_kind(value)
        try:
            items = fitting(value, self.item, _nowhere)
        except InvalidValue as mismatch:
            mismatch.expected += f" (in a {self.kind.__name__})"
            raise
        if self.kind is frozenset:
            return value if items is value else frozenset(items)
        return value if items is value and type(value) is FrozenSet else sealed(FrozenSet, items)


class DictValidator(_Container):
    """A dict whose keys and values fit; held as a FrozenDict."""

    def __init__(self, key: Validator, item: Validator) -> None:
        super().__init__(dict, (key, item), _described(dict, (key, item)))
        self.key, self.item = key, item

    def item_at(self, container: Any, key: Any) -> Validator:
        return self.item

    def validate(self, value: Any) -> Any:
        if type(value) is MappingProxy:
            value = dict(value)
        if not isinstance(value, dict):
            raise self.wrong_kind(value)
        keys = fitting_keys(value, self.key)
        items = value.values()
        held = fitting(
            items, self.item, lambda position, item: f"[{shorten(list(value)[position])}]"
        )
        if keys is value and held is items:
            return value if type(value) is FrozenDict else sealed(FrozenDict, value)
        return sealed(FrozenDict, zip(keys, held, strict=True))


def fitting_keys(keys: Any, validator: Validator) -> Any:
    """Return the keys to hold; `keys` itself where they are held as they are."""
    try:
        return fitting(keys, validator, lambda position, key: f"[{shorten(key)}]")
    except InvalidValue as mismatch:
        mismatch.expected += " as a key"
        raise


class TypedDictValidator(_Container):
    """A dict with the keys of a TypedDict; held as a FrozenDict."""

    def __init__(self, cls: Any, members: dict[str, Validator], required: frozenset[str]) -> None:
        super().__init__(dict, tuple(members.values()), class_name(cls))
        self.members, self.required = members, required
        self.known = cls.__required_keys__ | cls.__optional_keys__
        self.open = not cls.__total__ and not self.known
        self.never_holds_configs &= bool(members)

    def item_at(self, container: Any, key: Any) -> Validator:
        return self.members.get(key) or ANY

    def validate(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise self.wrong_kind(value)
        missing = [key for key in self.required if key not in value]
        unknown = [key for key in value if key not in self.known]
        if missing or unknown:
            raise self._wrong_keys(value, missing, unknown)
        checks = [self.members.get(key, ANY) for key in value]
        held = fitting_each(value.values(), checks, [f"[{key!r}]" for key in value])
        if type(value) is FrozenDict and all(map(is_same, held, value.values())):
            return value
        return sealed(FrozenDict, zip(value, held, strict=True))

    def _wrong_keys(
        self, value: dict[Any, Any], missing: list[str], unknown: list[Any]
    ) -> InvalidValue:
        """Return the error for keys that are missing or unknown, with members that do not fit."""
        todo: list[str] = []
        for key in unknown:
            close = nearest(key, self.known - value.keys()) if isinstance(key, str) else None
            todo.append(f"rename {key!r} to {close!r}" if close else f"remove {key!r}")
            missing = [name for name in missing if name != close]
        if missing:
            todo.insert(0, f"add {listed(sorted(map(repr, missing)))}")
        for key, item in value.items():
            try:
                self.members.get(key, ANY).validate(item)
            except InvalidValue as mismatch:
                todo.append(f"make [{key!r}]{mismatch.path} {mismatch.expected}")
        known = listed([repr(one) for one in sorted(self.known)])
        expected = f"{self.description}, with the keys {known}" if unknown else self.description
        return InvalidValue("", value, expected, listed(todo), constraint=True)


class TupleValidator(_Container):
    """A tuple: some items, then perhaps any number of equal kind, then some items."""

    def __init__(
        self,
        before: tuple[Validator, ...],
        repeated: Validator | None,
        after: tuple[Validator, ...],
    ) -> None:
        self.before, self.repeated, self.after = before, repeated, after
        middle = () if repeated is None else (repeated,)
        is_uniform = not before and not after
        words = [one.description for one in (*before, *after)]
        if repeated is not None:
            many = f"{repeated.description}, ..."
            words.insert(len(before), many if is_uniform else f"*tuple[{many}]")
        bare = is_uniform and type(repeated) is AnyValidator
        description = "tuple" if bare else f"tuple[{', '.join(words) or '()'}]"
        super().__init__(tuple, (*before, *middle, *after), description)

    def item_at(self, container: Any, key: Any) -> Validator:
        position: int = key
        return self.for_items(container)[position]

    def validate(self, value: Any) -> Any:
        if not isinstance(value, tuple):
            raise self.wrong_kind(value)
        if self.repeated is not None and not self.before and not self.after:
            held = fitting(value, self.repeated, _at)
            return value if held is value else tuple_like(value, held)
        paths = [f"[{position}]" for position in range(len(value))]
        return tuple_like(value, fitting_each(value, self.for_items(value), paths))

    def for_items(self, value: Any) -> tuple[Validator, ...]:
        """Return the validator of each item.

        Raises:
            InvalidValue: There are too few or too many items.
        """
        extra = len(value) - len(self.before) - len(self.after)
        if extra < 0 or (extra and self.repeated is None):
            count = len(self.before) + len(self.after)
            least = "at least " if self.repeated is not None else ""
            said = f"it has {least}{counted(count, 'item')}, not {len(value)}"
            raise InvalidValue("", value, self.description, said)
        middle = (self.repeated,) * extra if self.repeated is not None else ()
        return (*self.before, *middle, *self.after)


class NamedTupleValidator(_Container):
    """An instance of a NamedTuple class whose items fit; plain data has it as a dict."""

    def __init__(self, cls: Any, members: dict[str, Validator]) -> None:
        self.checks = tuple(members.get(name, ANY) for name in cls._fields)
        super().__init__(dict, self.checks, class_name(cls))
        self.cls, self.members, self.mentions = cls, members, (cls,)
        self.never_holds_configs &= bool(members)

    def item_at(self, container: Any, key: Any) -> Validator:
        position: int = key
        return self.checks[position]

    def validate(self, value: Any) -> Any:
        if not isinstance(value, self.cls):
            raise self.refusal(value, advice.for_named_tuple(self.cls, value))
        names = [f".{name}" for name in self.cls._fields]
        return tuple_like(value, fitting_each(value, self.checks, names))


class OtherContainer(_Container):
    """A container of a class of `collections` whose items fit."""

    def __init__(self, cls: type, inner: tuple[Validator, ...]) -> None:
        inside = ", ".join(validator.description for validator in inner)
        super().__init__(cls, inner, f"{cls.__name__}[{inside}]" if inside else cls.__name__)
        self.key = inner[0] if inner else ANY
        self.item = inner[1] if len(inner) > 1 else None
        self.containers, self.never_holds_configs = (), False

    def item_at(self, container: Any, key: Any) -> Validator:
        return (self.item if isinstance(container, dict) else self.key) or ANY

    def validate(self, value: Any) -> Any:
        if not isinstance(value, self.kind):
            raise self.wrong_kind(value)
        self.look_inside(value)
        return frozen(value)

    def look_inside(self, value: Any) -> None:
        if type(self.key) is not AnyValidator and hasattr(value, "__iter__"):
            label = _nowhere if hasattr(value, "keys") else _at
            fitting(value, self.key, label)
        if (
            self.item is not None
            and type(self.item) is not AnyValidator
            and hasattr(value, "items")
        ):
            pairs = dict(value.items())
            names = [f"[{key!r}]" for key in pairs]
            fitting_each(pairs.values(), [self.item] * len(pairs), names)


class AbcContainer(OtherContainer):
    """An instance of a class of collections.abc; lists, tuples, sets and dicts are held as ever."""

    def __init__(self, abstract: type, inner: tuple[Validator, ...]) -> None:
        super().__init__(abstract, inner)
        item, value = self.key, self.item or ANY
        every: tuple[tuple[type, Validator], ...] = (
            (list, ListValidator(item)),
            (tuple, TupleValidator((), item, ())),
            (set, SetValidator(set, item)),
            (frozenset, SetValidator(frozenset, item)),
            (dict, DictValidator(item, value)),
            (MappingProxy, DictValidator(item, value)),
        )
        self.routes = tuple(one for one in every if issubclass(one[0], abstract))
        self.containers = tuple(one for one in self.routes if one[0] is not MappingProxy)
        if self.routes and issubclass(str, abstract):
            self.instances = (str,)
        self.never_holds_configs = bool(inner) and all(one.never_holds_configs for one in inner)
        names = ("Iterable", "Collection", "Container", "Sequence", "Reversible")
        self.refuses_iterators = abstract.__name__ in names

    def item_at(self, container: Any, key: Any) -> Validator:
        fitting = (route for kind, route in self.routes if isinstance(container, kind))
        known = next(fitting, None)
        return super().item_at(container, key) if known is None else known.item_at(container, key)

    def validate(self, value: Any) -> Any:
        for kind, route in self.routes:
            if isinstance(value, kind):
                try:
                    return route.validate(value)
                except InvalidValue as mismatch:
                    if mismatch.expected == route.description:
                        mismatch.expected = self.description
                    raise
        if self._is_wrong(value):
            preferred = self.routes[0][0] if self.routes else self.kind
            text = str in self.key.types
            raise self.refusal(value, advice.for_container(preferred, value, text))
        if not isinstance(value, (str, bytes, range)):
            self.look_inside(value)
        return frozen(value)

    def _is_wrong(self, value: Any) -> bool:
        if not isinstance(value, self.kind):
            return True
        if isinstance(value, str):
            # A text is a sequence of texts, but hardly ever the one that was meant.
            return type(self.key) is not AnyValidator
        return self.refuses_iterators and hasattr(value, "__next__")
