"""Walk: the values inside a config, path by path.

One walk descends: into the fields of configs, and into the items of lists, tuples and dicts. Sets
are values: their members have no path.
"""

from __future__ import annotations

from pconfigs.annotations.kinds import MISSING, is_dict, is_sequence
from pconfigs.errors.formatting import class_name, listed, nearest
from pconfigs.errors.paths import PathError
from pconfigs.markers import Secret
from pconfigs.schema.class_schema import (
    held_value,
    is_config,
    is_config_class,
    require_config,
    schema_of,
)
from pconfigs.tree.paths import (
    ROOT,
    Item,
    Path,
    UnquotedKey,
    find_key,
    is_secret_path,
    key_text,
    parse_path,
    parse_pattern,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pconfigs.schema.fields import Field

DEEP = "**"
NOT_A_PATTERN = (
    "a path to one value is needed, not a pattern\n"
    "    take one of those that pselect(config, pattern) yields"
)
SEARCHED = 2000
"""How many values are searched for a misspelt name that is elsewhere."""


def pwalk(config: Any) -> Iterator[tuple[Path, Field | None, Any]]:
    """Yield every path, field and value of a config, parents first, the config itself at the start.

    The field is the one that holds the value, or the list or dict of which it is an item; None for
    the config itself. A part that is at several paths comes at each of them.
    """
    if is_config_class(config):
        require_config("pwalk", config)
    return _walk(ROOT, None, config)


def _walk(path: Path, field: Field | None, value: Any) -> Iterator[tuple[Path, Field | None, Any]]:
    yield path, field, value
    for inner, own, item in inside(value, path, field):
        if has_inside(item):
            yield from _walk(inner, own, item)
        else:
            yield inner, own, item


def distinct_configs(value: Any) -> list[tuple[Path, Any]]:
    """Return every config in a value with the first path that leads to it, parents first."""
    found: dict[int, tuple[Path, Any]] = {}

    def enter(path: Path, value: Any) -> None:
        if is_config(value):
            if id(value) in found:
                return
            found[id(value)] = (path, value)
        for inner, _, item in inside(value, path, None):
            if has_inside(item):
                enter(inner, item)

    enter(ROOT, value)
    return list(found.values())


def has_inside(value: Any) -> bool:
    """Return whether there are paths into `value`."""
    return isinstance(value, (list, tuple, dict)) or is_config(value)


def inside(value: Any, path: Path, field: Field | None) -> Iterator[tuple[Path, Field | None, Any]]:
    """Yield path, field and value of everything directly inside a config or a container."""
    if is_config(value):
        for name, own in schema_of(value).fields.items():
            yield Path(path, name), own, held_value(value, name)
    elif is_dict(value):
        for key, item in value.items():
            yield Path(path, Item(key)), field, item
    elif is_sequence(value):
        for index, item in enumerate(value):
            yield Path(path, Item(index)), field, item


def pget(config: Any, path: str | Path) -> Any:
    """Return the value at a path: `pget(config, "model.blocks[2].width")`.

    Raises:
        PathError: There is nothing at the path; the nearest that is there is named.
    """
    value = config
    at = ROOT
    for step in path_in(config, path).steps:
        holder, value = value, step_into(value, step, at, config, path)
        if value is Secret:
            getattr(holder, str(step))  # raises: it was left out when the config was pickled
        at = Path(at, step)
    return value


def path_in(config: Any, text: str | Path) -> Path:
    """Return the path that a text spells in a config: `kwargs.lr` may be short for `kwargs['lr']`.

    Raises:
        PathError: There is nothing at the path; the nearest that is there is named.
    """
    value, at = config, ROOT
    for step in parse_path(text).steps:
        if isinstance(step, str) and is_dict(value) and step in value:
            step = Item(step)
        value = step_into(value, step, at, config, text)
        at = Path(at, step)
    return at


def step_into(value: Any, step: str | Item, at: Path, root: Any, whole: str | Path) -> Any:
    """Return the value one step from `value`, which is at `at`.

    Raises:
        PathError: There is no such field or item.
    """
    if isinstance(step, str):
        if is_config(value) and step in schema_of(value).fields:
            return held_value(value, step)
        raise missing_field(value, step, at, root, whole)
    found = item_at(value, step.key)
    if found is MISSING:
        raise _missing_item(value, step, at, whole)
    return found


def item_at(value: Any, key: Any) -> Any:
    """Return the item of a list, tuple or dict that a key of a path leads to; else MISSING."""
    if is_dict(value):
        found = find_key(value, key)
        return MISSING if found is value else value[found]
    if is_sequence(value) and type(key) is int and -len(value) <= key < len(value):
        return value[key]
    return MISSING


def missing_field(value: Any, name: str, at: Path, root: Any, whole: str | Path) -> PathError:
    """Return the error for a field that is not where a path expects it."""
    where = f" in {at} ({_kind(value)})" if at else f" in {_kind(value)}"
    if isinstance(value, type):
        return PathError(str(whole), f"a config is needed, not the class {class_name(value)}")
    if not is_config(value):
        problem = f"{at or 'this'} is {_kind(value)} and has no fields"
        return PathError(str(whole), problem, _elsewhere(root, name))
    if name in ("*", DEEP):
        return PathError(str(whole), NOT_A_PATTERN)
    suggestion = nearest(name, schema_of(value).fields)
    if suggestion:
        return PathError(str(whole), f"no field {name!r}{where}", (str(Path(at, suggestion)),))
    elsewhere = _elsewhere(root, name)
    known = list(schema_of(value).fields)
    if not elsewhere and known:
        where += f", which has {listed(known if len(known) <= 8 else [*known[:8], '...'])}"
    return PathError(str(whole), f"no field {name!r}{where}", elsewhere)


def _missing_item(value: Any, step: Item, at: Path, whole: str | Path) -> PathError:
    where = f"{at} ({_kind(value)})" if at else _kind(value)
    if _means_several(step):
        return PathError(str(whole), NOT_A_PATTERN)
    if is_secret_path(at.steps) and not isinstance(step.key, int):
        return PathError(f"{at}[...]", f"no such key in {where}")
    if is_dict(value):
        text = key_text(step.key)
        suggestion = nearest(text, [key_text(key) for key in value])
        shown = (f"{at}[{suggestion}]",) if suggestion else ()
        return PathError(str(whole), f"no key {text} in {where}", shown)
    if is_sequence(value):
        return PathError(
            str(whole), f"no item {key_text(step.key)} in {where}, which has {len(value)}"
        )
    return PathError(str(whole), f"no path leads into {where}")


def _kind(value: Any) -> str:
    name = class_name(type(value))
    for container in (list, dict):
        if isinstance(value, container):
            return container.__name__
    return name


def _elsewhere(root: Any, name: str) -> tuple[str, ...]:
    """Return up to three paths in a tree that end in the field `name`."""
    found: list[str] = []
    for count, (path, _, _) in enumerate(pwalk(root)):
        if path.step == name:
            found.append(str(path))
        if len(found) == 3 or count > SEARCHED:
            break
    return tuple(found)


def pselect(config: Any, wanted: str | type | tuple[type, ...]) -> dict[Path, Any]:
    """Return paths and values that a pattern or a type selects, in the order of the walk.

    Args:
        config: The config to search.
        wanted: A pattern such as `blocks[*].width` or `**.lr`; or a type: all values of it, where a
            `bool` does not count as an `int`.

    Raises:
        PathError: The pattern is malformed.
    """
    if not isinstance(wanted, str):
        return {path: value for path, _, value in pwalk(config) if _is_a(value, wanted)}
    return dict(_matching(config, parse_pattern(wanted)))


def meant_by(config: Any, text: str | Path) -> list[Path]:
    """Return the path that a text spells; if it is a pattern, all paths that it selects.

    Raises:
        PathError: The text is malformed, or a pattern that selects nothing.
    """
    if isinstance(text, Path):
        return [text]
    pattern = parse_pattern(text)
    if not any(map(_means_several, pattern)):
        try:
            return [path_in(config, text)]
        except PathError:
            return [parse_path(text)]  # perhaps it leads into what was given, before properties
    found = [path for path, _ in _matching(config, pattern)]
    if not found:
        raise PathError(text, "the pattern selects nothing")
    return found


def _means_several(step: str | Item) -> bool:
    if isinstance(step, str):
        return "*" in step
    return isinstance(step.key, UnquotedKey) and step.key.text == "*"


def _is_a(value: Any, wanted: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return wanted is bool or (isinstance(wanted, tuple) and bool in wanted)
    return isinstance(value, wanted)


def _matching(config: Any, pattern: list[str | Item]) -> Iterator[tuple[Path, Any]]:
    """Yield what a pattern selects; descend only while the rest of it can still match."""
    start = _closed(frozenset([0]), pattern)
    if len(pattern) in start:
        yield ROOT, config
    yield from _matching_below(config, ROOT, start, pattern)


def _matching_below(
    value: Any, at: Path, states: frozenset[int], pattern: list[str | Item]
) -> Iterator[tuple[Path, Any]]:
    for path, _, item in inside(value, at, None):
        following = _closed(_advanced(states, pattern, path.step), pattern)
        if len(pattern) in following:
            yield path, item
        if following:
            yield from _matching_below(item, path, following, pattern)


def _closed(states: frozenset[int], pattern: list[str | Item]) -> frozenset[int]:
    """Return states with those that are reached where `**` matches no step at all."""
    closed = set(states)
    for state in sorted(states):
        while state < len(pattern) and pattern[state] == DEEP:
            state += 1
            closed.add(state)
    return frozenset(closed)


def _advanced(
    states: frozenset[int], pattern: list[str | Item], step: str | Item | None
) -> frozenset[int]:
    advanced: set[int] = set()
    for state in states:
        if state == len(pattern):
            continue
        part = pattern[state]
        if part == DEEP:
            advanced.add(state)
        elif _fits(part, step):
            advanced.add(state + 1)
    return frozenset(advanced)


def _fits(part: str | Item, step: str | Item | None) -> bool:
    if isinstance(part, Item) and isinstance(step, Item):
        if isinstance(part.key, UnquotedKey):
            return part.key.text in ("*", key_text(step.key), step.key)
        return part == step
    if isinstance(part, str) and isinstance(step, str):
        if "*" not in part:
            return part == step
        from fnmatch import fnmatchcase

        return fnmatchcase(step, part)
    return False
