"""Read-only kinds of the containers of `collections`; other subclasses are refused."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, NoReturn

from pconfigs.errors.formatting import class_name
from pconfigs.validation.ordinary import OrdinaryWhenCalled, refuse_changes

_MAPPING_CHANGES = (
    "update setdefault pop popitem clear __setitem__ __delitem__ __ior__ move_to_end subtract"
    " __iadd__ __isub__ __iand__"
).split()
_DEQUE_CHANGES = (
    "append appendleft extend extendleft insert remove pop popleft clear rotate reverse"
    " __setitem__ __delitem__ __iadd__ __imul__"
).split()


class Unfreezable(ValueError):
    """A value cannot be held read-only.

    Attributes:
        expected: What could be held.
        advice: What to do.
    """

    def __init__(self, expected: str, advice: str) -> None:
        super().__init__(expected)
        self.expected, self.advice = expected, advice


def nested_too_deep(limit: int) -> Unfreezable:
    """Return the error for a value with too many containers in one another."""
    return Unfreezable(f"a value nested at most {limit} deep", "")


def _frozen_kind(plain: type, changes: Sequence[str], variant: str) -> type:
    """Return a subclass whose objects refuse to change; it goes by the name of `plain`."""
    body: dict[str, Any] = {
        "__slots__": (),
        "__module__": plain.__module__,
        "__qualname__": plain.__qualname__,
        "_plain": plain,
        "__hash__": _hash,
        "__reduce__": _reduce,
        "__copy__": _ordinary,
        "copy": _ordinary,
    }
    if plain is defaultdict:
        body["__missing__"] = _no_key
    frozen = OrdinaryWhenCalled(plain.__name__, (plain,), body)
    refuse_changes(frozen, variant, [name for name in changes if hasattr(plain, name)])
    return frozen


def _no_key(self: object, key: object) -> NoReturn:
    raise KeyError(key)


def _hash(self: Any) -> int:
    return hash(tuple(self) if isinstance(self, deque) else frozenset(self.items()))


def _reduce(self: Any) -> Any:
    return _ordinary(self).__reduce_ex__(2)


def _ordinary(frozen: Any) -> Any:
    """Return an ordinary container with the items of a read-only one."""
    return thawed_collection(frozen, [*(frozen if isinstance(frozen, deque) else frozen.values())])


_VARIANT = "a copy of it, and with it Config(config, field=...)"
FROZEN: dict[type, type] = {
    plain: _frozen_kind(plain, _DEQUE_CHANGES if plain is deque else _MAPPING_CHANGES, _VARIANT)
    for plain in (OrderedDict, defaultdict, Counter, deque)
}


def _frozen_collection(value: Any, items: list[Any]) -> Any:
    """Return a read-only container like an ordinary one, with other items or values of keys."""
    plain: Any = type(value)
    frozen: Any = plain.__new__(FROZEN[plain])
    if plain is deque:
        deque.__init__(frozen, items, value.maxlen)
        return frozen
    if plain is defaultdict:
        defaultdict.__init__(frozen, value.default_factory)
    set_item = OrderedDict.__setitem__ if plain is OrderedDict else dict.__setitem__
    for key, item in zip(value, items, strict=True):
        set_item(frozen, key, item)
    return frozen


def thawed_collection(value: Any, items: list[Any]) -> Any:
    """Return an ordinary container like a read-only one, with other items or values of keys."""
    plain: Any = value._plain
    if plain is deque:
        return deque(items, value.maxlen)
    made = defaultdict(value.default_factory) if plain is defaultdict else plain()
    for key, item in zip(value, items, strict=True):
        made[key] = item
    return made


def _refuse_subclass(value: Any) -> NoReturn:
    """Raise Unfreezable for an object of a subclass of list, dict, set or deque."""
    kind = type(value)
    plain = next(one for one in (list, dict, set, deque) if isinstance(value, one))
    raise Unfreezable(
        f"a container that can be held read-only, not the subclass {class_name(kind)}"
        f" of {plain.__name__}",
        f"make it a {plain.__name__}: {plain.__name__}(...)",
    )


def _frozen_dataclass(value: Any, freeze: Callable[[Any], Any]) -> Any:
    """Return a dataclass object with what is in it made read-only.

    Raises:
        Unfreezable: Its class is not frozen.
    """
    cls: Any = type(value)
    if not cls.__dataclass_params__.frozen:
        raise Unfreezable(
            f"an object that never changes; {class_name(cls)} is a dataclass that is not frozen",
            f"declare {class_name(cls)} with @dataclass(frozen=True), or make it a config class",
        )
    copied = value
    for field in fields(cls):
        old = getattr(value, field.name, None)
        new = freeze(old)
        if new is not old:
            if copied is value:
                copied = object.__new__(cls)
                for name, held in _state_of(value):
                    object.__setattr__(copied, name, held)
            object.__setattr__(copied, field.name, new)
    return copied


def _state_of(value: Any) -> list[tuple[str, Any]]:
    names = [field.name for field in fields(type(value)) if hasattr(value, field.name)]
    held = {name: getattr(value, name) for name in names}
    return [*{**getattr(value, "__dict__", {}), **held}.items()]


def freeze_other(value: Any, items: list[Any], freeze: Callable[[Any], Any]) -> Any:
    """Return a read-only copy of what is neither a list, dict, set, tuple nor an array.

    Args:
        value: The value.
        items: What to hold in place of its items, or of the values of a mapping.
        freeze: Returns a read-only copy of any value.

    Raises:
        Unfreezable: It cannot be held read-only.
    """
    kind = type(value)
    if kind in FROZEN:
        return _frozen_collection(value, items)
    if is_dataclass(kind):
        return _frozen_dataclass(value, freeze)
    return _refuse_subclass(value)
