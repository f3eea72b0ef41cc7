"""Edit: a variant of a config, changed at paths or by field name.

Only configs on the way to a change are built anew, by what they were given and not by what their
properties made of it; everything else is shared with the config before.
"""

from __future__ import annotations

from pconfigs.errors.building import BuildError, CheckError, build_error
from pconfigs.errors.reading import EditError, PathError
from pconfigs.errors.words import nearest
from pconfigs.markers import Pinned
from pconfigs.schema.kinds import is_dict
from pconfigs.schema.record import raw_inputs
from pconfigs.schema.table import is_config, schema_of
from pconfigs.tree.origins import (
    CommandLine,
    call_outside,
    credit,
    function_place,
    keyword_place,
    place_of,
)
from pconfigs.tree.paths import ROOT, Item, Path, find_key, parse_path
from pconfigs.tree.walk import missing_field, pwalk, step_into

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import CodeType
    from typing import Any, TypeVar

    from pconfigs.schema.fields import Field
    from pconfigs.tree.places import Place

    C = TypeVar("C")
    Call = tuple[CodeType | Place, int]

CONTAINERS: tuple[type[Any], ...] = (list, tuple, dict, set, frozenset)


class _Unchanged:
    """Stands for a value that nobody has changed."""


UNCHANGED = _Unchanged()


class _Node:
    """A value on the way to a change, or one that is changed."""

    __slots__ = ("children", "new", "old", "path")

    def __init__(self, old: Any, path: Path) -> None:
        self.old, self.path = old, path
        self.new: Any = UNCHANGED
        self.children: dict[Any, _Node] = {}


def pset(config: C, changes: Mapping[str, Any], /) -> C:
    """A new config with other values at some paths; properties are computed anew.

    `pset(config, {"model.blocks[2].width": 64, "heads['cls'].dim": 8})`

    Raises:
        PathError: There is nothing at a path; the nearest that is there is named.
        EditError: A path leads to or through a pinned field, or into what another path sets.
        BuildError: A value does not fit.
        CheckError: A config that was changed fails its checks.
    """
    return edited(config, changes, call_outside())


def edited(config: C, changes: Mapping[str, Any] | Mapping[Path, Any], call: Call) -> C:
    """What `pset` gives, which counts as made by `call`."""
    root = _Node(config, ROOT)
    nodes = [root]
    for text, value in changes.items():
        _place_change(root, parse_path(text), value, nodes)
    # Every node comes after its parent: backwards, parts are ready before what holds them.
    for node in reversed(nodes):
        if node.children:
            node.new = _with_children(node, call)
    new: C = config if root.new is UNCHANGED else root.new
    return new


def _place_change(root: _Node, path: Path, value: Any, nodes: list[_Node]) -> None:
    if not path:
        raise EditError(["the path '' is the config itself: nothing would be left of it"])
    node = root
    for step in path.steps:
        if node.new is not UNCHANGED:
            raise EditError([f"{str(path)!r} leads into {str(node.path)!r}, which is set as well"])
        key = _child_key(node, step, root.old, path)
        child = node.children.get(key)
        if child is None:
            old = _input_at(node, step, key, root.old, path)
            child = node.children[key] = _Node(old, Path(node.path, step))
            nodes.append(child)
        node = child
    if node.new is not UNCHANGED:
        raise EditError([f"{str(path)!r} is set twice"])
    if node.children:
        inner = next(iter(node.children.values())).path
        raise EditError([f"{str(inner)!r} leads into {str(path)!r}, which is set as well"])
    node.new = value


def _child_key(node: _Node, step: str | Item, root: Any, path: Path) -> Any:
    """The field name, index or key that a step means; -1 and the last index are one."""
    if isinstance(step, str):
        return step
    step_into(node.old, step, node.path, root, path)
    if is_dict(node.old):
        return find_key(node.old, step.key)
    return step.key + len(node.old) if step.key < 0 else step.key


def _input_at(node: _Node, step: str | Item, key: Any, root: Any, path: Path) -> Any:
    """What was given at one step from `node`."""
    if isinstance(step, Item):
        return node.old[key]
    config = node.old
    if config is Pinned and node.path:
        raise EditError(
            [f"{path} leads into {node.path}, which its property makes from nothing given"]
        )
    if not is_config(config) or step not in schema_of(config).fields:
        raise missing_field(config, step, node.path, root, path)
    field = schema_of(config).fields[step]
    if field.pinned:
        raise EditError([f"{Path(node.path, step)} is pinned: {_pin_words(config, field)}"])
    if field.property is None:
        return getattr(config, step)
    return raw_inputs(config).get(step, Pinned)


def _pin_words(config: Any, field: Field) -> str:
    found = field.property
    if found is None:
        return "only the module that defines its class gives it"
    return f"{type(config).__name__}.{field.name} at {function_place(found.function)} computes it"


def _with_children(node: _Node, call: Call) -> Any:
    changes = {key: child.new for key, child in node.children.items()}
    old = node.old
    if is_config(old):
        if isinstance(call[0], CommandLine):
            call = (call[0].below(node.path), 0)
        return rebuilt(old, changes, call, node.path)
    if is_dict(old):
        return {**old, **changes}
    items = [changes.get(index, item) for index, item in enumerate(old)]
    return _like(old, items)


def _like(old: Any, items: list[Any]) -> Any:
    """`items` in a container of the kind that `old` is."""
    if isinstance(old, list):
        return items
    if hasattr(old, "_make"):
        return old._make(items)
    for kind in (tuple, frozenset, set):
        if isinstance(old, kind):
            return kind(items)
    raise TypeError(type(old).__name__)


def rebuilt(config: Any, changes: dict[str, Any], call: Call, path: Path = ROOT) -> Any:
    """A variant of one config, which counts as made by `call`."""
    try:
        made = type(config)(config, **changes)
    except BuildError as error:
        for problem in error.problems:
            problem.place = _blame(problem, call)
        new = build_error(error.config_class, place_of(*call), error.problems)
        raise new from None
    except CheckError as error:
        if error.config_class is not type(config):  # a property's own construction
            raise
        raise CheckError(type(config), place_of(*call), error.failures) from error.__cause__
    credit(made, call)
    return made


def _blame(problem: Any, call: Call) -> Any:
    """The place of the value that is wrong, in the call that gave it."""
    name = str(getattr(problem, "name", "") or getattr(problem, "path", "")).split("[")[0]
    return keyword_place(*call, name) or place_of(*call)


def pbroadcast(config: C, counts: dict[str, int] | None = None, /, **values: Any) -> C:
    """A new config in which fields are set wherever the tree has them, lists and dicts entered.

    `pbroadcast(config, hidden_size=1024)`. Pinned fields are left to their properties.

    Args:
        config: The config as it is.
        counts: If given, receives how many fields of each name were set.
        values: What to set.

    Raises:
        EditError: A name is nowhere in the tree, or pinned everywhere.
        BuildError: A value does not fit.
    """
    functions: dict[str, Callable[[Any], Any]] = {n: _constant(v) for n, v in values.items()}
    return _everywhere(config, functions, {} if counts is None else counts, call_outside())


def ptransform(config: C, counts: dict[str, int] | None = None, /, **functions: Any) -> C:
    """A new config in which fields are computed, wherever the tree has them, from their own config.

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
    for name, function in functions.items():
        if not callable(function):
            advice = f"to set one value everywhere: pbroadcast(config, {name}=...)"
            raise EditError([f"{name} takes a function of the config that holds it"], advice)
    return _everywhere(config, functions, {} if counts is None else counts, call_outside())


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
                changes[name] = function(part)
                counts[name] += 1
        return changes, call

    found = rebuild_parts(config, changes_of)
    if functions and not all(counts.values()):
        raise _nowhere(config, [name for name, count in counts.items() if not count])
    return found


def rebuild_parts(config: C, changes_of: Callable[[Any], tuple[dict[str, Any], Call]]) -> C:
    """A new config in which `changes_of` has said, for every config given in it, what changes.

    It also says which call the new ones count as made by.
    """
    new: dict[int, Any] = {}
    for part in _inputs_first(config):
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
    """Fields of a config that users set and that may hold configs, with what was given for them."""
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


def _inputs_first(config: Any) -> list[Any]:
    """`config` and all configs given in it, each once, every one after those inside it."""
    from pconfigs.schema.parts import parts_in

    def inside(part: Any) -> Any:
        for _, value in _given_parts(part):
            if is_config(value):
                yield value
            else:
                yield from parts_in(value)

    ordered: list[Any] = []
    entered = {id(config)}
    pending = [(config, inside(config))]
    while pending:
        current, parts = pending[-1]
        for part in parts:
            if id(part) not in entered:
                entered.add(id(part))
                pending.append((part, inside(part)))
                break
        else:
            pending.pop()
            ordered.append(current)
    return ordered


def _replaced(value: Any, new: dict[int, Any]) -> Any:
    """`value` with new configs in the place of those that have one; itself where it holds none."""
    if is_config(value):
        return new.get(id(value), value)
    if not isinstance(value, CONTAINERS):
        return value
    if is_dict(value):
        items = {_replaced(k, new): _replaced(v, new) for k, v in value.items()}
        same = all(a is b and value[a] is items[b] for a, b in zip(value, items, strict=True))
        return value if same else items
    replaced = [_replaced(item, new) for item in value]
    if all(a is b for a, b in zip(value, replaced, strict=True)):
        return value
    return _like(value, replaced)


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
            suggestion = nearest(name, sorted(settable))
            hint = f"; did you mean {suggestion!r}?" if suggestion else ""
            problems.append(f"no config in {type(config).__name__} has a field {name!r}{hint}")
    return EditError(problems)
