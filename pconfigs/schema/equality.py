"""Equality and hash of values, configs and containers of them included.

Python's own, but for three things: nan equals nan, values whose `==` has no truth value (arrays)
are compared as a whole, and depth is not limited by recursion.
"""

from __future__ import annotations

from _operator import ne

from pconfigs.schema.parts import parts_first
from pconfigs.schema.record import HASH
from pconfigs.schema.table import schema_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_set = object.__setattr__
_SCALARS = frozenset((int, float, bool, str, bytes, complex, type(None)))


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are equal, configs by class and values."""
    pending = [(one, other)]
    while pending:
        a, b = pending.pop()
        if a is b:
            continue
        kind = type(a)
        if hasattr(kind, "__pconfig_schema__"):
            if kind is not type(b):
                return False
            if _has_own_equality(kind):
                if not a == b:  # noqa: SIM201
                    return False
                continue
            pending.extend(_unequal_pairs(a, b))
        elif isinstance(a, dict) and isinstance(b, dict):
            if len(a) != len(b) or a.keys() != b.keys():
                return False
            pending.extend((value, b[key]) for key, value in a.items())
        elif (isinstance(a, list) and isinstance(b, list)) or (
            isinstance(a, tuple) and isinstance(b, tuple)
        ):
            if len(a) != len(b):
                return False
            pending.extend(zip(a, b))
        elif not _same_leaf(a, b):
            return False
    return True


def _has_own_equality(kind: type) -> bool:
    return not getattr(kind.__eq__, "__pconfig_member__", False)


def _unequal_pairs(a: Any, b: Any) -> list[tuple[Any, Any]]:
    """Pairs of values of two configs of one class that may still differ."""
    schema = schema_of(a)
    pairs = []
    if schema.flat_names and schema.flat_values(a) != schema.flat_values(b):
        pairs = [(getattr(a, name), getattr(b, name)) for name in schema.flat_names]
    for name in schema.nested_names:
        ours, theirs = getattr(a, name), getattr(b, name)
        if ours is not theirs:
            pairs.append((ours, theirs))
    return pairs


def _same_leaf(a: Any, b: Any) -> bool:
    same = a == b
    if same is True:
        return True
    if same is False:
        return bool(a != a and b != b) if isinstance(a, float) and isinstance(b, float) else False
    try:
        return bool(same)
    except ValueError:
        return _same_array(a, b, same)


def _same_array(a: Any, b: Any, same: Any) -> bool:
    """Arrays: equal where shapes and all elements are."""
    if getattr(a, "shape", None) != getattr(b, "shape", None):
        return False
    both_nan = (a != a) & (b != b)
    return bool((same | both_nan).all())


def hash_of(config: Any) -> int:
    """The hash of a config, kept on it and on every config in it.

    Raises:
        TypeError: A value inside refuses to be hashed; it is named.
    """
    for part in parts_first(config):
        if not hasattr(part, HASH):
            schema = schema_of(part)
            _set(
                part,
                HASH,
                hash((schema.cls.__qualname__, *[_key(part, name) for name in schema.fields])),
            )
    found: int = config.__pconfig_hash__
    return found


def _key(config: Any, name: str) -> int:
    value = getattr(config, name)
    try:
        return hash(value) if type(value) in _SCALARS and value == value else _hash_value(value)
    except TypeError as error:
        raise TypeError(
            f"{type(config).__qualname__} cannot be hashed: .{name} refuses: {error}"
        ) from error


def _hash_value(value: Any) -> int:
    if isinstance(value, float) and value != value:
        return hash("nan")
    if isinstance(value, (list, tuple)):
        if _SCALARS.issuperset(map(type, value)) and not any(map(ne, value, value)):
            return hash(tuple(value))
        return hash(tuple([_hash_value(item) for item in value]))
    if isinstance(value, dict):
        return hash(frozenset([(key, _hash_value(item)) for key, item in value.items()]))
    if isinstance(value, (set, frozenset)):
        return hash(frozenset(value))
    return hash(value)
