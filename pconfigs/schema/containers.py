"""Read-only containers: what a config holds in place of a list, dict or set it was given.

They stay lists, dicts and sets to `isinstance`, equality, `repr` and JSON. Whatever makes a new
container from one (`x + y`, `x[1:]`, `x.copy()`, `x | y`) gives an ordinary one, since that is the
first step to a variant. What they refuse, CPython's own C code can still do behind their back
(`list.append(x, 1)`, `heapq.heapify(x)`): they guard against mistakes, not against intent.
"""

from __future__ import annotations

import sys

from pconfigs.errors import FrozenContainerError, UnhashableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, NoReturn, TypeVar

    K = TypeVar("K")
    T = TypeVar("T")
    V = TypeVar("V")


class _Sealing(type):
    """Fills a new container before anybody sees it, so that `__init__` can be refused afterwards."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        # What is inside is frozen too, so that `freeze` may pass over every frozen container.
        plain: type = cls._plain  # type: ignore[attr-defined]
        return sealed(cls, freeze(plain(*args, **kwargs)))


def sealed(cls: Any, values: Any) -> Any:
    """A container of `cls` with `values`, which are frozen already."""
    plain = cls._plain
    sealed = plain.__new__(cls)
    plain.__init__(sealed, values)
    return sealed


class FrozenList(list["T"] if TYPE_CHECKING else list, metaclass=_Sealing):
    """A list that never changes, hashable where its items are."""

    __slots__ = ()
    _plain = list

    def __hash__(self) -> int:  # type: ignore[override]
        try:
            return hash(tuple(map(_without_nan, self)))
        except TypeError as error:
            raise _unhashable(enumerate(self), error) from None

    def __reduce__(self) -> Any:
        return (FrozenList, (list(self),))

    def __copy__(self) -> FrozenList[T]:
        return self

    def __deepcopy__(self, memo: object) -> FrozenList[T]:
        return self


class FrozenDict(dict["K", "V"] if TYPE_CHECKING else dict, metaclass=_Sealing):
    """A dict that never changes, hashable where its values are."""

    __slots__ = ()
    _plain = dict

    def __hash__(self) -> int:  # type: ignore[override]
        try:
            return hash(frozenset(zip(map(_without_nan, self), map(_without_nan, self.values()))))
        except TypeError as error:
            raise _unhashable(self.items(), error) from None

    def __reduce__(self) -> Any:
        return (FrozenDict, (dict(self),))

    def __copy__(self) -> FrozenDict[K, V]:
        return self

    def __deepcopy__(self, memo: object) -> FrozenDict[K, V]:
        return self

    @classmethod
    def fromkeys(cls, keys: Iterable[Any], value: Any = None) -> Any:
        return cls(dict.fromkeys(keys, value))


class FrozenSet(set["T"] if TYPE_CHECKING else set, metaclass=_Sealing):
    """A set that never changes; hashes like the equal frozenset."""

    __slots__ = ()
    _plain = set

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(map(_without_nan, self)))

    def __repr__(self) -> str:
        return repr(set(self))

    def __reduce__(self) -> Any:
        return (FrozenSet, (list(self),))

    def __copy__(self) -> FrozenSet[T]:
        return self

    def __deepcopy__(self, memo: object) -> FrozenSet[T]:
        return self


def _refused(kind: str, name: str, variant: str) -> Any:
    def refuse(self: object, *args: object, **kwargs: object) -> NoReturn:
        raise FrozenContainerError(kind, name, variant)

    refuse.__name__ = name
    return refuse


def _plain_result(plain: type, name: str) -> Any:
    method = getattr(plain, name)

    def ordinary(self: Any, *args: Any) -> Any:
        result = method(self, *args)
        return result if result is NotImplemented else plain(result)

    ordinary.__name__ = name
    return ordinary


_ALWAYS = "__init__ __setattr__ __delattr__ __setstate__"
_REFUSED = {
    FrozenList: (
        "append extend insert remove pop clear sort reverse __setitem__ __delitem__ __iadd__ __imul__",
        "list(values) + [...], and with it Config(config, field=[...])",
    ),
    FrozenDict: (
        "update setdefault pop popitem clear __setitem__ __delitem__ __ior__",
        "{**values, key: ...}, and with it Config(config, field={...})",
    ),
    FrozenSet: (
        "add discard remove pop clear update difference_update intersection_update "
        "symmetric_difference_update __iand__ __ior__ __isub__ __ixor__",
        "values | {...}, and with it Config(config, field={...})",
    ),
}
for _class, (_names, _variant) in _REFUSED.items():
    for _name in f"{_ALWAYS} {_names}".split():
        type.__setattr__(_class, _name, _refused(_class._plain.__name__, _name, _variant))
# The operations of set, unlike those of list and dict, give the subclass.
for _name in (
    "copy difference intersection symmetric_difference union "
    "__and__ __or__ __sub__ __xor__ __rand__ __ror__ __rsub__ __rxor__"
).split():
    setattr(FrozenSet, _name, _plain_result(set, _name))


class _Nan:
    """Stands for every nan in hashes, since `hash(nan)` differs from nan to nan."""


def _without_nan(value: Any) -> Any:
    """`value`, or an equal-hashing stand-in where there is a nan in it."""
    kind = type(value)
    if kind is float or kind is complex:
        return value if value == value else _Nan
    if isinstance(value, tuple):
        items = tuple(map(_without_nan, value))
        return value if all(map(_is, items, value)) else items
    if kind is frozenset:
        return frozenset(map(_without_nan, value))
    return value


def _is(one: object, other: object) -> bool:
    return one is other


def hash_of(value: object) -> int:
    """`hash(value)`, the same for every nan."""
    return hash(_without_nan(value))


def _unhashable(items: Iterable[tuple[object, object]], error: TypeError) -> TypeError:
    """The error that names which item cannot be hashed."""
    for key, item in items:
        try:
            hash(item)
        except UnhashableError as inner:
            return UnhashableError(f"[{key!r}]{inner.path}", inner.value)
        except TypeError:
            return UnhashableError(f"[{key!r}]", item)
    return error


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, containers item by item, where a nan equals a nan."""
    if one is other:
        return True
    if isinstance(one, (float, complex)) and one != one:
        return isinstance(other, (float, complex)) and other != other
    try:
        result = one == other
        if result is True:
            return True
        if result is not False:
            return bool(_all_true(result, one, other))
    except (ValueError, RecursionError):
        pass  # arrays inside, which compare item by item: so do we
    return _same_items(one, other)


def _all_true(result: Any, one: Any, other: Any) -> bool:
    if getattr(one, "shape", None) != getattr(other, "shape", None):
        return False
    missing = (one != one) & (other != other) if hasattr(one, "dtype") else False
    both = result | missing
    return bool(both.all()) if hasattr(both, "all") else bool(both)


def _same_items(one: Any, other: Any) -> bool:
    if isinstance(one, (list, tuple)):
        kind = list if isinstance(one, list) else tuple
        return isinstance(other, kind) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        if not isinstance(other, dict) or len(one) != len(other):
            return False
        return all(key in other and same(value, other[key]) for key, value in one.items())
    if isinstance(one, (set, frozenset)):
        if not isinstance(other, (set, frozenset)) or len(one) != len(other):
            return False
        return {_without_nan(item) for item in one} == {_without_nan(item) for item in other}
    return False


_FROZEN: dict[type, Any] = {list: FrozenList, dict: FrozenDict, set: FrozenSet}
_THAWED: dict[type, Any] = {FrozenList: list, FrozenDict: dict, FrozenSet: set}
_LEAVES = frozenset({int, float, bool, str, bytes, complex, type(None), *_THAWED, type})


def freeze(value: T) -> T:
    """`value` with every ordinary container in it made read-only; at once where it is so already.

    Exact lists, dicts, sets and tuples are followed; a bytearray becomes bytes; a numpy array becomes
    a read-only copy. Other objects stay as they are.

    Raises:
        ValueError: A container that contains itself.
    """
    kind = type(value)
    if kind in _LEAVES:
        return value
    convert = _FROZEN.get(kind)
    if convert is not None:
        if _is_flat(value.values() if kind is dict else value):  # type: ignore[attr-defined]
            return sealed(convert, value)  # type: ignore[no-any-return]
    elif not _holds_values(kind) or (issubclass(kind, tuple) and _is_flat(value)):  # type: ignore[arg-type]
        return value
    return _convert(value, _frozen_one, _holds_values)  # type: ignore[no-any-return]


def thaw(value: Any) -> Any:
    """`value` with ordinary lists, dicts and sets in place of the read-only ones, for outside code."""
    return _convert(value, _thawed_one, _is_frozen_or_tuple)


def _is_flat(values: Iterable[object]) -> bool:
    """Whether none of `values` has anything to freeze in it."""
    kinds = set(map(type, values))
    return kinds <= _LEAVES or not any(map(_holds_values, kinds))


def _holds_values(kind: type) -> bool:
    if kind in _LEAVES:
        return False
    if kind in _FROZEN or kind is bytearray or issubclass(kind, tuple):
        return True
    array = getattr(sys.modules.get("numpy"), "ndarray", None)
    return array is not None and issubclass(kind, array)


def _is_frozen_or_tuple(kind: type) -> bool:
    return kind in _THAWED or issubclass(kind, tuple)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, (list, tuple, set)) else ()


def _convert(
    root: Any, convert: Callable[[Any, list[Any]], Any], followed: Callable[[type], bool]
) -> Any:
    """`root` rebuilt from its innermost containers outwards; a loop, so that depth has no limit.

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
            for item in _children(value):
                if id(item) in entered:
                    raise ValueError(f"this {type(item).__name__} contains itself")
                if followed(type(item)) and id(item) not in done:
                    pending.append(item)
    return done[id(root)]


def _frozen_one(value: Any, items: list[Any]) -> Any:
    kind = type(value)
    if kind is dict:
        return sealed(FrozenDict, zip(value, items))
    if kind in _FROZEN:
        return sealed(_FROZEN[kind], items)
    if isinstance(value, tuple):
        return tuple_like(value, items)
    return bytes(value) if kind is bytearray else read_only_array(value)


def _thawed_one(value: Any, items: list[Any]) -> Any:
    kind = type(value)
    if kind is FrozenDict:
        return dict(zip(value, items))
    return _THAWED[kind](items) if kind in _THAWED else tuple_like(value, items)


def tuple_like(value: Any, items: list[Any]) -> Any:
    """A tuple of the type of `value` with `items`; `value` itself where they are its own."""
    if all(map(_is, value, items)):
        return value
    if type(value) is tuple:
        return tuple(items)
    make = getattr(type(value), "_make", None)
    return value if make is None else make(items)


def read_only_array(array: Any) -> Any:
    """`array` itself where nobody can write to it, else a read-only copy of it."""
    if array.flags.owndata and not array.flags.writeable:
        return array
    copied = array.copy()
    copied.setflags(write=False)
    return copied
