"""Pickling: configs pickled, copied and restored.

A config is pickled as one flat list of the configs in it, so that depth is not limited by
recursion. It is restored as it was: nothing is computed or checked again. Only secrets are left
out: those that a property computes are computed again, and reading another one raises.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import SCALARS
from pconfigs.build.construction import open_mask, set_depth
from pconfigs.errors.access import SecretNotHeldError
from pconfigs.errors.base import PConfigError
from pconfigs.markers import Secret
from pconfigs.provenance.origins import place_of
from pconfigs.schema.build_record import (
    CODE,
    INHERITED,
    KEPT,
    LASTI,
    OPEN,
    RAW,
    READS,
    RECORD,
    record_of,
)
from pconfigs.schema.children import parts_in, parts_of, post_order
from pconfigs.schema.class_schema import schema_of
from pconfigs.validation.frozen import freeze, is_same, pickled_member

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_set = object.__setattr__


class ConfigRef:
    """The place of a config in the pickled values of another: its index in the list."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index

    def __reduce__(self) -> Any:
        return (ConfigRef, (self.index,))

    def __hash__(self) -> int:
        return hash(self.index)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ConfigRef) and other.index == self.index


def reduce_config(config: Any) -> Any:
    """Return what `pickle` keeps of a config: the place where it was made, but not its bases."""
    parts = post_order(config, _pickled_parts)
    indexes = {id(part): index for index, part in enumerate(parts)}
    packed: list[tuple[Any, ...]] = []
    for part in parts:
        schema = schema_of(part)
        names = (*schema.flat_names, *schema.nested_names)
        secrets = schema.secret_names
        shown = [Secret if name in secrets else getattr(part, name) for name in names]
        values = [_packed(value, indexes) for value in shown]
        record = record_of(part)
        raw = {
            name: _packed(value, indexes)
            for name, value in (record[RAW] or {}).items()
            if name not in secrets
        }
        place = place_of(record[CODE], record[LASTI])
        kept = getattr(part, KEPT, None)
        packed.append(
            (
                type(part),
                names,
                values,
                raw or None,
                place,
                record[INHERITED],
                *record[READS:],
                kept,
            )
        )
    return (restore, (packed,))


def restore(packed: list[Any]) -> Any:
    """Return the config that `reduce_config` took apart; the last of the list.

    Raises:
        PConfigError: The class has other fields today.
    """
    parts: list[Any] = []
    for cls, names, values, raw, place, inherited, reads, is_open, kept in packed:
        fields = schema_of(cls).fields
        if len(names) != len(fields) or any(name not in fields for name in names):
            raise PConfigError(
                f"{cls.__qualname__} was pickled with the fields {', '.join(sorted(names))},\n"
                f"    but has {', '.join(sorted(fields))} now; save configs with psave to load"
                f" them across changes"
            )
        config = object.__new__(cls)
        found = dict(zip(names, values))
        for name in fields:
            # Arrays can be written to when they come out of a pickle.
            _set(config, name, freeze(_unpacked(found[name], parts)))
        raw = raw and {name: freeze(_unpacked(value, parts)) for name, value in raw.items()}
        _set(config, RECORD, (place, 0, inherited, (), (), raw, reads, is_open))
        set_depth(schema_of(cls), config, place, 0)
        if kept is not None:
            _set(config, KEPT, kept)
        if schema_of(cls).secret_names:
            _withhold_secrets(config)
        parts.append(config)
    return parts[-1]


def _pickled_parts(config: Any) -> Iterator[Any]:
    """Yield the configs in the values of a config and in what was given for them, but for secrets.

    What was given for a part may be a value elsewhere: it is restored before it is needed.
    """
    schema = schema_of(config)
    schema.fields  # noqa: B018 - resolved first
    yield from parts_of(config, schema.secret_names)
    raw = record_of(config)[RAW] or {}
    yield from parts_in([value for name, value in raw.items() if name not in schema.secret_names])


class WithheldSecret:
    """Raise where a secret is read that a pickled config did not take along.

    It is put on the class under the name of the field. Configs that hold their secret are read as
    before: their own attribute comes first.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        raise SecretNotHeldError(type(instance), self.name)


def _withhold_secrets(config: Any) -> None:
    """Compute the secrets of a restored config that can be; reading the others raises."""
    schema = schema_of(config)
    for name in schema.secret_names:
        object.__delattr__(config, name)
        if not isinstance(vars(type(config)).get(name), WithheldSecret):
            setattr(type(config), name, WithheldSecret(name))
    for name in schema.secret_names & schema.properties.keys():
        try:
            value = schema.properties[name].function(config)
        except SecretNotHeldError:
            continue
        _set(config, name, schema.fields[name].validator.validate(value))
    record = record_of(config)
    _set(config, RECORD, (*record[:OPEN], open_mask(schema, config)))


def _packed(value: Any, indexes: dict[int, int], is_hashed: bool = False) -> Any:
    index = indexes.get(id(value))
    if index is not None:
        return ConfigRef(index)
    packed = _with_items(value, lambda item, is_hashed: _packed(item, indexes, is_hashed))
    return pickled_member(packed) if is_hashed else packed


def _unpacked(value: Any, parts: list[Any], is_hashed: bool = False) -> Any:
    if type(value) is ConfigRef:
        return parts[value.index]
    found = _with_items(value, lambda item, is_hashed: _unpacked(item, parts, is_hashed))
    return freeze(found) if is_hashed else found


def _with_items(value: Any, change: Callable[[Any, bool], Any]) -> Any:
    """Return `value` with its items changed where it is a container, itself where none changes.

    Args:
        value: Anything.
        change: Returns what replaces an item, given whether it is hashed: a key, or in a set.
    """
    kind = type(value)
    is_mapping = issubclass(kind, dict)
    is_set = issubclass(kind, (set, frozenset))
    is_deque = hasattr(kind, "maxlen")
    if not (is_mapping or is_set or is_deque or kind is tuple or issubclass(kind, list)):
        return value
    items = value.values() if is_mapping else value
    if SCALARS.issuperset(map(type, value)) and SCALARS.issuperset(map(type, items)):
        return value
    changed = [change(item, is_set) for item in items]
    keys = [change(key, True) for key in value] if is_mapping else []
    if all(map(is_same, items, changed)) and all(map(is_same, value, keys)):
        return value
    if not is_mapping and not is_deque:
        return getattr(kind, "_plain", kind)(changed)
    made = value.copy()  # an ordinary one, with the factory or the length of this
    made.clear()
    if is_deque:
        made.extend(changed)
    for key, item in zip(keys, changed):
        made[key] = item
    return made
