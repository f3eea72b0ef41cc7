"""Edit: a variant of a config, changed at paths.

Only configs on the way to a change are built anew, by what they were given and not by what their
properties made of it; everything else is shared with the config before.
"""

from __future__ import annotations

from pconfigs.errors.building import BuildError, CheckError, build_error
from pconfigs.errors.reading import EditError
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
from pconfigs.tree.walk import missing_field, step_into

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
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
    return like(old, items)


def like(old: Any, items: list[Any]) -> Any:
    """`items` in a container of the kind that `old` is."""
    if isinstance(old, list):
        return items
    if hasattr(old, "_make"):
        return old._make(items)
    for kind in CONTAINERS:
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
