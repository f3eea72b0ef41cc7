"""Read-only containers: what a config holds in place of a list, dict or set it was given.

They stay lists, dicts and sets to `isinstance`, equality, `repr` and JSON. Whatever makes a new
container from one (`x + y`, `x[1:]`, `x.copy()`, `x | y`, `copy`, `pickle`, `dataclasses.asdict`)
gives an ordinary one, since that is the first step to a variant, or for others to use. What they
refuse, CPython's own C code can still do to them (`list.append(x, 1)`, `heapq.heapify(x)`): they
guard against mistakes, not against intent.
"""

from __future__ import annotations

import sys

from pconfigs import validation
from pconfigs.annotations.kinds import is_array_class
from pconfigs.errors.access import UnhashableError
from pconfigs.validation.ordinary import OrdinaryWhenCalled, refuse_changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    _List = list[Any]
    _Dict = dict[Any, Any]
    _Set = set[Any]
else:
    _List, _Dict, _Set = list, dict, set


def sealed(cls: Any, values: Any) -> Any:
    """Return a container of `cls` with `values`, which are frozen already."""
    plain = cls._plain
    sealed = plain.__new__(cls)
    plain.__init__(sealed, values)
    return sealed


class FrozenList(_List, metaclass=OrdinaryWhenCalled):
    """A list that never changes, hashable where its items are."""

    __slots__ = ()
    _plain = list

    def __hash__(self) -> int:  # type: ignore[override]
        try:
            return hash(tuple(self))
        except TypeError as error:
            raise _unhashable(enumerate(self), error) from None

    def __reduce__(self) -> Any:
        return (list, (list(self),))


class _OrdinaryDict(OrdinaryWhenCalled):
    def __call__(self, items: Any = (), /, **named: Any) -> Any:
        if not isinstance(items, dict):
            # Keys that `asdict` has made ordinary lists cannot be hashed.
            items = [(freeze(key), value) for key, value in items]
        return dict(items, **named)


class FrozenDict(_Dict, metaclass=_OrdinaryDict):
    """A dict that never changes, hashable where its values are."""

    __slots__ = ()
    _plain = dict

    def __hash__(self) -> int:  # type: ignore[override]
        try:
            return hash(frozenset(self.items()))
        except TypeError as error:
            raise _unhashable(self.items(), error) from None

    def __reduce__(self) -> Any:
        keys = [*map(pickled_member, self)]
        same = all(map(is_same, self, keys))
        return (dict, (dict(self) if same else [*zip(keys, self.values())],))

    @classmethod
    def fromkeys(cls, keys: Iterable[Any], value: Any = None) -> Any:
        return dict.fromkeys(keys, value)


class FrozenSet(_Set, metaclass=OrdinaryWhenCalled):
    """A set that never changes; hashes like the equal frozenset."""

    __slots__ = ()
    _plain = set

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self))

    def __repr__(self) -> str:
        return repr(set(self))

    def __reduce__(self) -> Any:
        return (set, ([*map(pickled_member, self)],))


class Member:
    """A container that is hashed in the container around it, and so stays frozen in its pickle."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __reduce__(self) -> Any:
        return (freeze, (self.value,))


def pickled_member(value: Any) -> Any:
    """Return what is pickled for a member of a set or a key of a dict."""
    kind = type(value)
    is_frozen = isinstance(kind, OrdinaryWhenCalled) or holds_values(kind)
    return Member(value) if is_frozen else value


def _plain_result(plain: type, name: str) -> Any:
    method = getattr(plain, name)

    def ordinary(self: Any, *args: Any) -> Any:
        result = method(self, *args)
        return result if result is NotImplemented else plain(result)

    ordinary.__name__ = name
    return ordinary


_LIST = ("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse")
_ITEMS = ("__setitem__", "__delitem__")
_DICT = ("update", "setdefault", "pop", "popitem", "clear")
_SET = ("add", "discard", "remove", "pop", "clear", "update")
_SET_UPDATES = ("difference_update", "intersection_update", "symmetric_difference_update")
_SET_RESULTS = ("copy", "difference", "intersection", "symmetric_difference", "union")
_SET_OPERATORS = ("and", "or", "sub", "xor")


_in_place = tuple(f"__i{name}__" for name in _SET_OPERATORS)
_list_variant = "[*values, ...], and with it Config(config, field=[...])"
_dict_variant = "{**values, key: ...}, and with it Config(config, field={...})"
_set_variant = "values | {...}, and with it Config(config, field={...})"
refuse_changes(FrozenList, _list_variant, (*_LIST, *_ITEMS, "__iadd__", "__imul__"))
refuse_changes(FrozenDict, _dict_variant, (*_DICT, *_ITEMS, "__ior__"))
refuse_changes(FrozenSet, _set_variant, (*_SET, *_SET_UPDATES, *_in_place))
# The operations of set, unlike those of list and dict, would give the subclass.
for _name in (
    *_SET_RESULTS,
    *(f"__{side}{name}__" for name in _SET_OPERATORS for side in ("", "r")),
):
    setattr(FrozenSet, _name, _plain_result(set, _name))


def is_same(one: object, other: object) -> bool:
    """Return `one is other`, to be mapped over items."""
    return one is other


def _unhashable(items: Iterable[tuple[object, object]], error: TypeError) -> TypeError:
    """Return the error that names which item cannot be hashed."""
    key, item = None, None
    try:
        for key, item in items:  # noqa: B007
            hash(item)
    except UnhashableError as inner:
        return UnhashableError(f"[{key!r}]{inner.path}", inner.value)
    except TypeError:
        return UnhashableError(f"[{key!r}]", item)
    return error


MappingProxy = type(type.__dict__)
_FROZEN: dict[type, Any] = {list: FrozenList, dict: FrozenDict, set: FrozenSet}
_THAWED: dict[type, Any] = {FrozenList: list, FrozenDict: dict, FrozenSet: set}
DEEPEST = 100
"""Containers in one another that a config holds, as many as configs: all that is done with a value
goes as deep."""
_LEAVES = frozenset({int, float, bool, str, bytes, complex, type(None), *_THAWED, type})


def freeze(value: Any, deepest: int = sys.maxsize) -> Any:
    """Return `value` with every ordinary container in it made read-only; itself if all are.

    Lists, dicts, sets and tuples are followed; a bytearray becomes bytes; a numpy array becomes a
    read-only copy. Other objects stay as they are.

    Args:
        value: Anything.
        deepest: How many containers may be in one another.

    Raises:
        ValueError: A container that contains itself, or too many others in one another.
    """
    kind = type(value)
    if kind in _LEAVES:
        return value
    convert = _FROZEN.get(kind)
    if convert is not None:
        if _is_flat(value.values() if kind is dict else value):
            return sealed(convert, value)
    elif not holds_values(kind) or (issubclass(kind, tuple) and _is_flat(value)):
        return value
    return _convert(value, _frozen_one, holds_values, deepest)


def thaw(value: Any) -> Any:
    """Return `value` with ordinary lists, dicts, sets and arrays, for outside code.

    Each is a copy, which the caller may change.
    """
    return _convert(value, thawed, _is_frozen_or_tuple, sys.maxsize)


def _is_flat(values: Iterable[object]) -> bool:
    """Return whether none of `values` has anything to freeze in it."""
    kinds = set(map(type, values))
    return kinds <= _LEAVES or not any(map(holds_values, kinds))


def holds_values(kind: type) -> bool:
    """Return whether objects of a class hold values that `freeze` makes read-only."""
    if kind in _LEAVES:
        return False
    if kind in _FROZEN or kind is bytearray or issubclass(kind, tuple):
        return True
    return is_array_class(kind) or _is_record(kind) or _holds_others(kind)


def _is_record(kind: type) -> bool:
    """Return whether objects of a class are items of an array of numpy that have fields."""
    return kind.__module__.startswith("numpy") and (validation.frozen_arrays.is_record_class(kind))


def _holds_others(kind: Any) -> bool:
    """Return whether objects of a class are mutable containers that only a copy can freeze."""
    if issubclass(kind, (list, dict, set)):
        return not hasattr(kind, "_plain")
    if _in_collections(kind):
        return kind.__name__ in ("deque", "UserList", "UserDict") and not hasattr(kind, "_plain")
    if kind is MappingProxy or kind is memoryview:
        return True
    # A config class is a dataclass, too.
    return not hasattr(kind, "__pconfig_schema__") and hasattr(kind, "__dataclass_fields__")


def _is_frozen_or_tuple(kind: type) -> bool:
    return (
        kind in _THAWED
        or issubclass(kind, tuple)
        or is_array_class(kind)
        or _is_record(kind)
        or (bool(_in_collections(kind)) and hasattr(kind, "_plain"))
    )


def _in_collections(kind: type) -> str:
    """Return the name of a class of `collections`, or nothing; its module need not be loaded."""
    return kind.__name__ if kind.__module__ == "collections" else ""


def _children(value: Any) -> Iterable[Any]:
    kind = type(value)
    if isinstance(value, dict) or kind is MappingProxy or _in_collections(kind) == "UserDict":
        values: Iterable[Any] = value.values()
        return values
    if isinstance(value, (list, tuple, set)) or _in_collections(kind) in ("deque", "UserList"):
        items: Iterable[Any] = value
        return items
    if is_array_class(kind) and value.dtype.hasobject:
        objects: Iterable[Any] = validation.frozen_arrays.objects_in(value)
        return objects
    return ()


def _convert(
    root: Any,
    convert: Callable[[Any, list[Any]], Any],
    followed: Callable[[type], bool],
    deepest: int,
) -> Any:
    """Return `root` rebuilt from its innermost containers outwards, by a loop: any depth.

    A container met twice is converted once, and stays shared.
    """
    done: dict[int, Any] = {}
    entered: set[int] = set()
    pending = [root]
    while pending:
        value = pending[-1]
        key = id(value)
        if key in done or not followed(type(value)):
            done.setdefault(key, value)
            pending.pop()
        elif key in entered:
            entered.discard(key)
            done[key] = convert(value, [done.get(id(item), item) for item in _children(value)])
            pending.pop()
        else:
            entered.add(key)
            if len(entered) > deepest:
                raise validation.frozen_collections.nested_too_deep(deepest)
            for item in _children(value):
                if id(item) in entered:
                    raise ValueError(f"this {type(item).__name__} contains itself")
                if followed(type(item)) and id(item) not in done:
                    pending.append(item)
    return done[id(root)]


def _frozen_one(value: Any, items: list[Any]) -> Any:
    kind = type(value)
    if kind is list or _in_collections(kind) == "UserList":
        return sealed(FrozenList, items)
    if kind is dict or kind is MappingProxy or _in_collections(kind) == "UserDict":
        frozen = sealed(FrozenDict, zip(value, items, strict=True))
        return MappingProxy(frozen) if kind is MappingProxy else frozen
    if kind is set:
        return sealed(FrozenSet, items)
    if isinstance(value, tuple):
        return tuple_like(value, items)
    if kind in (bytearray, memoryview):
        return bytes(value)
    if is_array_class(kind):
        return validation.frozen_arrays.read_only_array(value, items)
    if _is_record(kind):
        return validation.frozen_arrays.read_only_record(value, _frozen_part)
    return validation.frozen_collections.freeze_other(value, items, _frozen_part)


def _frozen_part(value: Any) -> Any:
    return freeze(value, DEEPEST)


def thawed(value: Any, items: list[Any]) -> Any:
    """Return an ordinary container of the kind of `value`, which is read-only, with `items`."""
    kind = type(value)
    if kind is FrozenDict:
        return dict(zip(value, items, strict=True))
    if is_array_class(kind):
        return validation.frozen_arrays.with_objects(value, items) if items else value.copy()
    if _is_record(kind):
        return validation.frozen_arrays.converted_record(value, thaw)
    if kind.__module__ == "collections":
        return validation.frozen_collections.thawed_collection(value, items)
    return _THAWED[kind](items) if kind in _THAWED else tuple_like(value, items)


def tuple_like(value: Any, items: list[Any]) -> Any:
    """Return a tuple of the type of `value` with `items`; `value` itself where they are its own."""
    if all(map(is_same, value, items)):
        return value
    if type(value) is tuple:
        return tuple(items)
    make = getattr(type(value), "_make", None)
    return tuple.__new__(type(value), items) if make is None else make(items)
