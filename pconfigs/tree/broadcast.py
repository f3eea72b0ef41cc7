"""Broadcast: a variant of a config, changed wherever its tree has a field of some name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pconfigs.annotations.kinds import CONTAINERS
from pconfigs.errors.base import show_as_users
from pconfigs.errors.formatting import clauses, did_you_mean
from pconfigs.errors.paths import EditError, PathError
from pconfigs.provenance.origins import user_call_site
from pconfigs.schema.build_record import raw_inputs
from pconfigs.schema.children import parts_in, post_order
from pconfigs.schema.class_schema import is_config, require_config, schema_of
from pconfigs.tree.edit_tree import Call, like, rebuilt
from pconfigs.tree.walk import pwalk

C = TypeVar("C")


def pbroadcast(config: C, counts: dict[str, int] | None = None, /, **values: Any) -> C:
    """Return a new config in which fields are set wherever the tree has them.

    Lists and dicts are searched, too.

    `pbroadcast(config, hidden_size=1024)`. Pinned fields are left to their properties.

    Args:
        config: The config as it is.
        counts: If given, receives how many fields of each name were set.
        values: What to set.

    Raises:
        EditError: A name is nowhere in the tree, or pinned everywhere.
        BuildError: A value does not fit.
    """
    require_config("pbroadcast", config)
    functions: dict[str, Callable[[Any], Any]] = {n: _constant(v) for n, v in values.items()}
    return _everywhere(config, functions, {} if counts is None else counts, user_call_site())


def ptransform(config: C, counts: dict[str, int] | None = None, /, **functions: Any) -> C:
    """Return a new config in which fields are computed from their own config.

    `ptransform(config, hidden_size=lambda c: c.hidden_size * 2)`: each function is given the config
    that holds the field, as it was before this call.

    Args:
        config: The config as it is.
        counts: If given, receives how many fields of each name were set.
        functions: What computes the value of each field.

    Raises:
        EditError: A name is nowhere in the tree, or pinned everywhere.
        BuildError: A value does not fit.
    """
    require_config("ptransform", config)
    for name, function in functions.items():
        if not callable(function):
            advice = f"to set one value everywhere: pbroadcast(config, {name}=...)"
            raise EditError([f"{name} takes a function of the config that holds it"], advice)
    return _everywhere(config, functions, {} if counts is None else counts, user_call_site())


def _constant(value: Any) -> Callable[[Any], Any]:
    return lambda config: value


def _everywhere(
    config: C, functions: dict[str, Callable[[Any], Any]], counts: dict[str, int], call: Call
) -> C:
    counts.update(dict.fromkeys(functions, 0))

    def changes_of(part: Any) -> tuple[dict[str, Any], Call]:
        fields = schema_of(part).fields
        changes: dict[str, Any] = {}
        for name, function in functions.items():
            if name in fields and not fields[name].pinned:
                changes[name] = _called(function, part)
                counts[name] += 1
        return changes, call

    found = rebuild_parts(config, changes_of)
    if functions and not all(counts.values()):
        raise _nowhere(config, [name for name, count in counts.items() if not count])
    return found


def _called(function: Callable[[Any], Any], part: Any) -> Any:
    try:
        return function(part)
    except Exception as error:
        show_as_users(error)
        raise


def rebuild_parts(config: C, changes_of: Callable[[Any], tuple[dict[str, Any], Call]]) -> C:
    """Return a new config with the changes that `changes_of` returns for every config given in it.

    It returns the call, too, that counts as the maker of the variant.
    """
    new: dict[int, Any] = {}
    for part in post_order(config, _configs_given):
        changes = {
            name: replaced
            for name, value in _given_parts(part)
            if (replaced := _replaced(value, new)) is not value
        }
        own, call = changes_of(part)
        changes.update(own)
        if changes:
            new[id(part)] = rebuilt(part, changes, call)
    found: C = new.get(id(config), config)
    return found


def _given_parts(config: Any) -> list[tuple[str, Any]]:
    """Return fields of a config that users set and that may hold configs, with their inputs."""
    schema = schema_of(config)
    found: list[tuple[str, Any]] = []
    for name in schema.nested_names:
        field = schema.fields[name]
        if not field.pinned:
            value = (
                getattr(config, name) if field.property is None else raw_inputs(config).get(name)
            )
            if is_config(value) or isinstance(value, CONTAINERS):
                found.append((name, value))
    return found


def _configs_given(config: Any) -> Iterator[Any]:
    """Yield the configs in the inputs of a config."""
    for _, value in _given_parts(config):
        yield from parts_in([value])


def _replaced(value: Any, new: dict[int, Any]) -> Any:
    """Return `value` with new configs in place of those that have one; itself if it has none."""
    if is_config(value):
        return new.get(id(value), value)
    if not isinstance(value, CONTAINERS):
        return value
    if isinstance(value, dict):
        items = {_replaced(k, new): _replaced(v, new) for k, v in value.items()}
        same = all(a is b and value[a] is items[b] for a, b in zip(value, items, strict=True))
        return value if same else items
    replaced = [_replaced(item, new) for item in value]
    if all(a is b for a, b in zip(value, replaced, strict=True)):
        return value
    return like(value, replaced)


def _nowhere(config: Any, names: list[str]) -> PathError | EditError:
    settable: set[str] = set()
    pinned: set[str] = set()
    for _, _, value in pwalk(config):
        if is_config(value):
            for field in schema_of(value).fields.values():
                (pinned if field.pinned else settable).add(field.name)
    problems: list[str] = []
    for name in names:
        if name in pinned:
            problems.append(f"{name} is pinned wherever {type(config).__name__} has it")
        else:
            hint = did_you_mean(name, sorted(settable))
            words = f"no config in {type(config).__name__} has a field {name!r}"
            problems.append(clauses(words, hint))
    return EditError(problems)
