"""Children: the configs that sit directly inside a config, in its fields or in containers there."""

from __future__ import annotations

from pconfigs.annotations.kinds import CONTAINERS
from pconfigs.markers import Pinned, Required, ValueMarker
from pconfigs.schema.class_schema import schema_of, value_or_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


def parts_of(config: Any, leaving: frozenset[str] = frozenset()) -> Iterator[Any]:
    """Yield the configs directly inside `config`, in field order; these are not entered.

    Args:
        config: The config.
        leaving: Fields that are not looked into.
    """
    schema = schema_of(config)
    for name in schema.nested_names:
        if name in leaving:
            continue
        value = value_or_input(config, schema.fields[name])
        if hasattr(type(value), "__pconfig_schema__"):
            yield value
        elif issubclass(type(value), CONTAINERS):
            yield from parts_in(value)


def parts_in(container: Any) -> Iterator[Any]:
    """Yield the configs in a list, tuple, set or dict, nested containers included, in order."""
    pending = [iter(_items(container))]
    while pending:
        for value in pending[-1]:
            if hasattr(type(value), "__pconfig_schema__"):
                yield value
            elif issubclass(type(value), CONTAINERS):
                pending.append(iter(_items(value)))
                break
        else:
            pending.pop()


def holds_configs(value: Any) -> bool:
    """Return whether a value is a config, or a list, tuple or dict with configs in it."""
    if hasattr(type(value), "__pconfig_schema__"):
        return True
    return isinstance(value, (list, tuple, dict)) and any(True for _ in parts_in(value))


def depth_of(value: Any) -> int:
    """Return how many configs there are on the longest way into a value; 0 where it holds none."""
    kind = type(value)
    if hasattr(kind, "__pconfig_schema__"):
        depth: int = value.__pconfig_depth__
        return depth
    if not issubclass(kind, CONTAINERS):
        return 0
    are_configs = all([hasattr(kind, "__pconfig_schema__") for kind in set(map(type, value))])
    parts = value if are_configs else parts_in(value)
    return max([part.__pconfig_depth__ for part in parts], default=0)


def holds_open(value: Any) -> bool:
    """Return whether an open value is in a container, at any depth; configs are not entered."""
    if not issubclass(type(value), CONTAINERS):
        return value is Required or value is Pinned
    items = value.values() if issubclass(type(value), dict) else value
    kinds = set(map(type, items))
    if ValueMarker in kinds and any([item is Required or item is Pinned for item in items]):
        return True
    if not any([issubclass(kind, CONTAINERS) for kind in kinds]):
        return False
    return any([holds_open(item) for item in items if issubclass(type(item), CONTAINERS)])


def _items(container: Any) -> Any:
    return [*container, *container.values()] if issubclass(type(container), dict) else container


def post_order(config: Any, parts_of: Callable[[Any], Iterator[Any]] = parts_of) -> list[Any]:
    """Return `config` and all configs in it, each once, every one after the configs inside it."""
    ordered: dict[int, Any] = {}
    _order(config, parts_of, ordered)
    return list(ordered.values())


def _order(config: Any, parts_of: Callable[[Any], Iterator[Any]], ordered: dict[int, Any]) -> None:
    # Not a function inside the other: it would hold itself, and with it the configs, until garbage
    # is collected. What a property still holds when it returns counts as handed on.
    for part in parts_of(config):
        if id(part) not in ordered:
            _order(part, parts_of, ordered)
    ordered[id(config)] = config
